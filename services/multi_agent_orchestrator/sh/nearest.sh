# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# What a mistyped command probably means. Part of orchestrator.sh.

# nearest WORD: prints the command that a mistyped word or a word of Compose probably means; nothing if none is near.
nearest() {
  case $1 in
    up) printf start && return ;;
    down | rm | uninstall | remove) printf cleanup && return ;;
    halt | kill | end) printf stop && return ;;
    ps | info | stat | stats) printf status && return ;;
    exec | ask | consult | meeting | review | workflow | agents | types | actions | memory | config) printf 'run %s' "$1" && return ;;
    bash | sh) printf shell && return ;;
    chat | talk) printf interactive && return ;;
    log) printf logs && return ;;
  esac
  printf '%s\n' "$commands" | awk -v word="$1" '
    # The number of letters to insert, remove, replace or exchange with the next one.
    function distance(a, b,    i, j, cost, best, row) {
      for (i = 0; i <= length(a); i++) row[i, 0] = i
      for (j = 0; j <= length(b); j++) row[0, j] = j
      for (i = 1; i <= length(a); i++)
        for (j = 1; j <= length(b); j++) {
          cost = substr(a, i, 1) != substr(b, j, 1)
          best = row[i - 1, j - 1] + cost
          if (row[i - 1, j] + 1 < best) best = row[i - 1, j] + 1
          if (row[i, j - 1] + 1 < best) best = row[i, j - 1] + 1
          if (i > 1 && j > 1 && substr(a, i, 1) == substr(b, j - 1, 1) && substr(a, i - 1, 1) == substr(b, j, 1) && row[i - 2, j - 2] + 1 < best) best = row[i - 2, j - 2] + 1
          row[i, j] = best
        }
      return row[length(a), length(b)]
    }
    {
      least = length(word) > 6 ? 3 : 2
      for (i = 1; i <= NF; i++)
        if ((far = distance(tolower(word), $i)) < least) { least = far; found = $i }
      printf "%s", found
    }'
}
