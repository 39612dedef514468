"""The files that pages load: style, script and icon, whose addresses change with their content."""

import hashlib
from functools import cache
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response

from agents.api.pages import paths
from agents.export.html import STYLE

_LOOK = Path(__file__).with_name("look")
_STYLES = ("style", "reading", "live", "start", "lists", "documents", "compare")
_FILES = {
    "style.css": ("text/css", (STYLE, *(_LOOK / f"{name}.css" for name in _STYLES))),
    "page.js": ("text/javascript", (_LOOK / "page.js",)),
    "icon.svg": ("image/svg+xml", (_LOOK / "icon.svg",)),
}
"""The media type of each file, and what it is put together of."""

_HEADERS = {"Cache-Control": "private, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"}


@cache
def content(name: str) -> bytes:
    """A file.

    Raises:
        KeyError: there is none of this name.
    """
    return b"\n".join(file.read_bytes() for file in _FILES[name][1])


@cache
def address(name: str) -> str:
    """The address of a file, with a mark of its content, so that a browser can keep it."""
    return f"{paths.ASSETS}{name}?{hashlib.sha256(content(name)).hexdigest()[:12]}"


async def asset(request: Request) -> Response:
    """A file."""
    name = request.path_params["name"]
    if name not in _FILES:
        return Response("There is no such file.\n", 404, media_type="text/plain")
    return Response(content(name), 200, _HEADERS, _FILES[name][0])
