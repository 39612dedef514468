"""``status`` in words: the same numbers as the doctor's, in the same unit, and nothing that is empty."""

import json
import re

import pytest

from tests.cli.conftest import Run
from tests.ollama_double import OllamaDouble


@pytest.fixture(autouse=True)
def wide(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal on which the path of the data folder fits into its row."""
    monkeypatch.setenv("COLUMNS", "200")


def facts(run: Run, *options: str) -> dict[str, str]:
    """The table of ``status``."""
    lines = run(*options, "status").out.splitlines()[1:]
    pairs = (re.split(r"\s{2,}", line, maxsplit=1) for line in lines if line[0] != " ")
    return {pair[0]: pair[1] for pair in pairs}


def test_status_and_doctor_count_in_the_same_unit(rehearse: Run) -> None:
    """A disk has as many MB free in one as in the other, and so has memory."""
    shown, doctor = facts(rehearse), rehearse("doctor").out
    for name, pattern in (
        ("disk free", r"disk: ([\d,]+) MB free"),
        ("memory of the machine", r"of ([\d,]+) MB free"),
    ):
        said = re.search(pattern, doctor)
        assert said
        one, other = (int(re.sub(r"\D", "", text)) for text in (shown[name], said[1]))
        assert abs(one - other) <= max(2, one // 100), name
    assert json.loads(rehearse("status", "--json").out)["disk_free_mb"] > 0


def test_status_names_no_key_and_nothing_empty(rehearse: Run) -> None:
    """No raw value of Python, no unit in a name, no line without a value; what nobody can know is left out."""
    shown = facts(rehearse)
    assert all(shown.values())
    assert not [name for name in shown if name.endswith(" mb")]
    assert not {"True", "False", "None", "{}"} & set(shown.values())
    assert "model loaded" not in shown
    assert json.loads(rehearse("status", "--json").out)["model_loaded"] is False


def test_status_says_whether_the_model_is_loaded(run: Run, ollama: OllamaDouble) -> None:
    """Before the first question it is not, afterwards it is."""
    assert ollama.url
    assert facts(run)["model loaded"] == "no"
    run("ask", "cto", "Is it sound?")
    assert facts(run)["model loaded"] == "yes"
