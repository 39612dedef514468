"""The whole journal as a chain of hashed lines, with the minutes, so that a later change of the file is found."""

from agents.export.markdown import to_markdown
from agents.meeting.chain import chained
from agents.meeting.record import Minutes


def to_chained(minutes: Minutes) -> str:
    """Write every event of the meeting and the minutes, one JSON value a line, with the hash of the line before."""
    return chained(minutes.journal, to_markdown(minutes))
