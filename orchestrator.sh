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
case $PATH in # of cron and of launchd; docker is often elsewhere
  /usr/bin:/bin | /usr/bin:/bin:/usr/sbin:/sbin)
    PATH=$PATH:/usr/local/bin:/opt/homebrew/bin:/snap/bin:${HOME:-}/.docker/bin:/Applications/Docker.app/Contents/Resources/bin
    export PATH
    ;;
esac
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
  stop                stop the service; histories are kept: [--yes]
  restart             stop and start the service: [--yes] and the options of start
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
                      with your files: run ask cto "Is it sound?" --attach plan.md
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
129  the terminal was closed
130  interrupted with Ctrl-C
143  ended with SIGTERM
END
}

parts=$here/services/multi_agent_orchestrator/sh
# shellcheck source=services/multi_agent_orchestrator/sh/engine.sh
. "$parts/engine.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/settings.sh
. "$parts/settings.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/project.sh
. "$parts/project.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/network.sh
. "$parts/network.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/image.sh
. "$parts/image.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/files.sh
. "$parts/files.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/call.sh
. "$parts/call.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/running.sh
. "$parts/running.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/checks.sh
. "$parts/checks.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/start.sh
. "$parts/start.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/service.sh
. "$parts/service.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/histories.sh
. "$parts/histories.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/doctor.sh
. "$parts/doctor.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/local.sh
. "$parts/local.sh"
# shellcheck source=services/multi_agent_orchestrator/sh/nearest.sh
. "$parts/nearest.sh"

# ---- the place where commands run ----

# Sets place to container, alone (the service is stopped) or local. Prints a line if it is local for want of an engine or image.
find_place() {
  place=local
  if [ "${ORCHESTRATOR_MODE:-}" = local ]; then
    :
  elif ! look_for_engine; then
    case $remedy in
      *usermod*) say "You do not have permission to use the Docker engine, so this runs locally in $venv. $remedy" ;;
      *) say "No Docker engine answers, so this runs locally in $venv." ;;
    esac
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
  work_there "$@"
}

# work_there ARGUMENT ...: the same in the place that was found.
work_there() {
  case $place in
    container) call orchestrator "$@" ;;
    alone) need_running ;;
    local)
      install_local ""
      ORCHESTRATOR_CALLED_AS=$called_as exec "$venv/bin/python" -m agents "$@"
      ;;
  esac
}

# ---- commands ----

unknown() {
  near=$(nearest "$1")
  fail 2 "There is no command '$1'." "${near:+Did you mean: ./orchestrator.sh $near? }./orchestrator.sh help lists all commands."
}

main() {
  command=${1:-help}
  [ $# -eq 0 ] || shift
  read_settings
  case $command in
    build) command_build "$@" ;;
    start) command_start "$@" ;;
    stop) command_stop "$@" ;;
    restart) command_restart "$@" ;;
    status) command_status "$@" ;;
    logs) command_logs "$@" ;;
    shell)
      need_running
      call sh "$@"
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
        *) work_there --version ;;
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
