# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# The commands stop, status, logs and cleanup. Part of orchestrator.sh.

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
  name_folder
  agree_to_end "$1"
  end_running_work
  say "Stopping ..."
  quietly --profile webui stop || fail 1 "The containers could not be stopped." "The lines above show the reason."
  left=$(still_running)
  [ -z "$left" ] || fail 1 "Still running: $(echo "$left" | tr '\n' ' ')" "Stop it: docker stop $(echo "$left" | tr '\n' ' ')"
}

# Runs in the container: prints what it uses, from the counters of its control group, in version 2 or 1. `docker stats` takes
# two seconds for the same.
# shellcheck disable=SC2016
own_use='
cd /sys/fs/cgroup || exit
if [ -f cpu.stat ]; then
  used() { sed -n "s/^usage_usec //p" cpu.stat; }
  scale=1000000 memory=memory.current limit=memory.max stat=memory.stat pids=pids.current
else
  used() { cat cpuacct/cpuacct.usage; }
  scale=1000000000 memory=memory/memory.usage_in_bytes limit=memory/memory.limit_in_bytes stat=memory/memory.stat pids=pids/pids.current
fi
began=$(used)
sleep 0.3
ended=$(used)
awk -v began="$began" -v ended="$ended" -v scale="$scale" -v memory="$(cat $memory)" -v limit="$(cat $limit)" -v pids="$(cat $pids)" "
  /inactive_file / { cached = \$2 }
  END { printf \"%.1f%% CPU, %.0f MB of %.0f MB, %d processes\\n\", (ended - began) / scale / 0.3 * 100, (memory - cached) / 1048576, limit / 1048576, pids }" $stat'

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
    use=$(docker exec "$container" sh -c "$own_use" 2>/dev/null || true)
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

# log_words WORD ...: refuses what Compose would not understand, or would answer with nothing.
log_words() {
  while [ $# -gt 0 ]; do
    case $1 in
      -f | --follow | -t | --timestamps | --no-log-prefix) ;;
      --tail | -n | --since | --until)
        [ $# -gt 1 ] || fail 2 "$1 needs a value." "For example: ./orchestrator.sh logs --tail 20"
        shift
        ;;
      --tail=* | --since=* | --until=*) ;;
      ollama | multi_agent_orchestrator) ;;
      -*) fail 2 "logs does not accept '$1'." "It takes -f, --tail N, --since TIME, --until TIME, -t, and the name of a service." ;;
      *) fail 2 "There is no service '$1'." "The services are multi_agent_orchestrator and ollama." ;;
    esac
    shift
  done
}

command_logs() {
  log_words "$@"
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
  name_folder
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
  quietly --profile webui down --remove-orphans || fail 1 "The containers could not be removed." "The lines above show the reason."
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

# Prints the volumes of histories and logs that the container has, or without a container those in the settings; and that of
# Open WebUI, which has the same conversations.
used_volumes() {
  data=$(mounted /app/agent_memories) logs=$(mounted /app/logs)
  printf '%s %s %s' "${data:-$data_volume}" "${logs:-$logs_volume}" "$webui_volume"
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
