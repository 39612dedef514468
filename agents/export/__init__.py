"""Minutes as files: pure functions from Minutes to text, one module a format. docs/exports.md describes the formats.

Import from here: ``export``, ``FORMATS``; what formats have in common with the terminal in ``text``, and single formats
in ``adr``, ``csv``, ``html``, ``ics``, ``json``, ``markdown`` and ``plain``; the minutes as a page in ``page``; for the
pages of the service ``html_tags``, ``html_writer``, ``quote_marks``, ``position_chart``, ``corrections``,
``document_margin``, ``redacted``.
Never knows: ``agents.store``, ``agents.agent``, ``agents.orchestrator``.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from agents.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable

    from agents.meeting.record import Minutes

FORMATS = {
    "markdown": "agents.export.markdown:to_markdown",
    "html": "agents.export.html:to_html",
    "json": "agents.export.json:to_json",
    "csv": "agents.export.csv:to_csv",
    "adr": "agents.export.adr:to_adr",
    "ics": "agents.export.ics:to_ics",
    "ics_todo": "agents.export.ics:to_ics_todo",
    "ics_all": "agents.export.ics:to_ics_all",
    "transcript": "agents.export.transcript:to_transcript",
    "chained": "agents.export.chained:to_chained",
    "transcript_json": "agents.export.json:to_transcript_json",
}
"""The function that writes each format, by the format's name; a module is loaded when its format is first used."""


def export(minutes: "Minutes", name: str) -> str:
    """Write minutes in the format called ``name``.

    Line ends are part of the format: write the text unchanged (``newline=""``), in UTF-8.

    Raises:
        UnknownName: there is no such format.
    """
    if name not in FORMATS:
        raise UnknownName("format", name, list(FORMATS), "agents.export.FORMATS")
    module, _, attribute = FORMATS[name].partition(":")
    write: Callable[[Minutes], str] = getattr(import_module(module), attribute)
    return write(minutes)
