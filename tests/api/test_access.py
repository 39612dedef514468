"""Who may use the service: with which tokens, by which names, and from which pages."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.api import access, limits
from agents.api.healthcheck import check, fetch
from agents.errors import SettingError
from agents.settings import Settings
from tests.api.serving import answered, served, serving

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
        is_given = header.get("Authorization", "").startswith("Bearer")
        assert body["error"] == ("This token is not known." if is_given else "This needs a token.")
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
    monkeypatch.delenv("API_TOKEN_FILE")
    monkeypatch.setenv("API_TOKENS", f"ada:{TOKEN},ben:another")
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


def load(**flags: Any) -> Settings:
    """Settings of these flags alone."""
    return Settings.load({"HOME": "/nowhere"}, Path("/nowhere"), **flags)


PLAIN = load()
_TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=126, exclude_characters=","), min_size=1, max_size=40)


@given(st.lists(_TOKENS, min_size=2, max_size=5, unique=True), st.text(max_size=50))
def test_a_token_is_that_of_its_owner(tokens: list[str], other: str) -> None:
    """Each token is known however it is sent, and no other text is."""
    named = {f"owner-{number}": token for number, token in enumerate(tokens[1:])}
    known = access.Tokens(load(api_token=tokens[0], api_tokens=named))
    for name, token in {"": tokens[0], **named}.items():
        assert known.owner(access.token_in(f"Bearer {token}")) == name
        assert known.owner(access.token_in("", token)) == name
        assert known.owner(access.token_in(f"bEARER  {token} ", "another")) == name
    if other not in tokens:
        assert known.owner(other) is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_header_is_read(authorization: str, api_key: str) -> None:
    """No text in a header raises an error."""
    for password in (True, False):
        assert isinstance(access.token_in(authorization, api_key, password=password), str)
        assert isinstance(access.token_in(f"Basic {authorization}", api_key, password=password), str)
    for has_token in (True, False):
        access.foreign(PLAIN, api_key, authorization, has_token=has_token)
        access.foreign(PLAIN, "localhost", f"http://{authorization}", has_token=has_token)


@given(st.from_regex(r"[a-z0-9-]{1,20}(\.[a-z0-9-]{1,20}){1,3}", fullmatch=True), st.integers(1, 65535))
def test_a_name_of_the_internet_is_never_ours(name: str, port: int) -> None:
    """Neither as Host nor as the page that asks, whatever port it has; numbers are no names."""
    if name.rsplit(".", 1)[-1] == "localhost" or name.replace(".", "").isdecimal():
        return
    assert not access.is_own(f"{name}:{port}")
    assert access.foreign(PLAIN, f"{name}:{port}", "", has_token=False)
    for has_token in (True, False):
        assert access.foreign(PLAIN, "localhost:8000", f"https://{name}:{port}", has_token=has_token)
        assert access.foreign(PLAIN, f"localhost:{port}", f"http://localhost.{name}", has_token=has_token)


@pytest.mark.parametrize(
    ("origin", "host", "without", "with_token"),
    [
        ("", "localhost:8000", True, True),
        ("http://localhost:3000", "localhost:8000", True, True),
        ("http://127.0.0.1:3000", "localhost:8000", True, False),
        ("http://[::1]:3000", "127.0.0.1:8000", True, False),
        ("http://app.localhost", "localhost:8000", True, False),
        ("http://192.168.1.20:3000", "192.168.1.20:8000", True, True),
        ("http://203.0.113.5", "localhost:8000", False, False),
        ("http://intranet", "localhost:8000", False, False),
        ("https://a.example.com", "a.example.com", False, True),
        ("null", "localhost:8000", False, False),
        ("file://", "localhost:8000", False, False),
        ("app://allowed", "localhost:8000", True, True),
        ("APP://allowed", "localhost:8000", True, True),
        ("app://other", "localhost:8000", False, False),
    ],
)
def test_which_pages_may_ask(origin: str, host: str, without: bool, with_token: bool) -> None:
    """Those of this machine or of the host that is asked, and those of the settings; other addresses are not."""
    settings = load(api_origins="app://allowed")
    assert (access.foreign(settings, host, origin, has_token=False) is None) == without
    assert (access.foreign(settings, host, origin, has_token=True) is None) == with_token


def test_no_two_owners_have_one_token() -> None:
    """API_TOKEN may not be one of API_TOKENS either."""
    with pytest.raises(SettingError, match="API_TOKEN is also one of API_TOKENS"):
        access.Tokens(load(api_token="same", api_tokens="ada:same"))  # noqa: S106


def test_who_guesses_is_not_listened_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """After ten wrong tokens, nothing of the address is looked at for a minute; one wrong token that is sent again and
    again is refused itself, and locks nobody out.
    """
    with served(api_token=TOKEN) as own:

        def status(token: str) -> int:
            return answered(own.ports[0], "/status", headers={"X-API-Key": token})[0]

        assert [status("old setting") for _ in range(12)] == [401] * 10 + [429] * 2
        assert status(TOKEN) == 200
        for number in range(9):
            assert status(f"guess {number}") == 401
        code, body, headers = answered(own.ports[0], "/status", headers={"X-API-Key": TOKEN})
        assert (code, body["error"]) == (429, "There were too many wrong tokens.")
        assert answered(own.ports[0], "/health")[0] == 200
        assert 0 < int(headers["Retry-After"]) <= 60
        monkeypatch.setattr(limits, "MINUTE", 0.0)
        assert status(TOKEN) == 200
