"""Folders that only this user can read, with all that is missing above them."""

from pathlib import Path


def make_private(folder: Path) -> None:
    """Create a folder and the missing ones above it, all for this user only; one that exists stays as it is.

    ``Path.mkdir`` creates those above with the rights that the umask leaves, which may be those of everybody.

    Raises:
        OSError: no space, or no permission, or there is a file in its place.
    """
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_private(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)
