"""The transcript as Markdown: every turn in order, also dropped ones, every vote, and who gave no answer."""

from agents.export.markdown import in_markdown
from agents.export.page.spoken import transcript_page
from agents.meeting.record import Minutes


def to_transcript(minutes: Minutes) -> str:
    """Write the transcript as Markdown (CommonMark)."""
    return in_markdown(transcript_page(minutes))
