"""The decision rules."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.meeting.minutes.ballot import decide, quorum, tally
from agents.meeting.record import Ballot, Status, Vote

ROLES = ["cto", "data_engineer", "qa_engineer", "security_engineer", "scrum_master"]


def cast(*votes: str) -> list[Ballot]:
    """Ballots of the first roles, in order; the letters s, c, o and a are the four votes."""
    kinds = {"s": Vote.SUPPORT, "c": Vote.CONCERN, "o": Vote.OBJECT, "a": Vote.ABSTAIN}
    return [Ballot(1, role, kinds[vote]) for role, vote in zip(ROLES, votes, strict=False)]


@pytest.mark.parametrize(
    ("rule", "votes", "outcome"),
    [
        ("majority", "sscoo", Status.ACCEPTED),
        ("majority", "ssooa", Status.DEFERRED),
        ("majority", "sooaa", Status.REJECTED),
        ("consent", "sscaa", Status.ACCEPTED),
        ("consent", "sssso", Status.DEFERRED),
        ("consent", "sooaa", Status.REJECTED),
        ("consent", "aaaaa", Status.NONE),
        ("chair", "soooo", Status.ACCEPTED),
        ("chair", "ossss", Status.REJECTED),
        ("chair", "assss", Status.DEFERRED),
        ("none", "sssss", Status.NONE),
        ("majority", "ss", Status.NONE),
    ],
)
def test_each_rule_decides_as_written(rule: str, votes: str, outcome: Status) -> None:
    """The outcome follows the rule; the chair is the first voter."""
    found, why, _ = decide(rule, cast(*votes), seats=5, chair="cto")
    assert found is outcome
    assert why.endswith(".")


def test_a_veto_rejects_under_every_rule() -> None:
    """One objection by a role with a veto decides, and the role is named."""
    for rule in ("majority", "consent", "chair"):
        outcome, _, vetoed = decide(
            rule, cast("s", "s", "s", "o", "s"), seats=5, veto=["security_engineer"], chair="cto"
        )
        assert (outcome, vetoed) == (Status.REJECTED, ("security_engineer",))


def test_quorum_is_more_than_half() -> None:
    """Half of the seats are not enough."""
    assert [quorum(seats) for seats in (1, 2, 3, 4, 29)] == [1, 2, 2, 3, 15]


@given(
    st.lists(st.sampled_from(list(Vote)), min_size=0, max_size=5),
    st.sampled_from(["majority", "consent", "chair", "none"]),
    st.randoms(use_true_random=False),
)
def test_the_order_of_the_votes_never_matters(votes: list[Vote], rule: str, random: object) -> None:
    """Any order of the same ballots gives the same outcome."""
    ballots = [Ballot(1, role, vote) for role, vote in zip(ROLES, votes, strict=False)]
    shuffled = list(ballots)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    options = {"seats": 5, "veto": ["security_engineer"], "chair": "cto"}
    assert decide(rule, ballots, **options) == decide(rule, shuffled, **options)  # type: ignore[arg-type]
    assert sum(tally(ballots).values()) == len(ballots)
