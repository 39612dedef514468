"""orchestrator.bat: the same commands as orchestrator.sh, in the format of Windows."""

import re
import shutil
from pathlib import Path

import pytest

from tests.scripts.windows.wine import PARTS, ROOT, SCRIPTS, Wine, windows

LONGEST_FILE = 600
TEXTS = {file.stem: file.read_text(encoding="ascii") for file in SCRIPTS}
BORROWED = re.compile(r'(?m)((?:^:[\w-]+\n)+)set "entry=%0"\n"%parts%\\([\w%]+)\.bat" %')
"""The labels that lead into another part, and the name of that part."""
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
    ("restart --fast", 2, "Error: restart does not accept '--fast'."),
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


def test_its_folder_may_have_any_name(wine: Wine, tmp_path: Path) -> None:
    """The script finds its parts in a folder whose name has signs that cmd gives a meaning to."""
    home = tmp_path / "my ^app & more (x86)!"
    shutil.copytree(PARTS, home / PARTS.relative_to(ROOT))
    shutil.copy(ROOT / "orchestrator.bat", home)
    line = tmp_path / "line.cmd"
    line.write_bytes(f'@"{windows(home / "orchestrator.bat")}" start --fast\r\n'.encode())
    done = wine.run_script(line, (), {}, tmp_path)
    assert (done.returncode, done.stderr.splitlines()[0]) == (2, "Error: start does not accept '--fast'.")


def labels(text: str) -> list[str]:
    """The labels of a file, in their order."""
    return re.findall(r"(?m)^:([\w-]+)", text)


def own(text: str) -> set[str]:
    """The labels of a file that do not lead into another part."""
    return set(labels(BORROWED.sub("", text)))


def borrowed(text: str) -> list[tuple[str, str]]:
    """The labels of a file that lead into another part, each with the name of that part."""
    return [(label, part) for names, part in BORROWED.findall(text) for label in labels(names)]


def parts_of_words() -> dict[str, str]:
    """Each command with the part that has it."""
    chosen = re.findall(r'for %%W in \((.+)\) do if "%word%"=="%%W" set "part=(.+)"', TEXTS["orchestrator"])
    return {word: part.replace("%%W", word) for words, part in chosen for word in words.split()}


@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_its_lines_end_as_windows_needs(file: Path) -> None:
    """Every line ends with CR LF, and every byte is ASCII: otherwise cmd does not find its labels. No file is long."""
    raw = file.read_bytes()
    assert raw.count(b"\n") == raw.count(b"\r\n")
    assert raw.isascii()
    assert raw.count(b"\n") <= LONGEST_FILE


@pytest.mark.parametrize("name", TEXTS)
def test_every_label_that_is_called_is_there(name: str) -> None:
    """Every goto and call has its label in the same file, and no label occurs twice."""
    text = TEXTS[name]
    code = re.sub(r"(?m)^(rem|echo).*$", "", text)
    called = set(re.findall(r"(?i)\bcall :([\w-]+)", code))
    wanted = called | set(re.findall(r"(?i)\bgoto\s+:?([\w-]+)", code)) - {"word_"}
    assert len(labels(text)) == len(set(labels(text)))
    assert wanted - set(labels(text)) == set()
    assert {label for label, _ in borrowed(text)} - called == set(), "a label of another part that is not called"


def test_every_label_of_another_part_is_there() -> None:
    """A label that leads into another part is a label of that part's own. No two parts have the same one, and each is used."""
    all_own = [label for text in TEXTS.values() for label in own(text) - {"command"}]
    assert len(all_own) == len(set(all_own))
    found = [(label, part) for text in TEXTS.values() for label, part in borrowed(text)]
    assert len(found) > 50
    assert {part for _, part in found} <= {*TEXTS, "%part%"}
    assert [(label, part) for label, part in found if part != "%part%" and label not in own(TEXTS[part])] == []
    used = {name for text in TEXTS.values() for name in re.findall(r"(?:call :|goto )([\w-]+)", text)}
    assert {label for label in all_own if not label.startswith("word_")} - used == set()


def test_each_part_begins_at_the_label_that_was_called() -> None:
    """The first command of a part goes to the label that was called; a part with a word has the label for that word."""
    for name in sorted(TEXTS.keys() - {"orchestrator"}):
        assert re.match(r"@echo off\n(rem .+\n)+goto %entry%\n", TEXTS[name]), name
    parts = parts_of_words()
    assert [word for word, part in parts.items() if f"word_{word}" not in own(TEXTS[part])] == []
    assert {name for name, text in TEXTS.items() if "command" in own(text)} == {*parts.values()}


def test_it_has_the_commands_of_the_other_script() -> None:
    """Both scripts have the same commands, explain all of them, and list the same exit codes."""
    sh = (ROOT / "orchestrator.sh").read_text(encoding="utf-8")
    words = sh.split('commands="')[1].split('"')[0]
    assert f'set "words={words}"' in TEXTS["orchestrator"]
    assert sorted(parts_of_words()) == sorted(words.split())
    assert [word for word in words.split() if f"\necho   {word}" not in TEXTS["help"]] == []
    statuses = re.findall(r"(?m)^(\d+ +[a-z].*)$", sh)
    assert [line for line in statuses if f"echo {line}" not in TEXTS["help"]] == []


@pytest.mark.parametrize("name", TEXTS)
def test_no_block_reads_errorlevel(name: str) -> None:
    """No block in parentheses reads ERRORLEVEL, because cmd replaces it before the block starts."""
    assert not re.search(r"(?im)^[^\n]*\($", TEXTS[name]), "there are no blocks of several lines at all"
