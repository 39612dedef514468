# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# Finds the Docker engine and Compose, and runs commands in the container. Part of orchestrator.sh.

# within SECONDS COMMAND ...: gives the status of the command, or of a killed process if it takes longer.
within() {
  limit=$1
  shift
  "$@" &
  job=$!
  (sleep "$limit" && kill "$job") >/dev/null 2>&1 &
  watch=$!
  code=0
  wait "$job" || code=$?
  kill "$watch" 2>/dev/null || true
  return "$code"
}

# Sets engine to the version of the engine, or to "" with why and remedy.
look_for_engine() {
  engine='' why='' remedy=''
  if ! command -v docker >/dev/null 2>&1; then
    why="Docker is not installed." remedy="Install it (see docs/DEPLOYMENT_GUIDE.md), or work without it: ./orchestrator.sh demo"
    return 1
  fi
  code=0
  answer=$(within 5 docker version --format '{{.Server.Version}}' 2>&1) || code=$?
  case $code:$answer in
    0:[0-9]*) engine=$answer ;;
    *"permission denied"*)
      why="You do not have permission to use the Docker engine." remedy="Join its group: sudo usermod -aG docker \"\$USER\", then log in again." ;;
    143:* | 137:*)
      why="The Docker engine did not answer within 5 seconds." remedy="It may still be starting; try again in a minute." ;;
    *)
      why="The Docker engine does not answer." remedy="Start Docker Desktop, or run: sudo systemctl start docker" ;;
  esac
  [ -n "$engine" ]
}

need_engine() {
  look_for_engine || fail 4 "$why" "$remedy"
  case $engine in
    [0-9].* | 1[0-9].* | 20.0[0-9].*)
      fail 4 "Docker $engine is too old." "Install Docker 20.10 or newer." ;;
  esac
}

# All commands use the same Compose: its versions give the containers different names.
need_compose() {
  need_engine
  case ${ORCHESTRATOR_COMPOSE:-} in
    "")
      if docker compose version >/dev/null 2>&1; then
        compose_is=v2
      elif command -v docker-compose >/dev/null 2>&1; then
        compose_is=v1
      else
        fail 4 "Docker Compose is not installed." "Install its plugin: see docs.docker.com/compose/install"
      fi ;;
    "docker compose") compose_is=v2 ;;
    docker-compose) compose_is=v1 ;;
    *) fail 2 "ORCHESTRATOR_COMPOSE is '$ORCHESTRATOR_COMPOSE'." "Set it to 'docker compose' or 'docker-compose'." ;;
  esac
  if [ "$compose_is" = v1 ]; then
    case $(docker-compose version --short 2>/dev/null) in
      1.29.* | [2-9].*) ;;
      *) fail 4 "This docker-compose is too old." "Install the Compose plugin, or docker-compose 1.29." ;;
    esac
  fi
  choose_files
  derive_limits
  cd "$here" || exit
  find_project
}

compose() {
  case $compose_is in
    v2) docker compose "$@" ;;
    v1) docker-compose "$@" ;;
  esac
}

# quietly ARGUMENT ...: runs Compose; what it prints is shown only if it fails.
quietly() {
  code=0
  said=$(compose "$@" 2>&1 </dev/null) || code=$?
  [ "$code" -eq 0 ] || printf '%s\n' "$said" | tail -n 20 >&2
  return "$code"
}

has_image() { docker image inspect "$image" >/dev/null 2>&1; }
has_volume() { docker volume inspect "$1" >/dev/null 2>&1; }
# state: prints "", created, running, restarting, exited ...
state() { docker inspect --type container --format '{{.State.Status}}' "$container" 2>/dev/null || true; }
is_running() { [ "$(state)" = running ]; }
well() { docker exec "$container" python -c "$probe" >/dev/null 2>&1; }

need_running() {
  need_engine
  case $(state) in
    running) ;;
    restarting) fail 3 "The service stops again and again." "To see the reason: ./orchestrator.sh logs --tail 20" ;;
    *) fail 3 "The service is not running." "Start it: ./orchestrator.sh start" ;;
  esac
}

# Asks the user to agree, unless --yes is given. Without a terminal, and after another answer, it exits with status 2.
agree() {
  # agree QUESTION WORD: the user has to type WORD; if it is empty, y
  [ "$yes" = no ] || return 0
  [ -t 0 ] || fail 2 "$1 There is no terminal to ask on." "Add --yes to agree."
  printf '%s Type %s to continue: ' "$1" "${2:-y}" >&2
  typed=
  read -r typed || say ""
  [ "$typed" = "${2:-y}" ] || {
    say "Nothing was done."
    exit 2
  }
}
