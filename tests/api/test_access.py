"""Who may read the status: with a token, and by which names."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agents.api.healthcheck import check, fetch
from tests.api.serving import answered, serving

TOKEN = "a-token-of-the-tests"  # noqa: S105


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """The port of a service with a token."""
    monkeypatch.setenv("API_TOKEN", TOKEN)
    with serving() as (_process, port):
        yield port


def test_the_status_needs_the_token(port: int) -> None:
    """Without it, or with another, the answer is 401 and names the scheme; with it, it is the status."""
    for header in ({}, {"Authorization": f"Bearer {TOKEN}x"}, {"Authorization": TOKEN}, {"Authorization": "Bearer ü"}):
        code, body, headers = answered(port, "/status", headers=header)
        assert (code, headers["WWW-Authenticate"]) == (401, 'Bearer realm="orchestrator"')
        assert "API_TOKEN" in body["remedy"]
        assert "meetings" not in body
    for scheme in ("Bearer", "bearer"):
        assert answered(port, "/status", headers={"Authorization": f"{scheme} {TOKEN}"})[0] == 200
    assert answered(port, "/status", "HEAD")[0] == 401


def test_whether_it_works_needs_no_token(port: int) -> None:
    """/health and /ready are open, for health checks; a wrong path and a wrong method are as without a token."""
    check(port)
    assert [answered(port, path)[0] for path in ("/health", "/ready", "/nowhere")] == [200, 200, 404]
    assert answered(port, "/status", "POST")[0] == 405


def test_our_own_reader_sends_the_token(port: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the scripts call in the container finds the token in the settings, in a file too."""
    assert '"meetings"' in fetch("/status", port)
    file = tmp_path / "token"
    file.write_text(f"{TOKEN}\n")
    monkeypatch.delenv("API_TOKEN")
    assert "needs a token" in fetch("/status", port)
    monkeypatch.setenv("API_TOKEN_FILE", str(file))
    assert '"meetings"' in fetch("/status", port)


def test_with_a_token_every_name_is_good(port: int) -> None:
    """Who has the token may come through a proxy that keeps its own name."""
    header = {"Authorization": f"Bearer {TOKEN}", "Host": "status.example.com"}
    assert answered(port, "/status", headers=header)[0] == 200


def test_without_a_token_only_names_of_this_machine_are_good() -> None:
    """A name on the internet that was pointed at this machine reads nothing; the check of health goes on."""
    with serving() as (_process, port):
        for host in (
            "localhost",
            f"localhost:{port}",
            "127.0.0.1",
            f"[::1]:{port}",
            "192.168.1.20:8000",
            "orchestrator",
            "",
        ):
            assert answered(port, "/status", headers={"Host": host})[0] == 200, host
        for host in ("evil.example.com", "127.0.0.1.example.com", f"localhost.example.com:{port}", "[", "a b.com"):
            code, body, _headers = answered(port, "/status", headers={"Host": host})
            assert (code, "remedy" in body) == (403, True), host
        assert answered(port, "/health", headers={"Host": "evil.example.com"})[0] == 200
