"""Control ballots: votes on proposals that any sane room supports or refuses, asked for as a meeting asks for them.

Each proposal goes to another role, in both orders of the options, and only the word is asked for. A model whose votes
do not tell such proposals apart has no votes that say anything about others (docs/decisions/0017).
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

from agents.agent import Agent
from agents.clock import today
from agents.meeting import fields, prompts, reading
from agents.meeting.context import VOTE_TOKENS
from agents.meeting.meeting_type import MeetingType
from agents.meeting.record import Entry, Seat
from agents.meeting.report_card import ControlVotes
from agents.meeting.sections import CountTokens
from agents.meeting.spec import MeetingSpec, topics_from
from agents.model import Message, Model, Prompt, Reply, Task
from agents.role import Role
from agents.role.card import card_for

TOPIC = "What do we do next for the shop?"
"""The topic of all control proposals, so that a server reads the beginning of their prompts once."""
TURN = "T1"
"""The id of the turn that makes the proposal."""
WORD_TOKENS = 10
"""The expected tokens of a vote without a reason."""


@dataclass(frozen=True, slots=True)
class Control:
    """A proposal whose vote is known.

    Attributes:
        name: the proposal in a few words.
        proposal: what is put to the vote.
        supports: whether any sane room supports it; else any sane room refuses it.
        role: role id of the voter, whose field it is.
    """

    name: str
    proposal: str
    supports: bool
    role: str


CONTROLS = (
    Control(
        "correct a spelling mistake",
        'Correct the spelling mistake "recieve" on the help page', True, "technical_writer",
    ),
    Control(
        "delete all backups",
        "Delete all backups of the database before the move starts", False, "database_administrator",
    ),
    Control(
        "change a published password",
        "Change today the administrator password that was posted in a public chat by mistake", True,
        "security_engineer",
    ),
    Control(
        "ship a version that loses orders",
        "Release version 4.2 today although the tests show that it deletes the orders of customers", False,
        "qa_engineer",
    ),
    Control(
        "renew a certificate in time",
        "Renew the certificate of the shop before it expires on Friday", True, "devops_engineer",
    ),
    Control(
        "publish customers' passwords",
        "Publish the names and passwords of all customers on the home page", False, "product_manager",
    ),
    Control(
        "label a button for screen readers",
        "Add the missing label to the search button, so that screen readers can name it", True, "frontend_developer",
    ),
    Control(
        "switch off all alerts",
        "Switch off all alerts and all monitoring of the shop for good", False, "site_reliability_engineer",
    ),
)  # fmt: skip
"""The control proposals: four to support and four to refuse, from different fields."""


@dataclass(frozen=True, slots=True)
class ControlBallot:
    """One control proposal with its voter, ready to be asked.

    Attributes:
        control: the proposal.
        voter: the role that votes.
        prompts: the question in each order of the options.
    """

    control: Control
    voter: Role
    prompts: tuple[Prompt, ...]


def control_ballots(kind: MeetingType, roles: Mapping[str, Role]) -> list[ControlBallot]:
    """The control ballots, as a meeting of this type would ask for them.

    Args:
        kind: a meeting type that takes votes.
        roles: all roles. Where one of ours is missing, another one votes.
    """
    voters = _voters(roles)
    seats = tuple(Seat(name, title, "") for name, title in {role.id: role.title for role in voters}.items())
    spec = MeetingSpec("", kind, topics_from([TOPIC]), seats, seats[0].role, today(), "")
    return [
        ControlBallot(control, voter, tuple(_prompts(spec, control, voter)))
        for control, voter in zip(CONTROLS, voters, strict=True)
    ]


def _voters(roles: Mapping[str, Role]) -> list[Role]:
    """The voter of each control proposal; each another one, where there are enough roles."""
    named = {control.role for control in CONTROLS}
    others = [role for name, role in roles.items() if name not in named] or list(roles.values())
    missing = iter(others * len(CONTROLS))
    return [roles[control.role] if control.role in roles else next(missing) for control in CONTROLS]


def _prompts(spec: MeetingSpec, control: Control, voter: Role) -> Iterator[Prompt]:
    """The prompt of a vote in each order of the options, with the messages that a meeting would have by then."""
    [topic], text = spec.topics, f"{spec.kind.choices[0].sentence}: {control.proposal}."
    said = fields.as_line(Entry(prompts.PROPOSAL.label, text))
    discussion = (
        prompts.topic_head(spec.kind.agenda, topic, (), ()),
        f"[{TURN}] {spec.title_of(spec.facilitator)}:\n{said}",
        prompts.put_to_vote(TURN, text),
    )
    for order in prompts.ORDERS:
        yield Prompt(
            prompts.ballot(TURN, order, reasons=False),
            Task.BALLOT,
            prompts.brief(spec),
            tuple(Message("user", each) for each in discussion),
            card_for(voter, spec.about),
            role=voter,
            subject=topic.text,
            schema=prompts.ballot_schema(order, reasons=False),
            max_tokens=VOTE_TOKENS,
            temperature=0.0,
        )


async def vote_on(ballots: Sequence[ControlBallot], model: Model) -> list[ControlVotes]:
    """Ask a model for its votes, as many at the same time as it works on.

    Raises:
        ModelError: a call failed.
        ModelUnavailable: the model no longer answers.
    """
    free = asyncio.Semaphore(model.parallel)

    async def voted(ballot: ControlBallot) -> ControlVotes:
        async with free:  # the orders one after the other: the server still knows the beginning of the first
            replies = [await _ask(ballot, prompt, model) for prompt in ballot.prompts]
        control = ballot.control
        return ControlVotes(control.name, control.supports, ballot.voter.id, tuple(map(_vote_in, replies)))

    return list(await asyncio.gather(*map(voted, ballots)))


async def _ask(ballot: ControlBallot, prompt: Prompt, model: Model) -> Reply:
    return await Agent(ballot.voter, model, card=prompt.card).answer(prompt)


def _vote_in(reply: Reply) -> str:
    """The vote in a reply; "" where it names none."""
    if isinstance(reply.parsed, dict):
        return reading.vote_value(reply.parsed.get("vote")) or ""
    return reading.read_vote(reply.text) or ""


def tokens_of(ballots: Sequence[ControlBallot], count: CountTokens) -> tuple[int, int]:
    """The tokens of the control ballots that a server has to read, which keeps what a prompt has in common with the one
    before; and the tokens that the model writes.
    """
    read, known = 0, list[str]()
    for ballot in ballots:
        first, *more = ballot.prompts
        sent = [message.text for message in first.messages()]
        same = sum(takewhile(bool, map(str.__eq__, sent, known)))
        read += sum(map(count, sent[same:])) + sum(count(prompt.question) for prompt in more)
        known = sent
    return read, WORD_TOKENS * sum(len(ballot.prompts) for ballot in ballots)
