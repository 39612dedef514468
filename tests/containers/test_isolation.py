"""What reaches the outside from each container, and what reaches them: in network namespaces, with each Compose."""

import contextlib
import json
import os
import socket
import subprocess
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from tests.containers.outside import PORT, Outside, outside_machine
from tests.containers.stack import V2, Stack, composes, docker, docker_fails, inspected, ollama_of, subnet
from tests.inputs import ROOT

SEND = """
import socket, sys
address, port = sys.argv[1], int(sys.argv[2])
def send(kind, number, place, content):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM, kind) as out:
        out.sendto(content, (place, number))
def udp():
    send(socket.IPPROTO_UDP, 53, address, bytes.fromhex("2a2a01000001000000000000016100") + bytes((0, 1, 0, 1)))
def icmp():
    send(socket.IPPROTO_ICMP, 0, address, bytes.fromhex("0800f7ff00000000"))
def tcp():
    socket.create_connection((address, port), 3).close()
for way in (udp, icmp, tcp):
    try:
        way()
    except OSError as error:
        print(way.__name__, error)
"""
"""Send to a machine by UDP, ICMP and TCP; prints what failed."""

RESOLVE = """
import socket, sys, time
begun = time.monotonic()
try:
    found = socket.getaddrinfo(sys.argv[1], 80)[0][4][0]
except OSError:
    found = ""
print(found, time.monotonic() - begun)
"""
"""Resolve a name; prints its address, if it has one, and the seconds."""

CONNECT = "import socket, sys; socket.create_connection((sys.argv[1], int(sys.argv[2])), 3)"

HOST = {"ORCHESTRATOR_OLLAMA": "host"}
SCALE_OUT = {
    "COMPOSE_FILE": "docker-compose.yml:tests/containers/docker-compose.test.yml:services/overrides/scale-out.yml"
}


@pytest.fixture(scope="module")
def outside() -> Iterator[Outside]:
    """A machine outside."""
    with outside_machine() as machine:
        yield machine


@pytest.fixture(scope="module", params=composes())
def start(built: Stack, outside: Outside, request: pytest.FixtureRequest) -> Callable[..., Stack]:
    """Starts the stack with this Compose and these settings; what arrived outside before is forgotten."""
    built.sweep()

    def started(**settings: str) -> Stack:
        built.must("start", "--no-pull", ORCHESTRATOR_COMPOSE=request.param, **settings)
        outside.arrived()
        return built

    return started


@pytest.fixture
def compose(start: Callable[..., Stack], request: pytest.FixtureRequest) -> str:
    """The Compose that `start` uses."""
    del start
    return str(request.node.callspec.params["start"])


def resolve(container: str, name: str) -> tuple[str, float]:
    """The address of a name inside a container, "" where it has none, and the seconds that it took."""
    *found, seconds = docker("exec", container, "python3", "-c", RESOLVE, name).split()
    return "".join(found), float(seconds)


def own_address(stack: Stack) -> str:
    """The container's address in the network of the published port."""
    return str(inspected(stack.container)["NetworkSettings"]["Networks"][f"{stack.name}_front-tier"]["IPAddress"])


def answers(stack: Stack) -> bool:
    """Whether the published port answers on this machine."""
    with urllib.request.urlopen(f"http://127.0.0.1:{stack.port}/health", timeout=10) as response:
        return bool(json.load(response))


def test_nothing_leaves_the_orchestrator(start: Callable[..., Stack], outside: Outside) -> None:
    """Of what its container sends by UDP, ICMP and TCP, nothing arrives outside, and its port still answers here."""
    stack = start()
    said = stack.inside("python", "-c", SEND, outside.address, str(PORT))
    assert "tcp" in said
    assert outside.arrived() == set()
    assert answers(stack)


def test_nothing_leaves_open_webui(start: Callable[..., Stack], outside: Outside, compose: str) -> None:
    """Of what Open WebUI's container sends, nothing arrives outside, and it knows no name but the orchestrator's."""
    stack = start()
    container, _ = stack.open_webui(compose)
    try:
        assert "tcp" in docker("exec", container, "python3", "-c", SEND, outside.address, str(PORT))
        assert resolve(container, "multi_agent_orchestrator")[0] == own_address(stack)
        assert resolve(container, "ollama")[0] == resolve(container, "example.com")[0] == ""
        assert outside.arrived() == set()
    finally:
        docker("rm", "--force", "--volumes", container)


def test_the_model_server_gets_out(start: Callable[..., Stack], outside: Outside) -> None:
    """Ollama, which fetches models, reaches the outside; so does what the test above sends, if there is a way."""
    stack = start()
    assert docker("exec", ollama_of(stack), "python3", "-c", SEND, outside.address, str(PORT)) == ""
    assert outside.arrived() == {"udp", "icmp", "tcp"}


def test_names_are_not_asked_outside(start: Callable[..., Stack], outside: Outside) -> None:
    """No question for a name leaves either: not to the machine's resolver, and not to one that a setting names."""
    assert inspected(start().container)["HostConfig"]["Dns"] == ["127.0.0.1"]
    stack = start(ORCHESTRATOR_DNS=outside.address)
    assert resolve(stack.container, "example.com")[0] == ""
    assert outside.arrived() == set()


def test_a_missing_model_server_is_noticed_at_once(start: Callable[..., Stack]) -> None:
    """If Ollama's container is gone, its name fails within two seconds, and with it the address is there at once."""
    stack = start()
    assert resolve(stack.container, "ollama")[0]
    ollama = ollama_of(stack)
    docker("stop", "--time", "1", ollama)
    try:
        address, seconds = resolve(stack.container, "ollama")
    finally:
        docker("start", ollama)
    assert address == ""
    assert seconds < 2


def test_the_outside_reaches_nothing(start: Callable[..., Stack], outside: Outside) -> None:
    """A machine outside reaches the port neither at this machine's address, nor by a route to 127.0.0.1 or to the container."""
    stack = start()
    places = [(outside.here, stack.port), ("127.0.0.1", stack.port), (own_address(stack), 8000)]
    for address, port in places:
        if address != outside.here:
            outside.route(f"{address}/32")
        assert outside.run(CONNECT, address, str(port)).returncode != 0, address
    assert answers(stack)


def test_the_host_stays_reachable(start: Callable[..., Stack]) -> None:
    """What remains: a service of this machine on all addresses is reached through the bridge, one on loopback is not."""
    stack = start()
    networks = inspected(stack.container)["NetworkSettings"]["Networks"]
    bridge = networks[f"{stack.name}_front-tier"]["IPAddress"].rsplit(".", 1)[0] + ".1"
    for address, reached in (("0.0.0.0", True), ("127.0.0.1", False)):  # noqa: S104
        with listening(address) as port:
            words = ("exec", stack.container, "python", "-c", CONNECT, bridge, str(port))
            if reached:
                docker(*words)
            else:
                docker_fails(*words)


def test_a_network_of_before_is_renewed(start: Callable[..., Stack]) -> None:
    """A network made with another subnet is noticed and renewed; Compose v2 would keep it, 1.29 not start."""
    stack = start()
    assert network(stack, "other_network") == ""
    before = own_address(stack)
    other = {"ORCHESTRATOR_SUBNET": subnet(f"other {stack.name}")}
    old = network(stack, "other_network", **other)
    network(stack, f"renew_network {old}", **other)
    start(**other)
    assert own_address(stack).rpartition(".")[0] == other["ORCHESTRATOR_SUBNET"] != before.rpartition(".")[0]
    network(stack, f"renew_network {network(stack, 'other_network')}")


def network(stack: Stack, call: str, **settings: str) -> str:
    """What a function of network.sh prints, called with the stack's project."""
    parts = ROOT / "services/multi_agent_orchestrator/sh"
    code = f". '{parts}/engine.sh'; . '{parts}/network.sh'; {call} {stack.name}"
    environment = {**os.environ, **stack.settings, "compose_is": "v2" if V2 in composes() else "v1", **settings}
    done = subprocess.run(["sh", "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@contextlib.contextmanager
def listening(address: str) -> Iterator[int]:
    """A service of this machine on a free port; gives the port."""
    with socket.create_server((address, 0)) as server:
        yield int(server.getsockname()[1])


@pytest.mark.parametrize("override", [HOST, SCALE_OUT], ids=["host", "scale-out"])
def test_overrides_open_the_way(start: Callable[..., Stack], outside: Outside, override: dict[str, str]) -> None:
    """With an Ollama elsewhere the orchestrator reaches outside, and its port still answers on this machine."""
    stack = start()
    docker("tag", stack.image, f"{stack.image}-scale-out")
    try:
        start(ORCHESTRATOR_DNS=outside.address, **override)
        assert stack.inside("python", "-c", SEND, outside.address, str(PORT)) == ""
        assert outside.arrived() == {"udp", "icmp", "tcp"}
        assert resolve(stack.container, "big-machine")[0] == outside.address
        assert answers(stack)
    finally:
        subprocess.run(["docker", "rm", "-f", stack.container], check=False, capture_output=True)
        docker("image", "rm", f"{stack.image}-scale-out")
