"""Where this program's files are: its settings, data, logs, roles and examples."""

import os
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

APP = "multi_agent_orchestrator"
"""The name of this program's folder in each folder of the platform."""


def config_file(environment: Mapping[str, str] | None = None) -> Path:
    """Where the settings file is: ``AGENTS_CONFIG``, else ``config.toml`` in the platform's settings folder.

    Args:
        environment: variables to read; None reads the process's own.
    """
    environment = os.environ if environment is None else environment
    if environment.get("AGENTS_CONFIG"):
        return Path(environment["AGENTS_CONFIG"]).expanduser()
    return _platform_folder(environment, "XDG_CONFIG_HOME", ".config", "APPDATA") / "config.toml"


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


def _role_folder(_environment: Mapping[str, str]) -> Path:
    return _shipped("Role", "_roles")


def _platform_folder(environment: Mapping[str, str], variable: str, dotted: str, windows: str) -> Path:
    home = Path(environment.get("HOME") or Path.home())
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
    "role_folder": _role_folder,
    "log_folder": _log_folder,
}
"""By the key of a setting whose default depends on the platform: finds that default from the environment."""
