# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# Backup, restore, and the volumes of older stacks. Part of orchestrator.sh.

# inside ARGUMENT ...: an orchestrator command on the histories, where they are; no terminal.
inside() {
  case $place in
    local) "$venv/bin/python" -m agents "$@" ;;
    container) docker exec -i "$container" orchestrator "$@" ;;
    *) alone "$@" ;;
  esac
}

# Finds out where the histories are, and gets ready to work on them.
need_histories() {
  find_place
  if [ "$place" = local ]; then
    install_local ""
  else
    need_compose
    has_image || fail 3 "There is no image yet." "Build it: ./orchestrator.sh build"
  fi
}

command_backup() {
  keep='' extra=''
  case ${1:-} in
    list)
      list_backups
      return ;;
    verify)
      [ $# -eq 2 ] || fail 2 "backup verify takes one backup." "Such as: ./orchestrator.sh backup verify 20240115_120000"
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
      *) fail 2 "backup does not know '$1'." "It takes --keep N, --allow-empty, list and verify DIR." ;;
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

# Streamed out of the container and named last, so that what has a name is whole.
take_backup() {
  (umask 077 && mkdir -p "$backups") 2>/dev/null || fail 6 "$backups cannot be made." "Choose another place with ORCHESTRATOR_BACKUPS."
  partial=$backups/.partial-$$
  trap 'rm -rf "$partial"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  (umask 077 && mkdir "$partial") 2>/dev/null || fail 6 "$backups cannot be written." "Choose another place with ORCHESTRATOR_BACKUPS."
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
  if ! { : "$(umask 077)" && dd if=/dev/zero of="$partial/room" bs=65536 count=1; } >/dev/null 2>&1; then
    fail 6 "There is no room in $backups." "Free some space, or choose another place with ORCHESTRATOR_BACKUPS."
  fi
  say "No backup was made."
  exit "$1"
}

# Removes the oldest beyond --keep; nothing that is not a backup of ours, and never the one just made.
prune() {
  left=$keep
  digit='[0-9]'
  stamp=$digit$digit$digit$digit$digit$digit$digit${digit}_$digit$digit$digit$digit$digit$digit
  # shellcheck disable=SC2012,SC2086 # the names are digits, and the stamp is meant to match them
  for folder in $(cd "$backups" && ls -1d $stamp | sort -r); do
    [ -f "$backups/$folder/manifest.json" ] || continue
    if [ "$folder" = "$1" ] || [ "$left" -gt 1 ]; then
      [ "$folder" = "$1" ] || left=$((left - 1))
    else
      rm -rf "${backups:?}/$folder"
    fi
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

# Sets directory: a path as seen by the caller, or a name in backups/.
find_backup() {
  case $1 in
    /*) directory=$1 ;;
    *) directory=$caller/$1 ;;
  esac
  [ -d "$directory" ] || directory=$backups/$1
  [ -d "$directory" ] || fail 2 "There is no backup '$1'." "./orchestrator.sh backup list shows what there is."
  directory=$(CDPATH='' cd -- "$directory" && pwd -P)
}

# The manifest comes last, so that a stream that breaks off is no backup.
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
      -*) fail 2 "restore does not know '$word'." "It takes a backup, --check, --undo and --yes." ;;
      *) source=$word ;;
    esac
  done
  if [ "$undo" = no ]; then
    [ -n "$source" ] || fail 2 "restore needs a backup." "./orchestrator.sh backup list shows what there is."
    find_backup "$source"
    need_histories
    code=0
    stream_backup | inside restore --stdin --check || code=$?
    [ "$code" -eq 0 ] || exit "$code"
    [ "$only_check" = no ] || return 0
    agree "The present histories are replaced by those of ${directory##*/}; a safety copy stays." y
  else
    need_histories
    agree "The histories from before the last restore come back." y
  fi
  swap_histories
}

# The service is stopped for it and started again, whatever happens in between.
swap_histories() {
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

# A slow start is said and nothing more: the histories are in place.
start_again() {
  docker start "$container" >/dev/null || say "The service could not be started again; try ./orchestrator.sh start"
  tries=30
  until well || [ "$tries" -eq 0 ]; do
    sleep 1
    tries=$((tries - 1))
  done
  [ "$tries" -gt 0 ] || say "The service takes long to start; ./orchestrator.sh status shows when it is there."
}

# ---- volumes of older stacks ----

# Compose used to put the project's name in front of a volume's.
older_volumes() { docker volume ls --quiet --filter name=_orchestrator_data | grep '_orchestrator_data$' | grep -vx "$data_volume" || true; }

is_empty_volume() {
  has_volume "$1" || return 0
  [ -z "$(docker run --rm --network none --user 0 -v "$1:/v:ro" --entrypoint ls "$image" -A /v)" ]
}

old_stack() {
  older=$(older_volumes | head -n 1)
  if [ -n "$older" ] && is_empty_volume "$data_volume" && ! is_empty_volume "$older"; then
    say "An older stack left histories in $older. Copy them: ./orchestrator.sh migrate-volume $older"
  fi
}

command_migrate() {
  yes=no from=''
  for word in "$@"; do
    case $word in
      --yes | -y) yes=yes ;;
      -*) fail 2 "migrate-volume does not know '$word'." "It takes a volume's name and --yes." ;;
      *) from=$word ;;
    esac
  done
  need_compose
  has_image || fail 3 "There is no image yet." "Build it: ./orchestrator.sh build"
  if [ -z "$from" ]; then
    from=$(older_volumes)
    [ -n "$from" ] || fail 1 "There is no volume of an older stack." "Name one: ./orchestrator.sh migrate-volume VOLUME"
    [ "$(printf '%s\n' "$from" | grep -c .)" -eq 1 ] || fail 2 "There are several: $(echo "$from" | tr '\n' ' ')" "Name one of them."
  fi
  has_volume "$from" || fail 2 "There is no volume '$from'." "docker volume ls shows what there is."
  [ -z "$(docker ps --quiet --filter "volume=$from")" ] || fail 75 "A running container writes to $from." "Stop the older stack first."
  ! is_empty_volume "$from" || fail 1 "The volume $from is empty." "docker volume ls shows the others."
  is_empty_volume "$data_volume" || fail 1 "The volume $data_volume holds histories already." "Nothing is written over them; back them up and clean up first."
  agree "The files of $from are copied to $data_volume; $from stays as it is." y
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
    echo "$(wc -l </tmp/to) files copied and compared."' >&2 || fail 1 "The copy is not complete." "$from was not changed."
  [ "$was" != running ] || docker start "$container" >/dev/null
}
