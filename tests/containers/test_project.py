"""The script and plain Compose act on the same containers, whatever the folder's name and whoever started them."""

import json
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.containers.clone import Clone
from tests.containers.stack import V2, composes, docker, inspected

BOTH = ["multi_agent_orchestrator", "ollama"]


@pytest.fixture(scope="module")
def built(image: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """A clone in a folder whose name Compose changes, with nothing started."""
    del image
    clone = Clone(tmp_path_factory.mktemp("project") / "My Clone-1", "orchestrator_test_project")
    clone.sweep()
    yield clone
    clone.sweep()


@pytest.fixture
def clone(built: Clone) -> Iterator[Clone]:
    """That clone, and nothing of it runs before or afterwards."""
    yield built
    built.run("cleanup", "--yes")


def health(clone: Clone) -> tuple[int, str]:
    """The exit status and the state that the script tells."""
    done = clone.run("status", "--json")
    return done.returncode, json.loads(done.stdout)["state"]


@pytest.mark.parametrize("compose", composes())
def test_what_the_script_starts_compose_stops(clone: Clone, compose: str) -> None:
    """Plain Compose lists and ends what the script started, and starts it again without a second model server."""
    clone.must("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    assert clone.container in clone.compose(compose, "ps")
    assert "Listening" in clone.compose(compose, "logs", "multi_agent_orchestrator")
    clone.compose(compose, "up", "-d")
    assert clone.running() == BOTH
    clone.compose(compose, "down")
    assert (clone.running(), health(clone)) == ([], (3, "absent"))


@pytest.mark.parametrize("compose", composes())
def test_what_compose_starts_the_script_stops(clone: Clone, compose: str) -> None:
    """The script sees, restarts, stops and removes what plain Compose started."""
    clone.compose(compose, "up", "-d")
    assert health(clone)[1] == "running"
    clone.must("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    assert clone.running() == BOTH
    clone.must("restart", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    clone.must("stop", ORCHESTRATOR_COMPOSE=compose)
    assert (clone.running(), health(clone)) == ([], (3, "exited"))
    clone.compose(compose, "up", "-d")
    clone.must("cleanup", "--yes", ORCHESTRATOR_COMPOSE=compose)
    assert (clone.running(), health(clone)) == ([], (3, "absent"))


@pytest.mark.parametrize("compose", composes())
def test_an_older_project_is_found_and_moved(clone: Clone, compose: str) -> None:
    """A stack with another project name is found by its container, and a restart gives it the name of plain Compose."""
    clone.compose(compose, "up", "-d", COMPOSE_PROJECT_NAME=f"{clone.name}_old")
    started = clone.run("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    assert f"belong to the Compose project {clone.name}_old; plain Compose would use myclone-1" in started.stderr
    assert clone.running() == BOTH
    clone.must("restart", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    assert set(clone.compose_names("com.docker.compose.project")) == {"myclone-1"}
    assert clone.container in clone.compose(compose, "ps")


def test_what_compose_did_not_make_is_not_touched(clone: Clone) -> None:
    """A container of this name that Compose did not make fails stop, start and cleanup, which say how to remove it."""
    docker("run", "--detach", "--name", clone.container, "--entrypoint", "sleep", clone.image, "600")
    try:
        for words in (("stop",), ("start", "--no-pull"), ("cleanup", "--yes")):
            done = clone.run(*words)
            assert (done.returncode, f"docker rm -f {clone.container}" in done.stderr) == (1, True), done.stderr
        assert clone.is_running()
    finally:
        docker("rm", "--force", clone.container)


@pytest.mark.parametrize("compose", composes())
def test_other_volume_names_take_effect(clone: Clone, compose: str) -> None:
    """After the name of the data volume was changed, a start says so and uses the new one, and keeps the old one."""
    clone.must("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
    new = f"{clone.data_volume}-new"
    clone.write(ORCHESTRATOR_DATA_VOLUME=new)
    try:
        started = clone.run("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose)
        assert f"used the volume {clone.data_volume}; from now on it uses {new}" in started.stderr
        mounts = json.loads(docker("inspect", clone.container))[0]["Mounts"]
        assert new in {mount.get("Name") for mount in mounts}
        clone.must("cleanup", "--volumes", "--yes", ORCHESTRATOR_COMPOSE=compose)
        volumes = docker("volume", "ls", "--quiet").split()
        assert (new in volumes, clone.data_volume in volumes) == (False, True)
    finally:
        clone.write(ORCHESTRATOR_DATA_VOLUME=clone.data_volume)


def test_a_cleanup_deletes_the_volume_that_is_in_use(clone: Clone) -> None:
    """Cleanup --volumes deletes the volume of the container, not one that was named in the settings since."""
    clone.must("start", "--no-pull")
    clone.write(ORCHESTRATOR_DATA_VOLUME=f"{clone.data_volume}-other")
    docker("volume", "create", f"{clone.data_volume}-other")
    try:
        clone.must("cleanup", "--volumes", "--yes")
        volumes = docker("volume", "ls", "--quiet").split()
        assert (f"{clone.data_volume}-other" in volumes, clone.data_volume in volumes) == (True, False)
    finally:
        docker("volume", "rm", f"{clone.data_volume}-other")
        clone.write(ORCHESTRATOR_DATA_VOLUME=clone.data_volume)


@pytest.mark.parametrize("compose", composes())
def test_a_smaller_memory_limit_is_enough(clone: Clone, compose: str) -> None:
    """With a limit of 1G, half of it is reserved, and the service starts."""
    limit = {"ORCHESTRATOR_MEMORY": "1G", "ORCHESTRATOR_COMPOSE": compose}
    clone.must("start", "--no-pull", **limit)
    host = json.loads(docker("inspect", clone.container))[0]["HostConfig"]
    assert (host["Memory"], host["MemoryReservation"]) == (1 << 30, 1 << 29)
    for words in ({"ORCHESTRATOR_MEMORY": "much"}, {"ORCHESTRATOR_MEMORY_RESERVED": "8G"}):
        assert clone.run("start", "--no-pull", **words).returncode == 2


def test_a_comment_in_the_settings_is_not_a_part_of_the_value(clone: Clone) -> None:
    """The script reads comments, quotes and export in .env as Compose does."""
    text = (clone.folder / ".env").read_text(encoding="utf-8")
    file = clone.folder / ".env"
    changed = "".join(f"export {line} # mine\n" for line in text.splitlines())
    file.write_text(changed + f"export ORCHESTRATOR_PORT={clone.port} # mine\n", encoding="utf-8")
    try:
        started = clone.run("start", "--no-pull")
        assert f"Ready on http://127.0.0.1:{clone.port}/status." in started.stderr
        assert health(clone) == (0, "running")
    finally:
        file.write_text(text, encoding="utf-8")


def test_a_missing_model_server_is_named(clone: Clone) -> None:
    """When Ollama's container has ended, status says so, within seconds, and ends with 1; a start brings it back."""
    clone.must("start", "--no-pull")
    clone.compose(V2, "stop", "ollama")
    done = clone.run("status")
    assert (done.returncode, "ollama: exited" in done.stdout) == (1, True)
    assert "Ollama, which runs the model, is not running." in done.stderr
    clone.must("start", "--no-pull")
    assert clone.run("status").returncode == 0


def test_a_model_that_cannot_be_had_fails_the_start(clone: Clone) -> None:
    """Without its model a start ends with 3 and names the ways out; with MODEL_NAME=rehearsal it is done."""
    failed = clone.run("start", MODEL_NAME="no-such-model")
    assert (failed.returncode, "MODEL_NAME=rehearsal" in failed.stderr) == (3, True), failed.stderr
    assert clone.is_running()
    clone.must("start", MODEL_NAME="rehearsal")


def test_unreadable_folders_are_named_before_the_start(clone: Clone) -> None:
    """In a clone that only its owner can read, a start ends with 6 and shows the command that helps."""
    secret = clone.folder / "agents" / "__main__.py"
    secret.chmod(0o600)
    try:
        done = clone.run("start", "--no-pull")
    finally:
        secret.chmod(0o644)
    assert (done.returncode, "chmod -R a+rX agents Role examples" in done.stderr) == (6, True)


WRONG = [
    ({"TEMPERATURE": "9"}, 2, "TEMPERATURE"),
    ({"ORCHESTRATOR_SUBNET": "300.1"}, 2, "ORCHESTRATOR_SUBNET is '300.1'."),
    ({"API_TOKEN_FILE": "./nowhere"}, 2, "and there is no such file."),
]


def test_a_running_service_stays_when_a_setting_is_wrong(clone: Clone) -> None:
    """A wrong setting, subnet, secret or port, and a wrong word of restart, end a start before it replaces anything."""
    clone.must("start", "--no-pull")
    began = inspected(clone.container)["State"]["StartedAt"]
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        for settings, status, cause in [*WRONG, ({"ORCHESTRATOR_PORT": port}, 1, f"Port {port} is taken.")]:
            for word in ("start", "restart"):
                done = clone.run(word, "--no-pull", **settings)
                assert (done.returncode, cause in done.stderr) == (status, True), f"{settings}: {done.stderr}"
    refused = clone.run("restart", "--foo")
    assert (refused.returncode, "restart does not accept '--foo'." in refused.stderr) == (2, True)
    assert inspected(clone.container)["State"]["StartedAt"] == began


@pytest.mark.parametrize("compose", composes())
def test_another_file_for_a_secret_takes_effect(clone: Clone, compose: str) -> None:
    """A start gives another file for a secret to the service, and refuses one that the service could not read."""
    secrets = clone.folder / "secrets"
    secrets.mkdir(exist_ok=True)
    for name in ("first", "second"):
        (secrets / name).write_text(f"{name}\n", encoding="utf-8")
        (secrets / name).chmod(0o644)
        clone.must("start", "--no-pull", API_TOKEN_FILE=f"./secrets/{name}", ORCHESTRATOR_COMPOSE=compose)
        assert clone.inside("cat", "/run/secrets/api_token") == f"{name}\n"
    (secrets / "second").chmod(0o600)
    unreadable = {"API_TOKEN_FILE": "./secrets/second"}
    refused = clone.run("start", "--no-pull", ORCHESTRATOR_COMPOSE=compose, **unreadable)
    assert (refused.returncode, "chmod a+r" in refused.stderr) == (6, True)


def test_logs_of_an_unknown_service_are_refused(clone: Clone) -> None:
    """Logs of a service that is not in the stack, or with a flag without its value, end with 2."""
    for words in (("nosuch",), ("--tail",), ("--colour",)):
        assert clone.run("logs", *words).returncode == 2


def test_an_image_of_another_version_is_noticed(clone: Clone) -> None:
    """A start says when the image was built from another version than the clone has."""
    file = clone.folder / "agents" / "__init__.py"
    text = file.read_text(encoding="utf-8")
    version = text.split('__version__ = "')[1].split('"')[0]
    file.write_text(text.replace(f'"{version}"', '"99.1.0"'), encoding="utf-8")
    try:
        started = clone.run("start", "--no-pull")
    finally:
        file.write_text(text, encoding="utf-8")
    assert f"The image is of version {version}, and this clone of version 99.1.0." in started.stderr


def test_a_stack_of_another_folder_is_taken_over(clone: Clone, tmp_path: Path) -> None:
    """A start in another clone with the same names says where the container was started, and keeps the histories."""
    clone.must("start", "--no-pull")
    before = clone.fill()
    other = Clone(tmp_path / "second", "orchestrator_test_project", ORCHESTRATOR_PORT=str(clone.port))
    try:
        started = other.run("restart", "--no-pull")
        assert f"was started from {clone.folder}; from now on it is started from {other.folder}" in started.stderr
        assert (clone.running(), other.running()) == ([], BOTH)
        assert other.digest() == before
        clone.must("stop")
        assert other.running() == []
    finally:
        other.run("cleanup", "--yes")
