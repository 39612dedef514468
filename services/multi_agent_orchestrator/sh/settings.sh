# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# Settings of the stack: from the environment, else from .env, else a default. Part of orchestrator.sh.

# Prints the settings of .env as assignments to env_NAME for this shell. It reads .env as Compose and the program do: a
# comment begins after a blank, quotes are removed, "export" is allowed, and of two lines the last one counts.
dot_env() {
  [ -f "$here/.env" ] || return 0
  awk -v quote="'" '
    NR == 1 { sub(/^\357\273\277/, "") }
    {
      sub(/\r$/, "")
      line = $0
      sub(/^[ \t]*(export[ \t]+)?/, "", line)
      equals = index(line, "=")
      if (equals < 2) next
      name = substr(line, 1, equals - 1)
      sub(/[ \t]+$/, "", name)
      if (name !~ /^[A-Za-z_][A-Za-z0-9_]*$/) next
      value = substr(line, equals + 1)
      if (match(value, /^[ \t]*["'\'']/)) {
        value = inside(substr(value, RLENGTH + 1), substr(value, RLENGTH, 1))
        if (!closed) next
      } else { sub(/[ \t]+#.*$/, "", value); gsub(/^[ \t]+|[ \t]+$/, "", value) }
      gsub(quote, quote "\\" quote quote, value)
      printf "env_%s=%s%s%s\n", name, quote, value, quote
    }
    # What stands before the closing mark, and whether there is one; between double marks a backslash may precede one.
    function inside(text, mark,    found, place, sign) {
      found = ""
      closed = 0
      for (place = 1; place <= length(text); place++) {
        sign = substr(text, place, 1)
        if (sign == mark) { closed = 1; break }
        if (sign == "\\" && mark == "\"" && index("\"\\", substr(text, place + 1, 1))) sign = substr(text, ++place, 1)
        found = found sign
      }
      return found
    }
  ' "$here/.env"
}

# setting NAME DEFAULT: prints the value of a setting.
setting() {
  eval "printf '%s' \"\${$1:-\${env_$1:-\$2}}\""
}

# passed_settings: prints the names that a caller's environment passes into a call.
passed_settings() { sed -n 's/^\([A-Z][A-Z0-9_]*\).*/\1/p' "$parts/../settings.list"; }

read_settings() {
  eval "$(dot_env)"
  container=$(setting ORCHESTRATOR_CONTAINER multi_agent_orchestrator)
  data_volume=$(setting ORCHESTRATOR_DATA_VOLUME orchestrator_data)
  logs_volume=$(setting ORCHESTRATOR_LOGS_VOLUME orchestrator_logs)
  models_volume=$(setting OLLAMA_MODELS_VOLUME ollama_models)
  webui_volume=$(setting WEBUI_DATA_VOLUME open_webui_data)
  image=llm/multi_agent_orchestrator:$(setting ORCHESTRATOR_TAG latest)
  port=$(setting ORCHESTRATOR_PORT 8000)
  set_project=$(setting COMPOSE_PROJECT_NAME "") # by the user: the script sets the variable later
  backups=$(setting ORCHESTRATOR_BACKUPS backups)
  case $backups in
    /* | [A-Za-z]:*) ;;
    *) backups=$here/$backups ;;
  esac
}

# Adds the override files that the settings need. Compose finds the other files itself.
choose_files() {
  gpu=$(setting ORCHESTRATOR_GPU "")
  ollama_place=$(setting ORCHESTRATOR_OLLAMA container)
  more=
  case $gpu in
    "") ;;
    nvidia | amd) more=services/overrides/gpu-$gpu.yml ;;
    *) fail 2 "'$gpu' is not a supported graphics card." "Use nvidia or amd, or leave the option out." ;;
  esac
  case $ollama_place in
    container) ;;
    host) more="$more services/overrides/host-ollama.yml" ;;
    *) fail 2 "ORCHESTRATOR_OLLAMA is '$ollama_place'." "Set it to container or host." ;;
  esac
  [ -z "$(setting LLM_API_KEY_FILE "")" ] || more="$more services/overrides/llm-api-key.yml"
  [ -z "$(setting API_TOKEN_FILE "")" ] || more="$more services/overrides/api-token.yml"
  [ -z "$(setting API_TOKENS_FILE "")" ] || more="$more services/overrides/api-tokens.yml"
  [ -n "$more" ] || return 0
  between=${COMPOSE_PATH_SEPARATOR:-:}
  COMPOSE_PATH_SEPARATOR=$between
  COMPOSE_FILE=$(setting COMPOSE_FILE docker-compose.yml)
  for file in docker-compose.override.yml $more; do
    case $between$COMPOSE_FILE$between in
      *"$between$file$between"*) ;;
      *) [ ! -f "$here/$file" ] || COMPOSE_FILE=$COMPOSE_FILE$between$file ;;
    esac
  done
  export COMPOSE_FILE COMPOSE_PATH_SEPARATOR
}

# in_megabytes SIZE: prints a size such as 4G, 512m or 1073741824 in megabytes; nothing if it is not a size.
in_megabytes() {
  printf '%s\n' "$1" | awk '
    { size = tolower($0) }
    size ~ /^[0-9]+(\.[0-9]+)?[bkmgt]?b?$/ {
      number = size + 0
      sub(/b$/, "", size)
      unit = index("kmgt", substr(size, length(size)))
      printf "%d\n", unit ? number * 1024 ^ (unit - 2) : number / 1048576
    }'
}

# Half of a memory limit of the user is reserved, unless the user says how much: an engine refuses more than the limit.
derive_limits() {
  limit=$(setting ORCHESTRATOR_MEMORY "")
  reserved=$(setting ORCHESTRATOR_MEMORY_RESERVED "")
  [ -n "$limit$reserved" ] || return 0
  most=$(in_megabytes "${limit:-4G}")
  [ -n "$most" ] || fail 2 "ORCHESTRATOR_MEMORY is '$limit'." "Give it a size such as 4G or 512m."
  if [ -z "$reserved" ]; then
    ORCHESTRATOR_MEMORY_RESERVED=$((most / 2))m
    export ORCHESTRATOR_MEMORY_RESERVED
    return 0
  fi
  least=$(in_megabytes "$reserved")
  [ -n "$least" ] || fail 2 "ORCHESTRATOR_MEMORY_RESERVED is '$reserved'." "Give it a size such as 2G or 256m."
  [ "$least" -le "$most" ] ||
    fail 2 "ORCHESTRATOR_MEMORY_RESERVED, $reserved, is more than ORCHESTRATOR_MEMORY, ${limit:-4G}." "Set it to half of that, or leave it out."
}
