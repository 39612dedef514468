"""orchestrator.bat: the same commands as orchestrator.sh, in the format of Windows."""

import re
from pathlib import Path

import pytest

from tests.scripts.windows.wine import ROOT, Wine, windows

BAT = ROOT / "orchestrator.bat"
MISSING = "Error: Docker is not installed."
LOCAL = "No Docker engine answers, so this runs locally in "

# words, status, how the first line begins (standard error where there is any, else standard output)
TABLE = [
    ("", 0, "Usage: orchestrator.bat COMMAND"),
    ("help", 0, "Usage: orchestrator.bat COMMAND"),
    ("help exit-codes", 0, "0    done"),
    ("bogus", 2, "Error: There is no command 'bogus'."),
    ("build", 4, MISSING),
    ("start", 4, MISSING),
    ("start --fast", 2, "Error: start does not accept '--fast'."),
    ("stop", 4, MISSING),
    ("stop --now", 2, "Error: stop does not accept '--now'."),
    ("restart", 4, MISSING),
    ("restart --fast", 2, "Error: start does not accept '--fast'."),
    ("status", 4, MISSING),
    ("status --yaml", 2, "Error: status does not accept '--yaml'."),
    ("logs", 4, MISSING),
    ("shell", 4, MISSING),
    ("cleanup --yes", 4, MISSING),
    ("cleanup --everything", 2, "Error: cleanup does not accept '--everything'."),
    ("migrate-volume", 4, MISSING),
    ("doctor", 4, "FAULT Docker is not installed."),
    ("version", 0, LOCAL),
    ("backup list", 0, ""),
    ("backup --keep none", 2, "Error: --keep is 'none'."),
    ("backup --keep", 2, "Error: --keep needs a number."),
    ("backup verify", 2, "Error: backup verify takes one backup."),
    ("backup verify nowhere", 2, "Error: There is no backup 'nowhere'."),
    ("restore", 2, "Error: restore needs a backup."),
    ("restore nowhere", 2, "Error: There is no backup 'nowhere'."),
    ("restore --fast", 2, "Error: restore does not accept '--fast'."),
    ("restore x --into nowhere", 2, "Error: --into is 'nowhere'."),
]


@pytest.mark.parametrize(("words", "status", "first"), TABLE)
def test_each_command(wine: Wine, words: str, status: int, first: str, tmp_path: Path) -> None:
    """Each command has the status and the first line of orchestrator.sh."""
    done = wine.run(*words.split(), ORCHESTRATOR_BACKUPS=windows(tmp_path / "my backups"))
    said = (done.stderr or done.stdout).splitlines() or [""]
    assert (done.returncode, said[0][: len(first)]) == (status, first), done.stderr
    assert "Syntax error" not in done.stderr


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("up", "start"),
        ("down", "cleanup"),
        ("ps", "status"),
        ("sart", "start"),
        ("bakup", "backup"),
        ("stauts", "status"),
    ],
)
def test_a_wrong_word_gets_a_suggestion(wine: Wine, word: str, meant: str) -> None:
    """A wrong word is told in two lines, the cause first, with the command that is probably meant."""
    done = wine.run(word)
    assert done.returncode == 2
    assert done.stderr.splitlines() == [
        f"Error: There is no command '{word}'.",
        f"  Did you mean: orchestrator.bat {meant}? orchestrator.bat help lists all commands.",
    ]


def test_its_lines_end_as_windows_needs() -> None:
    """Every line ends with CR LF, and every byte is ASCII: otherwise cmd does not find its labels."""
    raw = BAT.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.isascii()


def test_every_label_that_is_called_is_there() -> None:
    """Every goto and call has its label, and no label occurs twice."""
    text = BAT.read_text(encoding="ascii")
    labels = re.findall(r"(?m)^:([\w-]+)", text)
    wanted = set(re.findall(r"(?i)\b(?:goto|call :)\s*:?([\w-]+)", re.sub(r"(?m)^(rem|echo).*$", "", text)))
    assert len(labels) == len(set(labels))
    assert wanted - {"word_", *labels} == set()


def test_it_has_the_commands_of_the_other_script() -> None:
    """Both scripts have the same commands, explain all of them, and list the same exit codes."""
    bat, sh = BAT.read_text(encoding="ascii"), (ROOT / "orchestrator.sh").read_text(encoding="utf-8")
    words = sh.split('commands="')[1].split('"')[0]
    assert f'set "words={words}"' in bat
    assert [word for word in words.split() if f"\n:word_{word}\n" not in bat or f"\necho   {word}" not in bat] == []
    statuses = re.findall(r"(?m)^(\d+ +[a-z].*)$", sh)
    assert [line for line in statuses if f"echo {line}" not in bat] == []


def test_no_block_reads_errorlevel() -> None:
    """No block in parentheses reads ERRORLEVEL, because cmd replaces it before the block starts."""
    text = BAT.read_text(encoding="ascii")
    assert not re.search(r"(?im)^[^\n]*\($", text), "there are no blocks of several lines at all"
