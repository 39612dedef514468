"""Which lines of a text changed."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st

from agents.documents.changes import MOST_COMPARED, Change, changes

texts = st.lists(st.sampled_from(["a", "b", "c", "", *(f"line {n}" for n in range(9))]), max_size=14)


def applied(old: Sequence[str], found: Sequence[Change]) -> list[str]:
    """The old lines with the changes."""
    out = list(old)
    for one in reversed(found):
        begin = one.old - 1
        assert tuple(out[begin : begin + len(one.removed)]) == one.removed
        out[begin : begin + len(one.removed)] = one.added
    return out


@settings(deadline=None)
@given(texts, texts)
def test_the_changes_make_the_new_text_of_the_old_one(old: list[str], new: list[str]) -> None:
    """Each change removes lines that stand there, and together they give the new version."""
    found = changes(old, new)
    assert applied(old, found) == new
    for one in found:
        assert tuple(new[one.new - 1 : one.new - 1 + len(one.added)]) == one.added
        assert one.removed or one.added


def test_the_same_text_has_no_changes() -> None:
    """Two equal versions have none, also without lines."""
    assert changes(["a", "b"], ["a", "b"]) == ()
    assert changes([], []) == ()


def test_lines_are_counted_from_one_in_both_versions() -> None:
    """A line that is replaced and one that is added are two changes, with the numbers of their lines."""
    old, new = ["one", "two", "three", "four"], ["one", "TWO", "three", "more", "four"]
    assert changes(old, new) == (Change(2, 2, ("two",), ("TWO",)), Change(4, 4, (), ("more",)))


def test_lines_that_stay_are_no_changes_in_a_long_text() -> None:
    """With thousands of lines of which every second one changed, the others stay."""
    old, new = ([f"{'same' if n % 2 else side} {n}" for n in range(6_000)] for side in ("old", "new"))
    found = changes(old, new)
    assert len(found) == 3_000
    assert applied(old, found) == new


def test_very_many_changed_lines_are_one_change() -> None:
    """Where too many lines differ, everything between the first and the last difference is one change."""
    count = MOST_COMPARED + 1
    old, new = (["same", *(f"{side} {n}" for n in range(count)), "end"] for side in ("old", "new"))
    [found] = changes(old, new)
    assert (found.old, found.new, len(found.removed), len(found.added)) == (2, 2, count, count)
