# shellcheck shell=sh disable=SC2154 # shares its variables with orchestrator.sh
# The network of the published port, whose subnet is fixed. Part of orchestrator.sh.

# other_network PROJECT: prints the front network of a project if it was made with another subnet, or by a version without
# one. Compose v2 keeps such a network without a word, and what it lets out gets out; docker-compose 1.29 refuses to start.
other_network() {
  network=$(docker network ls --quiet --filter "label=com.docker.compose.project=$1" --filter label=com.docker.compose.network=front-tier)
  [ -n "$network" ] || return 0
  made=$(docker network inspect --format '{{range .IPAM.Config}}{{index .AuxAddress "DefaultGatewayIPv4"}}{{end}}' "$network") || return 0
  wanted=$(compose config 2>/dev/null | sed -n 's/^ *DefaultGatewayIPv4: *//p')
  [ "$made" = "$wanted" ] || printf '%s\n' "$network"
}

# renew_network NETWORK: removes this network with the container of the service, so that the next start makes both anew.
renew_network() {
  compose rm --stop --force multi_agent_orchestrator >/dev/null 2>&1 && docker network rm "$1" >/dev/null
}
