# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# Which Compose project is meant: the same for this script and for plain Compose. Part of orchestrator.sh.

# label NAME: prints a label that Compose gave the container of the service; nothing if there is none.
label() { docker inspect --type container --format "{{index .Config.Labels \"com.docker.compose.$1\"}}" "$container" 2>/dev/null || true; }

# Prints the project that Compose itself would choose: as set, else from the name of the folder.
composes_choice() {
  chosen=$set_project
  [ -n "$chosen" ] || chosen=$(printf '%s' "${here##*/}" | LC_ALL=C tr '[:upper:]' '[:lower:]' | LC_ALL=C tr -cd 'a-z0-9_-')
  [ "$compose_is" = v1 ] || chosen=$(printf '%s' "$chosen" | sed 's/^[_-]*//')
  printf '%s' "${chosen:-multi_agent_orchestrator}" # Compose v2 refuses a folder without any of these letters
}

# Sets COMPOSE_PROJECT_NAME: the project of the container, whoever started it, else Compose's own choice.
find_project() {
  COMPOSE_PROJECT_NAME=$(label project)
  [ -n "$COMPOSE_PROJECT_NAME" ] || COMPOSE_PROJECT_NAME=$(composes_choice)
  export COMPOSE_PROJECT_NAME
}

# A container with this name that Compose did not make is never touched.
refuse_foreign() {
  [ -z "$(state)" ] || [ -n "$(label project)" ] ||
    fail 1 "The container $container was not made by Compose." "Remove it: docker rm -f $container. Or set ORCHESTRATOR_CONTAINER in .env to another name."
}

# Says where the service was started, if that was another clone: its user may be another one.
name_folder() {
  from=$(label project.working_dir)
  [ -z "$from" ] || [ "$from" = "$here" ] || say "The container $container was started from $from."
}

# Before a start: a stack of another project, such as an earlier version of this script made, moves to Compose's own
# choice, so that plain Compose acts on the same containers. A running one is left as it is.
move_project() {
  chosen=$(composes_choice)
  from=$(label project.working_dir)
  [ -z "$from" ] || [ "$from" = "$here" ] || say "The container $container was started from $from; from now on it is started from $here."
  [ "$chosen" != "$COMPOSE_PROJECT_NAME" ] || return 0
  if is_running; then
    say "The containers belong to the Compose project $COMPOSE_PROJECT_NAME; plain Compose would use $chosen. To move them: ./orchestrator.sh restart"
    return 0
  fi
  say "The containers move from the Compose project $COMPOSE_PROJECT_NAME to $chosen."
  quietly --profile webui down --remove-orphans || fail 1 "The containers of the project $COMPOSE_PROJECT_NAME could not be removed." "The lines above show the reason."
  COMPOSE_PROJECT_NAME=$chosen
}

# still_running: prints the names of the containers of the project that run.
still_running() {
  {
    docker ps --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME" --filter "label=com.docker.compose.oneoff=False" --format '{{.Names}}'
    ! is_running || printf '%s\n' "$container"
  } | sort -u
}

# mounted FOLDER: prints the volume that the container of the service has at a folder.
mounted() {
  docker inspect --type container --format "{{range .Mounts}}{{if eq .Destination \"$1\"}}{{.Name}}{{end}}{{end}}" "$container" 2>/dev/null || true
}

# Compose keeps a container whose volumes have got other names in the settings, with the old volumes. It is removed, so
# that the next one has the volumes of the settings. Volumes are kept.
change_volumes() {
  for pair in "/app/agent_memories:$data_volume" "/app/logs:$logs_volume"; do
    was=$(mounted "${pair%%:*}")
    case $was in "" | "${pair#*:}") continue ;; esac
    say "The container used the volume $was; from now on it uses ${pair#*:}, as set. $was is kept."
    [ "${pair%%:*}" = /app/logs ] || say "To copy its histories: ./orchestrator.sh migrate-volume $was"
    docker rm -f "$container" >/dev/null
    return 0
  done
}
