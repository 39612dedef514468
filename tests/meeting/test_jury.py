"""What the votes of a model are worth."""

import json
from dataclasses import replace

import pytest

from agents.meeting.jury import Jury
from agents.meeting.spec import spec_from
from tests.meeting.rooms import spec_for

TESTED = Jury("small", told=5, controls=8, steady=6, measured="2026-11-29")


@pytest.mark.parametrize(("told", "controls", "passes"), [(8, 8, True), (7, 8, True), (6, 8, False), (0, 0, False)])
def test_jury_passes_when_it_tells_seven_of_eight_control_proposals_apart(
    told: int, controls: int, passes: bool
) -> None:
    """A model's votes count from seven of eight control proposals on, and never without any."""
    assert Jury("m", told, controls, steady=controls).passes is passes


def test_sentence_says_how_many_were_told_apart() -> None:
    """The sentence for the minutes has the numbers and says whether the votes are noise."""
    assert (
        TESTED.sentence
        == "The model small told 5 of 8 control proposals apart and was steady on 6; read its votes as noise."
    )
    assert "noise" not in replace(TESTED, told=8).sentence


def test_juries_are_stored_with_the_spec() -> None:
    """A spec comes back with its juries; one of an earlier version has none."""
    table = json.loads(json.dumps(replace(spec_for(), juries=(TESTED,)).as_dict()))
    back = spec_from(table)
    assert back.juries == (TESTED,)
    assert spec_from({name: value for name, value in table.items() if name != "juries"}).juries == ()
