"""Documents are cut into short parts, and each part goes to one role."""

from hypothesis import given
from hypothesis import strategies as st

from agents.documents import Document
from agents.meeting.close_reading.parts import PART_LINES, closely, cut
from agents.role import Role

LINES = st.lists(st.sampled_from(["a line of a plan", "", "another one with more words in it"]), max_size=30)
TEXTS = st.lists(LINES, max_size=12)
ROLES = [Role("dba", "DBA", expertise=("backup", "index")), Role("ops", "Operations", expertise=("alarm", "deploy"))]


def text_of(paragraphs: list[list[str]]) -> str:
    """Some paragraphs as one text."""
    return "\n\n".join("\n".join(lines) for lines in paragraphs)


@given(TEXTS, st.integers(1, 5))
def test_every_line_is_in_one_part(paragraphs: list[list[str]], most: int) -> None:
    """All passages are dealt out, each once, and no role gets more parts than allowed."""
    passages = Document("plan.md", text_of(paragraphs)).passages()
    dealt = closely(passages, ROLES, most)
    read = [passage for parts in dealt.values() for part in parts for passage in part]
    assert sorted(read, key=passages.index) == list(passages)
    assert all(len(parts) <= most for parts in dealt.values())


def test_parts_are_short() -> None:
    """A part has at most twenty lines of content where passages are short."""
    text = "\n\n".join("\n".join(f"Line {n} of paragraph {p} says a thing." for n in range(8)) for p in range(20))
    parts = cut(Document("plan.md", text).passages(), PART_LINES, 330)
    sizes = [sum(bool(line.strip()) for one in part for line in one.text.split("\n")) for part in parts]
    assert max(sizes) <= PART_LINES
    assert sum(sizes) == 160


def test_a_part_goes_to_the_role_whose_field_it_is() -> None:
    """The role with the most of its words in a part reads it."""
    text = "\n".join(["The backup of the index is made at night."] * 20)
    text += "\n\n# Watch\n\n" + "\n".join(["An alarm follows each deploy to the desk."] * 20)
    dealt = closely(Document("plan.md", text).passages(), ROLES, 9)
    assert all("backup" in one.text for part in dealt["dba"] for one in part)
    assert all("alarm" in one.text for part in dealt["ops"] for one in part)
