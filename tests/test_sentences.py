"""Where sentences end."""

import pytest

from agents.sentences import sentence_ends, sentences_of

CUT = """
What must never happen, e.g. the QA Engineer will delete the logs.|Next one.
See i.e. the plan.|It takes approx. 5 min. per node.
Item No. 1 is done.|Dr. Meier agrees.
We say no.|We mean it.
We use vs. them.|Fig. 3 shows it, cf. p. 4.
The U.S. team goes at 5 p.m. to the hall.
Die Logs, z. B. von QA, d.h. alle.|Ende.
He said "No."|Then he left.
Is it?|Yes!|Node.js 1.2 stays.
It grows ... and breaks.
\u524a\u9664\u3057\u307e\u3059\u3002|\u6b21\u3067\u3059\u3002
""".strip().split("\n")


@pytest.mark.parametrize("line", CUT)
def test_a_text_is_cut_at_the_ends_of_its_sentences(line: str) -> None:
    """Abbreviations, initials and numbers end no sentence; marks of other scripts do."""
    parts = line.split("|")
    joiner = "" if "\u3002" in line else " "
    assert sentences_of(joiner.join(parts)) == parts


def test_a_line_end_ends_a_sentence() -> None:
    """Lines are cut as well; empty ones are left out."""
    assert sentences_of("one\n\ntwo three\n") == ["one", "two three"]


@pytest.mark.parametrize(
    ("text", "ends"),
    [("It is.", [6]), ("It is", []), ("See e.g.", []), ("\u3067\u3059\u3002", [3]), ("", []), ("Ab.\nCd", [3, 4])],
)
def test_the_ends_of_sentences_are_places(text: str, ends: list[int]) -> None:
    """A sentence ends behind its mark, but not behind an abbreviation."""
    assert sentence_ends(text) == ends
