# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# Gives the command in the container the files that the caller named, and takes the files that it writes.
# Part of orchestrator.sh. agents/cli/terminal/caller_files.py asks.

most_bytes=60000000 # of a file or a folder; the container holds them in memory, and reads at most 50 MB of one file

# Finds the folders of the caller's own roles and types, as the program would here (agents/settings/folders.py).
find_own_folders() {
  own_folder=$(setting AGENTS_USER_FOLDER "")
  if [ -z "$own_folder" ]; then
    case ${XDG_CONFIG_HOME:-}:$(uname -s) in
      :Darwin) own_folder="${HOME:-}/Library/Application Support/multi_agent_orchestrator" ;;
      *) own_folder=${XDG_CONFIG_HOME:-${HOME:-}/.config}/multi_agent_orchestrator ;;
    esac
  fi
  project=$caller
  while :; do
    if [ -d "$project/.orchestrator" ] && is_trusted "$project/.orchestrator"; then
      break
    fi
    if [ "$project" = "${HOME:-}" ] || [ -e "$project/.git" ] || [ "$project" = / ] || [ -z "$project" ]; then
      project=
      break
    fi
    project=${project%/*}
  done
  [ -z "$project" ] || [ "$project" = "$caller" ] || within_bounds || project=
  own_project=${project:-$caller}/.orchestrator
}

# is_trusted FOLDER: whether it belongs to this user or to root.
is_trusted() { [ -n "$(find "$1" -prune \( -user "$(id -u)" -o -user 0 \) 2>/dev/null)" ]; }

# Whether the caller's folder is in a repository or in the home folder: only there the folders above it count.
within_bounds() {
  above=$caller
  while [ -n "$above" ]; do
    [ "$above" != "${HOME:-}" ] && [ ! -e "$above/.git" ] || return 0
    above=${above%/*}
  done
  return 1
}

# Sends the caller's own roles and types along with a call. Without any, it costs no time.
send_own_files() {
  set --
  for folder in "$own_folder/roles" "$own_folder/types" ${project:+"$project/.orchestrator/roles"} ${project:+"$project/.orchestrator/types"}; do
    [ ! -d "$folder" ] || set -- "$@" ".$folder"
  done
  if [ $# -eq 0 ] && [ -z "$project" ]; then
    return 0
  fi
  ( cd / && find -L "$@" -type f \( -name '*.md' -o -name '*.txt' -o -name '*.toml' \) -size -2000k -print 2>/dev/null |
    head -n 2000 | tar -chf - -T - 2>/dev/null | head -c "$most_bytes" ) |
    docker exec -i "$container" sh -c 'umask 077 && mkdir -p "$1/root$2" && cd "$1/root" && tar -xf - --no-same-owner
      [ -z "$3" ] || mkdir -p "./$3/.git" "./$3/.orchestrator"' sh "$call_folder/$token" "$caller" "$project" 2>/dev/null || true
}

# serve_files COMMAND ...: answers the requests of a call until it is over. Of a call that is not interactive, only files
# are given and taken that its words name.
serve_files() {
  set +e
  free=no written=
  for word in "$@"; do
    [ "$word" != interactive ] || free=yes
  done
  case " $* " in
    *" new "* | *" import "* | *" new-type "*) makes_own=yes ;;
    *) makes_own=no ;;
  esac
  (
    trap '' HUP INT TERM
    # shellcheck disable=SC2086 # empty or one word
    exec $apart docker exec "$container" sh -c "$read_requests" sh "$call_folder/$token"
  ) | answer_requests "$@"
}

answer_requests() {
  while read -r number verb flags code; do
    path=$(printf '%bx' "$code")
    path=${path%x}
    if [ "$free" = no ] && ! is_named "$path" "$@" && ! is_own "$path"; then
      reply unnamed </dev/null
      continue
    fi
    case $verb in
      get) give_file ;;
      match) give_matches ;;
      range) give_changes ;;
      may) may_write && reply ok </dev/null ;;
      put) may_write && take_file ;;
      folder) make_folder ;;
      names) give_names ;;
      *) reply unknown </dev/null ;;
    esac
  done
}

# reply STATUS: answers the request with a status and with the bytes of standard input.
reply() {
  # shellcheck disable=SC2016
  docker exec -i "$container" sh -c '
    cd "$1" || exit
    head -c "$4" | cat >"$2.body" || set -- "$1" "$2" full
    printf "%s" "$3" >"$2.part" && mv "$2.part" "$2.answer"' sh "$call_folder/$token" "$number" "$1" $((most_bytes + 1))
}

# absolute PATH: the path from the root, without "//" and "/./", and with an x at its end that keeps its line ends.
absolute() {
  case $1 in
    /*) printf '%sx' "$1" ;;
    [~]/*) printf '%sx' "${HOME:-}/${1#??}" ;;
    *) printf '%sx' "$caller/$1" ;;
  esac | sed -e ':again' -e 's,/\./,/,g' -e 's,//*,/,g' -e 't next' -e ':next' -e 's,/\.x$,x,' -e 's,\(.\)/x$,\1x,'
}

# is_named PATH WORD ...: whether a word of the command is the path, alone or as the value of an option. A file is also
# written directly in a folder that is named.
is_named() {
  wanted=$(absolute "$1")
  wanted=${wanted%x}
  place=
  case $verb in
    may | put) place=${wanted%/*} ;;
  esac
  shift
  for word in "$@"; do
    ! is_that "$word" || return 0
    case $word in
      -*=*) ! is_that "${word#*=}" || return 0 ;;
      -[!-]?*) ! is_that "${word#-?}" || return 0 ;;
    esac
  done
  return 1
}

# is_that NAME: whether a name means the wanted path, or the folder that it is in.
is_that() {
  [ -n "$1" ] || return 1
  full=$(absolute "$1")
  full=${full%x}
  [ "$full" = "$wanted" ] || { [ "$full" = "$place" ] && [ "${wanted##*/}" != .. ]; }
}

# is_own PATH: whether the path is in a folder of own roles and types, and the command makes such files.
is_own() {
  [ "$makes_own" = yes ] || return 1
  case $1 in
    */../* | */..) return 1 ;;
    "$own_folder"/roles/* | "$own_folder"/types/* | "$own_project"/roles/* | "$own_project"/types/*) return 0 ;;
  esac
  return 1
}

# Answers with a file or a pipe, with a folder as a tar, or with the names beside what is missing.
give_file() {
  if [ -d "$path" ]; then
    if [ -r "$path" ] && [ -x "$path" ]; then
      names_in "$path" | packed "$path" | reply folder
    else
      reply denied </dev/null
    fi
  elif [ -f "$path" ] || [ -p "$path" ]; then
    if [ ! -r "$path" ]; then
      reply denied </dev/null
    elif [ -f "$path" ] && [ "$(wc -c <"$path")" -gt "$most_bytes" ]; then
      reply large </dev/null
    else
      reply ok <"$path"
    fi
  elif [ -e "$path" ]; then
    reply special </dev/null
  elif [ -d "$(dirname -- "$path")" ]; then
    all_names "$(dirname -- "$path")" | reply missing
  else
    reply no-folder </dev/null
  fi
}

# names_in FOLDER: the files of a folder, as Git lists them where it does, without hidden ones.
names_in() {
  if git -C "$1" rev-parse --is-inside-work-tree >/dev/null 2>&1; then
    git -C "$1" -c core.fsmonitor=false -c core.hooksPath=/dev/null ls-files -z --cached --others --exclude-standard -- . |
      tr '\000' '\n' | sort -u | grep -v -e '^\.' -e '/\.' | while read -r name; do
      [ ! -f "$1/$name" ] || printf './%s\n' "$name"
    done
  else
    (cd -- "$1" && find . \( -name '.?*' -o -name node_modules -o -name __pycache__ -o -name venv -o -name dist -o -name target \) -prune -o -type f -print)
  fi
}

# all_names FOLDER: what is in a folder, a name a line; a name of several lines helps nobody.
# shellcheck disable=SC2012
all_names() { ls -a -- "$1" 2>/dev/null | head -n 5000; }

# Answers with the names in a folder, those of folders with a slash at their end.
# shellcheck disable=SC2012
give_names() {
  if [ -d "$path" ]; then
    ls -ap -- "$path" 2>/dev/null | head -n 5000 | reply ok
  else
    reply no-folder </dev/null
  fi
}

# packed FOLDER: the files of standard input, named from the folder, as a tar.
packed() { (cd -- "$1" && tar -cf - -T - 2>/dev/null) || true; }

# Answers with the files that a pattern matches. The shell only replaces the pattern by names; it runs nothing.
give_matches() {
  (
    cd / || exit
    IFS=
    set -- "$path"
    # shellcheck disable=SC2086 # the pattern is meant to match
    for match in $1; do
      [ ! -f "$match" ] || printf '.%s\n' "$match"
    done
  ) | packed / | reply ok
}

# Answers with the changes of a Git range in the caller's folder; runs no program that a repository names.
give_changes() {
  range=${path#"$caller"/}
  case $range in
    -*) reply missing </dev/null && return ;;
  esac
  git --no-pager -C "$caller" -c core.fsmonitor=false -c core.hooksPath=/dev/null -c core.quotePath=false diff --no-ext-diff \
    --no-textconv --no-color --submodule=short --end-of-options "$range" -- 2>/dev/null | reply ok
}

# reason WORDS: the status for what a command said that could not write; tells by their end, as a path may contain anything.
reason() {
  case $1 in
    *": Permission denied" | *": Operation not permitted") printf denied ;;
    *": Read-only file system") printf read-only ;;
    *": No space left on device" | *": Disk quota exceeded") printf full ;;
    *": Is a directory") printf folder ;;
    *": File exists") printf exists ;;
    *": File name too long") printf long ;;
    *) if [ -d "$above" ]; then printf no-file; else printf no-folder; fi ;;
  esac
}

# why_not FOLDER: the status for a folder in which no file can be made; ok where one can.
why_not() {
  trial=$1/.orchestrator-$$.part
  if said=$(LC_ALL=C touch -- "$trial" 2>&1); then
    rm -f -- "$trial"
    printf ok
  else
    reason "$said"
  fi
}

# may_write: whether the file can be written; answers where it cannot. Flags: n only a new file, m with its folder.
may_write() {
  above=$(dirname -- "$path")
  if [ -d "$path" ]; then
    all_names "$path" | reply folder
    return 1
  fi
  case $flags in
    *m*) ;;
    *) [ -d "$above" ] || { reply no-folder </dev/null && return 1; } ;;
  esac
  if [ -e "$path" ]; then
    case $free:$flags in
      *:*n* | yes:*)
        case $written in
          *"<$code>"*) ;;
          *) reply exists </dev/null && return 1 ;;
        esac ;;
    esac
    if [ ! -w "$path" ]; then
      case $(why_not "$above") in
        read-only) reply read-only </dev/null ;;
        *) reply denied </dev/null ;;
      esac
      return 1
    fi
  else
    while [ ! -d "$above" ] && [ "$above" != / ]; do
      above=$(dirname -- "$above")
    done
    if [ ! -w "$above" ]; then
      why=$(why_not "$above")
      [ "$why" = ok ] || { reply "$why" </dev/null && return 1; }
    fi
  fi
}

# Makes a folder that the command writes several files into, where it is missing.
make_folder() {
  above=$(dirname -- "$path")
  if [ -d "$path" ] || said=$(LC_ALL=C mkdir -- "$path" 2>&1); then
    reply ok </dev/null
  else
    reply "$(reason "$said")" </dev/null
  fi
}

# Takes a file from the container, and answers.
take_file() {
  above=$(dirname -- "$path")
  why=full
  case $flags in
    *m*) said=$(LC_ALL=C mkdir -p -- "$above" 2>&1) || { reply "$(reason "$said")" </dev/null && return; } ;;
  esac
  if take_bytes; then
    written="$written<$code>"
    why=ok
  fi
  reply "$why" </dev/null
}

# Writes the file. It gets its name when it is whole; what is not a plain file, or is in a folder in which none can be made,
# is written as it is. Otherwise why is the status to answer.
take_bytes() {
  part=$path
  if [ ! -e "$path" ] || { [ -f "$path" ] && [ ! -L "$path" ] && [ -w "$above" ]; }; then
    part=$above/.orchestrator-$$.part
    if [ -e "$path" ]; then
      said=$(LC_ALL=C cp -p -- "$path" "$part" 2>&1) # its permissions
    else
      said=$(LC_ALL=C touch -- "$part" 2>&1)
    fi || { why=$(reason "$said") && rm -f -- "$part" && return 1; }
  fi
  # All but the room is certain now: what fails here has none.
  if ! docker exec "$container" cat "$call_folder/$token/$number.out" >"$part"; then
    [ "$part" = "$path" ] || rm -f -- "$part"
    return 1
  fi
  [ "$part" != "$path" ] || return 0
  said=$(LC_ALL=C mv -f -- "$part" "$path" 2>&1) || { why=$(reason "$said") && rm -f -- "$part" && return 1; }
}
