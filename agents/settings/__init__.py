"""Settings, from the first of these that has a value: flag, profile, environment, ``.env``, settings file, default.
Only this package reads the program's environment variables, and only it knows where the program's files are.

Import from here: ``Settings``, ``with_keywords``; ``table.SETTINGS``, ``folders``, ``edit``,
``address.without_password``.
Never knows: ``agents.log``, ``agents.role``, ``agents.model``.
"""

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agents.errors import SettingError, UsageError, similar_names
from agents.settings.address import without_password
from agents.settings.dot_env import DotEnv, read_dotenv
from agents.settings.folders import (
    DEFAULTS,
    ROLES,
    TYPES,
    Place,
    config_file,
    home_folder,
    own_folders,
    places,
    project_folder,
)
from agents.settings.keywords import SHORT
from agents.settings.secret_file import read_secret
from agents.settings.stack import by_origin
from agents.settings.table import FILE, SETTINGS, Setting


@dataclass(frozen=True, slots=True)
class Value:
    """A setting's value and its source: "flag", "profile NAME", "environment", the path of a file, "default", or in a
    container what filled the environment that it was started with.

    A source is followed by the name of the variable if that is not the setting's usual one.
    """

    setting: Setting
    value: Any
    source: str

    @property
    def shown(self) -> str:
        """The value for printing; secrets are masked, and addresses are without user name and password."""
        if self.value is None:
            return ""
        if self.setting.secret:
            return "********"
        if isinstance(self.value, bool):
            return "1" if self.value else "0"
        if isinstance(self.value, (dict, tuple)):
            return _as_text(self.value)
        return without_password(str(self.value)) if "://" in str(self.value) else str(self.value)


_BY_KEY = {setting.key: setting for setting in SETTINGS}


class Settings:
    """The current settings. Read them as attributes: ``settings.model_name``.

    The attributes are declared below for type checkers; ``Settings.load`` gives them values.

    Attributes:
        dotenv: the ``.env`` that was read, with the names in it that do not count.
        project: the folder ``.orchestrator`` of the project that the working folder is in, or None. It has roles and
            meeting types; no setting is read from it.
    """

    model_name: str
    model_for: dict[str, str]
    ollama_base_url: str
    temperature: float
    seed: int | None
    num_ctx: int
    num_predict: int
    reading_turns: int
    control_ballots: str
    parallel: int
    keep_alive: str
    connect_timeout: float
    first_token_timeout: float
    stall_timeout: float
    turn_timeout: float
    llm_base_url: str | None
    llm_api_key: str | None
    api_token: str | None
    api_tokens: dict[str, str]
    api_origins: tuple[str, ...]
    api_queue: int
    api_rate: int
    api_body_mb: int
    ollama_api_port: int | None
    data_folder: Path
    user_folder: Path
    role_folder: Path | None
    types_folder: Path | None
    log_folder: Path
    log_level: str
    log_content: bool
    plain: bool
    memory_messages: int
    memory_bytes: int

    def __init__(self, values: Mapping[str, Value], dotenv: DotEnv | None = None, project: Path | None = None) -> None:
        self.values = dict(values)
        self.dotenv = dotenv or DotEnv(Path(".env"))
        self.project = project
        for key, value in values.items():
            setattr(self, key, value.value)

    @classmethod
    def load(
        cls,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        profile: str | None = None,
        **flags: Any,
    ) -> "Settings":
        """Read the settings.

        Args:
            environment: variables to read; None is the process's own. They are only read, never changed.
            folder: the folder of ``.env``, in whose project roles and types are looked for; None is the working folder.
            profile: name of a table ``[profile.NAME]`` in the settings file, which overrides all but flags; None or ""
                for no profile.
            **flags: values from the caller, by key (``model_name="rehearsal"``); None means not given.

        Raises:
            SettingError: a value is out of range (the error names the variable, value, source and range), or there is
                no such profile.
        """
        environment = os.environ if environment is None else environment
        unknown = set(flags) - set(_BY_KEY)
        if unknown:
            raise _no_setting("", sorted(unknown)[0])
        folder = folder or Path.cwd()
        dotenv = read_dotenv(folder, own_folders(environment))
        file_path = config_file(environment)
        file = _read_file(file_path)
        profiles = file.pop("profile", {})
        layers: list[tuple[str, Mapping[str, Any], bool]] = [
            ("flag", {k: v for k, v in flags.items() if v is not None}, False),
            (f"profile {profile}", _profile(profiles, profile, file_path), False),
            *((source, variables, True) for source, variables in by_origin(environment)),
            (str(dotenv.path), dotenv.values, True),
            (str(file_path), file, False),
        ]
        values = {setting.key: _resolve(setting, layers, environment) for setting in SETTINGS}
        return cls(values, dotenv, project_folder(folder.resolve(), home_folder(environment).resolve()))

    @property
    def role_places(self) -> tuple[Place, ...]:
        """The folders of roles: of two files with one id, that of the later folder counts."""
        return places(ROLES, self.user_folder, self.project, self.role_folder)

    @property
    def type_places(self) -> tuple[Place, ...]:
        """The folders of meeting types: of two files with one id, that of the later folder counts."""
        return places(TYPES, self.user_folder, self.project, self.types_folder)

    @property
    def ignored(self) -> list[str]:
        """The names of settings in the ``.env`` of another program, which do not count."""
        names = (name for setting in SETTINGS for name in (setting.name, *setting.file_names))
        return [name for name in names if name in self.dotenv.ignored]

    def with_flags(self, **flags: Any) -> "Settings":
        """The same settings with some values replaced by the caller's; None leaves a value as it is.

        Raises:
            SettingError: a value is out of range.
        """
        values = dict(self.values)
        for key, value in flags.items():
            if value is not None:
                values[key] = Value(_BY_KEY[key], _parsed(_BY_KEY[key], value, "flag"), "flag")
        return Settings(values, self.dotenv, self.project)


def with_keywords(settings: Settings | None, keywords: Mapping[str, Any]) -> Settings:
    """Settings with the keywords that ``AgentOrchestrator`` was given; None reads them as ``Settings.load`` does.

    Raises:
        UsageError: there is no such keyword.
        SettingError: a value is out of range.
    """
    known = {**{key: key for key in _BY_KEY}, **SHORT}
    for name in keywords:
        if name not in known:
            near = similar_names(name, known)
            hint = f"Did you mean {', '.join(near)}? " if near else ""
            cause = f"AgentOrchestrator has no keyword {name!r}."
            raise UsageError(cause, f"{hint}Its keywords are settings, notice, {', '.join((*SHORT, *_BY_KEY))}.")
    flags = {known[name]: value for name, value in keywords.items() if value is not None}
    return settings.with_flags(**flags) if settings else Settings.load(**flags)


def _resolve(
    setting: Setting, layers: list[tuple[str, Mapping[str, Any], bool]], environment: Mapping[str, str]
) -> Value:
    for source, layer, by_name in layers:
        for name in setting.names if by_name else (setting.key,):
            raw, named = _found(setting, name, layer, source) if by_name else (layer.get(name), name)
            if raw is not None:
                called = f"{source}, {named}" if by_name and named != setting.name else source
                return Value(setting, _parsed(setting, raw, called), called)
    if setting.fallback:
        for source, layer, by_name in layers:
            if by_name and layer.get(setting.fallback):
                called = f"{source}, {setting.fallback}"
                return Value(setting, _parsed(setting, layer[setting.fallback], called, setting.fallback_parse), called)
    default = setting.default
    if default is None and setting.key in DEFAULTS:
        default = DEFAULTS[setting.key](environment)
    return Value(setting, default, "default")


def _found(setting: Setting, name: str, variables: Mapping[str, str], source: str) -> tuple[str | None, str]:
    """The text that variables give a setting by this name, and the variable's name; None if it is not set. An empty one
    is not, as for Compose, except for settings that may be empty.
    """
    text, file = variables.get(name), variables.get(f"{name}{FILE}", "") if setting.secret else ""
    if file and text:
        raise SettingError(
            f"{name} and {name}{FILE} are both set, in {_place(source)}.", "Remove one of the two there."
        )
    if file:
        return read_secret(f"{name}{FILE}", file), f"{name}{FILE}"
    may_be_empty = setting.default is None and setting.key not in DEFAULTS
    return (text, name) if text or may_be_empty else (None, name)


def _parsed(setting: Setting, raw: Any, source: str, parse: Callable[[str], Any] | None = None) -> Any:
    try:
        return (parse or setting.parse)(_as_text(raw))
    except ValueError:
        shown = "********" if setting.secret else repr(without_password(_as_text(raw)))
        usual = Value(setting, setting.default, "default").shown
        default = f": the default is {usual}" if usual and not setting.secret else ""
        raise SettingError(
            f"{setting.name} must be {setting.allowed} (got {shown}, from {_place(source)}).",
            f"Correct it there, or leave it out{default}.",
        ) from None


def _place(source: str) -> str:
    """The source of a value in a sentence."""
    return f"the {source}" if source.partition(",")[0] in ("flag", "environment") else source


def _as_text(raw: Any) -> str:
    """A value as it is written on the command line; a table as ``key=value`` pairs, a list with commas between."""
    if isinstance(raw, dict):
        return ", ".join(f"{key}={value}" for key, value in raw.items())
    if isinstance(raw, (list, tuple)):
        return ", ".join(str(one) for one in raw)
    return raw if isinstance(raw, str) else str(raw)


def _read_file(path: Path) -> dict[str, Any]:
    if not path.is_file():
        return {}
    import tomllib

    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{path} cannot be read: {error}.", "Fix the file, or move it to another place.") from None
    profiles = table.get("profile", {})
    if not isinstance(profiles, dict) or not all(isinstance(one, dict) for one in profiles.values()):
        raise SettingError(f"{path}: 'profile' is not a table of tables.", "Write [profile.NAME] above its settings.")
    for key in (*table, *(key for one in profiles.values() for key in one)):
        if key not in _BY_KEY and not (key == "profile" and key in table):
            raise _no_setting(f"{path}: ", key)
    return table


def _no_setting(where: str, key: str) -> SettingError:
    """The error for a name that no setting has."""
    near = [name for name in similar_names(key, _BY_KEY) if len(name) < len(key) + 4]
    hint = f"Did you mean {', '.join(near)}? " if near else ""
    start = f"{where}there" if where else "There"
    cause, listing = f"{start} is no setting {key!r}.", "`agents.settings.table.SETTINGS` lists them all."
    return SettingError(cause, f"{hint}{listing}", about="name", subject=hint)


def _profile(profiles: Mapping[str, Any], name: str | None, path: Path) -> Mapping[str, Any]:
    if not name:
        return {}
    if name not in profiles:
        there = (
            f"The profiles are {', '.join(sorted(profiles))}." if profiles else f"Write a table [profile.{name}] in it."
        )
        raise SettingError(f"There is no profile {name!r} in {path}.", there)
    return dict(profiles[name])
