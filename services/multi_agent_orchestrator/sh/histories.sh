# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# The commands for backups and for the volumes of older stacks. Part of orchestrator.sh.

# inside ARGUMENT ...: runs an orchestrator command in the place of the histories, without a terminal.
inside() {
  case $place in
    local) ORCHESTRATOR_CALLED_AS=$called_as "$venv/bin/python" -m agents "$@" ;;
    container) docker exec -i -e "ORCHESTRATOR_CALLED_AS=$called_as" "$container" orchestrator "$@" ;;
    *) beside "$@" ;;
  esac
}

# beside ARGUMENT ...: runs an orchestrator command in a container of its own, with the volumes of the service, the code of
# this clone, and limits. Compose would make the networks of the stack for it, and leave them.
beside() {
  memory=$(setting ORCHESTRATOR_MEMORY 4G)
  mounts="-v $data_volume:/app/agent_memories -v $logs_volume:/app/logs"
  [ -z "$(state)" ] || mounts="--volumes-from $container" # what it has, also if the settings name others by now
  # shellcheck disable=SC2086 # names have no blanks
  docker run --rm -i --init --name "$helper" --network none -e "ORCHESTRATOR_CALLED_AS=$called_as" $mounts \
    -v "$here/agents:/app/agents:ro" -v "$here/Role:/app/Role:ro" -v "$here/examples:/app/examples:ro" \
    --read-only --tmpfs /tmp:size=256m,mode=1777 --cap-drop ALL --security-opt no-new-privileges:true \
    --pids-limit 256 --memory "$memory" --memory-swap "$memory" "$image" "$@"
}

# Makes the volumes of the stack that are missing as Compose makes them, and removes the networks that it makes with them.
make_volumes() {
  ! has_volume "$data_volume" || ! has_volume "$logs_volume" || return 0
  older=$(networks_of_project)
  code=0
  quietly run --rm -T --no-deps --entrypoint true multi_agent_orchestrator || code=$?
  for network in $(networks_of_project); do
    case " $(echo "$older" | tr '\n' ' ') " in
      *" $network "*) ;;
      *) docker network rm "$network" >/dev/null 2>&1 || true ;; # refused if something else uses it by now
    esac
  done
  [ "$code" -eq 0 ] || fail 1 "The volumes could not be made." "The lines above show the reason."
}

networks_of_project() { docker network ls --quiet --filter "label=com.docker.compose.project=$COMPOSE_PROJECT_NAME"; }

# need_histories DO WORD: finds the place of the histories and checks that commands can run there. Those in the container
# and local ones are never mixed up: if Docker is installed and does not answer, only a check of a backup works locally.
need_histories() {
  if [ "${ORCHESTRATOR_MODE:-}" != local ] && command -v docker >/dev/null 2>&1; then
    hint="To $1 the local histories: ORCHESTRATOR_MODE=local ./orchestrator.sh $2"
    if ! look_for_engine; then
      [ "$1" = check ] || fail 4 "$why" "$remedy $hint"
    elif [ -z "$(state)" ] && ! has_image && has_volume "$data_volume"; then
      fail 3 "The image is not built, and it is needed for the histories in the volume $data_volume." "Build it: ./orchestrator.sh build. $hint"
    fi
  fi
  find_place
  if [ "$place" = local ]; then
    install_local ""
  else
    need_compose
    has_image || fail 3 "The image is not built yet." "Build it: ./orchestrator.sh build"
    [ -n "$(state)" ] || make_volumes
  fi
}

# ---- one at a time, and the service on again afterwards ----

is_alive() { kill -0 "$1" 2>/dev/null || [ -d "/proc/$1" ] || ps -p "$1" >/dev/null 2>&1; }

# Makes this script the only one that backs up, restores or migrates these histories, and cleans up when it ends in any way.
# A restore stops the container, which would kill a backup in it.
begin_alone() {
  lock=/tmp/orchestrator-$container.lock helper=${container}_histories_$$
  back=no partial='' locked=no
  trap 'clean_up $?' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  [ "$place" != local ] || return 0 # there the program does it
  tries=5
  until mkdir -m 755 "$lock" 2>/dev/null; do # readable for other users, who then see whether its process runs
    tries=$((tries - 1))
    owner=$(cat "$lock/process" 2>/dev/null || true)
    case $owner in
      "" | *[!0-9]*)
        if [ -d "$lock" ] && [ "$tries" -ge 3 ]; then
          sleep 1 # it may just have begun
          continue
        fi ;;
      *)
        ! is_alive "$owner" ||
          fail 75 "Another backup, restore or migration of these histories is running (process $owner)." "Wait until it is done, then try again." ;;
    esac
    # It is of a script that was killed; but /tmp keeps what is another user's.
    if [ "$tries" -eq 0 ] || ! rm -rf "$lock" 2>/dev/null; then
      [ -e "$lock" ] || [ -L "$lock" ] || fail 6 "$lock cannot be made." "Make /tmp a folder that you can write to."
      fail 6 "$lock is in the way, and cannot be removed: it is another user's." "If no backup, restore or migration runs: sudo rm -rf $lock"
    fi
  done
  locked=yes
  (umask 022 && printf '%s\n' "$$" >"$lock/process") 2>/dev/null || fail 6 "$lock cannot be written." "Free some space in /tmp."
}

# clean_up STATUS: what must happen at the end, also after Ctrl-C; a second Ctrl-C does not prevent it.
clean_up() {
  trap '' HUP INT TERM
  set +e # a terminal that was closed must not end this
  trap - EXIT
  [ -z "$partial" ] || rm -rf "$partial"
  if [ "$1" -gt 128 ] && [ "$place" != local ] && [ -n "$(docker ps --all --quiet --filter "name=^/$helper\$")" ]; then
    docker stop "$helper" >/dev/null 2>&1
    docker rm -f "$helper" >/dev/null 2>&1
  fi
  ended=$1
  if [ "$back" = yes ] && ! start_again && [ "$ended" -eq 0 ]; then
    ended=3
  fi
  [ "$locked" = no ] || rm -rf "$lock"
  exit "$ended"
}

# stop_for_histories WHAT NOTE: stops the service if it runs, after asking where work would end; clean_up starts it again.
stop_for_histories() {
  [ "$(state)" = running ] || return 0
  if [ -n "$(running_work)" ]; then
    [ -z "$2" ] || say "$2"
    agree_to_end "$1"
  fi
  back=yes
  end_running_work
  docker stop "$container" >/dev/null
}

# Starts the service again. One that is still stopping would count as started: so the end of the stop comes first.
start_again() {
  tries=30
  until [ "$(state)" != running ] || [ "$tries" -eq 0 ]; do
    docker stop "$container" >/dev/null 2>&1
    tries=$((tries - 1))
  done
  tries=10
  until docker start "$container" >/dev/null 2>&1; do
    [ "$tries" -gt 0 ] || {
      say "The service could not be started again. Try: ./orchestrator.sh start"
      return 1
    }
    tries=$((tries - 1))
    sleep 1
  done
  # A slow start is not a failure, since the histories are in place; the user is told.
  tries=30
  until well || [ "$tries" -eq 0 ]; do
    sleep 1
    tries=$((tries - 1))
  done
  [ "$tries" -gt 0 ] || say "The service takes long to start. To check it: ./orchestrator.sh status"
}

# fail_if_stopped STATUS: explains the end of a command in the container of the service that was killed by its stop.
fail_if_stopped() {
  case $place:$1 in
    container:137 | container:143 | container:1)
      is_running || fail 75 "The service was stopped meanwhile, so nothing was done." "If another restore is running, wait until it is done. Then try again." ;;
  esac
}

# Repeats what the service said if it moved the histories to a new layout: where the copy from before is.
tell_migration() {
  since=$(docker inspect --format '{{.State.StartedAt}}' "$container" 2>/dev/null || true)
  docker logs --since "$since" "$container" 2>&1 | grep '^The histories are now in layout ' | tail -n 1 >&2 || true
}

# ---- backups ----

command_backup() {
  keep='' extra=''
  case ${1:-} in
    list)
      list_backups
      return ;;
    verify)
      [ $# -eq 2 ] || fail 2 "backup verify takes one backup." "For example: ./orchestrator.sh backup verify 20240115_120000"
      find_backup "$2"
      helper=${container}_histories_$$
      need_histories check "backup verify"
      stream_backup | inside backup verify -
      return ;;
  esac
  while [ $# -gt 0 ]; do
    case $1 in
      --keep)
        keep=${2:-nothing}
        [ $# -eq 1 ] || shift ;;
      --keep=*)
        keep=${1#--keep=}
        keep=${keep:-nothing} ;;
      --allow-empty) extra=$1 ;;
      *) fail 2 "backup does not accept '$1'." "It takes --keep N, --allow-empty, list and verify DIR." ;;
    esac
    shift
  done
  case $keep in
    "" | [1-9] | [1-9][0-9] | [1-9][0-9][0-9]) ;;
    nothing) fail 2 "--keep needs a number." "It takes a number from 1 to 999." ;;
    *) fail 2 "--keep is '$keep'." "It takes a number from 1 to 999." ;;
  esac
  need_histories save backup
  begin_alone
  take_backup
}

# The backup is streamed out of the container and gets its name last, so a backup with a name is complete.
take_backup() {
  (umask 077 && mkdir -p "$backups") 2>/dev/null || fail 6 "The folder $backups cannot be created." "Set ORCHESTRATOR_BACKUPS to another folder."
  partial=$backups/.partial-$$
  (umask 077 && mkdir "$partial") 2>/dev/null || fail 6 "The folder $backups cannot be written." "Set ORCHESTRATOR_BACKUPS to another folder."
  code=0
  # shellcheck disable=SC2086 # empty or one word
  inside backup --stdout $extra >"$partial/stream.tar" </dev/null || code=$?
  [ "$code" -eq 0 ] || no_backup "$code"
  (umask 077 && tar -xf "$partial/stream.tar" -C "$partial") || no_backup 1
  rm -f "$partial/stream.tar"
  name=$(ls "$partial")
  directory=$partial/$name
  [ -f "$directory/manifest.json" ] || no_backup 1
  stream_backup | inside backup verify - 2>/dev/null || no_backup 5
  while [ -e "$backups/$name" ]; do
    sleep 1
    name=$(date -u +%Y%m%d_%H%M%S)
  done
  mv "$directory" "$backups/$name" || no_backup 1
  [ -z "$keep" ] || prune "$name"
  say "Verified. Restore it with: ./orchestrator.sh restore $name"
  printf '%s\n' "$backups/$name"
}

no_backup() {
  fail_if_stopped "$1"
  if ! { : "$(umask 077)" && dd if=/dev/zero of="$partial/space" bs=65536 count=1; } >/dev/null 2>&1; then
    fail 6 "There is no space left in $backups." "Free some space, or set ORCHESTRATOR_BACKUPS to another folder."
  fi
  say "No backup was made."
  exit "$1"
}

# prune NAME: removes the oldest backups of the same histories, so that --keep of them are left. Never removes NAME, a folder
# that is not a good backup, or a backup of other histories; those of earlier versions do not say of which they are.
prune() {
  left=$keep others=0 same=$(origin_of "$backups/$1")
  digit='[0-9]'
  stamp=$digit$digit$digit$digit$digit$digit$digit${digit}_$digit$digit$digit$digit$digit$digit
  # shellcheck disable=SC2012,SC2086 # the names are digits, and the stamp is meant to match them
  for folder in $(cd "$backups" && ls -1d $stamp | sort -r); do
    [ -f "$backups/$folder/manifest.json" ] || continue
    if [ "$folder" = "$1" ]; then
      continue
    elif [ "${same#* }" = "" ] || [ "$(origin_of "$backups/$folder")" != "$same" ]; then
      others=$((others + 1))
    elif ! is_whole "$backups/$folder"; then
      say "$backups/$folder is broken. It is not counted, and stays."
    elif [ "$left" -gt 1 ]; then
      left=$((left - 1))
    else
      rm -rf "${backups:?}/$folder"
    fi
  done
  [ "$others" -eq 0 ] || say "$others in $backups are of other histories, or do not say of which. They are not counted, and stay."
}

# said_in DIR NAME: prints the value that a backup's manifest has for a name; nothing if it has none.
said_in() { tr -d '\r' 2>/dev/null <"$1/manifest.json" | sed -n "s/^ \"$2\": \"\(.*\)\",*\$/\1/p" || true; }
# origin_of DIR: prints the place and the id of the histories that a backup is of.
origin_of() { printf '%s %s' "$(said_in "$1" place)" "$(said_in "$1" store)"; }

# is_whole DIR: whether both archives of a backup are there, with the sizes in its manifest.
is_whole() {
  for archive in agent_memories.tar.gz logs.tar.gz; do
    size=$(sed -n "/\"path\": \"$archive\"/{n;s/[^0-9]*//g;p;}" "$1/manifest.json")
    [ -f "$1/$archive" ] && [ "$(wc -c <"$1/$archive" | tr -d ' ')" = "${size:-none}" ] || return 1
  done
}

list_backups() {
  for path in "$backups"/[0-9]*_[0-9]*; do
    [ -d "$path" ] || continue
    note=$(said_in "$path" place)
    [ -f "$path/manifest.json" ] || note='no manifest'
    printf '%s  %6s kB  %s\n' "${path##*/}" "$(du -sk "$path" | cut -f 1)" "${note:--}"
  done
}

# Sets directory to a backup, given as a path relative to the caller's folder or as a name in backups/.
find_backup() {
  case $1 in
    /*) directory=$1 ;;
    *) directory=$caller/$1 ;;
  esac
  [ -d "$directory" ] || directory=$backups/$1
  [ -d "$directory" ] || fail 2 "There is no backup '$1'." "To list all backups: ./orchestrator.sh backup list"
  directory=$(CDPATH='' cd -- "$directory" && pwd -P)
}

# The manifest comes last, so that an incomplete stream is not a valid backup.
stream_backup() {
  parent=${directory%/*} folder=${directory##*/}
  set --
  for file in agent_memories.tar.gz logs.tar.gz manifest.json; do
    [ ! -e "$directory/$file" ] || set -- "$@" "./$folder/$file"
  done
  if [ $# -eq 0 ]; then
    say "There is no backup in $directory."
    set -- "./$folder/manifest.json"
  fi
  COPYFILE_DISABLE=1 tar -cf - -C "${parent:-/}" "$@"
}

command_restore() {
  yes=no only_check=no undo=no source='' into=''
  while [ $# -gt 0 ]; do
    case $1 in
      --yes | -y) yes=yes ;;
      --check) only_check=yes ;;
      --undo) undo=yes ;;
      --into)
        into=${2:-nothing}
        [ $# -eq 1 ] || shift ;;
      --into=*)
        into=${1#--into=}
        into=${into:-nothing} ;;
      -*) fail 2 "restore does not accept '$1'." "It takes a backup, --check, --undo, --into PLACE and --yes." ;;
      *) source=$1 ;;
    esac
    shift
  done
  case $into in
    "" | container | local) ;;
    nothing) fail 2 "--into needs a place." "It takes container or local." ;;
    *) fail 2 "--into is '$into'." "It takes container or local." ;;
  esac
  if [ "$undo" = yes ]; then
    need_histories restore "restore --undo"
    begin_alone
    what="The histories from before the last restore are put back."
  else
    [ -n "$source" ] || fail 2 "restore needs a backup." "To list all backups: ./orchestrator.sh backup list"
    find_backup "$source"
    if [ "$only_check" = yes ]; then
      need_histories check "restore --check"
      helper=${container}_histories_$$
    else
      need_histories restore "restore $source"
      check_place
      begin_alone
    fi
    what="The current histories are replaced with the backup ${directory##*/}; a copy of them is kept."
  fi
  check_first
  if [ "$only_check" = yes ]; then
    say "Nothing was changed."
    return 0
  fi
  agree "$what" y
  replace_histories
}

# Checks what is about to be put in the place of the histories, while the service runs; ends the script if it is not good.
check_first() {
  code=0
  if [ "$undo" = yes ]; then
    inside restore --undo --check </dev/null || code=$?
  else
    stream_backup | inside restore --stdin --check || code=$?
  fi
  fail_if_stopped "$code"
  [ "$code" -eq 0 ] || exit "$code"
}

# Refuses to put a backup of the container's histories in the place of local ones, or the other way round, without --into.
check_place() {
  case $place in
    local) here_are=local others_are='those of the container' ;;
    *) here_are=container others_are='local ones' ;;
  esac
  if [ -n "$into" ] && [ "$into" != "$here_are" ]; then
    case $into in
      local) fail 2 "The histories in use are those of the container." "To use the local ones: ORCHESTRATOR_MODE=local ./orchestrator.sh restore ..." ;;
      *) fail 2 "The histories in use are local ones." "To use those of the container, leave out ORCHESTRATOR_MODE=local and build the image: ./orchestrator.sh build" ;;
    esac
  fi
  of=$(said_in "$directory" place)
  case $of:$into in
    ":"* | "$here_are":* | *":$here_are") return 0 ;;
  esac
  fail 2 "The backup ${directory##*/} is of other histories: $others_are." "Nothing was changed. To restore it here all the same: --into $here_are"
}

# Stops the service, replaces the histories, and starts the service again in any case.
replace_histories() {
  if [ "$place" = container ]; then
    is_running || fail_if_stopped 137
    stop_for_histories "the restore" "What runs now has stored its work in the current histories, which are kept: ./orchestrator.sh restore --undo brings them back."
    place=alone
  fi
  code=0
  if [ "$undo" = yes ]; then
    inside restore --undo --yes </dev/null || code=$?
  else
    stream_backup | inside restore --stdin --yes ${into:+--into "$into"} || code=$?
  fi
  exit "$code"
}

# ---- volumes of older stacks ----

# The names of these volumes begin with the name of an older Compose project.
older_volumes() { docker volume ls --quiet --filter name=_orchestrator_data | grep '_orchestrator_data$' | grep -vx "$data_volume" || true; }

is_empty_volume() {
  has_volume "$1" || return 0
  [ -z "$(docker run --rm --network none --user 0 -v "$1:/v:ro" --entrypoint ls "$image" -A /v)" ]
}

# has_no_histories VOLUME: whether it does not exist, or nothing was stored in it yet, such as after a first start.
has_no_histories() {
  has_volume "$1" || return 0
  [ "$(docker run --rm --network none --user 0 -v "$1:/v:ro" -v "$here/agents:/app/agents:ro" "$image" backup empty /v </dev/null)" = yes ]
}

# old_files VOLUME: prints the number of files of an earlier program, which kept each agent's memory in a JSON file.
old_files() {
  docker run --rm --network none --user 0 -v "$1:/v:ro" --entrypoint find "$image" \
    /v -maxdepth 1 -name '*.json' ! -name '.*' ! -name projects.json </dev/null | grep -c . || true
}

old_stack() {
  older=$(older_volumes | head -n 1)
  if [ -n "$older" ] && ! is_empty_volume "$older" && has_no_histories "$data_volume"; then
    say "The volume $older contains the histories of an older stack. To copy them: ./orchestrator.sh migrate-volume $older"
  fi
}

command_migrate() {
  yes=no from=''
  for word in "$@"; do
    case $word in
      --yes | -y) yes=yes ;;
      -*) fail 2 "migrate-volume does not accept '$word'." "It takes the name of a volume and --yes." ;;
      *) from=$word ;;
    esac
  done
  need_compose
  has_image || fail 3 "The image is not built yet." "Build it: ./orchestrator.sh build"
  if [ -z "$from" ]; then
    from=$(older_volumes)
    [ -n "$from" ] || fail 1 "There is no volume of an older stack." "Give its name: ./orchestrator.sh migrate-volume VOLUME"
    [ "$(printf '%s\n' "$from" | grep -c .)" -eq 1 ] || fail 2 "There are several volumes of older stacks: $(echo "$from" | tr '\n' ' ')" "Give the name of one of them."
  fi
  [ "$from" != "$data_volume" ] || fail 2 "$from is the volume in use." "Give the name of another one; to list all volumes: docker volume ls"
  has_volume "$from" || fail 2 "There is no volume '$from'." "To list all volumes: docker volume ls"
  [ -z "$(docker ps --quiet --filter "volume=$from")" ] || fail 75 "A running container uses the volume $from." "Stop the older stack first."
  ! is_empty_volume "$from" || fail 1 "The volume $from is empty." "To list all volumes: docker volume ls"
  has_no_histories "$data_volume" || fail 1 "The volume $data_volume already contains histories." "They are not overwritten: make a backup, then run ./orchestrator.sh cleanup --volumes."
  unread=$(old_files "$from")
  [ "$unread" -eq 0 ] || say "$from has the memory of an earlier program (JSON files: $unread). It is copied, but this version does not read it."
  agree "The files in $from are copied to $data_volume; $from is not changed." y
  place=alone
  begin_alone
  stop_for_histories "the migration" ""
  make_volumes
  [ -z "$(docker ps --quiet --filter "volume=$data_volume")" ] || fail 75 "A running container uses the volume $data_volume." "Wait until it has ended, then try again."
  copy_volume || fail 1 "The copy is not complete." "$from was not changed; check the free disk space and try again."
}

# All files are copied beside those that are there, compared, and only then moved into place. The database of a store without
# histories gives way; every other file that is there stays.
copy_volume() {
  docker run --rm --init --name "$helper" --network none --user 0 -v "$from:/from:ro" -v "$data_volume:/to" --entrypoint sh "$image" -ec '
    new=/to/.migrating
    trap "rm -rf /to/.migrating" EXIT
    trap "exit 130" INT
    trap "exit 143" TERM
    rm -rf "$new"
    cp -a /from "$new"
    (cd /from && find . -type f -exec sha256sum {} + | sort) >/tmp/from
    (cd "$new" && find . -type f -exec sha256sum {} + | sort) >/tmp/to
    cmp /tmp/from /tmp/to
    trap "" HUP INT TERM # what follows takes a moment, and must not end in the middle
    cd "$new"
    [ ! -e orchestrator.db ] || rm -f /to/orchestrator.db /to/orchestrator.db-*
    find . ! -type d | while IFS= read -r file; do
      if [ -e "/to/$file" ] || [ -L "/to/$file" ]; then
        case $file in
          ./locks/* | ./.store-id) ;;
          *) echo "This file is there already, and stays as it is: ${file#./}" ;;
        esac
      else
        mkdir -p "/to/${file%/*}"
        mv "$file" "/to/$file"
      fi
    done
    cd /
    rm -rf "$new"
    chown -R 10001:10001 /to
    chmod 700 /to
    echo "$(wc -l </tmp/to) files copied and compared."' >&2
}
