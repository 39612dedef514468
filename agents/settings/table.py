"""Every setting: its names, its default, its range, and what it does."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.settings.address import address, ollama_address, ollama_host, origin
from agents.settings.dot_env import PREFIXES

FILE = "_FILE"
"""What is put behind the name of a secret in the variable that names a file with its value."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting.

    Attributes:
        name: its name as an environment variable.
        key: its name in the settings file and on ``Settings``.
        default: its value if no source has one.
        parse: converts text to the value; raises ValueError if it is out of range.
        allowed: the range, in words.
        about: what it does, in one line.
        secret: whether its value is masked when it is shown, and may be in a file that ``file_names`` names.
        fallback: a variable of another program that gives the value where nothing else does, or "".
        fallback_parse: converts text of that variable.
    """

    name: str
    key: str
    default: Any
    parse: Callable[[str], Any]
    allowed: str
    about: str
    secret: bool = False
    fallback: str = ""
    fallback_parse: Callable[[str], Any] = str

    @property
    def names(self) -> tuple[str, ...]:
        """Its names as an environment variable, the first that is set counts: a name that other programs may use too
        is also known with ``ORCHESTRATOR_`` in front.
        """
        return (self.name,) if self.name.startswith(PREFIXES) else (f"{PREFIXES[0]}{self.name}", self.name)

    @property
    def file_names(self) -> tuple[str, ...]:
        """The variables that name a file with its value, in the order of ``names``: those of a secret."""
        return tuple(f"{name}{FILE}" for name in self.names) if self.secret else ()


def _number(kind: Callable[[str], Any], low: float, high: float) -> Callable[[str], Any]:
    def parse(text: str) -> Any:
        value = kind(text)
        if not low <= value <= high:
            raise ValueError(text)
        return value

    return parse


def _word(text: str) -> str:
    if not text.strip() or any(c.isspace() for c in text.strip()):
        raise ValueError(text)
    return text.strip()


def _visible(text: str) -> str:
    """A word of ASCII, as it can be sent in a header of HTTP."""
    word = _word(text)
    if not (word.isascii() and word.isprintable()):
        raise ValueError(text)
    return word


def _choice(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        for word in words:
            if text.strip().lower() == word.lower():
                return word
        raise ValueError(text)

    return parse


def _switch(text: str) -> bool:
    word = text.strip().lower()
    if word in {"1", "true", "yes", "on"}:
        return True
    if word in {"0", "false", "no", "off", ""}:
        return False
    raise ValueError(text)


def _path(text: str) -> Path:
    if not text.strip():
        raise ValueError(text)
    try:
        return Path(text.strip()).expanduser()
    except RuntimeError:  # "~nobody": there is no such user
        raise ValueError(text) from None


def _optional(parse: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda text: parse(text) if text.strip() else None


def _models(text: str) -> dict[str, str]:
    """``cto=qwen3:8b, qa_engineer=llama3.2:1b`` as a table; the last entry for a role counts."""
    table = {}
    for pair in filter(str.strip, text.split(",")):
        role, equals, model = pair.partition("=")
        if not equals:
            raise ValueError(text)
        table[_word(role)] = _word(model)
    return table


def _tokens(text: str) -> dict[str, str]:
    """``ada:TOKEN, ben:TOKEN`` as a table of owners; each name and each token once. Lines count as commas."""
    table: dict[str, str] = {}
    for pair in filter(str.strip, re.split(r"[,\n]", text)):
        found = _OWNER.fullmatch(pair.strip())
        token = _visible(found[2]) if found else ""
        if not found or found[1] in table or token in table.values():
            raise ValueError(text)
        table[found[1]] = token
    return table


def _origins(text: str) -> tuple[str, ...]:
    """Web pages as browsers name them in the header Origin; each once."""
    return tuple(dict.fromkeys(origin(one) for one in filter(str.strip, text.split(","))))


_OWNER = re.compile(r"([a-z][a-z0-9_-]{0,31})\s*[:=]\s*(\S+)")
_SECONDS = "a number of seconds from 0.1 to 86400"
AUTO, NEVER = "auto", "never"
"""The values of CONTROL_BALLOTS."""

SETTINGS: tuple[Setting, ...] = (
    Setting("MODEL_NAME", "model_name", "llama3.2", _word, "MODEL or PROVIDER:MODEL", "the model that answers"),
    Setting(
        "MODEL_FOR",
        "model_for",
        {},
        _models,
        "ROLE=MODEL, with commas between; in the file, a table [model_for]",
        "roles for which another model answers",
    ),
    Setting(
        "OLLAMA_BASE_URL",
        "ollama_base_url",
        "http://localhost:11434",
        ollama_address,
        "HOST, HOST:PORT or http://HOST:PORT; without a port 11434, with https 443",
        "where Ollama listens; where it is not set, OLLAMA_HOST counts",
        fallback="OLLAMA_HOST",
        fallback_parse=ollama_host,
    ),
    Setting(
        "TEMPERATURE",
        "temperature",
        0.7,
        _number(float, 0, 2),
        "a number from 0 to 2",
        "how freely the model chooses words",
    ),
    Setting(
        "SEED",
        "seed",
        None,
        _optional(_number(int, 0, 2**31 - 1)),
        "a whole number from 0, or empty",
        "makes answers repeatable as far as the model allows it",
    ),
    Setting(
        "NUM_CTX",
        "num_ctx",
        8192,
        _number(int, 2048, 1_048_576),
        "a whole number from 2048 to 1048576",
        "the context of every call to the model, in tokens",
    ),
    Setting(
        "NUM_PREDICT",
        "num_predict",
        1024,
        _number(int, 64, 32768),
        "a whole number from 64 to 32768",
        "the longest answer outside meetings, in tokens",
    ),
    Setting(
        "READING_TURNS",
        "reading_turns",
        3,
        _number(int, 1, 100),
        "a whole number from 1 to 100",
        "the most parts of long documents that each role reads on a topic",
    ),
    Setting(
        "CONTROL_BALLOTS",
        "control_ballots",
        AUTO,
        _choice(AUTO, NEVER),
        f"{AUTO} or {NEVER}",
        "whether votes of a new model are tested before its first meeting",
    ),
    Setting(
        "PARALLEL",
        "parallel",
        1,
        _number(int, 1, 64),
        "a whole number from 1 to 64",
        "calls sent at the same time; as OLLAMA_NUM_PARALLEL on the server",
    ),
    Setting(
        "KEEP_ALIVE",
        "keep_alive",
        "30m",
        _word,
        "a duration such as 30m, or -1 for no limit",
        "how long Ollama keeps the model loaded; where it is not set, OLLAMA_KEEP_ALIVE counts",
        fallback="OLLAMA_KEEP_ALIVE",
        fallback_parse=_word,
    ),
    Setting(
        "CONNECT_TIMEOUT", "connect_timeout", 5.0, _number(float, 0.1, 86400), _SECONDS, "longest wait for a connection"
    ),
    Setting(
        "FIRST_TOKEN_TIMEOUT",
        "first_token_timeout",
        600.0,
        _number(float, 0.1, 86400),
        _SECONDS,
        "longest wait for the first word of an answer, model load included",
    ),
    Setting(
        "STALL_TIMEOUT",
        "stall_timeout",
        120.0,
        _number(float, 0.1, 86400),
        _SECONDS,
        "longest pause within an answer",
    ),
    Setting(
        "TURN_TIMEOUT", "turn_timeout", 1200.0, _number(float, 0.1, 86400), _SECONDS, "longest time for a whole answer"
    ),
    Setting(
        "LLM_BASE_URL",
        "llm_base_url",
        None,
        _optional(address),
        "http://HOST:PORT/v1",
        "address for langchain:openai: models (vLLM, Ray Serve, llama-server)",
    ),
    Setting("LLM_API_KEY", "llm_api_key", None, _optional(_word), "a key", "key for langchain: models", secret=True),
    Setting(
        "API_TOKEN",
        "api_token",
        None,
        _optional(_visible),
        "a word of letters, digits and signs of ASCII",
        "the token that the service wants to see before it shows anything but its health",
        secret=True,
    ),
    Setting(
        "API_TOKENS",
        "api_tokens",
        {},
        _tokens,
        "NAME:TOKEN, NAME in lower case, commas between; no name and no token twice; in the file, a table [api_tokens]",
        "tokens of the service for several people, each with meetings and memories of their own",
        secret=True,
    ),
    Setting(
        "API_ORIGINS",
        "api_origins",
        (),
        _origins,
        "SCHEME://HOST or SCHEME://HOST:PORT, with commas between",
        "web pages of other hosts whose scripts may use the service",
    ),
    Setting(
        "API_QUEUE",
        "api_queue",
        8,
        _number(int, 0, 1000),
        "a whole number from 0 to 1000",
        "most meetings that wait in the service for their turn",
    ),
    Setting(
        "API_RATE",
        "api_rate",
        600,
        _number(int, 1, 1_000_000),
        "a whole number from 1 to 1000000",
        "most requests a minute to the service with one token",
    ),
    Setting(
        "API_BODY_MB",
        "api_body_mb",
        32,
        _number(int, 1, 1024),
        "a whole number from 1 to 1024",
        "size of the biggest request to the service, in megabytes",
    ),
    Setting(
        "OLLAMA_API_PORT",
        "ollama_api_port",
        None,
        _optional(_number(int, 1, 65535)),
        "a port from 1 to 65535, or empty",
        "a second port of the service, for programs that only speak to Ollama",
    ),
    Setting("AGENTS_DATA_FOLDER", "data_folder", None, _path, "a folder", "where histories are stored"),
    Setting(
        "AGENTS_USER_FOLDER",
        "user_folder",
        None,
        _path,
        "a folder",
        "where your own roles and meeting types are, in its folders roles and types",
    ),
    Setting(
        "AGENTS_ROLE_FOLDER",
        "role_folder",
        None,
        _optional(_path),
        "a folder",
        "more roles, in addition to the built-in ones",
    ),
    Setting(
        "AGENTS_TYPES_FOLDER",
        "types_folder",
        None,
        _optional(_path),
        "a folder",
        "more meeting types, in addition to the built-in ones",
    ),
    Setting(
        "MEMORY_MESSAGES",
        "memory_messages",
        20_000,
        _number(int, 10, 10_000_000),
        "a whole number from 10 to 10000000",
        "most messages an agent remembers; then the oldest are forgotten, but no pinned ones",
    ),
    Setting(
        "MEMORY_BYTES",
        "memory_bytes",
        64_000_000,
        _number(int, 10_000, 100_000_000_000),
        "a whole number from 10000 to 100000000000",
        "most bytes of text an agent remembers; then the oldest are forgotten, but no pinned ones",
    ),
    Setting("AGENTS_LOG_FOLDER", "log_folder", None, _path, "a folder", "where logs are written"),
    Setting(
        "LOG_LEVEL",
        "log_level",
        "INFO",
        _choice("DEBUG", "INFO", "WARNING", "ERROR"),
        "DEBUG, INFO, WARNING or ERROR",
        "the least serious level that is logged",
    ),
    Setting(
        "ORCHESTRATOR_PLAIN",
        "plain",
        False,
        _switch,
        "0 or 1",
        "lines only, for screen readers: nothing repainted, no pager, no colour",
    ),
    Setting("LOG_CONTENT", "log_content", False, _switch, "0 or 1", "whether logs may contain what was said"),
)
"""Every setting, in the order in which they are shown."""
