"""Addresses: as Ollama and people write them, and never with a password."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.errors import SettingError
from agents.settings import Settings
from agents.settings.address import origin, without_password


def server(folder: Path, environment: dict[str, str]) -> str:
    """The address of Ollama under these variables alone."""
    return Settings.load({"HOME": str(folder), **environment}, folder).ollama_base_url


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("box", "http://box:11434"),
        ("box:8080", "http://box:8080"),
        ("192.168.1.7", "http://192.168.1.7:11434"),
        ("0.0.0.0", "http://127.0.0.1:11434"),  # noqa: S104 - a client replaces it
        ("0.0.0.0:9999", "http://127.0.0.1:9999"),
        (":9999", "http://127.0.0.1:9999"),
        ("[::]:9999", "http://127.0.0.1:9999"),
        ("::1", "http://[::1]:11434"),
        ("[::1]", "http://[::1]:11434"),
        ("[fe80::7]:99", "http://[fe80::7]:99"),
        ("http://box", "http://box:80"),
        ("https://box", "https://box:443"),
        ("HTTPS://box:444/ollama/", "https://box:444/ollama"),
        ("box/ollama", "http://box:11434/ollama"),
        ("box:notaport", "http://box:11434"),
        ("box:99999", "http://box:11434"),
        (' "box:1" ', "http://box:1"),
        ("", "http://localhost:11434"),
    ],
)
def test_ollama_host_means_what_ollama_takes_it_for(tmp_path: Path, host: str, address: str) -> None:
    """Without OLLAMA_BASE_URL the address is that of OLLAMA_HOST, read by the rules of Ollama's own client."""
    assert server(tmp_path, {"OLLAMA_HOST": host}) == address


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("box", "http://box:11434"),
        ("http://box", "http://box:11434"),
        ("http://box/", "http://box:11434"),
        ("http://box:80", "http://box:80"),
        ("https://box", "https://box"),
        ("http://[::1]", "http://[::1]:11434"),
        ("http://ada:pw@box", "http://ada:pw@box:11434"),
        ("box:1234/ollama", "http://box:1234/ollama"),
    ],
)
def test_a_base_url_without_a_port_has_the_port_of_ollama(tmp_path: Path, url: str, address: str) -> None:
    """11434 is assumed where OLLAMA_BASE_URL names no port and uses no TLS; OLLAMA_HOST does not count beside it."""
    assert server(tmp_path, {"OLLAMA_BASE_URL": url, "OLLAMA_HOST": "elsewhere"}) == address


def test_config_names_where_the_address_is_from(tmp_path: Path) -> None:
    """The source of an address from OLLAMA_HOST names the variable, and a wrong one names it in the error."""
    settings = Settings.load({"HOME": str(tmp_path), "OLLAMA_HOST": "box"}, tmp_path)
    assert settings.values["ollama_base_url"].source == "environment, OLLAMA_HOST"
    with pytest.raises(SettingError, match="OLLAMA_HOST"):
        server(tmp_path, {"OLLAMA_HOST": "ftp://box"})


@pytest.mark.parametrize("name", ["OLLAMA_BASE_URL", "OLLAMA_HOST", "LLM_BASE_URL"])
@pytest.mark.parametrize(
    "url",
    [
        "http://ada:hunter2@box:notaport",
        "http://ada:hunter2@box/?x",
        "ftp://ada:hunter2@box",
        "ada:hunter2@box:1:2",
        "http:/ada:hunter2@box:x",
        "http://ada:hunt/er2@box:1:1",
        "http://hunter2@box?x=1",
    ],
)
def test_no_error_shows_a_password(tmp_path: Path, name: str, url: str) -> None:
    """Whether an address is taken or refused, nothing that is shown has its user name or password."""
    try:
        value = Settings.load({"HOME": str(tmp_path), name: url}, tmp_path)
    except SettingError as error:
        shown = str(error)
    else:
        shown = " ".join(each.shown for each in value.values.values())
    assert "hunt" not in shown
    assert "er2" not in shown


@given(st.text(max_size=20), st.text(min_size=3, max_size=20), st.sampled_from(["http://", "https://", ""]))
def test_whatever_the_password_it_is_cut_off(user: str, password: str, scheme: str) -> None:
    """Of an address with any user name and password only scheme and host are left."""
    assert (
        without_password(f"{scheme}{user.replace('://', '')}:{password.replace('://', '')}@box:1") == f"{scheme}box:1"
    )


def test_an_address_without_a_password_stays() -> None:
    """What has none is shown as it is."""
    assert without_password("http://[::1]:11434/ollama") == "http://[::1]:11434/ollama"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://Chat.Example.com/", "https://chat.example.com"),
        (" http://localhost:3000", "http://localhost:3000"),
        ("app://obsidian.md", "app://obsidian.md"),
        ("chrome-extension://abcdef", "chrome-extension://abcdef"),
    ],
)
def test_an_origin_is_as_browsers_send_it(text: str, shown: str) -> None:
    """In small letters, without a slash at its end."""
    assert origin(text) == shown


@pytest.mark.parametrize(
    "text", ["", "*", "null", "localhost:3000", "https://", "https://a/b", "https://me@a", "https://a:x"]
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    """A scheme and a host are needed, and nothing else but a port may be there."""
    with pytest.raises(ValueError, match=r".*"):
        origin(text)
