"""Meeting type files with errors: reported by line, left out whole, and never an exception."""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from agents.errors import TypeFileError
from agents.meeting.meeting_type import FIELDS, RULES, USUAL_CHOICES, MeetingType
from agents.meeting.minutes.artefacts import LAYOUTS
from agents.meeting.phases import PHASES
from agents.meeting.types.file import MOST_BYTES, SHIPPED, FieldError, read_type, read_types, type_from

TYPES = read_types()
ROLES = sorted({name for kind in TYPES.values() for name in (*kind.participants, *kind.optional)})
WHOLE = (SHIPPED / "decision.toml").read_text(encoding="utf-8")


def problem_of(folder: Path, text: str | bytes, name: str = "decision.toml") -> str:
    """The problem of a file with this text; "" when it is a meeting type."""
    file = folder / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    found, problem = read_type(file, ROLES)
    assert (found is None) == (problem is not None)
    return str(problem or "")


@pytest.mark.parametrize(
    ("old", "new", "line", "cause"),
    [
        ('rule = "majority"', 'rule = "most"', 38, "'rule' cannot be 'most'. Choose from chair, consent, "),
        ('"backend_developer"]', '"backend_dev"]', 5, "'participants' cannot be 'backend_dev'."),
        ('  "network_engineer",', '  "net",', 17, "'optional' cannot be 'net'."),
        ("minutes = 30", "minutes = 0", 31, "'minutes' is not a valid length. Write a whole number "),
        ("minutes = 30", 'minutes = "30"', 31, "'minutes' is not a valid length."),
        ("minutes = 30", "minuts = 30", 31, "There is no field 'minuts'."),
        ("minutes = 30\n", 'minutes = 30\nneeds = "notes"\n', 32, "'needs' cannot be 'notes'."),
        ("minutes = 30\n", 'minutes = 30\nmaterial = "x"\n', 32, "'material' is only for a type with needs."),
        ('rule = "majority"\n', "", 0, "The field 'rule' is missing."),
        ('"digest", ', '"digset", ', 37, "'phases' cannot be 'digset'."),
        ('"proposal", "ballot"]', '"ballot", "proposal"]', 37, "A ballot needs something to vote on."),
        ('"ballot"]', '"exchange"]', 37, "'exchange' is in 'phases' twice."),
        ('"proposal", "ballot"]', '"challenge"]', 38, "The rule 'majority' needs a ballot."),
        ('label = "Stake"', 'label = "Choice"', 49, "Two [[lines]] have the same label."),
        ('label = "Stake"', 'label = "Risk!"', 49, "'Risk!' is not a valid label."),
        ('label = "Stake"', 'label = "Action"', 49, "The label 'Action' is used by every meeting."),
        ('draws_on = "questions"', 'draws_on = "luck"', 59, "'draws_on' cannot be 'luck'."),
        ("many = true", 'many = "yes"', 46, "'many' must be true or false."),
        ("fields = {", "feilds = {", 53, "A [[lines]] table has no field 'feilds'."),
        ('["impossible", "hard", "easy"]', "[]", 53, "The field 'undo' has no list of allowed words."),
        ('heading = "What we do not know"\n', "", 55, "A [[lines]] table has no 'heading'."),
        ('id = "decision"', 'id = "desision"', 1, "The id 'desision' is not the file's name."),
        ('id = "decision"', 'id = "De Cision"', 1, "'De Cision' is not a valid id."),
        ('title = "Decision"', 'title = "Decision', 2, "The file is not TOML: Illegal character"),
        ('facilitator = "engineering_manager"', 'facilitator = " "', 4, "'facilitator' must be text."),
        ('fields = { undo = ["impossible", "hard", "easy"] }', "fields = [", 55, "The file is not TOML: "),
        ('draws_on = "questions"', 'draws_on = ["questions"', 61, "The file is not TOML: "),
        ('name = "postpone"', 'name = "no decision"', 68, "'no decision' is not a valid name of a choice."),
        ('name = "postpone"', 'name = "choose an option"', 68, "Two [[choices]] have the same name."),
        ('course = "wait"', 'course = "later"', 70, "'course' cannot be 'later'. Choose from go, stop"),
        ('picks = "any"', 'picks = "all"', 71, "'picks' cannot be 'all'."),
        ('picks = "any"\n', "", 67, "The choice 'postpone' takes lines but picks none."),
        ('takes = ["Choice"]\n', "", 64, "The choice 'choose an option' takes no lines."),
        ('takes = ["Choice"]', 'takes = ["Chioce"]', 65, "'takes' cannot be 'Chioce'."),
        ('sentence = "Postpone the decision"\n', "", 67, "A [[choices]] table has no 'sentence'."),
        ('sentence = "Postpone the decision"', 'sentense = "x"', 69, "A [[choices]] table has no field 'sentense'."),
    ],
)
def test_a_bad_file_is_reported_by_line(tmp_path: Path, old: str, new: str, line: int, cause: str) -> None:
    """One error in a good file is reported with file, line, cause and remedy; a missing field without a line."""
    assert WHOLE.count(old) == 1
    problem = problem_of(tmp_path, WHOLE.replace(old, new))
    place = f"decision.toml:{line}" if line else "decision.toml"
    assert problem.startswith(f"{place}: {cause}")
    assert len(problem) > len(f"{place}: {cause}")


def test_a_file_that_is_not_text_is_reported(tmp_path: Path) -> None:
    """Bytes that are not UTF-8 are reported with their line; a file that is too long, or a folder, without one."""
    assert "decision.toml:3: The file is not UTF-8 text." in problem_of(tmp_path, b'id = "x"\n\n\xff\xfe')
    assert "more than 100,000 bytes" in problem_of(tmp_path, b"#" * (MOST_BYTES + 1))
    (tmp_path / "folder.toml").mkdir()
    found, problem = read_type(tmp_path / "folder.toml")
    assert found is None
    assert "cannot be read" in str(problem)


def test_a_type_without_choices_has_the_usual_ones(tmp_path: Path) -> None:
    """A file without choices can accept, accept on conditions or not accept; one without a vote has no choices."""
    without = WHOLE[: WHOLE.index("[[choices]]")]
    (tmp_path / "decision.toml").write_text(without, encoding="utf-8")
    found, _ = read_type(tmp_path / "decision.toml")
    assert found is not None
    assert [choice.name for choice in found.choices] == ["accept", "accept on conditions", "do not accept"]
    assert TYPES["daily_standup"].choices == ()
    one = without + '[[choices]]\nname = "yes"\nsentence = "Yes"\n'
    assert "It has 1 choices. Write 2 to 6" in problem_of(tmp_path, one)
    assert "the rule 'none' takes no vote" in problem_of(tmp_path, WHOLE.replace('"majority"', '"none"'))


def test_a_type_that_was_stored_before_there_were_choices_is_read() -> None:
    """A stored type without choices has the usual ones, so that its meetings can be read and resumed."""
    table = {name: value for name, value in TYPES["decision"].as_dict().items() if name != "choices"}
    assert MeetingType.from_dict(table).choices == USUAL_CHOICES
    assert MeetingType.from_dict({**table, "rule": "none"}).choices == ()


def test_line_ends_and_a_byte_order_mark_make_no_difference(tmp_path: Path) -> None:
    """A file as Windows editors save it gives the same type."""
    assert problem_of(tmp_path, b"\xef\xbb\xbf" + WHOLE.replace("\n", "\r\n").encode()) == ""


def test_a_user_s_type_is_added_or_replaces_a_shipped_one(tmp_path: Path) -> None:
    """A file in the user's folder is a type; one with a shipped id replaces that type; one with an error is left out."""
    (tmp_path / "vendor.toml").write_text(WHOLE.replace('"decision"', '"vendor"', 1), encoding="utf-8")
    (tmp_path / "decision.toml").write_text(WHOLE.replace("minutes = 30", "minutes = 31"), encoding="utf-8")
    (tmp_path / "bad.toml").write_text("id = 1", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a type", encoding="utf-8")
    types = read_types(tmp_path)
    assert set(types) == set(TYPES) | {"vendor"}
    assert types["decision"].minutes == 31
    assert [problem.file.name for problem in types.problems] == ["bad.toml"]
    with pytest.raises(TypeFileError, match="cannot be read"):
        read_types(tmp_path / "nowhere")


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=400))
@example(b"a = " + b"[" * 5000)
@example(b"minutes = " + b"9" * 5000)
@example(b"\x00")
@example(b"lines = [{a.b.c = 1}]")
def test_any_bytes_are_read_or_reported(tmp_path: Path, raw: bytes) -> None:
    """Whatever bytes a file contains, it is reported and never raises."""
    assert problem_of(tmp_path, raw) != ""


def written(value: Any) -> str:
    """A value as TOML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        plain = value.encode("utf-8", "replace").decode().replace("\\", "\\\\").replace('"', '\\"')
        return '"' + "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in plain) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(written, value)) + "]"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{written(name)} = {written(each)}" for name, each in value.items()) + "}"
    return repr(value)


LEAVES = (
    st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(blacklist_categories=["Cs"]), max_size=20)
    | st.sampled_from([*ROLES, *PHASES, *RULES, *LAYOUTS])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*FIELDS, "label", "ask", ""]), inner, max_size=4)
    ),
    max_leaves=12,
)


@settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(TYPES)), st.dictionaries(st.sampled_from([*FIELDS, "more"]), VALUES, max_size=3))
def test_any_toml_is_read_or_reported(tmp_path: Path, name: str, changes: dict[str, Any]) -> None:
    """A good file with any fields changed to anything is a type, or a problem with a place; it never raises."""
    table = {**TYPES[name].as_dict(), **changes}
    text = "\n".join(f"{written(field)} = {written(value)}" for field, value in table.items())
    assert tomllib.loads(text)
    problem = problem_of(tmp_path, text, f"{name}.toml")
    for field in ("minutes", "rule", "artefact"):
        if isinstance(table[field], list):
            assert problem
    file = tmp_path / f"{name}.toml"
    found, told = read_type(file, ROLES)
    if found:
        assert type_from(found.as_dict(), ROLES) == replace(found, source=None)
    else:
        assert told is not None
        assert 0 <= told.line <= text.count("\n") + 1
        assert told.remedy


@settings(deadline=None, max_examples=200)
@given(st.sampled_from(["participants", "optional", "agenda", "phases", "veto"]), VALUES)
def test_what_is_not_a_list_of_texts_is_refused_by_name(field: str, value: Any) -> None:
    """Where a list of texts is expected, anything else raises an error that names the field."""
    if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
        return
    with pytest.raises(FieldError) as bad:
        type_from({**TYPES["decision"].as_dict(), field: value}, ROLES)
    assert bad.value.field == field
    assert bad.value.remedy
