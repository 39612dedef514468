"""Finds what an attachment names: one file, the files of a folder or of a pattern, or the changes of a Git range."""

import os
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from glob import glob, has_magic
from pathlib import Path, PureWindowsPath
from urllib.parse import unquote, urlsplit

from agents.errors import DocumentError

MOST_FILES = 100
"""The most files of a folder or a pattern."""
GIT_SECONDS = 30
"""The most seconds that Git may take."""
_CHECK = "Check the path of the attachment."
_AS_TEXT = 'Check the path; to attach a text, pass agents.documents.Document("name.md", text).'
_REVISION = re.compile(r"[\w/@{}^~#+.-]+")
_BUILT = frozenset({"node_modules", "__pycache__", "venv", "dist", "target"})
"""Folders of what others wrote or a program made; they are left out where Git does not say what to leave out."""
_GIT = (
    "git", "--no-pager", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false",
)  # fmt: skip
"""Git without the programs that the settings of a repository may name."""
_QUIET = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "GIT_PAGER": "cat"}


@dataclass(frozen=True, slots=True)
class Found:
    """A file to read.

    Attributes:
        path: the file.
        name: the name of its document; "" for that of the file.
        only_text: whether it is left out, and not refused, where it is not text.
    """

    path: Path
    name: str = ""
    only_text: bool = False


@dataclass(frozen=True, slots=True)
class Changes:
    """The text of the changes in a Git range, and the name of its document."""

    name: str
    raw: bytes


def find(named: str | Path) -> list[Found] | Changes:
    """What an attachment names, as the user wrote it.

    A file of that name comes first, whatever signs the name has. Otherwise it is tried as an address of a file, a path
    of Windows, a pattern such as ``docs/*.md``, and a Git range such as ``main..HEAD``.

    Raises:
        DocumentError: there is nothing of that name; the remedy suggests names that are like it.
    """
    text = str(named)
    if "\n" in text.strip() and not _exists(Path(text)):
        cause = f"There is no file {text.split(chr(10))[0][:40]!r}...: that is a text of several lines."
        raise DocumentError(cause, _AS_TEXT, about="attach")
    if not text.strip("\"' "):
        raise DocumentError("An attachment has no name.", "Name a file, a folder, a pattern, or a Git range.")
    for path in _meant(text):
        if path.is_dir():
            return _in_folder(path)
        if _exists(path):
            return [Found(path)]
    if has_magic(text):
        return _of_pattern(text)
    if is_range(text):
        return _changes(text)
    near = _near(_meant(text)[0])
    check = _AS_TEXT if " " in text.strip() else _CHECK
    raise DocumentError(f"There is no file {text}.", near or check, about="" if near else "attach")


def _meant(text: str) -> list[Path]:
    """The paths that a text may mean, the most literal one first."""
    bare = text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "\"'" else text
    meant = [text, bare]
    if bare.lower().startswith("file:"):
        address = urlsplit(bare)
        inside = unquote(address.path)
        meant.append(inside[1:] if re.match(r"/[A-Za-z]:", inside) else inside)
    meant += [unquote(bare)] if "%" in bare else []
    windows = PureWindowsPath(bare)
    if "\\" in bare and os.name != "nt":
        meant.append(windows.as_posix())
        if len(windows.drive) == 2:  # as WSL shows the drives of Windows
            meant.append(f"/mnt/{windows.drive[0].lower()}{windows.as_posix()[2:]}")
        meant.append(re.sub(r"\\(.)", r"\1", bare))  # a backslash before a blank
    return [Path(os.path.expanduser(one)) for one in dict.fromkeys(meant) if one]  # noqa: PTH111 - an unknown user stays


def is_range(text: str) -> bool:
    """Whether a text is two revisions of Git with two or three dots between them; the second may be left out."""
    first, dots, last = text.partition("..")
    last = last.removeprefix(".")
    if not dots or not first or first[0] in "-./" or ".." in last or last.startswith(("-", "/", ".")):
        return False
    return bool(_REVISION.fullmatch(first)) and (not last or bool(_REVISION.fullmatch(last)))


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError):  # too long a name, or one with a NUL
        return False


def _near(path: Path) -> str:
    """What is known about a file that is missing: the names in its folder that are like it; "" for nothing."""
    try:
        names = [one.name for one in path.parent.iterdir()] if path.parent.is_dir() else []
    except OSError:
        names = []
    if not path.parent.is_dir():
        return f"There is no folder {path.parent} either."
    by_folded = {name.casefold(): name for name in names}
    near = get_close_matches(path.name.casefold(), by_folded, n=3, cutoff=0.6)
    if not near:
        return ""
    return f"Did you mean {' or '.join(str(path.with_name(by_folded[name])) for name in near)}?"


def _in_folder(folder: Path) -> list[Found]:
    """The files of a folder, as Git lists them where it does, without hidden ones."""
    listed = _listed_by_git(folder)
    names = sorted(_walked(folder) if listed is None else listed)
    found = [
        Found(folder / name, name, only_text=True)
        for name in names
        if not any(part.startswith(".") for part in name.split("/")) and _is_inside(folder, folder / name)
    ]
    if not found:
        raise DocumentError(f"There is no file in {folder} that can be attached.", "Hidden and ignored files are not.")
    return _not_too_many(found, str(folder))


def _is_inside(folder: Path, path: Path) -> bool:
    """Whether a path is a file of a folder, and not a link to a file elsewhere that nobody meant to attach."""
    return path.is_file() and path.resolve().is_relative_to(folder.resolve())


def _not_too_many(found: list[Found], named: str) -> list[Found]:
    if len(found) > MOST_FILES:
        raise DocumentError(
            f"{named} has {len(found)} files, and at most {MOST_FILES} can be attached at once.",
            "Attach a smaller folder, or a pattern such as 'docs/*.md'.",
        )
    return found


def _walked(folder: Path) -> Iterator[str]:
    for inside, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".") and name not in _BUILT]
        for name in files:
            yield (Path(inside) / name).relative_to(folder).as_posix()


def _listed_by_git(folder: Path) -> list[str] | None:
    """The files of a folder that Git knows or would add; None where there is no Git or no repository."""
    words = ["ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", "."]
    ran = _git(words, folder)
    if ran is None or ran.returncode:
        return None
    return list({os.fsdecode(name) for name in ran.stdout.split(b"\0") if name})


def _of_pattern(text: str) -> list[Found]:
    paths = sorted(Path(one) for one in glob(os.path.expanduser(text), recursive=True))  # noqa: PTH111, PTH207 - as a shell does
    files = [path for path in paths if path.is_file()]
    if not files:
        raise DocumentError(f"No file is like {text}.", "Check the pattern and the folder.")
    return _not_too_many([Found(path, only_text=len(files) > 1) for path in files], text)


def _changes(text: str) -> Changes:
    """The changes of a range of the repository around the current folder, by Git alone: no pager, no other program."""
    words = [
        "diff", "--no-ext-diff", "--no-textconv", "--no-color", "--submodule=short", "--end-of-options", text, "--",
    ]  # fmt: skip
    ran = _git(words, Path())
    if ran is None:
        raise DocumentError(f"There is no file {text}, and no Git to read it as a range.", "Attach a file.")
    if ran.returncode:
        said = ran.stderr.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
        raise DocumentError(f"{text} is no file, and no range of this repository: {said}.", "Check both ends of it.")
    if not ran.stdout.strip():
        raise DocumentError(f"There are no changes in {text}.", "Check the order of its ends: older..newer.")
    return Changes(changes_name(text), ran.stdout)


def changes_name(text: str) -> str:
    """The name of the document with the changes of a range."""
    whole = f"{text}HEAD" if text.endswith(".") else text
    return f"{whole.replace('/', '-')}.diff"


def _git(words: list[str], folder: Path) -> "subprocess.CompletedProcess[bytes] | None":
    """Git's answer; None where there is no Git, or it takes too long."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    try:
        return subprocess.run(  # noqa: S603 - fixed words; a range stands behind --end-of-options
            [*_GIT, *words], cwd=folder, capture_output=True, timeout=GIT_SECONDS, env={**kept, **_QUIET}, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return None
