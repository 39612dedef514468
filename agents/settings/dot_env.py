"""Reads the file ``.env`` of a folder. In the folder of another program only names that are certainly ours count:
that program's MODEL_NAME or LOG_LEVEL means something else.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from agents.errors import SettingError

PREFIXES = ("ORCHESTRATOR_", "AGENTS_", "OLLAMA_")
"""The beginnings of the names that are read from a ``.env`` in any folder."""


@dataclass(frozen=True, slots=True)
class DotEnv:
    """What a ``.env`` says.

    Attributes:
        path: where it is, or would be.
        values: the variables that count.
        ignored: the other variables, by name, if the file is another program's.
    """

    path: Path
    values: Mapping[str, str] = field(default_factory=dict)
    ignored: tuple[str, ...] = ()


def read_dotenv(folder: Path, own: Collection[Path]) -> DotEnv:
    """Read the ``.env`` of a folder.

    Args:
        folder: the folder.
        own: the folders of this program, in whose ``.env`` every name counts.

    Raises:
        SettingError: the file is this program's own, and cannot be read.
    """
    path = folder / ".env"
    if not path.is_file():
        return DotEnv(path)
    if folder.resolve() in {one.resolve() for one in own}:
        return DotEnv(path, _values(path))
    import logging

    # What dotenv says about lines that it cannot read is for the program whose file it is.
    logging.getLogger("dotenv.main").setLevel(logging.ERROR)
    try:
        values = _values(path)
    except SettingError:
        return DotEnv(path)
    ours = {name: value for name, value in values.items() if name.startswith(PREFIXES)}
    return DotEnv(path, ours, tuple(name for name in values if name not in ours))


def _values(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    try:
        found = dotenv_values(path, encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} cannot be read: {error}.", "Fix the file, or move it to another place.") from None
    return {name: value for name, value in found.items() if value is not None}
