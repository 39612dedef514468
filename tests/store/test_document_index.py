"""The search for passages of documents by their words."""

from agents.documents import Document
from agents.store.document_index import searchable

DESIGN = Document("design.md", "# Plan\n\nSessions move to Redis.\n\n## Rollback\n\nThe rollback is one command.")


def test_the_passages_of_documents_are_found_by_their_words() -> None:
    """The passage with the words comes first, from whichever document, and a word in no document finds nothing."""
    with searchable([Document("notes.md", "Lunch is at noon."), DESIGN]) as index:
        assert index is not None
        assert index.search("rollback", 5)[0].text.endswith("The rollback is one command.")
        assert [passage.document for passage in index.search("noon", 5)] == ["notes.md"]
        assert index.search("elephants", 5) == []


def test_without_documents_there_is_nothing_to_search() -> None:
    """There is no index where there are no documents."""
    with searchable([]) as index:
        assert index is None
