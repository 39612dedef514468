# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# The commands start and restart: they check everything before they replace what runs. Part of orchestrator.sh.

# start_words WORD ...: reads the words of start and restart into pull, yes and ORCHESTRATOR_GPU.
start_words() {
  pull=yes yes=no
  while [ $# -gt 0 ]; do
    case $1 in
      --gpu)
        [ $# -gt 1 ] || fail 2 "--gpu needs the name of a graphics card." "Give it nvidia or amd."
        export ORCHESTRATOR_GPU="$2"
        shift
        ;;
      --gpu=*) export ORCHESTRATOR_GPU="${1#--gpu=}" ;;
      --no-pull) pull=no ;;
      --yes | -y) yes=yes ;;
      *) fail 2 "$command does not accept '$1'." "It takes --gpu nvidia, --gpu amd, --no-pull and --yes." ;;
    esac
    shift
  done
}

command_start() {
  start_words "$@"
  check_machine
  begin_service
}

command_restart() {
  start_words "$@"
  check_machine
  stop_service restart
  begin_service
}

# Checks all that can be checked before anything that runs is replaced.
check_machine() {
  need_compose
  refuse_foreign
  need_folders
  need_readable
  need_secrets
  report=$(mktemp "${TMPDIR:-/tmp}/orchestrator.XXXXXX") || fail 6 "No temporary file can be created." "Check the free disk space."
  trap 'rm -f "$report"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  check_settings
  has_image || (command_build) || exit $?
  clamp
  notice_image
  fetch_ollama
  check_subnet
  check_port
}

begin_service() {
  old_stack
  if would_replace; then
    agree_to_end "a start with other settings"
    end_running_work
  fi
  move_project
  older_network=$(other_network "$COMPOSE_PROJECT_NAME")
  [ -z "$older_network" ] || renew_network "$older_network" || fail 1 "The network of an earlier start could not be removed." "Stop the service first: ./orchestrator.sh stop"
  change_volumes
  ! other_secrets || docker rm -f "$container" >/dev/null 2>&1 || true
  bring_up
  wait_for_health
  ensure_model
  say "Ready on http://127.0.0.1:$port/status. Next: ./orchestrator.sh demo, or ./orchestrator.sh interactive"
}

# Whether a start would put a new container in the place of a running one in which something works.
would_replace() {
  is_running && [ -n "$(running_work)" ] || return 1
  ! other_secrets || return 0
  [ "$compose_is" = v2 ] && [ -z "$(other_network "$COMPOSE_PROJECT_NAME")" ] || return 0
  [ "$(mounted /app/agent_memories)" = "$data_volume" ] && [ "$(mounted /app/logs)" = "$logs_volume" ] || return 0
  case $(compose up -d --no-deps --dry-run multi_agent_orchestrator 2>&1) in
    *Recreate*) return 0 ;;
    *) return 1 ;;
  esac
}

bring_up() {
  say "Starting ..."
  set -- up -d
  [ "$ollama_place" != host ] || set -- "$@" --no-deps multi_agent_orchestrator
  compose "$@" >"$report" 2>&1 || start_failed
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
