"""People of the real team, in type files and in prompts."""

from dataclasses import replace

import pytest

from agents.meeting import fields, prompts
from agents.meeting.minutes.owners import owners_of
from agents.meeting.types.file import FieldError, read_types, type_from
from agents.role.names import Names
from tests.meeting.rooms import spec_for

DECISION = read_types()["decision"]


def test_people_of_a_type_file_are_kept() -> None:
    """A type can name people; they are written and read back."""
    kind = type_from({**DECISION.as_dict(), "people": ["Ada", "Herr M."]})
    assert kind.people == ("Ada", "Herr M.")
    assert type(kind).from_dict(kind.as_dict()).people == ("Ada", "Herr M.")


@pytest.mark.parametrize("people", [["Ada, Bob"], ["12"], ["Ada", "Ada"], ["x" * 61], "Ada", [""], ["cto"]])
def test_people_are_checked(people: object) -> None:
    """Several names in one, no name, the same twice, a role: each is an error of the field."""
    with pytest.raises(FieldError) as error:
        type_from({**DECISION.as_dict(), "people": people}, ["cto", *DECISION.participants, *DECISION.optional])
    assert error.value.field == "people"


def test_people_can_be_given_tasks() -> None:
    """Prompts name the people, the schema allows them, and what the answer gives them is read again as theirs."""
    spec = replace(spec_for("decision"), names=Names((), ("Ada", "Herr M.")))
    assert "Ada, Herr M." in prompts.brief(spec)
    assert "People of the team" not in prompts.brief(replace(spec, names=Names()))
    want = prompts.task(spec)
    assert '"Ada"' in fields.asked([want])
    assert "Herr M." in str(fields.schema_of([want]))
    answers = [{"who": "Ada", "task": "restore the backup"}, {"who": "Herr M.", "task": "the keys are new"}]
    said = [fields.entries_of({"action": answer}, [want])[0].text for answer in answers]
    assert said == ["Ada will restore the backup", "the keys are new (owner: Herr M.)"]
    assert [owners_of(one, spec.everybody, "").owners for one in said] == [("Ada",), ("Herr M.",)]
