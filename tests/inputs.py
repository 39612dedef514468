"""Documents that tests hold meetings about."""

from pathlib import Path

from agents.documents import Document

ROOT = Path(__file__).resolve().parent.parent
"""The checkout."""
HERE = ROOT / "tests"
PROPOSAL = HERE.parent / "examples" / "session_store_proposal.md"
PLAN = """# Move the search index

## Plan

We switch the search index at once on Friday evening.
There is no rollback, because the old index is deleted to save disk space.
Queries retry until they succeed; there is no timeout.

## Tests

The team tests by hand after the switch.
"""

NOTES = Document("notes.md", "The sessions move to the shared store.\n")
"""A document for meetings of types that need one; what it says makes no difference."""
