# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# The commands that manage the service. Part of orchestrator.sh.

command_build() {
  need_engine
  cd "$here" || exit
  need_folders
  for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    eval "[ -z \"\${$name:-}\" ]" || set -- --build-arg "$name" "$@"
  done
  say "Building $image ..."
  # shellcheck disable=SC2046 # flags without blanks, or nothing
  set -- --tag "$image" --build-arg "VERSION=$(source_version)" --build-arg "PYTHON_IMAGE=$(base_image)" $(revision_labels) $(attestations) "$@"
  if [ "${DOCKER_BUILDKIT:-}" != 0 ] && docker buildx version >/dev/null 2>&1; then
    DOCKER_BUILDKIT=1 docker build --file "$image_file" "$@" . || build_failed
  else
    sed 's/ --mount=[^ ]*//' "$image_file" | DOCKER_BUILDKIT=0 docker build --file - "$@" . || build_failed
  fi
  say "Built $image. Next: ./orchestrator.sh start"
}

build_failed() {
  fail 1 "The image could not be built." "The output above shows the reason. PIP_INDEX_URL sets a package mirror."
}

source_version() { sed -n 's/^__version__ = "\(.*\)"/\1/p' "$here/agents/__init__.py"; }

# Docker would create a missing folder, empty and owned by root, and it would hide the folder in the image.
need_folders() {
  for folder in agents Role examples; do
    [ -n "$(ls -A "$here/$folder" 2>/dev/null)" ] ||
      fail 1 "The folder $folder is missing or empty." "Restore it: git checkout -- $folder"
  done
}

# In the container another user reads these folders, which are bound from the clone.
need_readable() {
  hidden=$(find "$here/agents" "$here/Role" "$here/examples" ! -perm -004 ! -name '*.pyc' 2>/dev/null | head -n 1)
  [ -z "$hidden" ] || fail 6 "The service cannot read $hidden: only its owner may." "Let others read it: (cd $here && chmod -R a+rX agents Role examples)"
}

# Lowers the memory limit on a machine that has less memory than the limit in docker-compose.yml.
clamp() {
  total=$(docker info --format '{{.MemTotal}}' 2>/dev/null || echo 0)
  megabytes=$((total / 1048576 - 1024))
  if [ -z "$(setting ORCHESTRATOR_MEMORY "")" ] && [ "$total" -gt 0 ] && [ "$megabytes" -lt 4096 ]; then
    [ "$megabytes" -ge 512 ] || megabytes=512
    ORCHESTRATOR_MEMORY=${megabytes}m
    ORCHESTRATOR_MEMORY_RESERVED=$((megabytes / 2))m
    export ORCHESTRATOR_MEMORY ORCHESTRATOR_MEMORY_RESERVED
    say "This machine has little memory, so the orchestrator gets $megabytes MB instead of 4096."
    say "Plain Compose does the same with these lines in .env: ORCHESTRATOR_MEMORY=${megabytes}m, ORCHESTRATOR_MEMORY_RESERVED=$((megabytes / 2))m"
  fi
}

command_start() {
  pull=yes yes=no
  while [ $# -gt 0 ]; do
    case $1 in
      --gpu)
        export ORCHESTRATOR_GPU="${2:-none}"
        [ $# -eq 1 ] || shift
        ;;
      --gpu=*) export ORCHESTRATOR_GPU="${1#--gpu=}" ;;
      --no-pull) pull=no ;;
      --yes | -y) yes=yes ;;
      *) fail 2 "start does not accept '$1'." "It takes --gpu nvidia, --gpu amd, --no-pull and --yes." ;;
    esac
    shift
  done
  need_compose
  refuse_foreign
  need_folders
  need_readable
  has_image || (command_build) || exit $?
  clamp
  notice_image
  old_stack
  fetch_ollama
  if would_replace; then
    agree_to_end "a start with other settings"
    end_running_work
  fi
  move_project
  older_network=$(other_network "$COMPOSE_PROJECT_NAME")
  [ -z "$older_network" ] || renew_network "$older_network" || fail 1 "The network of an earlier start could not be removed." "Stop the service first: ./orchestrator.sh stop"
  change_volumes
  bring_up
  wait_for_health
  ensure_model
  say "Ready on http://127.0.0.1:$port/status. Next: ./orchestrator.sh demo, or ./orchestrator.sh interactive"
}

bring_up() {
  say "Starting ..."
  set -- up -d
  [ "$ollama_place" != host ] || set -- "$@" --no-deps multi_agent_orchestrator
  report=$(mktemp "${TMPDIR:-/tmp}/orchestrator.XXXXXX") || fail 6 "No temporary file can be created." "Check the free disk space."
  trap 'rm -f "$report"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  compose "$@" >"$report" 2>&1 || start_failed
}

# Whether a start would put a new container in the place of a running one in which something works.
would_replace() {
  is_running && [ -n "$(running_work)" ] || return 1
  [ "$compose_is" = v2 ] && [ -z "$(other_network "$COMPOSE_PROJECT_NAME")" ] || return 0
  [ "$(mounted /app/agent_memories)" = "$data_volume" ] && [ "$(mounted /app/logs)" = "$logs_volume" ] || return 0
  case $(compose up -d --no-deps --dry-run multi_agent_orchestrator 2>&1) in
    *Recreate*) return 0 ;;
    *) return 1 ;;
  esac
}

# Says when the image is older or newer than this clone, whose code runs in it.
notice_image() {
  made_of=$(docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' "$image" 2>/dev/null || true)
  if [ "$made_of" != "$(source_version)" ]; then
    say "The image is of version ${made_of:-unknown}, and this clone of version $(source_version). To build it anew: ./orchestrator.sh build"
  elif ! same_packages 2>/dev/null; then
    say "The image has other packages than this clone needs. To build it anew: ./orchestrator.sh build"
  fi
}

# The image of the model server is large, so it is fetched separately and the user sees the progress.
fetch_ollama() {
  [ "$ollama_place" = container ] || return 0
  wanted=$(compose config 2>/dev/null | awk '/^  [a-z]/ { service = $1 } service == "ollama:" && $1 == "image:" { print $2 } service == "ollama:" && $1 == "build:" { print "built" }')
  case $wanted in
    "" | *built*) return 0 ;;
  esac
  OLLAMA_IMAGE=$(fetched "$wanted") ||
    fail 1 "The image $wanted could not be fetched." "Check the network, or use an Ollama outside Docker: ORCHESTRATOR_OLLAMA=host"
  export OLLAMA_IMAGE
}

start_failed() {
  subnet=$(setting ORCHESTRATOR_SUBNET "")
  tail -n 20 "$report" >&2
  case $(cat "$report") in
    *"could not select device driver"*)
      fail 1 "Docker has no driver for this graphics card." "Install the NVIDIA container toolkit, or start without --gpu." ;;
    *"port is already allocated"* | *"address already in use"* | *"forbidden by its access permissions"*)
      fail 1 "Port $port is taken." "Use another port: ORCHESTRATOR_PORT=8001 ./orchestrator.sh start (or set it in .env)" ;;
    *"Pool overlaps"*)
      fail 1 "Another network uses the addresses ${subnet:-10.231.187}.0/28." "Choose others, as three numbers: ORCHESTRATOR_SUBNET=10.99.1 in .env" ;;
    *"nvalid CIDR address"* | *"CIDR format"*)
      fail 2 "ORCHESTRATOR_SUBNET is '$subnet'." "Give it three numbers, such as 10.99.1" ;;
    *"already in use by container"*)
      fail 1 "Another container is called $container." "Remove it, or set ORCHESTRATOR_CONTAINER in .env." ;;
    *"is unhealthy"* | *"while its"*)
      compose logs --tail=20 ollama >&2 || true
      fail 1 "Ollama did not become healthy." "Its last log lines are above; ./orchestrator.sh doctor checks more." ;;
  esac
  fail 1 "The containers could not be started." "The lines above show the reason; ./orchestrator.sh doctor checks more."
}

wait_for_health() {
  limit=$(setting ORCHESTRATOR_WAIT 90)
  passed=0
  until is_running && well; do
    again=$(docker inspect --format '{{.RestartCount}}' "$container" 2>/dev/null || echo 0)
    if [ "$passed" -ge "$limit" ] || [ "$again" -ge 2 ]; then
      # The engine starts it again and again, and each time it says the same.
      docker logs --tail 20 "$container" 2>&1 | awk '!told[$0]++' >&2 || true
      fail 1 "The service did not become healthy." "Its last log lines are above; ./orchestrator.sh doctor checks more."
    fi
    [ ! -t 2 ] || printf '\rWaiting for the service: %s s ' "$passed" >&2
    sleep 1
    passed=$((passed + 1))
  done
  [ ! -t 2 ] || [ "$passed" -eq 0 ] || printf '\r' >&2
  tell_migration
  say "The service is healthy."
}

# The service runs without a model, but it does not rehearse unless that is asked for.
ensure_model() {
  [ "$pull" = yes ] || return 0
  terminal=
  [ ! -t 1 ] || terminal=-t
  code=0
  docker exec $terminal -e "ORCHESTRATOR_CALLED_AS=$called_as" "$container" orchestrator models ensure || code=$?
  case $code in
    0) ;;
    130) exit 130 ;;
    *) fail 3 "The service runs, but its model is not available." "Try again: ./orchestrator.sh models ensure. To work without a model: MODEL_NAME=rehearsal in .env, or start --no-pull" ;;
  esac
}

command_stop() {
  yes=no
  for word in "$@"; do
    case $word in
      --yes | -y) yes=yes ;;
      *) fail 2 "stop does not accept '$word'." "It takes --yes." ;;
    esac
  done
  need_compose
  stop_service stop
}

# stop_service WORD: stops the containers of the project, after the user has agreed to end what works in them.
stop_service() {
  refuse_foreign
  [ -n "$(still_running)" ] || { say "The service is not running." && return 0; }
  agree_to_end "$1"
  end_running_work
  say "Stopping ..."
  quietly stop || fail 1 "The containers could not be stopped." "The lines above show the reason."
  left=$(still_running)
  [ -z "$left" ] || fail 1 "Still running: $(echo "$left" | tr '\n' ' ')" "Stop it: docker stop $(echo "$left" | tr '\n' ' ')"
}

command_restart() {
  yes=no
  for word in "$@"; do
    case $word in --yes | -y) yes=yes ;; esac
  done
  need_compose
  stop_service restart
  command_start "$@"
}

command_status() {
  json=no
  case ${1:-} in
    "") ;;
    --json) json=yes ;;
    *) fail 2 "status does not accept '$1'." "It takes --json." ;;
  esac
  need_engine
  now=$(state)
  health=$(docker inspect --format '{{if .State.Running}}{{if .State.Health}}{{.State.Health.Status}}{{end}}{{end}}' "$container" 2>/dev/null || true)
  # Docker checks only every 30 seconds, so a service that has just started is asked directly.
  if [ "$now" = running ] && [ "$health" != unhealthy ]; then
    health=starting
    ! well || health=healthy
  fi
  use='' facts='' ollama=''
  if [ "$now" = running ]; then
    use=$(docker stats --no-stream --format '{{.CPUPerc}} CPU, {{.MemUsage}}, {{.PIDs}} processes' "$container" 2>/dev/null || true)
    facts=$(docker exec "$container" python -c "from agents.api.healthcheck import fetch; print(fetch('/status'))" 2>/dev/null || true)
    ollama=$(state_of_ollama)
  fi
  if [ "$json" = yes ]; then
    printf '{"container": "%s", "state": "%s", "health": "%s", "use": "%s", "ollama": "%s", "service": %s}\n' \
      "$container" "${now:-absent}" "$health" "$use" "$ollama" "${facts:-null}"
  else
    printf '%s: %s%s\n' "$container" "${now:-absent}" "${health:+, $health}"
    [ -z "$use" ] || printf '%s\n' "$use"
    [ -z "$ollama" ] || printf 'ollama: %s\n' "$ollama"
    [ -z "$facts" ] || printf '%s\n' "$facts" | sed 's/[",{}]//g; /^ *$/d'
  fi
  case $now:$health in
    running:healthy)
      case $ollama in
        "" | running) ;;
        *) say "Ollama, which runs the model, is not running. Start it: ./orchestrator.sh start" && exit 1 ;;
      esac
      ;;
    running:* | restarting:*) exit 1 ;;
    *) say "Start it: ./orchestrator.sh start" && exit 3 ;;
  esac
}

# Prints the state of Ollama's container, or absent; nothing where the stack has none.
state_of_ollama() {
  [ "$(setting ORCHESTRATOR_OLLAMA container)" = container ] || return 0
  project=$(label project)
  [ -n "$project" ] || return 0
  there=$(docker ps --all --filter "label=com.docker.compose.project=$project" --filter "label=com.docker.compose.service=ollama" \
    --filter "label=com.docker.compose.oneoff=False" --format '{{.State}}')
  printf '%s' "${there:-absent}"
}

command_logs() {
  need_compose
  [ -n "$(state)" ] || fail 3 "The service has not been started yet." "Start it: ./orchestrator.sh start"
  if [ $# -eq 0 ]; then
    set -- --tail=100
    [ ! -t 1 ] || set -- -f "$@"
  fi
  if [ -t 1 ]; then
    compose logs "$@"
    return
  fi
  # Compose v2 writes codes that erase lines even without a terminal. The outer braces keep its status.
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
      *) fail 2 "cleanup does not accept '$word'." "It takes --volumes, --models, --images and --yes." ;;
    esac
  done
  need_compose
  refuse_foreign
  goes=''
  [ "$volumes" = no ] || goes=$(used_volumes)
  [ "$models" = no ] || goes="$goes $models_volume"
  say "This removes the containers and networks of the project $COMPOSE_PROJECT_NAME."
  for volume in $goes; do
    ! has_volume "$volume" || say "This deletes the volume $volume ($(size_of "$volume"))."
  done
  [ "$images" = no ] || say "This removes the image $image."
  if [ "$volumes" = yes ]; then
    offer_backup
    agree "All histories will be deleted." "$COMPOSE_PROJECT_NAME"
  else
    say "The histories in $data_volume are kept."
    agree "The containers will be removed." y
  fi
  agree_to_end cleanup
  end_running_work
  quietly down --remove-orphans || fail 1 "The containers could not be removed." "The lines above show the reason."
  left=$(still_running)
  [ -z "$left" ] || fail 1 "Still running: $(echo "$left" | tr '\n' ' ')" "Remove it: docker rm -f $(echo "$left" | tr '\n' ' ')"
  for volume in $goes; do
    ! has_volume "$volume" || docker volume rm "$volume" >/dev/null ||
      fail 1 "The volume $volume could not be deleted." "Another container uses it: docker ps -a --filter volume=$volume"
  done
  [ "$images" = no ] || ! has_image || docker image rm "$image" >/dev/null ||
    fail 1 "The image $image could not be removed." "Remove the containers that use it: docker ps -a --filter ancestor=$image"
  say "Done."
}

# Prints the volumes of histories and logs that the container has; without a container, those in the settings.
used_volumes() {
  data=$(mounted /app/agent_memories) logs=$(mounted /app/logs)
  printf '%s %s' "${data:-$data_volume}" "${logs:-$logs_volume}"
}

offer_backup() {
  [ "$yes" = no ] && [ -t 0 ] && has_image && has_volume "$data_volume" || return 0
  printf 'Make a backup first? [Y/n] ' >&2
  typed=
  read -r typed || true
  case $typed in
    n | N | no) ;;
    *) (command_backup) || fail 1 "The backup failed, so nothing was deleted." "Try ./orchestrator.sh backup, or answer n." ;;
  esac
}

size_of() {
  has_image || { printf 'size unknown' && return 0; }
  docker run --rm --network none -v "$1:/v:ro" --user 0 --entrypoint du "$image" -sh /v 2>/dev/null | cut -f 1
}
