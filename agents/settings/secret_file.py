"""Secrets in files, as Docker and Kubernetes hand them over."""

from pathlib import Path

from agents.errors import SettingError

MOST_BYTES = 2**16
"""The most bytes that a file with a secret may have."""


def read_secret(name: str, path: str) -> str:
    """The text of a file, without the end of its last line.

    Args:
        name: the variable that names the file.
        path: what the variable says.

    Raises:
        SettingError: there is no such file, or it cannot be read, is empty or no text. The value is in no message.
    """
    try:
        with Path(path).open("rb") as opened:
            data = opened.read(MOST_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        raise SettingError(f"{name} names {path!r}, and there is no such file.", _CHECK) from None
    except PermissionError:
        raise SettingError(f"{name} names {path!r}, which this user may not read.", _ALLOW) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise SettingError(f"{name} names {path!r}, which cannot be read: {why}.", _CHECK) from None
    try:
        text = data.decode("utf-8-sig").removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError:
        text = None
    if text is None or len(data) > MOST_BYTES:
        raise SettingError(f"{name} names {path!r}, which is not a short text.", "Write only the value into the file.")
    if not text.strip():
        raise SettingError(f"{name} names {path!r}, which is empty.", "Write the value into the file.")
    return text


_CHECK = "Check the path; in a container it is the path there."
_ALLOW = "Give the user that runs this program the right to read it; in a container that is the user there."
