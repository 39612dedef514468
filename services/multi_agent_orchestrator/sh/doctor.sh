# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# The command doctor. Part of orchestrator.sh.

found_fault=0
verdict() {
  # verdict STATUS CHECK REMEDY: STATUS is the exit status of the check
  if [ "$1" -eq 0 ]; then
    printf 'ok    %s\n' "$2"
  else
    printf 'FAULT %s\n      %s\n' "$2" "$3"
    found_fault=1
  fi
}

command_doctor() {
  if ! look_for_engine; then
    verdict 1 "$why" "$remedy"
    python=$(find_python) && code=0 || code=1
    verdict "$code" "Python 3.11 or newer for the local mode ${python:-}" "Install it, or set PYTHON to its path."
    exit 4
  fi
  need_compose
  verdict 0 "Docker $engine, Compose $(compose version --short)"
  for folder in agents Role examples; do
    [ -n "$(ls -A "$folder" 2>/dev/null)" ] && code=0 || code=1
    verdict "$code" "folder $folder" "Restore it: git checkout -- $folder"
  done
  hidden=$(find agents Role examples ! -perm -004 ! -name '*.pyc' 2>/dev/null | head -n 1)
  [ -z "$hidden" ] && code=0 || code=1
  verdict "$code" "folders can be read inside the container ${hidden:-}" "chmod -R a+rX agents Role examples"
  compose config >/dev/null 2>&1 && code=0 || code=1
  verdict "$code" "docker-compose.yml and .env" "To see the reason: docker compose config"
  has_image && code=0 || code=1
  verdict "$code" "image $image" "Build it: ./orchestrator.sh build"
  free=$(df -Pk . | awk 'NR == 2 { print int($4 / 1024) }')
  [ "$free" -ge 5000 ] && code=0 || code=1
  verdict "$code" "$free MB free on this disk" "Images and a model need 5000 MB; to see what Docker uses: docker system df"
  ollama=$(state_of_ollama)
  case $ollama in "" | running) code=0 ;; *) code=1 ;; esac
  verdict "$code" "Ollama's container ${ollama:+($ollama)}" "Start it: ./orchestrator.sh start"
  is_running && code=0 || code=1
  verdict "$code" "container $container ($(state))" "Start it: ./orchestrator.sh start"
  if is_running; then
    well && code=0 || code=1
    verdict "$code" "the service answers" "To see the reason: ./orchestrator.sh logs --tail 20"
    drift=$(($(docker exec "$container" date -u +%s) - $(date -u +%s)))
    [ "${drift#-}" -le 5 ] && code=0 || code=1
    verdict "$code" "the clock of the container is $drift s off" "Restart Docker Desktop, or run: wsl --shutdown"
    docker exec -e "ORCHESTRATOR_CALLED_AS=$called_as" "$container" orchestrator doctor || found_fault=1
  fi
  exit "$found_fault"
}
