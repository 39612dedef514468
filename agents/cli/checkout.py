"""The version of the program, and the commit of a checkout."""

from pathlib import Path

from agents import __version__


def version_words() -> str:
    """Such as "orchestrator 0.1.0 (commit 0123456789ab)"."""
    found = commit()
    return f"orchestrator {__version__}" + (f" (commit {found})" if found else "")


def commit(checkout: Path | None = None) -> str:
    """The first twelve digits of the commit of the checkout that this program runs from; "" if it is not a checkout.

    Args:
        checkout: the folder that may be a checkout; None is the folder of this package.
    """
    folder = (checkout or Path(__file__).resolve().parents[2]) / ".git"
    try:
        if folder.is_file():  # a worktree: the file says where the folder is
            folder = folder.parent / folder.read_text(encoding="utf-8").removeprefix("gitdir:").strip()
        head = (folder / "HEAD").read_text(encoding="utf-8").strip()
        if head.startswith("ref: "):
            head = _resolved(folder, head.removeprefix("ref: "))
    except (OSError, UnicodeDecodeError):
        return ""
    return head[:12] if len(head) >= 40 and head.isalnum() else ""


def _resolved(folder: Path, reference: str) -> str:
    """The commit of a branch, from its own file or from the packed list."""
    shared = folder / "commondir"
    folders = [folder]
    if shared.is_file():
        folders.append(folder / shared.read_text(encoding="utf-8").strip())
    for place in folders:
        if (place / reference).is_file():
            return (place / reference).read_text(encoding="utf-8").strip()
        packed = place / "packed-refs"
        for line in packed.read_text(encoding="utf-8").splitlines() if packed.is_file() else ():
            number, _, name = line.partition(" ")
            if name == reference:
                return number
    return ""
