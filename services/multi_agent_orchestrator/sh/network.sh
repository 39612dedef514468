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

# Refuses a subnet that is wrong or taken, before the network of the running service is removed for it.
check_subnet() {
  subnet=$(setting ORCHESTRATOR_SUBNET 10.231.187)
  printf '%s\n' "$subnet" | awk -F . 'NF != 3 { exit 1 } { for (i = 1; i <= 3; i++) if ($i !~ /^[0-9]+$/ || $i > 255) exit 1 }' ||
    fail 2 "ORCHESTRATOR_SUBNET is '$subnet'." "Give it three numbers, such as 10.99.1"
  network=$(other_network "$COMPOSE_PROJECT_NAME")
  [ -n "$network" ] || return 0
  [ "$(docker network inspect --format '{{range .IPAM.Config}}{{.Subnet}}{{end}}' "$network")" != "$subnet.0/28" ] || return 0
  docker network create --internal --subnet "$subnet.0/28" "${container}_try" >"$report" 2>&1 || start_failed
  docker network rm "${container}_try" >/dev/null
}
