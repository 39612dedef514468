# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# Runs a command in the container as if it ran here: with the caller's terminal, signals, settings and files.
# Part of orchestrator.sh.

called_as=./orchestrator.sh
call_folder=/tmp/calls # in the container; agents/cli/terminal/caller.py knows it too

# Runs in the container: begins a call of the orchestrator in a copy of the caller's folder that is empty at first.
# It shows the channel of requests only when it can be written, and holds it open until the command has ended.
# shellcheck disable=SC2016
begin_call='
folder=$1/$ORCHESTRATOR_CALL
shift
trap : INT TERM HUP
umask 077
if mkdir -p "$folder/root$ORCHESTRATOR_CALLER_FOLDER" "$folder/root$HOME" && mkfifo "$folder/new"; then
  exec 8<>"$folder/new" 9>"$folder/new" 8>&-
  export AGENTS_CONFIG="${AGENTS_CONFIG:-/tmp/home/.config/multi_agent_orchestrator/config.toml}"
  own=$folder/root$ORCHESTRATOR_OWN_FOLDER
  if [ -d "$AGENTS_USER_FOLDER" ]; then # what was made without the script
    mkdir -p "$own" && cp -Rn "$AGENTS_USER_FOLDER/." "$own"
  fi
  export HOME="$folder/root$HOME" AGENTS_USER_FOLDER="$own"
  cd "$folder/root$ORCHESTRATOR_CALLER_FOLDER" && mv "$folder/new" "$folder/requests"
fi
"$@"
code=$?
[ -e "$folder/heard" ] || : >"$folder.over" # before it is over, after which who hears it removes all
exec 9>&-
rm -rf "$folder"
exit "$code"'

# Runs in the container: prints the requests of a call until it is over in any way. 3 keeps the opening from waiting.
# shellcheck disable=SC2016
read_requests='
trap "rm -rf \"\$1\" \"\$1.over\"" EXIT
tries=0
until [ -p "$1/requests" ]; do
  if [ -e "$1.over" ] || [ "$tries" -ge 300 ]; then
    exit 0
  fi
  tries=$((tries + 1))
  sleep 0.1
done
: >"$1/heard" || exit 0
exec 3<>"$1/requests" 4<"$1/requests" 3>&-
cat <&4'

# Runs in the container: prints the processes of a call.
# shellcheck disable=SC2016
processes_of_call='of_call() { grep -zlxsF "ORCHESTRATOR_CALL=$1" /proc/[0-9]*/environ | cut -d / -f 3; }'

# call COMMAND ...: runs a command in the container of the service, and ends this script with its status.
call() {
  if [ -n "${MSYSTEM:-}" ] && command -v winpty >/dev/null 2>&1 && [ -t 0 ] && [ -t 1 ]; then
    exec winpty docker exec -it -e "ORCHESTRATOR_CALLED_AS=$called_as" "$container" "$@"
  fi
  token=$$-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
  began=$(date -u +%Y%m%d%H%M%S)
  apart=
  ! command -v setsid >/dev/null 2>&1 || apart=setsid # from Ctrl-C, which the trap passes on
  server=
  if [ "$1" = orchestrator ]; then
    find_own_folders
    send_own_files
    serve_files "$@" </dev/null >/dev/null 2>&1 &
    server=$!
    set -- sh -c "$begin_call" sh "$call_folder" "$@"
  fi
  set -- -e "ORCHESTRATOR_CALL=$token" "$container" "$@"
  set -- -e "ORCHESTRATOR_CALLED_AS=$called_as" -e "ORCHESTRATOR_CALLER_FOLDER=$caller" "$@"
  [ -z "$server" ] || set -- -e "ORCHESTRATOR_OWN_FOLDER=$own_folder" -e "HOME=${HOME:-/}" "$@"
  for name in $(passed_settings); do
    eval "[ -z \"\${$name:-}\" ]" || set -- -e "$name" "$@"
  done
  if [ -t 0 ] && [ -t 1 ]; then
    apart=
    set -- -it -e TERM "$@"
  elif [ ! -t 0 ]; then
    set -- -i "$@"
  fi
  attend "$@"
}

# attend ARGUMENT ...: runs docker exec beside this script, which passes on the signals that it gets, and waits.
attend() {
  signal='' came='' presses=0
  exec 3<&0
  trap 'pass_on INT 130' INT
  trap 'pass_on TERM 143' TERM
  trap 'pass_on HUP 129' HUP
  # The shell gives a command in the background another input. A terminal that closes must not end docker's client
  # before the command in the container has said its last words.
  (
    trap '' HUP INT TERM
    exec $apart docker exec "$@"
  ) <&3 3<&- &
  client=$!
  code=127
  while :; do
    came='' now=0
    wait "$client" || now=$?
    [ "$now" = 127 ] || code=$now # 127: it had ended before the signal
    [ -n "$came" ] || break
  done
  trap '' INT TERM HUP
  if [ -n "$signal" ]; then
    wait_for_call
    case $signal:$code in
      130:137 | 130:1 | 143:* | 129:*) code=$signal ;;
    esac
  else
    case $code in
      137) tell_if_stopped ;;
      1 | 126 | 127) ! keeps_stopping || tell_if_stopped ;; # what docker's client says where it cannot begin
    esac
  fi
  exit "$code"
}

# pass_on SIGNAL STATUS: sends a signal to the command in the container; the third Ctrl-C kills it.
pass_on() {
  came=yes signal=$2 sent=$1
  if [ "$1" = INT ]; then
    presses=$((presses + 1))
    [ "$presses" -lt 3 ] || sent=KILL
  fi
  (
    trap '' INT TERM HUP
    # shellcheck disable=SC2016,SC2086 # empty or one word
    exec $apart docker exec "$container" sh -c "$processes_of_call"'
      kill -s "$2" $(of_call "$1")' sh "$token" "$sent" </dev/null >/dev/null 2>&1
  ) || true
}

# Waits until the command in the container has ended, also where docker's client ended before it; for at most 10 seconds.
wait_for_call() {
  # shellcheck disable=SC2016
  docker exec "$container" sh -c "$processes_of_call"'
    tries=0
    while [ -n "$(of_call "$1")" ] && [ "$tries" -lt 100 ]; do
      tries=$((tries + 1))
      sleep 0.1
    done' sh "$token" </dev/null >/dev/null 2>&1 || true
}

# Whether the container was started after this call began.
is_newer() {
  since=$(docker inspect --format '{{.State.StartedAt}}' "$container" 2>/dev/null | tr -cd 0-9 | cut -c 1-14)
  [ "${since:-0}" -ge "$began" ]
}

# Whether the engine has started the container again and again, and at last since this call began.
keeps_stopping() {
  case $(docker inspect --format '{{.State.Status}} {{.RestartCount}}' "$container" 2>/dev/null) in
    *" 0" | *" 1") return 1 ;;
    "restarting "*) return 0 ;;
    "running "*) is_newer ;;
    *) return 1 ;;
  esac
}

# A command whose container is stopped is killed without a word, so this says why it ended.
tell_if_stopped() {
  looks=0
  while is_running && ! is_newer; do
    [ "$looks" -lt 3 ] || return 0 # its own process was killed
    looks=$((looks + 1))
    sleep 1 # its commands end before the container does
  done
  ! keeps_stopping || fail 3 "The service stops again and again." "To see the reason: ./orchestrator.sh logs --tail 20"
  fail 75 "The service was stopped while this ran. What was finished is kept." \
    "When it runs again (./orchestrator.sh start), a meeting continues with: ./orchestrator.sh run meeting resume last"
}
