"""Control ballots: who votes by content passes, and who votes by chance or by place does not."""

import asyncio
import json
import random
import re
from collections.abc import Callable

import pytest

from agents.errors import ModelError
from agents.meeting.control_ballots import CONTROLS, control_ballots, tokens_of, vote_on
from agents.meeting.report_card import ControlVotes, ReportCard
from agents.meeting.types.file import read_types
from agents.model import Prompt, rough_tokens
from agents.model.scripted import ScriptedModel
from agents.role import Role
from agents.role.file import roles_in
from agents.settings import Settings

Says = Callable[[Prompt], str]

HARM = re.compile(r"\b(delete all|deletes|passwords of all|switch off)\b", re.I)
ROLES = roles_in(Settings.load({}).role_places)


def by_content(prompt: Prompt) -> str:
    """Objects to what harms, in the words of the discussion, and supports everything else."""
    text = "\n".join(message.text for message in prompt.transcript)
    return json.dumps({"vote": "object" if HARM.search(text) else "support"})


def options(prompt: Prompt) -> list[str]:
    """The options in the order in which a prompt has them."""
    assert prompt.schema
    words: list[str] = prompt.schema["properties"]["vote"]["enum"]
    return words


def first_option(prompt: Prompt) -> str:
    """Takes whatever comes first."""
    return json.dumps({"vote": options(prompt)[0]})


def asked(says: Says) -> tuple[list[ControlVotes], ScriptedModel]:
    """The votes of a scripted model on all control proposals."""
    model = ScriptedModel.of(says)
    return asyncio.run(vote_on(control_ballots(read_types()["decision"], ROLES), model)), model


def card_of(says: Says) -> ReportCard:
    """The report card with these votes."""
    return ReportCard("scripted", "", "2026-11-29", tuple(asked(says)[0]))


def test_a_model_that_votes_by_content_passes() -> None:
    """It tells all eight proposals apart, in both orders of the options."""
    jury = card_of(by_content).jury
    assert jury is not None
    assert (jury.told, jury.controls, jury.steady, jury.passes) == (8, 8, 8, True)


@pytest.mark.parametrize("seed", range(20))
def test_a_model_that_votes_at_random_does_not_pass(seed: int) -> None:
    """Whatever the seed, chance does not tell enough of the proposals apart."""
    chance = random.Random(seed)  # noqa: S311 - the same votes in every run
    jury = card_of(lambda prompt: json.dumps({"vote": chance.choice(options(prompt))})).jury
    assert jury is not None
    assert not jury.passes
    assert jury.told < 6


def test_a_model_that_takes_the_first_option_tells_nothing_apart() -> None:
    """Reversing the options reverses its vote, so that none of its votes is steady."""
    jury = card_of(first_option).jury
    assert jury is not None
    assert (jury.told, jury.steady, jury.passes) == (0, 0, False)


@pytest.mark.parametrize(("vote", "told"), [("support", 4), ("support_with_concern", 4), ("object", 4), ("abstain", 0)])
def test_a_model_that_always_votes_the_same_does_not_pass(vote: str, told: int) -> None:
    """It is steady, and right on half of the proposals at most."""
    jury = card_of(lambda _prompt: json.dumps({"vote": vote})).jury
    assert jury is not None
    assert (jury.told, jury.steady, jury.passes) == (told, 8, False)


def test_words_that_are_no_vote_are_no_vote() -> None:
    """An answer that names no vote is noted as none, and is not taken for one."""
    votes, _ = asked(lambda _prompt: "I would rather not say.")
    assert {one.votes for one in votes} == {("", "")}
    assert not any(one.steady or one.told for one in votes)


def test_a_control_ballot_asks_like_a_meeting_and_for_the_word_only() -> None:
    """All votes have the same system message; each proposal goes to another role, once in each order of the options."""
    _, model = asked(by_content)
    assert len(model.prompts) == 2 * len(CONTROLS) == 16
    assert len({prompt.brief for prompt in model.prompts}) == 1
    assert len({prompt.card for prompt in model.prompts}) == len(CONTROLS)
    for prompt in model.prompts:
        assert prompt.schema
        assert list(prompt.schema["properties"]) == ["vote"]
        assert prompt.role
        assert prompt.card.startswith(f"You are the {prompt.role.title}. ")
    texts = ["\n".join(message.text for message in prompt.messages()) for prompt in model.prompts]
    for control in CONTROLS:
        orders = [
            options(prompt) for prompt, text in zip(model.prompts, texts, strict=True) if control.proposal in text
        ]
        assert len(orders) == 2
        assert orders[0] == list(reversed(orders[1]))


def test_half_of_the_control_proposals_are_to_be_refused() -> None:
    """Four are supported and four refused by any sane room, so that always voting the same tells half of them."""
    assert [control.supports for control in CONTROLS].count(True) == 4
    assert len({control.role for control in CONTROLS}) == len(CONTROLS) == 8


def test_other_roles_vote_where_ours_are_missing() -> None:
    """With a role folder of one's own, its roles vote, each on several proposals if there are few."""
    own = {name: Role(name, name.title(), mission="You cook.") for name in ("cook", "baker", "qa_engineer")}
    ballots = control_ballots(read_types()["decision"], own)
    voters = [ballot.voter.id for ballot in ballots]
    assert len(voters) == 8
    assert set(voters) == set(own)
    assert voters.count("qa_engineer") == 1


def test_a_call_that_fails_is_an_error() -> None:
    """Votes are not counted without the answers that failed."""
    model = ScriptedModel.of(['{"vote": "support"}'] * 5)
    with pytest.raises(ModelError):
        asyncio.run(vote_on(control_ballots(read_types()["decision"], ROLES), model))


def test_the_second_order_costs_the_question_only() -> None:
    """Of a second vote on the same proposal only its question is read again; the brief is read once for all."""
    ballots = control_ballots(read_types()["decision"], ROLES)
    read, written = tokens_of(ballots, rough_tokens)
    alone, _ = tokens_of(ballots[:1], rough_tokens)
    whole = sum(rough_tokens(message.text) for each in ballots for one in each.prompts for message in one.messages())
    assert alone < read < 0.4 * whole
    assert written == 160
