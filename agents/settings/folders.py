"""Where this program's files are: its settings, data, logs, examples, and the roles and meeting types."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

APP = "multi_agent_orchestrator"
"""The name of this program's folder in each folder of the platform."""
PROJECT = ".orchestrator"
"""The name of the folder in which a project keeps roles and meeting types."""
ROLES, TYPES = "roles", "types"
"""What a place is for, and the name of its folder below the user's and the project's."""
BUILT_IN, USER, IN_PROJECT, GIVEN = "built in", "yours", "project", "given"
"""Whose the files of a place are: the program's, the user's in every project, the project's, or those of a flag."""


class Place(NamedTuple):
    """A folder that roles or meeting types are read from.

    Attributes:
        folder: the folder.
        of: BUILT_IN, USER, IN_PROJECT or GIVEN.
    """

    folder: Path
    of: str

    @property
    def may_be_missing(self) -> bool:
        """Whether the program looks for the folder by itself, so that a missing one is no error."""
        return self.of in (USER, IN_PROJECT)


def config_file(environment: Mapping[str, str] | None = None) -> Path:
    """Where the settings file is: ``AGENTS_CONFIG``, else ``config.toml`` in the platform's settings folder.

    Args:
        environment: variables to read; None reads the process's own.
    """
    environment = os.environ if environment is None else environment
    if environment.get("AGENTS_CONFIG"):
        return Path(environment["AGENTS_CONFIG"]).expanduser()
    return _user_folder(environment) / "config.toml"


def project_folder(start: Path, home: Path) -> Path | None:
    """The folder ``.orchestrator`` of the project that a folder is in; None where there is none.

    It is looked for in the folder and those above it, up to the root of its repository or to the home folder. Outside
    both, only the folder itself counts: others may write above it. A folder of another user does not count.
    """
    above = [start, *start.parents]
    last = next((place for place, each in enumerate(above) if each == home or (each / ".git").exists()), 0)
    found = (each / PROJECT for each in above[: last + 1])
    return next((each for each in found if each.is_dir() and _is_trusted(each)), None)


def _is_trusted(folder: Path) -> bool:
    """Whether a folder belongs to this user or to the system."""
    return sys.platform == "win32" or folder.stat().st_uid in (os.getuid(), 0)


def places(kind: str, user: Path, project: Path | None, given: Path | None) -> tuple[Place, ...]:
    """The folders of ROLES or TYPES, the nearest last: of two files with one id, that of the later place counts.

    Args:
        kind: ROLES or TYPES.
        user: the user's folder.
        project: the project's folder, if there is one.
        given: a folder that a flag or a setting names; one that is built in anyway is named once.
    """
    package = Path(__file__).resolve().parents[1]
    shipped = package / "meeting" / "types" if kind == TYPES else _shipped("Role", "_roles")
    found = [Place(shipped, BUILT_IN), Place(user / kind, USER)]
    found += [Place(project / kind, IN_PROJECT)] if project else []
    found += [Place(given, GIVEN)] if given and given.resolve() != shipped.resolve() else []
    return tuple(found)


def example_folder() -> Path:
    """Where the shipped examples are."""
    return _shipped("examples", "_examples")


def own_folders(environment: Mapping[str, str] | None = None) -> tuple[Path, ...]:
    """The folders that are this program's own: that of its settings file, and the checkout that it runs from.

    Args:
        environment: variables to read; None reads the process's own.
    """
    package = Path(__file__).resolve().parents[1]
    checkout = () if (package / "_roles").is_dir() else (package.parent,)
    return (config_file(environment).parent, *checkout)


def _data_folder(environment: Mapping[str, str]) -> Path:
    return _platform_folder(environment, "XDG_DATA_HOME", ".local/share", "LOCALAPPDATA")


def _log_folder(environment: Mapping[str, str]) -> Path:
    return _platform_folder(environment, "XDG_STATE_HOME", ".local/state", "LOCALAPPDATA") / "logs"


def _user_folder(environment: Mapping[str, str]) -> Path:
    return _platform_folder(environment, "XDG_CONFIG_HOME", ".config", "APPDATA")


def home_folder(environment: Mapping[str, str]) -> Path:
    """The user's home folder."""
    return Path(environment.get("HOME") or Path.home())


def _platform_folder(environment: Mapping[str, str], variable: str, dotted: str, windows: str) -> Path:
    home = home_folder(environment)
    if environment.get(variable):
        return Path(environment[variable]) / APP
    if sys.platform == "win32":
        return Path(environment.get(windows) or home) / APP
    if sys.platform == "darwin":
        return home / "Library" / "Application Support" / APP
    return home / dotted / APP


def _shipped(in_checkout: str, in_wheel: str) -> Path:
    package = Path(__file__).resolve().parents[1]
    packaged = package / in_wheel
    return packaged if packaged.is_dir() else package.parent / in_checkout


DEFAULTS: dict[str, Callable[[Mapping[str, str]], Path]] = {
    "data_folder": _data_folder,
    "user_folder": _user_folder,
    "log_folder": _log_folder,
}
"""By the key of a setting whose default depends on the platform: finds that default from the environment."""
