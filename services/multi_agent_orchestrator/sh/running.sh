# shellcheck shell=sh disable=SC2154 # shares its variables with orchestrator.sh
# The commands that run in the container besides the service: lists them, and ends them so that nothing is lost.
# Part of orchestrator.sh.

# Runs in the container: goes through the commands there, and calls found PROCESS WORDS for each.
# shellcheck disable=SC2016
each_command='
each_command() {
  for file in /proc/[0-9]*/cmdline; do
    words=$(tr "\000-\037\177" " " <"$file" 2>/dev/null | cut -c 1-300)
    case $words in
      *python*"/orchestrator serve "* | *python*" -m agents serve "*) ;;
      *python*"/bin/orchestrator "*) found "$(echo "$file" | cut -d / -f 3)" "${words#*/bin/orchestrator }" ;;
      *python*" -m agents "*) found "$(echo "$file" | cut -d / -f 3)" "${words#* -m agents }" ;;
    esac
  done
}'

# Prints a line for each command, such as "meeting run decision Buy or build?"; nothing if none runs.
running_work() {
  is_running || return 0
  docker exec "$container" sh -c "$each_command"'
    found() { printf "%s\n" "$2" | cut -c 1-100 | sed "s/ *\$//"; }
    each_command' </dev/null 2>/dev/null || true
}

# Asks each command to end, as Ctrl-C does, and waits up to 10 seconds: each says how to go on and keeps what is finished.
end_running_work() {
  is_running || return 0
  # SIGTERM and not SIGINT, which only ends the answer of an interactive session.
  docker exec "$container" sh -c "$each_command"'
    all=
    found() { kill -s TERM "$1" && all="$all $1"; }
    each_command
    tries=0
    for process in $all; do
      while [ -d "/proc/$process" ] && [ "$tries" -lt 50 ]; do
        tries=$((tries + 1))
        sleep 0.2
      done
    done' </dev/null >/dev/null 2>&1 || true
}

# agree_to_end WHAT: asks before WHAT, such as "restart", ends the commands that run; exits with status 2 without an agreement.
agree_to_end() {
  work_there=$(running_work)
  [ -n "$work_there" ] || return 0
  say "This runs now, and $1 ends it:"
  printf '%s\n' "$work_there" | sed 's/^/  /' >&2
  say "Finished turns are kept. A meeting continues with: ./orchestrator.sh run meeting resume last"
  agree "End it?"
}
