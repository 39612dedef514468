"""What was typed while nothing read the keyboard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.cli.terminal.typed_ahead import as_line, typed_ahead


@pytest.mark.parametrize(
    ("keys", "line"),
    [
        ("stop\n", "stop"),
        ("@cto why?\r\nand when?\r", "@cto why? and when?"),
        ("hellp\x7f\x7flo", "hello"),
        ("a\x1b[A\x1b[1;5Cb\x1bOP", "ab"),
        ("\x03\x04\x1b", ""),
        ("größe 日本\x7f", "größe 日"),
    ],
)
def test_keys_become_the_line_they_would_have_been(keys: str, line: str) -> None:
    """Backspace takes a letter back, a line end is a blank, other keys are left out."""
    assert as_line(keys) == line


@given(st.text())
def test_any_keys_become_one_harmless_line(keys: str) -> None:
    """Nothing that moves a cursor is left."""
    line = as_line(keys)
    assert line.isprintable()
    assert line == " ".join(line.split())


def test_without_a_terminal_there_is_nothing() -> None:
    """Standard input that is a pipe is not read."""
    assert typed_ahead() == ""
