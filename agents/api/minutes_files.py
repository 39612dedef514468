"""Minutes as files: the media type of each format, and the ending of its name."""

import re

MEDIA = {
    "json": ("application/json", "json"),
    "markdown": ("text/markdown", "md"),
    "html": ("text/html", "html"),
    "csv": ("text/csv", "csv"),
    "adr": ("text/markdown", "adr.md"),
    "ics": ("text/calendar", "ics"),
    "ics_todo": ("text/calendar", "ics"),
    "ics_all": ("text/calendar", "ics"),
    "transcript": ("text/plain", "txt"),
    "transcript_json": ("application/json", "json"),
    "chained": ("application/jsonl", "jsonl"),
}
"""The media type of each format of minutes, and the ending of its file."""

_ODD = re.compile(r"[^A-Za-z0-9._-]+")


def file_name(meeting_id: str, ending: str) -> str:
    """The name of a file, with letters that every system and every header takes.

    Args:
        meeting_id: the meeting, whose id may be any text.
        ending: the ending of the file.
    """
    plain = _ODD.sub("_", meeting_id)[:100].strip("._") or "meeting"
    return f"{plain}.{ending}"
