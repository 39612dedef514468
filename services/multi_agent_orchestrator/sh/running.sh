# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# What works in the container besides the service, and how it is ended. Part of orchestrator.sh.

# running_work: prints a line for each command that runs in the container besides the service.
running_work() {
  # shellcheck disable=SC2016 # for the shell in the container
  docker exec "$container" sh -c '
    for place in /proc/[0-9]*; do
      words=$(tr "\0" " " <"$place/cmdline" 2>/dev/null) || continue
      case $words in
        /opt/venv/bin/python*" /opt/venv/bin/orchestrator serve "*) ;;
        /opt/venv/bin/python*" /opt/venv/bin/orchestrator "*) printf "%s %s\n" "${place#/proc/}" "${words#* /opt/venv/bin/orchestrator }" ;;
      esac
    done' 2>/dev/null || true
}

# end_running_work: ends these commands as Ctrl-C does, and waits up to 10 seconds for them.
end_running_work() {
  for process in $(running_work | cut -d ' ' -f 1); do
    docker exec "$container" sh -c "kill -INT $process" 2>/dev/null || true
  done
  tries=20
  while [ -n "$(running_work)" ] && [ "$tries" -gt 0 ]; do
    sleep 0.5
    tries=$((tries - 1))
  done
}

# agree_to_end WHAT: asks before commands that run in the container are ended, then ends them.
agree_to_end() {
  work=$(running_work)
  [ -n "$work" ] || return 0
  say "At work in the container:"
  printf '%s\n' "$work" | sed 's/^[0-9]* /  /' >&2
  say "What is finished of it is kept, and ./orchestrator.sh run meeting resume goes on with a meeting."
  agree "$1 This ends it." y
  end_running_work
}
