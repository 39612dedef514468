"""What a shell makes of a pattern behind --attach is attached whole."""

from pathlib import Path

import pytest

from agents.cli.terminal.attach_option import with_files


@pytest.mark.parametrize(
    ("line", "words", "more"),
    [
        ("cto Safe? -a g1.md g2.md g3.md", "cto Safe? -a g1.md -a g2.md -a g3.md", "g2.md g3.md"),
        ("cto -a g1.md g2.md Safe?", "cto -a g1.md -a g2.md Safe?", "g2.md"),
        ("-a g1.md cto Safe?", "-a g1.md cto Safe?", ""),
        ("cto --attach g1.md Makefile --forget g2.md", "cto --attach g1.md -a Makefile --forget g2.md", "Makefile"),
        ("cto Safe? g1.md", "cto Safe? g1.md", ""),
        ("cto -a g1.md -- g2.md", "cto -a g1.md -- g2.md", ""),
        ("cto --attach=g1.md g2.md", "cto --attach=g1.md -a g2.md", "g2.md"),
        ("cto -ag1.md g2.md", "cto -ag1.md -a g2.md", "g2.md"),
        ("cto -a", "cto -a", ""),
        ("cto -a g1.md -a g2.md none.md", "cto -a g1.md -a g2.md none.md", ""),
    ],
)
def test_files_behind_an_attached_one_are_attached(
    line: str, words: str, more: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Words that are files follow the flag; an agent's name, a question and an unknown name do not."""
    monkeypatch.chdir(tmp_path)
    for name in ("g1.md", "g2.md", "g3.md", "Makefile", "cto"):
        Path(name).write_text("x")
    assert with_files(line.split()) == (words.split(), more.split())
