"""The files of the caller, where this program runs in a container that cannot see them.

The script that started the call hands over the files that the user named, and takes the ones that are written
(services/multi_agent_orchestrator/sh/files.sh). Each file has its place in a copy of the caller's folders that is empty
at first. Only names that the user gave are ever asked for.
"""

import errno
import io
import os
import shutil
import tarfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from difflib import get_close_matches
from glob import has_magic
from pathlib import Path, PurePosixPath

from agents.cli.terminal.caller import call_folder, copied_root
from agents.cli.terminal.unwritable import unwritable
from agents.errors import DocumentError, UsageError

PATIENCE_SECONDS = 15.0
"""How long the script may take to listen."""
STEP_SECONDS = 0.01
MOST_LETTERS = 1000
"""The most letters of a name; more are a text."""
LISTED_SECONDS = 10.0
"""How long the names in a folder are kept: a completion asks for them at each key."""
_LISTED: dict[Path, tuple[float, list[str]]] = {}
_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._")
_ERRORS = {
    "denied": errno.EACCES,
    "folder": errno.EISDIR,
    "no-folder": errno.ENOENT,
    "no-file": errno.ENXIO,
    "exists": errno.EEXIST,
    "read-only": errno.EROFS,
    "full": errno.ENOSPC,
    "long": errno.ENAMETOOLONG,
    "unnamed": errno.EPERM,
    "large": errno.EFBIG,
    "special": errno.EINVAL,
}
"""What the script answers where a file cannot be handed over, as an error of the system."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer of the script.

    Attributes:
        status: ok, folder, missing, or why not.
        body: the file with its bytes; it is removed with the call.
    """

    status: str
    body: Path


@dataclass(slots=True)
class _Count:
    lock: threading.Lock = field(default_factory=threading.Lock)
    asked: int = 0


_COUNT = _Count()


def is_callers(path: Path) -> bool:
    """Whether a path means a file of the caller that this container cannot see."""
    root = copied_root()
    return root is not None and path.absolute().is_relative_to(root)


def fetched(named: str) -> str:
    """What stands here for an attachment that the user named; the name itself where no script serves files.

    Raises:
        DocumentError: there is nothing of that name, or it cannot be handed over.
    """
    root = copied_root()
    if root is None or named == "-" or not named.strip("\"' ") or len(named) > MOST_LETTERS:
        return named
    place = _place(named)
    status = bring(place)
    if status in {"ok", "folder"}:
        return str(place) if Path(named).is_absolute() or named.startswith("~") else named
    if status in {"missing", "no-folder"}:
        if Path(named).exists():  # of the program, such as /app/examples/plan.md
            return named
        if has_magic(named):
            return _matching(named, place)
        return _changes(named) or _missing(named, status)
    if status == "large":
        raise DocumentError(f"{named} is larger than 50 MB.", "Attach the part that matters.")
    if status == "unnamed":
        raise DocumentError(f"{named} is not in the command as it is written.", "Write the path in full.")
    why = os.strerror(_ERRORS.get(status, errno.EIO))
    raise DocumentError(f"{named} cannot be read: {why}.", "Check its name and permissions.")


def fetched_path(path: Path) -> Path:
    """The same for a path that is read as it is; where it cannot be handed over, reading it fails as for any file."""
    if copied_root() is None or str(path) == "-":
        return path
    place = placed(path)
    return place if bring(_place(str(path))) in {"ok", "folder"} else path


def placed(path: Path) -> Path:
    """What stands here for a path that the user named for a file to write; the same without a script."""
    if copied_root() is None or not path.is_absolute() or path.is_relative_to("/dev"):
        return path
    return _place(str(path))


def placed_if_given(path: Path | None) -> Path | None:
    """The same for an option; None where it is not given."""
    return placed(path) if path else None


def bring(place: Path) -> str:
    """Ask for a file or a folder of the caller and put it in its place here; gives the answer's status."""
    answer = _ask("get", place)
    if answer.status == "ok":
        place.parent.mkdir(parents=True, exist_ok=True)
        answer.body.replace(place)
    elif answer.status == "folder":
        place.mkdir(parents=True, exist_ok=True)
        _unpack(answer.body, place)
    return answer.status


def refuse_unwritable(path: Path, *, new: bool = False) -> bool:
    """Check that the caller's file can be written, and return whether it is a folder.

    Args:
        path: the file.
        new: only a new file is written.

    Raises:
        OSError: it cannot be written; of an existing file that may not be replaced, FileExistsError.
    """
    answer = _ask("may", path, "n" if new else "-")
    if answer.status == "folder":
        path.mkdir(parents=True, exist_ok=True)
        for name in answer.body.read_text(encoding="utf-8", errors="surrogateescape").splitlines():
            with suppress(OSError, ValueError):
                (path / name).touch()  # decision records are numbered after those that are there
        return True
    if answer.status != "ok":
        raise _error(answer.status, path)
    return False


def names_in(folder: Path) -> list[str]:
    """The names in a folder of the caller, those of folders with a slash at their end; none where it cannot be read."""
    kept = _LISTED.get(folder)
    if kept and time.monotonic() - kept[0] < LISTED_SECONDS:
        return kept[1]
    answer = _ask("names", folder)
    raw = answer.body.read_text(encoding="utf-8", errors="surrogateescape") if answer.status == "ok" else ""
    names = sorted(name for name in raw.splitlines() if name not in {"./", "../"})
    _LISTED[folder] = (time.monotonic(), names)
    return names


def is_folder(path: Path) -> bool:
    """Whether a path that the user named is a folder, of the caller or here."""
    if not is_callers(path):
        return path.is_dir()
    try:
        return refuse_unwritable(path)
    except OSError:
        return False


def make_folder(path: Path) -> None:
    """Make a folder, of the caller or here, where it is missing.

    Raises:
        OSError: it cannot be made.
    """
    if is_callers(path):
        answer = _ask("folder", path)
        if answer.status != "ok":
            raise _error(answer.status, path)
    path.mkdir(parents=is_callers(path), exist_ok=True)


def hand_over(path: Path, data: bytes, *, new: bool = False, with_folder: bool = False) -> None:
    """Write a file of the caller.

    Args:
        path: the file.
        data: its bytes.
        new: only a new file is written.
        with_folder: its folder is made where it is missing.

    Raises:
        OSError: it cannot be written.
    """
    answer = _ask("put", path, ("n" if new else "") + ("m" if with_folder else "") or "-", data)
    if answer.status != "ok":
        raise _error(answer.status, path)


@contextmanager
def written_here(path: Path) -> Iterator[Path]:
    """The path at which a file can be written by itself; at the end of the block it is handed over to the caller.

    Raises:
        SpaceError: it cannot be written outside the container.
    """
    if not is_callers(path):
        yield path
        return
    try:
        refuse_unwritable(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        yield path
        hand_over(path, path.read_bytes())
    except OSError as error:
        raise unwritable(path, error) from None


def _error(status: str, path: Path) -> OSError:
    number = _ERRORS.get(status, errno.EIO)
    return OSError(number, os.strerror(number), str(path))


def _place(named: str) -> Path:
    """Where a file of the caller is here: below the root of the copy. A path that is relative is so already."""
    root = copied_root() or Path("/")
    path = Path(os.path.expanduser(named))  # noqa: PTH111 - an unknown user stays
    if path.is_relative_to(root):
        return path
    return root / path.relative_to("/") if path.is_absolute() else root / _outside(Path.cwd())[1:] / path


def _outside(place: Path) -> str:
    """The path outside the container."""
    root = copied_root()
    path = place.absolute()
    return f"/{path.relative_to(root)}" if root and path.is_relative_to(root) else str(path)


def _ask(verb: str, place: Path, flags: str = "-", data: bytes | None = None) -> Answer:
    """Ask the script, and wait for its answer.

    Raises:
        UsageError: the script has ended or does not listen.
    """
    folder = call_folder()
    if folder is None:
        raise UsageError("The script that started this serves no files.", "Pipe the file in: --attach - <FILE.")
    with _COUNT.lock:
        _COUNT.asked += 1
        number = f"{os.getpid()}-{_COUNT.asked}"
    if data is not None:
        (folder / f"{number}.out").write_bytes(data)
    code = "".join(chr(one) if one in _PLAIN else f"\\0{one:03o}" for one in os.fsencode(_outside(place)))
    line = f"{number} {verb} {flags} {code}\n".encode()
    answer = folder / f"{number}.answer"
    _send(folder / "requests", line)
    checked = time.monotonic()
    while not answer.exists():
        time.sleep(STEP_SECONDS)
        if time.monotonic() - checked > 1:
            checked = time.monotonic()
            _send(folder / "requests", b"")
    if data is not None:
        (folder / f"{number}.out").unlink(missing_ok=True)
    return Answer(answer.read_text(encoding="utf-8"), folder / f"{number}.body")


def _send(requests: Path, line: bytes) -> None:
    """Write to the script; nothing only checks that it listens."""
    until = time.monotonic() + PATIENCE_SECONDS
    while True:
        try:
            channel = os.open(requests, os.O_WRONLY | os.O_NONBLOCK)
            break
        except OSError:  # it does not listen yet
            if time.monotonic() > until or not line:
                cause = "The script that started this has ended, so your files cannot be reached."
                raise UsageError(cause, "Start the command again.") from None
            time.sleep(STEP_SECONDS)
    with os.fdopen(channel, "wb", buffering=0) as open_channel:
        os.set_blocking(channel, True)
        rest = memoryview(line)
        while rest:
            rest = rest[open_channel.write(rest) :]


def _unpack(body: Path, place: Path) -> None:
    """Unpack the files of a folder; nothing else, and nothing beside it.

    Raises:
        DocumentError: they are too large together.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(body.read_bytes())) as packed:
            for member in packed:
                inside = PurePosixPath(member.name)
                content = packed.extractfile(member) if member.isreg() else None
                if content is None or inside.is_absolute() or ".." in inside.parts:
                    continue
                (place / inside).parent.mkdir(parents=True, exist_ok=True)
                (place / inside).write_bytes(content.read())
    except tarfile.TarError:
        if body.stat().st_size:
            raise DocumentError(
                f"The files of {place} are too large together.", "Attach a smaller folder, or its files one by one."
            ) from None


def _matching(named: str, place: Path) -> str:
    """A pattern, after the files that match it were fetched."""
    answer = _ask("match", place)
    if answer.status == "ok":
        _unpack(answer.body, copied_root() or place)
    return str(place) if Path(named).is_absolute() or named.startswith("~") else named


def _changes(named: str) -> str:
    """The file with the changes of a Git range; "" for what is none."""
    from agents.documents.finding import changes_name, is_range

    if not is_range(named):
        return ""
    answer = _ask("range", Path(named))
    if answer.status != "ok" or not answer.body.stat().st_size:
        return ""
    file = Path(changes_name(named)).absolute()
    shutil.copyfile(answer.body, file)
    return file.name


def _missing(named: str, status: str) -> str:
    """Say that there is no such file.

    Raises:
        DocumentError: always.
    """
    path = Path(named)
    if status == "no-folder":
        raise DocumentError(f"There is no file {named}.", f"There is no folder {path.parent} either.")
    near = _near(path, _ask("get", _place(named)).body.read_text(encoding="utf-8", errors="replace").splitlines())
    if near:
        raise DocumentError(f"There is no file {named}.", f"Did you mean {' or '.join(near)}?")
    raise DocumentError(f"There is no file {named}.", "Check the path of the attachment.", about="attach")


def _near(path: Path, names: Sequence[str]) -> list[str]:
    folded = {name.casefold(): name for name in names}
    found = get_close_matches(path.name.casefold(), folded, n=3, cutoff=0.6)
    return [str(path.with_name(folded[name])) for name in found]
