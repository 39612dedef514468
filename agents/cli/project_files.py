"""Says what roles and meeting types a project brings: they are prompts of other people where it was cloned."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from agents.cli.terminal.caller import as_named
from agents.cli.terminal.output import tell, write_new_file
from agents.private_folder import make_private
from agents.settings import Settings
from agents.settings.folders import BUILT_IN, IN_PROJECT, Place

SEEN = "projects.json"
"""The file in the data folder that says which files of which projects were told already, by their contents."""
_SUFFIXES = (".md", ".txt", ".toml")
_MOST_NAMES = 5


def tell_project_files(settings: Settings) -> None:
    """Name the files of this project once, and again when they have changed."""
    if settings.project is None:
        return
    sides = [(word, places) for word, places in _sides(settings) if _files(_of_project(places))]
    if not sides:
        return
    key, contents = as_named(str(settings.project)), _contents([_of_project(places) for _, places in sides])
    seen = _seen(settings.data_folder)
    if seen.get(key) == contents:
        return
    for word, places in sides:
        tell(_sentence(word, places))
    with suppress(OSError):  # it is only said again
        _keep(settings.data_folder, {**seen, key: contents})


def _sides(settings: Settings) -> list[tuple[str, tuple[Place, ...]]]:
    return [("role", settings.role_places), ("meeting type", settings.type_places)]


def _of_project(places: tuple[Place, ...]) -> Path:
    return next(place.folder for place in places if place.of == IN_PROJECT)


def _sentence(word: str, places: tuple[Place, ...]) -> str:
    """Such as "Using 2 roles of ./.orchestrator/roles: auditor, cto (in place of the built-in one)."."""
    folder = _of_project(places)
    names = [file.stem for file in _files(folder)]
    built_in = {file.stem for place in places if place.of == BUILT_IN for file in _files(place.folder)}
    said = [f"{name} (in place of the built-in one)" if name in built_in else name for name in names[:_MOST_NAMES]]
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    counted = f"1 {word}" if len(names) == 1 else f"{len(names)} {word}s"
    return f"Using {counted} of {_short(folder)}: {', '.join(said)}{more}."


def _short(folder: Path) -> str:
    """A folder below the working folder from there; any other in full."""
    with suppress(ValueError):
        return f"./{folder.relative_to(Path.cwd().resolve()).as_posix()}"
    return str(folder)


def _files(folder: Path) -> list[Path]:
    """The files of roles or types in a folder, sorted by name; none where it cannot be read."""
    try:
        found = sorted(folder.iterdir())
    except OSError:
        return []
    return [file for file in found if file.suffix.lower() in _SUFFIXES and not file.name.lower().startswith("readme.")]


def _contents(folders: list[Path]) -> str:
    """A digest of all files of these folders."""
    digest = hashlib.sha256()
    for piece in _pieces(folders):
        digest.update(hashlib.sha256(piece).digest())
    return digest.hexdigest()


def _pieces(folders: list[Path]) -> Iterator[bytes]:
    for folder in folders:
        for file in _files(folder):
            yield as_named(str(file)).encode("utf-8", "surrogateescape")
            with suppress(OSError):
                yield file.read_bytes()


def _seen(data: Path) -> dict[str, str]:
    try:
        found = json.loads((data / SEEN).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _keep(data: Path, seen: dict[str, str]) -> None:
    make_private(data)
    new = data / f".{SEEN}.new"
    new.unlink(missing_ok=True)
    write_new_file(new, json.dumps(seen, indent=1))
    new.replace(data / SEEN)
