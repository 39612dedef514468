"""What is no text is taken out where a document is read, and line n stays line n."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.documents import document_from_bytes
from agents.documents.cleaning import clean
from tests.drill import rounds

FA = "نسخه\u200cی پشتیبان بازیابی نمی\u200cشود"


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("12:00 \x1b[31mERROR\x1b[0m the backup failed", "12:00 ERROR the backup failed"),
        ("12:01 \x1b]0;pwned\x07\x1b[2Jthe database lost writes", "12:01 the database lost writes"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\ and \x1b(Bmore", "link and more"),
        ("\x1b]0;open title\nthe next line", "open title\nthe next line"),
        ("\x9b1mbold\x9b0m", "bold"),
        ("N\x08NA\x08AM\x08ME", "NAME"),
        ("_\x08b", "b"),
        ("back\u00adup and zero\u200bwidth \ufeffmark", "backup and zerowidth mark"),
        ("a\u00a0b\u202fc", "a b c"),
        ("10 %\r50 %\r100 %\ndone", "10 % 50 % 100 %\ndone"),
        ("a\r\r\nb\r\nc", "a\nb\nc"),
        ("a\rb\rc", "a\nb\nc"),
        ("a\x0bb\x0cc\u2028d\u2029e\x85f\x1cg", "a b c d e f g"),
        (FA, FA),
        ("\U0001f469\u200d\U0001f4bb and pass\u200dword", "\U0001f469\u200d\U0001f4bb and password"),
        ("\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", "\U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f"),
        ("tab\tand\nline", "tab\tand\nline"),
        ("\u0601123 \u06dd", "\u0601123 \u06dd"),
    ],
)  # fmt: skip
def test_what_is_no_text_is_taken_out(text: str, cleaned: str) -> None:
    """Escape sequences and signs without width go, joiners stay where they are spelling, stray line ends are blanks."""
    assert clean(text)[0] == cleaned


@given(st.text(st.sampled_from("ab\n\r\t \x1b[]0m;\x07\x08\u200c\u200bه\u202e\x85\u2028"), max_size=60))
@settings(max_examples=rounds(100, 1000), deadline=None)
def test_line_numbers_never_change(text: str) -> None:
    """Line n of the file is line n of the document, and what is clean stays as it is."""
    text = text.replace("\r", "") + "\nend"
    cleaned = clean(text)[0]
    assert cleaned.count("\n") == text.count("\n")
    assert clean(cleaned)[0] == cleaned
    assert all(char not in cleaned for char in "\x1b\x07\x08\u200b\u202e\x85\u2028")


def test_signs_that_make_a_text_look_like_another_are_said() -> None:
    """Characters that turn letters around, and hidden words, are left out and named with their line."""
    found = document_from_bytes("auth.py", "a = 1\nif admin:\u202e# end\u202c\n".encode())
    assert found.text == "a = 1\nif admin:# end\n"
    assert found.note == (
        "auth.py: 2 characters that turn the order of letters around left out; "
        "the first, right-to-left override, is on line 2."
    )
    hidden = document_from_bytes("a.md", "text\U000e0064\U000e0065".encode())
    assert "2 characters that are not shown left out" in hidden.note
    assert document_from_bytes("a.log", b"\x1b[31mred\x1b[0m").note == ""


def test_hostile_texts_are_cleaned_in_linear_time() -> None:
    """Half a megabyte of each worst text ends within the test's time."""
    for worst in ["\x1b[" * 250_000, "\x1b]" * 250_000, "\x1b[" + "0;" * 250_000, "\r" * 500_000, "a\x08" * 250_000,
                  "\r" * 500_000 + "\n", "\U000e0041" * 100_000]:  # fmt: skip
        clean(worst)
