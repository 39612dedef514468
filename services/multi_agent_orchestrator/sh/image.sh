# shellcheck shell=sh disable=SC2154 # shares its variables with orchestrator.sh
# The command build: what the image is built from and with. Part of orchestrator.sh.

scanner=docker/buildkit-syft-scanner:stable-1

# fetched IMAGE: prints the image, fetched if it is not on this machine. If its digest cannot be fetched, an image of this
# machine with the same tag does, with a warning. Without either it prints nothing and fails.
fetched() {
  if docker image inspect "$1" >/dev/null 2>&1 || docker pull "$1" >&2; then
    printf '%s\n' "$1"
  elif [ "${1%@*}" != "$1" ] && docker image inspect "${1%@*}" >/dev/null 2>&1; then
    say "The fixed version of ${1%@*} cannot be fetched, so the image of this machine with that name is used."
    printf '%s\n' "${1%@*}"
  else
    return 1
  fi
}

# Prints the Python image to build from: the user's, else the fixed one. If that can be had nowhere, the builder says why.
base_image() {
  own=$(setting PYTHON_IMAGE "")
  [ -z "$own" ] || { printf '%s\n' "$own" && return 0; }
  pinned=$(sed -n 's/^FROM .*:-\(.*\)} AS base$/\1/p' "$here/$image_file")
  fetched "$pinned" || printf '%s\n' "$pinned"
}

# Prints the flags for a list of the packages (SBOM) and for provenance, where the engine can keep them: an image with them
# is an index, which only the image store of containerd holds.
attestations() {
  [ "${DOCKER_BUILDKIT:-}" != 0 ] && docker build --help 2>/dev/null | grep -q -e '--provenance' || return 0
  case $(docker info --format '{{.DriverStatus}}' 2>/dev/null) in
    *io.containerd.snapshotter*) ;;
    *) return 0 ;;
  esac
  printf '%s\n' --provenance=mode=max
  ! fetched "$scanner" >/dev/null 2>&1 || printf '%s\n' "--sbom=generator=$scanner"
}

# Prints what git knows of this clone, as flags: nothing where it is no clone.
revision_labels() {
  git -C "$here" rev-parse --git-dir >/dev/null 2>&1 || return 0
  git -C "$here" log -1 --format='--label=org.opencontainers.image.revision=%h
--label=org.opencontainers.image.created=%cI' 2>/dev/null || true
}

# Whether the image has the packages of this clone. The build keeps the list; an older image without one has others.
same_packages() {
  docker run --rm -i --network none --entrypoint cmp "$image" -s - /opt/venv/requirements.txt \
    <"$here/services/multi_agent_orchestrator/requirements.txt"
}

source_version() { sed -n 's/^__version__ = "\(.*\)"/\1/p' "$here/agents/__init__.py"; }


command_build() {
  need_engine
  cd "$here" || exit
  need_folders
  for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    eval "[ -z \"\${$name:-}\" ]" || set -- --build-arg "$name" "$@"
  done
  say "Building $image ..."
  # shellcheck disable=SC2046 # flags without blanks, or nothing
  set -- --tag "$image" --build-arg "VERSION=$(source_version)" --build-arg "PYTHON_IMAGE=$(base_image)" $(revision_labels) $(attestations) "$@"
  if [ "${DOCKER_BUILDKIT:-}" != 0 ] && docker buildx version >/dev/null 2>&1; then
    DOCKER_BUILDKIT=1 docker build --file "$image_file" "$@" . || build_failed
  else
    sed 's/ --mount=[^ ]*//' "$image_file" | DOCKER_BUILDKIT=0 docker build --file - "$@" . || build_failed
  fi
  say "Built $image. Next: ./orchestrator.sh start"
}

build_failed() {
  fail 1 "The image could not be built." "The output above shows the reason. PIP_INDEX_URL sets a package mirror."
}
