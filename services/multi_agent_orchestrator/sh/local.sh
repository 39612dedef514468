# shellcheck shell=sh disable=SC2034,SC2154 # shares its variables with orchestrator.sh
# The local mode: a virtual environment instead of a container. Part of orchestrator.sh.

find_python() {
  for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
    if command -v "$name" >/dev/null 2>&1 &&
      "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
      printf '%s\n' "$name"
      return 0
    fi
  done
  return 1
}

# install_local EXTRA: installs the package with an extra ("" for none) into the virtual environment, unless it is up to date.
install_local() {
  extra=$1
  stamp=$venv/installed${extra:+-$extra}
  wanted=$(cksum <"$here/pyproject.toml")
  if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
    return 0
  fi
  python=$(find_python) || fail 2 "Python 3.11 or newer was not found." "Install it, or set PYTHON to its path."
  if [ ! -x "$venv/bin/python" ]; then
    mkdir -p "$venv" 2>/dev/null || true
    [ -w "$venv" ] || fail 6 "The folder $venv cannot be written." "Set ORCHESTRATOR_VENV to a folder of yours."
    say "Creating a virtual environment in $venv (once) ..."
    "$python" -m venv "$venv" || fail 6 "The virtual environment could not be created." \
      "Check the free disk space, and that Python's venv module is installed (python3-venv on Debian)."
  fi
  say "Installing the orchestrator and its packages (once, about a minute) ..."
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --editable "$here${extra:+[$extra]}" ||
    fail 1 "The packages could not be installed." "Check the network and try again; the output above shows the reason."
  printf '%s\n' "$wanted" >"$stamp"
}
