# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# What a start checks first: folders, secrets, limits, image, settings and port. Part of orchestrator.sh.

# Docker would create a missing folder, empty and owned by root, and it would hide the folder in the image.
need_folders() {
  for folder in agents Role examples; do
    [ -n "$(ls -A "$here/$folder" 2>/dev/null)" ] ||
      fail 1 "The folder $folder is missing or empty." "Restore it: git checkout -- $folder"
  done
}

# In the container another user reads these folders, which are bound from the clone.
need_readable() {
  hidden=$(find "$here/agents" "$here/Role" "$here/examples" ! -perm -004 ! -name '*.pyc' 2>/dev/null | head -n 1)
  [ -z "$hidden" ] || fail 6 "The service cannot read $hidden: only its owner may." "Let others read it, in $here: chmod -R a+rX agents Role examples"
}

# A secret in a file is bound into the container, where another user reads it.
need_secrets() {
  for name in LLM_API_KEY API_TOKEN API_TOKENS; do
    file=$(secret_file "$name")
    [ -n "$file" ] || continue
    [ -f "$file" ] || fail 2 "${name}_FILE names $file, and there is no such file." "Write the value into it, or leave ${name}_FILE out."
    [ -n "$(find -L "$file" -prune -perm -004 2>/dev/null)" ] ||
      fail 6 "The service cannot read $file: only its owner may." "Let others read it, in a folder that only you may enter: chmod a+r $file"
  done
}

# secret_file NAME: prints the path of the file that NAME_FILE names; nothing if it is not set.
secret_file() {
  named=$(setting "${1}_FILE" "")
  case $named in
    "") ;;
    /*) printf '%s' "$named" ;;
    *) printf '%s/%s' "$here" "${named#./}" ;;
  esac
}

# other_secrets: whether the container has another file for a secret than the settings name: Compose v2 keeps the old one.
other_secrets() {
  for name in LLM_API_KEY API_TOKEN API_TOKENS; do
    was=$(docker inspect --type container --format "{{range .Mounts}}{{if eq .Destination \"/run/secrets/$(printf '%s' "$name" | tr '[:upper:]' '[:lower:]')\"}}{{.Source}}{{end}}{{end}}" "$container" 2>/dev/null || true)
    now=$(secret_file "$name")
    case $was in
      "$now" | *"/host_mnt$now") ;; # as Docker Desktop names it
      *) return 0 ;;
    esac
  done
  return 1
}

# A setting that the program refuses would put a service that ends again and again in the place of one that runs.
check_settings() {
  is_running || return 0
  (
    set --
    for name in $(passed_settings); do
      value=$(setting "$name" "")
      [ -n "$value" ] || continue
      export "$name=$value"
      set -- "$@" -e "$name"
    done
    docker exec "$@" -e "ORCHESTRATOR_CALLED_AS=$called_as" "$container" orchestrator config show
  ) >/dev/null 2>"$report" || refused_settings $?
}

# refused_settings STATUS: ends the start if the program said that a setting is wrong.
refused_settings() {
  [ "$1" -eq 2 ] || return 0
  cat "$report" >&2
  say "The service runs on with the settings that it had."
  exit 2
}

# The same for a port that is taken: it is tried before the running service is replaced.
check_port() {
  is_running || return 0
  case $(docker port "$container" 8000/tcp 2>/dev/null) in
    *":$port") return 0 ;;
  esac
  docker run --rm --publish "127.0.0.1:$port:8000" --entrypoint true "$image" >"$report" 2>&1 || start_failed
}

# Lowers the memory limit on a machine that has less memory than the limit in docker-compose.yml.
clamp() {
  total=$(docker info --format '{{.MemTotal}}' 2>/dev/null || echo 0)
  megabytes=$((total / 1048576 - 1024))
  if [ -z "$(setting ORCHESTRATOR_MEMORY "")" ] && [ "$total" -gt 0 ] && [ "$megabytes" -lt 4096 ]; then
    [ "$megabytes" -ge 512 ] || megabytes=512
    ORCHESTRATOR_MEMORY=${megabytes}m
    ORCHESTRATOR_MEMORY_RESERVED=$((megabytes / 2))m
    export ORCHESTRATOR_MEMORY ORCHESTRATOR_MEMORY_RESERVED
    say "This machine has little memory, so the orchestrator gets $megabytes MB instead of 4096."
    say "Plain Compose does the same with these lines in .env: ORCHESTRATOR_MEMORY=${megabytes}m, ORCHESTRATOR_MEMORY_RESERVED=$((megabytes / 2))m"
  fi
}

# Says when the image is older or newer than this clone, whose code runs in it.
notice_image() {
  made_of=$(docker image inspect --format '{{index .Config.Labels "org.opencontainers.image.version"}}' "$image" 2>/dev/null || true)
  if [ "$made_of" != "$(source_version)" ]; then
    say "The image is of version ${made_of:-unknown}, and this clone of version $(source_version). To build it again: ./orchestrator.sh build"
  elif ! same_packages 2>/dev/null; then
    say "The image has other packages than this clone needs. To build it again: ./orchestrator.sh build"
  fi
}

# The image of the model server is large, so it is fetched separately and the user sees the progress.
fetch_ollama() {
  [ "$ollama_place" = container ] || return 0
  wanted=$(compose config 2>/dev/null | awk '/^  [a-z]/ { service = $1 } service == "ollama:" && $1 == "image:" { print $2 } service == "ollama:" && $1 == "build:" { print "built" }')
  case $wanted in
    "" | *built*) return 0 ;;
  esac
  OLLAMA_IMAGE=$(fetched "$wanted") ||
    fail 1 "The image $wanted could not be fetched." "Check the network, or use an Ollama outside Docker: ORCHESTRATOR_OLLAMA=host"
  export OLLAMA_IMAGE
}
