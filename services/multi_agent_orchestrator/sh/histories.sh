# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# The commands for backups and for the volumes of older stacks. Part of orchestrator.sh.

# inside ARGUMENT ...: runs an orchestrator command in the place of the histories, without a terminal.
inside() {
  case $place in
    local) "$venv/bin/python" -m agents "$@" ;;
    container) docker exec -i "$container" orchestrator "$@" ;;
    *) alone "$@" ;;
  esac
}

# Finds the place of the histories and checks that commands can run there.
need_histories() {
  find_place
  if [ "$place" = local ]; then
    install_local ""
  else
    need_compose
    has_image || fail 3 "The image is not built yet." "Build it: ./orchestrator.sh build"
  fi
}

command_backup() {
  keep='' extra=''
  case ${1:-} in
    list)
      list_backups
      return ;;
    verify)
      [ $# -eq 2 ] || fail 2 "backup verify takes one backup." "For example: ./orchestrator.sh backup verify 20240115_120000"
      find_backup "$2"
      need_histories
      stream_backup | inside backup verify -
      return ;;
  esac
  while [ $# -gt 0 ]; do
    case $1 in
      --keep)
        keep=${2:-none}
        [ $# -eq 1 ] || shift ;;
      --keep=*) keep=${1#--keep=} ;;
      --allow-empty) extra=$1 ;;
      *) fail 2 "backup does not accept '$1'." "It takes --keep N, --allow-empty, list and verify DIR." ;;
    esac
    shift
  done
  case $keep in
    "" | [1-9] | [1-9][0-9] | [1-9][0-9][0-9]) ;;
    *) fail 2 "--keep is '$keep'." "It takes a number from 1 to 999." ;;
  esac
  need_histories
  take_backup
}

# The backup is streamed out of the container and gets its name last, so a backup with a name is complete.
take_backup() {
  (umask 077 && mkdir -p "$backups") 2>/dev/null || fail 6 "The folder $backups cannot be created." "Set ORCHESTRATOR_BACKUPS to another folder."
  partial=$backups/.partial-$$
  trap 'rm -rf "$partial"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
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
  if ! { : "$(umask 077)" && dd if=/dev/zero of="$partial/space" bs=65536 count=1; } >/dev/null 2>&1; then
    fail 6 "There is no space left in $backups." "Free some space, or set ORCHESTRATOR_BACKUPS to another folder."
  fi
  say "No backup was made."
  exit "$1"
}

# prune NAME: removes the oldest backups, so that --keep backups are left. Never removes NAME or a folder that is not a good backup.
prune() {
  left=$keep
  digit='[0-9]'
  stamp=$digit$digit$digit$digit$digit$digit$digit${digit}_$digit$digit$digit$digit$digit$digit
  # shellcheck disable=SC2012,SC2086 # the names are digits, and the stamp is meant to match them
  for folder in $(cd "$backups" && ls -1d $stamp | sort -r); do
    [ -f "$backups/$folder/manifest.json" ] || continue
    if ! is_whole "$backups/$folder"; then
      say "$backups/$folder is broken. It is not counted, and stays."
      continue
    fi
    if [ "$folder" = "$1" ] || [ "$left" -gt 1 ]; then
      [ "$folder" = "$1" ] || left=$((left - 1))
    else
      rm -rf "${backups:?}/$folder"
    fi
  done
}

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
    note=
    [ -f "$path/manifest.json" ] || note='  no manifest'
    printf '%s  %6s kB%s\n' "${path##*/}" "$(du -sk "$path" | cut -f 1)" "$note"
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
  yes=no only_check=no undo=no source=''
  for word in "$@"; do
    case $word in
      --yes | -y) yes=yes ;;
      --check) only_check=yes ;;
      --undo) undo=yes ;;
      -*) fail 2 "restore does not accept '$word'." "It takes a backup, --check, --undo and --yes." ;;
      *) source=$word ;;
    esac
  done
  if [ "$undo" = no ]; then
    [ -n "$source" ] || fail 2 "restore needs a backup." "To list all backups: ./orchestrator.sh backup list"
    find_backup "$source"
    need_histories
    code=0
    stream_backup | inside restore --stdin --check || code=$?
    [ "$code" -eq 0 ] || exit "$code"
    [ "$only_check" = no ] || return 0
    agree "The current histories are replaced with the backup ${directory##*/}; a copy of them is kept." y
  else
    need_histories
    agree "The histories from before the last restore are put back." y
  fi
  replace_histories
}

# Stops the service, replaces the histories, and starts the service again in any case.
replace_histories() {
  back=no
  if [ "$place" = container ]; then
    back=yes place=alone
    trap 'start_again' EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    docker stop "$container" >/dev/null
  fi
  code=0
  if [ "$undo" = yes ]; then
    inside restore --undo --yes </dev/null || code=$?
  else
    stream_backup | inside restore --stdin --yes || code=$?
  fi
  trap - EXIT
  [ "$back" = no ] || start_again
  exit "$code"
}

# A slow start is not a failure, since the histories are in place; the user is told.
start_again() {
  docker start "$container" >/dev/null || say "The service could not be started again. Try ./orchestrator.sh start"
  tries=30
  until well || [ "$tries" -eq 0 ]; do
    sleep 1
    tries=$((tries - 1))
  done
  [ "$tries" -gt 0 ] || say "The service takes long to start. To check it: ./orchestrator.sh status"
}

# ---- volumes of older stacks ----

# The names of these volumes begin with the name of an older Compose project.
older_volumes() { docker volume ls --quiet --filter name=_orchestrator_data | grep '_orchestrator_data$' | grep -vx "$data_volume" || true; }

is_empty_volume() {
  has_volume "$1" || return 0
  [ -z "$(docker run --rm --network none --user 0 -v "$1:/v:ro" --entrypoint ls "$image" -A /v)" ]
}

old_stack() {
  older=$(older_volumes | head -n 1)
  if [ -n "$older" ] && is_empty_volume "$data_volume" && ! is_empty_volume "$older"; then
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
  has_volume "$from" || fail 2 "There is no volume '$from'." "To list all volumes: docker volume ls"
  [ -z "$(docker ps --quiet --filter "volume=$from")" ] || fail 75 "A running container uses the volume $from." "Stop the older stack first."
  ! is_empty_volume "$from" || fail 1 "The volume $from is empty." "To list all volumes: docker volume ls"
  is_empty_volume "$data_volume" || fail 1 "The volume $data_volume already contains histories." "They are not overwritten: make a backup, then run ./orchestrator.sh cleanup --volumes."
  agree "The files in $from are copied to $data_volume; $from is not changed." y
  was=$(state)
  [ "$was" != running ] || docker stop "$container" >/dev/null
  has_volume "$data_volume" || compose run --rm -T --no-deps --entrypoint true multi_agent_orchestrator </dev/null
  docker run --rm --network none --user 0 -v "$from:/from:ro" -v "$data_volume:/to" --entrypoint sh "$image" -ec '
    cp -a /from/. /to/
    (cd /from && find . -type f -exec sha256sum {} + | sort) >/tmp/from
    (cd /to && find . -type f -exec sha256sum {} + | sort) >/tmp/to
    cmp /tmp/from /tmp/to
    chown -R 10001:10001 /to
    chmod 700 /to
    echo "$(wc -l </tmp/to) files copied and compared."' >&2 || fail 1 "The copy is not complete." "$from was not changed; check the free disk space and try again."
  [ "$was" != running ] || docker start "$container" >/dev/null
}
