# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# The words that manage the service. Part of orchestrator.sh.

command_build() {
  need_engine
  cd "$here" || exit
  need_folders
  for name in PYTHON_IMAGE PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    eval "[ -z \"\${$name:-}\" ]" || set -- --build-arg "$name" "$@"
  done
  version=$(source_version)
  revision=$(git -C "$here" rev-parse --short HEAD 2>/dev/null || echo unknown)
  set -- --tag "$image" --build-arg "VERSION=$version" --build-arg "REVISION=$revision" "$@"
  say "Building $image ..."
  if [ "${DOCKER_BUILDKIT:-}" != 0 ] && docker buildx version >/dev/null 2>&1; then
    DOCKER_BUILDKIT=1 docker build --file "$image_file" "$@" . || build_failed
  else
    sed 's/ --mount=[^ ]*//' "$image_file" | DOCKER_BUILDKIT=0 docker build --file - "$@" . || build_failed
  fi
  say "Built $image. Next: ./orchestrator.sh start"
}

build_failed() {
  fail 1 "The image could not be built." "The output above says why; behind a package mirror set PIP_INDEX_URL."
}

source_version() { sed -n 's/^__version__ = "\(.*\)"/\1/p' "$here/agents/__init__.py"; }

# A folder that is missing would be made by Docker, empty and root's, and hide what the image has.
need_folders() {
  for folder in agents Role examples; do
    [ -n "$(ls -A "$here/$folder" 2>/dev/null)" ] ||
      fail 1 "The folder $folder is missing or empty." "Bring it back: git checkout -- $folder"
  done
}

# What the stack may use on this machine: less than the file says where there is less.
clamp() {
  total=$(docker info --format '{{.MemTotal}}' 2>/dev/null || echo 0)
  megabytes=$((total / 1048576 - 1024))
  if [ -z "$(setting ORCHESTRATOR_MEMORY "")" ] && [ "$total" -gt 0 ] && [ "$megabytes" -lt 4096 ]; then
    [ "$megabytes" -ge 512 ] || megabytes=512
    ORCHESTRATOR_MEMORY=${megabytes}m
    ORCHESTRATOR_MEMORY_RESERVED=$((megabytes / 2))m
    export ORCHESTRATOR_MEMORY ORCHESTRATOR_MEMORY_RESERVED
    say "This machine has little memory: the orchestrator gets $megabytes MB instead of 4096."
  fi
}

command_start() {
  pull=yes
  while [ $# -gt 0 ]; do
    case $1 in
      --gpu) export ORCHESTRATOR_GPU="${2:-none}" && shift ;;
      --gpu=*) export ORCHESTRATOR_GPU="${1#--gpu=}" ;;
      --no-pull) pull=no ;;
      *) fail 2 "start does not know '$1'." "It takes --gpu nvidia, --gpu amd and --no-pull." ;;
    esac
    shift
  done
  need_compose
  need_folders
  has_image || (command_build) || exit $?
  clamp
  old_stack
  fetch_ollama
  say "Starting ..."
  set -- up -d
  [ "$ollama_place" != host ] || set -- "$@" --no-deps multi_agent_orchestrator
  report=$(mktemp "${TMPDIR:-/tmp}/orchestrator.XXXXXX") || fail 6 "No temporary file can be made." "Check the disk."
  trap 'rm -f "$report"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  compose "$@" >"$report" 2>&1 || start_failed
  wait_for_health
  ensure_model
  say "Ready on http://127.0.0.1:$port/status. Next: ./orchestrator.sh demo, or ./orchestrator.sh interactive"
}

# The model server's image is large: fetched where its progress can be seen.
fetch_ollama() {
  [ "$ollama_place" = container ] || return 0
  wanted=$(compose config 2>/dev/null | awk '/^  [a-z]/ { service = $1 } service == "ollama:" && $1 == "image:" { print $2 } service == "ollama:" && $1 == "build:" { print "built" }')
  case $wanted in
    "" | *built*) return 0 ;;
  esac
  docker image inspect "$wanted" >/dev/null 2>&1 || docker pull "$wanted" ||
    fail 1 "The image $wanted could not be fetched." "Check the network; an Ollama outside of Docker does as well: ORCHESTRATOR_OLLAMA=host"
}

start_failed() {
  tail -n 20 "$report" >&2
  case $(cat "$report") in
    *"could not select device driver"*)
      fail 1 "Docker has no driver for this graphics card." "Install the NVIDIA container toolkit, or start without --gpu." ;;
    *"port is already allocated"* | *"address already in use"* | *"forbidden by its access permissions"*)
      fail 1 "Port $port is taken." "Take another: ORCHESTRATOR_PORT=8001 ./orchestrator.sh start (or in .env)" ;;
    *"already in use by container"*)
      fail 1 "Another container is called $container." "Remove it, or set ORCHESTRATOR_CONTAINER in .env." ;;
    *"is unhealthy"* | *"while its"*)
      compose logs --tail=20 ollama >&2 || true
      fail 1 "Ollama did not become healthy." "Its last lines are above; ./orchestrator.sh doctor looks further." ;;
  esac
  fail 1 "The containers could not be started." "The lines above say why; ./orchestrator.sh doctor looks further."
}

wait_for_health() {
  limit=$(setting ORCHESTRATOR_WAIT 90)
  passed=0
  until is_running && well; do
    again=$(docker inspect --format '{{.RestartCount}}' "$container" 2>/dev/null || echo 0)
    if [ "$passed" -ge "$limit" ] || [ "$again" -ge 2 ]; then
      docker logs --tail 20 "$container" >&2 || true
      fail 1 "The service did not become healthy." "Its last lines are above; ./orchestrator.sh doctor looks further."
    fi
    [ ! -t 2 ] || printf '\rWaiting for the service: %s s ' "$passed" >&2
    sleep 1
    passed=$((passed + 1))
  done
  [ ! -t 2 ] || [ "$passed" -eq 0 ] || printf '\r' >&2
  say "The service is healthy."
}

# A model that cannot be had is no reason to fail: the rehearsal works without.
ensure_model() {
  [ "$pull" = yes ] || return 0
  terminal=
  [ ! -t 1 ] || terminal=-t
  code=0
  docker exec $terminal "$container" orchestrator models ensure || code=$?
  case $code in
    0) ;;
    130) exit 130 ;;
    *) say "The model is not there yet; without it the agents rehearse. Try again: ./orchestrator.sh models ensure" ;;
  esac
}

command_stop() {
  need_compose
  case $(state) in
    "" | exited | created) say "The service is not running." ;;
  esac
  compose stop
}

command_status() {
  json=no
  case ${1:-} in
    "") ;;
    --json) json=yes ;;
    *) fail 2 "status does not know '$1'." "It takes --json." ;;
  esac
  need_engine
  now=$(state)
  health=$(docker inspect --format '{{if .State.Running}}{{if .State.Health}}{{.State.Health.Status}}{{end}}{{end}}' "$container" 2>/dev/null || true)
  # Docker looks every 30 seconds only; a service that has just started is asked directly.
  if [ "$now" = running ] && [ "$health" != unhealthy ]; then
    health=starting
    ! well || health=healthy
  fi
  use='' facts=''
  if [ "$now" = running ]; then
    use=$(docker stats --no-stream --format '{{.CPUPerc}} CPU, {{.MemUsage}}, {{.PIDs}} processes' "$container" 2>/dev/null || true)
    facts=$(docker exec "$container" python -c "from agents.api.healthcheck import fetch; print(fetch('/status'))" 2>/dev/null || true)
  fi
  if [ "$json" = yes ]; then
    printf '{"container": "%s", "state": "%s", "health": "%s", "use": "%s", "service": %s}\n' \
      "$container" "${now:-absent}" "$health" "$use" "${facts:-null}"
  else
    printf '%s: %s%s\n' "$container" "${now:-not there}" "${health:+, $health}"
    [ -z "$use" ] || printf '%s\n' "$use"
    [ -z "$facts" ] || printf '%s\n' "$facts" | sed 's/[",{}]//g; /^ *$/d'
  fi
  case $now:$health in
    running:healthy) ;;
    running:* | restarting:*) exit 1 ;;
    *) say "Start it: ./orchestrator.sh start" && exit 3 ;;
  esac
}

command_logs() {
  need_compose
  [ -n "$(state)" ] || fail 3 "There is no service yet." "Start it: ./orchestrator.sh start"
  if [ $# -eq 0 ]; then
    set -- --tail=100
    [ ! -t 1 ] || set -- -f "$@"
  fi
  if [ -t 1 ]; then
    compose logs "$@"
    return
  fi
  # Compose v2 erases lines even where there is no terminal. The outer braces carry its status around sed.
  erase=$(printf '\033')'\[2K'
  {
    code=$(
      exec 3>&1
      {
        set +e
        compose logs --no-color "$@" 2>&1 3>&- 4>&-
        echo $? >&3
      } | sed "s/$erase//" >&4 3>&-
    )
  } 4>&1
  exit "${code:-1}"
}

command_cleanup() {
  yes=no volumes=no models=no images=no
  for word in "$@"; do
    case $word in
      --yes | -y) yes=yes ;;
      --volumes) volumes=yes ;;
      --models) models=yes ;;
      --images) images=yes ;;
      *) fail 2 "cleanup does not know '$word'." "It takes --volumes, --models, --images and --yes." ;;
    esac
  done
  need_compose
  goes=''
  [ "$volumes" = no ] || goes="$data_volume $logs_volume"
  [ "$models" = no ] || goes="$goes $models_volume"
  say "This removes the containers and networks of the project $COMPOSE_PROJECT_NAME."
  for volume in $goes; do
    ! has_volume "$volume" || say "It deletes the volume $volume, $(size_of "$volume")."
  done
  [ "$images" = no ] || say "It removes the image $image."
  if [ "$volumes" = yes ]; then
    offer_backup
    agree "The histories will be gone." "$COMPOSE_PROJECT_NAME"
  else
    say "The histories stay in $data_volume."
    agree "Remove them?" y
  fi
  compose down --remove-orphans
  for volume in $goes; do
    ! has_volume "$volume" || docker volume rm "$volume" >/dev/null ||
      fail 1 "The volume $volume could not be deleted." "Another container holds it: docker ps -a --filter volume=$volume"
  done
  [ "$images" = no ] || ! has_image || docker image rm "$image" >/dev/null ||
    fail 1 "The image $image could not be removed." "Another container uses it."
  say "Done."
}

offer_backup() {
  [ "$yes" = no ] && [ -t 0 ] && has_image && has_volume "$data_volume" || return 0
  printf 'Make a backup first? [Y/n] ' >&2
  typed=
  read -r typed || true
  case $typed in
    n | N | no) ;;
    *) (command_backup) || fail 1 "There is no backup, so nothing was deleted." "Try ./orchestrator.sh backup, or answer n." ;;
  esac
}

size_of() {
  has_image || { printf 'of unknown size' && return 0; }
  docker run --rm --network none -v "$1:/v:ro" --user 0 --entrypoint du "$image" -sh /v 2>/dev/null | cut -f 1
}
