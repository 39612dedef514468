#!/bin/sh
# Manages the orchestrator on Linux and Mac: in containers if a Docker engine answers, otherwise in a virtual environment.
# The logic is in the Python command line. This script finds the place to run it in and manages the containers.
set -eu

script=$0
while [ -L "$script" ]; do # this script may be started through a link
  target=$(readlink "$script")
  case $target in
    /*) script=$target ;;
    *) script=$(dirname -- "$script")/$target ;;
  esac
done
here=$(CDPATH='' cd -- "$(dirname -- "$script")" && pwd -P)
caller=$(pwd -P)
venv=${ORCHESTRATOR_VENV:-$here/.venv}
image_file=services/multi_agent_orchestrator/orchestrator.Dockerfile
commands="build start stop restart status logs shell interactive demo examples run backup restore cleanup doctor models migrate-volume test version help"
probe="from agents.api.healthcheck import check; check()"
export MSYS_NO_PATHCONV=1 # Git Bash would turn /app into C:/Program Files/Git/app

say() { printf '%s\n' "$*" >&2; }
fail() {
  # fail STATUS CAUSE REMEDY
  say "Error: $2"
  say "  $3"
  exit "$1"
}

usage() {
  cat <<'END'
Usage: ./orchestrator.sh COMMAND [ARGUMENT ...]

The service
  build               build the image; arguments go to docker build
  start               check the machine, start, wait for health, fetch the model: [--gpu nvidia|amd] [--no-pull]
  stop                stop the service; histories are kept
  restart             stop and start the service
  status              container, health, resources, model: [--json]
  logs                [-f] [--tail N] [SERVICE]
  shell               a shell inside the container
  doctor              check the machine and the service; shows a remedy for each fault
  cleanup             remove the containers; histories are kept: [--volumes] [--models] [--images] [--yes]

The work
  interactive         talk to the agents
  demo                ask an agent, see a checklist, watch a recorded meeting
  examples            small programs that use the library: examples list | run NAME | show NAME
  run ...             any orchestrator command, such as: run types list
                      The container reads documents from a pipe only: run ask cto "Is it sound?" --attach - <plan.md
  models              list | pull NAME | show NAME ...

Histories
  backup              make a backup in backups/YYYYMMDD_HHMMSS: [--keep N]; backup list | verify DIR
  restore DIR         replace the histories with a backup: [--check] [--into container|local] [--yes]; restore --undo
  migrate-volume      copy the histories from an older stack: [VOLUME] [--yes]

  test                run the tests, in .venv
  version             print the version
  help                print this text; help exit-codes explains the exit codes

Without a Docker engine, or before the image is built, commands run in a virtual environment in .venv
(ORCHESTRATOR_VENV names another folder), which needs Python 3.11 or newer. ORCHESTRATOR_MODE=local always does that.
Settings are read from .env; .env.example lists them.
END
}

exit_codes() {
  cat <<'END'
0    done
1    failed
2    a wrong argument, or a confirmation that was not given
3    the service or the model is not available
4    Docker or Compose is missing or does not answer
5    the backup is damaged or does not fit this version
6    no space on the disk, or no permission
75   another process is using the histories; try again later
130  interrupted with Ctrl-C
143  ended with SIGTERM
END
}

# ---- settings ----

# setting NAME DEFAULT: from the environment, else from .env, else the default.
setting() {
  eval "found=\${$1:-}"
  if [ -z "$found" ] && [ -f "$here/.env" ]; then
    found=$(sed -n "s/^[[:space:]]*$1=//p" "$here/.env" | tail -n 1 | tr -d '\r' | sed "s/^\"\(.*\)\"\$/\1/; s/^'\(.*\)'\$/\1/; s/[[:space:]]*\$//")
  fi
  printf '%s' "${found:-$2}"
}

read_settings() {
  container=$(setting ORCHESTRATOR_CONTAINER multi_agent_orchestrator)
  data_volume=$(setting ORCHESTRATOR_DATA_VOLUME orchestrator_data)
  logs_volume=$(setting ORCHESTRATOR_LOGS_VOLUME orchestrator_logs)
  models_volume=$(setting OLLAMA_MODELS_VOLUME ollama_models)
  image=llm/multi_agent_orchestrator:$(setting ORCHESTRATOR_TAG latest)
  port=$(setting ORCHESTRATOR_PORT 8000)
  COMPOSE_PROJECT_NAME=$(setting COMPOSE_PROJECT_NAME orchestrator)
  backups=$(setting ORCHESTRATOR_BACKUPS backups)
  case $backups in
    /* | [A-Za-z]:*) ;;
    *) backups=$here/$backups ;;
  esac
  export COMPOSE_PROJECT_NAME
}

# Adds the override files that the settings need. Compose finds the other files itself.
choose_files() {
  gpu=$(setting ORCHESTRATOR_GPU "")
  ollama_place=$(setting ORCHESTRATOR_OLLAMA container)
  more=
  case $gpu in
    "") ;;
    nvidia | amd) more=services/overrides/gpu-$gpu.yml ;;
    *) fail 2 "'$gpu' is not a supported graphics card." "Use nvidia or amd, or leave the option out." ;;
  esac
  case $ollama_place in
    container) ;;
    host) more="$more services/overrides/host-ollama.yml" ;;
    *) fail 2 "ORCHESTRATOR_OLLAMA is '$ollama_place'." "Set it to container or host." ;;
  esac
  [ -n "$more" ] || return 0
  between=${COMPOSE_PATH_SEPARATOR:-:}
  COMPOSE_PATH_SEPARATOR=$between
  COMPOSE_FILE=$(setting COMPOSE_FILE docker-compose.yml)
  for file in docker-compose.override.yml $more; do
    case $between$COMPOSE_FILE$between in
      *"$between$file$between"*) ;;
      *) [ ! -f "$here/$file" ] || COMPOSE_FILE=$COMPOSE_FILE$between$file ;;
    esac
  done
  export COMPOSE_FILE COMPOSE_PATH_SEPARATOR
}

parts=$here/services/multi_agent_orchestrator/sh
# shellcheck source=services/multi_agent_orchestrator/sh/engine.sh
. "$parts/engine.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/running.sh
. "$parts/running.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/service.sh
. "$parts/service.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/histories.sh
. "$parts/histories.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/doctor.sh
. "$parts/doctor.sh"

# ---- the local mode ----

find_python() {
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

# install_local EXTRA: installs the package with an extra ("" for none) into the virtual environment, unless it is up to date.
install_local() {
  extra=$1
  stamp=$venv/installed${extra:+-$extra}
  wanted=$(cksum <"$here/pyproject.toml")
  if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    return 0
  fi
  python=$(find_python) || fail 2 "Python 3.11 or newer was not found." "Install it, or set PYTHON to its path."
  if [ ! -x "$venv/bin/python" ]; then
    say "Creating a virtual environment in $venv (once) ..."
    "$python" -m venv "$venv" || fail 6 "The virtual environment could not be created." \
      "Check the free disk space, and that Python's venv module is installed (python3-venv on Debian)."
  fi
  say "Installing the orchestrator and its packages (once, about a minute) ..."
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$here${extra:+[$extra]}" ||
    fail 1 "The packages could not be installed." "Check the network and try again; the output above shows the reason."
  printf '%s\n' "$wanted" >"$stamp"
}

# Sets place to container, alone (the service is stopped) or local. Prints a line if it is local for want of an engine or image.
find_place() {
  place=local
  if [ "${ORCHESTRATOR_MODE:-}" = local ]; then
    :
  elif ! look_for_engine; then
    say "No Docker engine answers, so this runs locally in $venv."
  elif is_running; then
    place=container
  elif [ -n "$(state)" ] || has_image; then
    place=alone
  else
    say "The image is not built (./orchestrator.sh start builds it), so this runs locally in $venv."
  fi
}

# work ARGUMENT ...: runs an orchestrator command in the container of the service, or locally.
work() {
  find_place
  case $place in
    container) enter orchestrator "$@" ;;
    alone) need_running ;;
    local)
      install_local ""
      exec "$venv/bin/python" -m agents "$@"
      ;;
  esac
}

# ---- commands ----

unknown() {
  near=
  for word in $commands; do
    case $word in
      "$1"* | "${1%"${1#??}"}"*) near="$near $word" ;;
    esac
  done
  usage >&2
  fail 2 "There is no command '$1'." "${near:+Did you mean$near? }All commands are listed above."
}

main() {
  command=${1:-help}
  [ $# -eq 0 ] || shift
  read_settings
  case $command in
    build) command_build "$@" ;;
    start) command_start "$@" ;;
    stop) command_stop ;;
    restart)
      command_stop
      command_start "$@"
      ;;
    status) command_status "$@" ;;
    logs) command_logs "$@" ;;
    shell)
      need_running
      enter sh "$@"
      ;;
    demo | interactive | examples | models) work "$command" "$@" ;;
    run) work "$@" ;;
    backup) command_backup "$@" ;;
    restore) command_restore "$@" ;;
    cleanup) command_cleanup "$@" ;;
    doctor) command_doctor ;;
    migrate-volume) command_migrate "$@" ;;
    test)
      look_for_engine || say "No Docker engine answers, so this runs locally in $venv."
      install_local dev
      cd "$here"
      unset PYTHONDONTWRITEBYTECODE # the tests start the program hundreds of times: it is compiled once
      exec "$venv/bin/python" -m pytest -q -n auto --dist loadfile --no-loadscope-reorder "$@"
      ;;
    version)
      find_place
      case $place in
        alone) printf 'orchestrator %s\n' "$(source_version)" ;;
        *) work --version ;;
      esac
      ;;
    help | -h | --help)
      case ${1:-} in
        exit-codes) exit_codes ;;
        *) usage ;;
      esac
      ;;
    *) unknown "$command" ;;
  esac
}

main "$@"
