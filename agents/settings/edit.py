"""Changes one setting in the settings file; comments, order and everything else in it stay."""

import json
import os
import re
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from agents.errors import SettingError, SpaceError, similar_names
from agents.private_folder import make_private
from agents.settings.table import SETTINGS, Setting

_BY_HAND = "Change it with an editor; nothing was written."


def setting_named(name: str) -> Setting:
    """The setting with this name: that of the environment or of the settings file, in capitals or not.

    Raises:
        SettingError: there is none; the remedy suggests similar names.
    """
    wanted = name.strip().lower().replace("-", "_")
    for setting in SETTINGS:
        if wanted in {setting.key, *(one.lower() for one in setting.names)}:
            return setting
    near = similar_names(wanted, [setting.key for setting in SETTINGS])
    near += [setting.key for setting in SETTINGS if wanted in setting.key.split("_") and setting.key not in near]
    hint = f"Did you mean {', '.join(near[:3])}? " if near else ""
    listing = "`agents.settings.table.SETTINGS` lists them all."
    raise SettingError(f"There is no setting {name!r}.", f"{hint}{listing}", about="name", subject=hint)


def put(file: Path, setting: Setting, text: str) -> None:
    """Write a setting into the file, which is created if need be.

    Raises:
        SettingError: the value is out of range, or the file is written in a way that this cannot change.
        SpaceError: the file cannot be written.
    """
    try:
        value = setting.parse(text)
    except ValueError:
        shown = "********" if setting.secret else repr(text)
        raise SettingError(f"{setting.name} must be {setting.allowed} (got {shown}).", "Nothing was written.") from None
    if value is None:
        raise SettingError(f"{setting.name} cannot be empty in the file.", "Remove it from the file instead.")
    _change(file, setting.key, _plain(value, text))


def remove(file: Path, setting: Setting) -> bool:
    """Take a setting out of the file; returns whether it was there. Errors: as ``put``."""
    return _change(file, setting.key, None)


def _plain(value: Any, text: str) -> Any:
    """A value of a setting as TOML has it; a folder or an address as it was written."""
    return value if isinstance(value, (bool, int, float, dict)) else text.strip()


def _as_toml(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        pairs = ", ".join(f"{json.dumps(name)} = {_as_toml(one)}" for name, one in value.items())
        return f"{{ {pairs} }}"
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
    return repr(value)


def _change(file: Path, key: str, value: Any) -> bool:
    """Set a key at the top of the file, or remove it (None); returns whether it was there before."""
    text, before = _read(file)
    wanted = {name: one for name, one in before.items() if name != key} | ({} if value is None else {key: value})
    if value is None and key not in before:
        return False
    changed = _changed(text, key, None if value is None else _as_toml(value))
    found: Any = None
    with suppress(tomllib.TOMLDecodeError):
        found = tomllib.loads(changed)
    if found != wanted:
        raise SettingError(f"{file} has {key} in a form that cannot be changed here.", _BY_HAND)
    _write(file, changed)
    return key in before


def _read(file: Path) -> tuple[str, dict[str, Any]]:
    try:
        text = file.read_bytes().decode("utf-8")
        return text, tomllib.loads(text)
    except (FileNotFoundError, NotADirectoryError):
        return "", {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SettingError(f"{file} cannot be read: {error}.", "Fix the file, or move it to another place.") from None


def _changed(text: str, key: str, value: str | None) -> str:
    """The text with a new value on the line of the key, before the first table."""
    end = "\r\n" if "\r\n" in text else "\n"
    lines = text.replace("\r\n", "\n").removesuffix("\n").split("\n") if text else []
    tables = next((number for number, line in enumerate(lines) if line.lstrip().startswith("[")), len(lines))
    there = re.compile(rf"\s*{re.escape(key)}\s*=")
    at = next((number for number in range(tables) if there.match(lines[number])), None)
    if at is not None:
        lines[at : at + 1] = [] if value is None else [f"{key} = {value}{_remark(lines[at])}"]
    elif value is not None:
        while tables and not lines[tables - 1].strip():
            tables -= 1
        lines.insert(tables, f"{key} = {value}")
    return "".join(f"{line}{end}" for line in lines)


def _remark(line: str) -> str:
    """The remark behind a value, with the blanks before it; "" for none."""
    for found in re.finditer("#", line):
        with suppress(tomllib.TOMLDecodeError):
            tomllib.loads(line[: found.start()])
            return line[len(line[: found.start()].rstrip()) :]
    return ""


def _write(file: Path, text: str) -> None:
    """Replace the file in one step; a new one is for this user only, because it may contain a key."""
    place = file.resolve()  # a link to the file stays one
    temporary = place.with_name(f".{place.name}.new")
    try:
        make_private(place.parent)
        mode = place.stat().st_mode & 0o777 if place.exists() else 0o600
        temporary.unlink(missing_ok=True)
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as opened:
            opened.write(text.encode())
        temporary.replace(place)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise SpaceError(f"{file} cannot be written: {error.strerror}.", "Check the rights of its folder.") from None
