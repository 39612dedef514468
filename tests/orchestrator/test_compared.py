"""Two meetings side by side."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agents.meeting.entry_names import entry_names
from agents.meeting.journal import Event
from agents.meeting.minutes import build
from agents.meeting.minutes.verdicts import with_verdicts
from agents.meeting.spec import spec_from
from agents.meeting.verdict import Judgement, Verdict
from agents.orchestrator.compared import Became, Compared, KindPair, Side, TopicPair, compared, matched
from tests.export.hostile import harmless, hostile_lists, minutes_of, patient
from tests.orchestrator.changed_meeting import earlier_events, later_events


def side(events: list[Event]) -> Side:
    """A side of a comparison."""
    return Side(build(events), spec_from(events[0].data))


def both() -> Compared:
    """The earlier and the later meeting side by side."""
    return compared(side(list(earlier_events())), side(list(later_events())))


def kind(topic: TopicPair, label: str) -> KindPair:
    """The entries of one kind."""
    return next(one for one in topic.kinds if one.label == label)


def texts(found: KindPair, became: Became) -> list[str]:
    """The words of the entries of which this became, of the later meeting where they are in both."""
    return [one.text for pair in found.those(became) if (one := pair.after or pair.before)]


def test_topics_are_matched_by_their_words_and_then_by_their_order() -> None:
    """Topics that changed places are found again; one with other words stands beside what is left, and says so."""
    numbers = [
        (one.before.topic.number if one.before else 0, one.after.topic.number if one.after else 0, one.alike)
        for one in both().topics
    ]
    assert numbers == [(2, 1, True), (1, 2, True), (3, 3, False)]


def test_entries_are_new_gone_or_the_same() -> None:
    """A risk in nearly the same words is the same; an option and a question in other words are new, the old ones gone."""
    topic = both().topics[1]
    risks = kind(topic, "Risk")
    assert texts(risks, Became.NEW) == texts(risks, Became.GONE) == []
    first = risks.those(Became.SAME)[0]
    assert first.before is not None
    assert first.after is not None
    assert (first.before.name, first.after.name) == ("1.R1", "2.R1")
    assert first.before.text != first.after.text
    assert texts(kind(topic, "Option"), Became.NEW) == ["buy a service for sessions"]
    assert texts(kind(topic, "Option"), Became.GONE)[0].startswith("keep the sessions")
    assert texts(kind(topic, "Question"), Became.NEW) == ["What does a second region cost us?"]


@pytest.mark.parametrize(("then", "now"), [(True, False), (False, True), (True, True)])
def test_an_entry_that_a_person_corrected_is_the_same(then: bool, now: bool) -> None:
    """An entry in other words of a person, in one of the meetings or in both, is the same by its words before."""
    sides = []
    for name, other, wanted, events in (("1.R1", "a", then, earlier_events()), ("2.R1", "b", now, later_events())):
        found = side(list(events))
        said = entry_names(found.minutes)[name].text
        verdict = Verdict(name, Judgement.CORRECTED, said, int(name[0]), by="Ada", text=f"The room may flood {other}")
        sides.append(replace(found, minutes=with_verdicts(found.minutes, [verdict])) if wanted else found)
    risks = kind(compared(*sides).topics[1], "Risk")
    assert texts(risks, Became.NEW) == texts(risks, Became.GONE) == []
    first = risks.those(Became.SAME)[0]
    assert first.corrected == tuple("corrected by Ada" if wanted else "" for wanted in (then, now))


def test_an_action_is_the_same_whatever_its_due_date() -> None:
    """An action with another due date is the same task."""
    actions = kind(both().topics[1], "Action")
    assert not actions.those(Became.NEW)
    assert any("2027-01-15" in text for text in texts(actions, Became.SAME))
    assert len(both().same_tasks) == sum(len(kind(topic, "Action").entries) for topic in both().topics[:2])


def test_positions_that_moved_and_votes_that_differ_are_named_by_role() -> None:
    """Of each role stand the last position and the vote, then and now."""
    roles = {one.role: one for one in both().topics[1].roles}
    developer = roles["backend_developer"]
    assert developer.votes == ("objects", "supports")
    assert developer.votes_otherwise
    assert not developer.moved
    tester = roles["qa_engineer"]
    assert tester.positions == ("for", "against")
    assert tester.moved
    assert roles["solutions_architect"].same


def test_documents_are_matched_by_name() -> None:
    """A document of the same name has its changed lines; another one is new."""
    changed, new = both().documents
    assert (changed.name, changed.numbers, changed.became) == ("design.md", (1, 1), Became.CHANGED)
    assert [(one.old, one.removed, one.added) for one in changed.changes] == [
        (3, ("Sessions live in one Redis server.",), ("Sessions live in two Redis servers.",)),
        (5, (), ("One more line.",)),
    ]
    assert (new.name, new.numbers, new.became) == ("costs.csv", (0, 2), Became.NEW)


def test_seats_say_who_answered() -> None:
    """A seat that a person took and a model has now differs."""
    seats = {one.role: one.models for one in both().seats}
    assert seats["qa_engineer"] == ("a person", "rehearsal, no model")
    assert seats["solutions_architect"][0] == seats["solutions_architect"][1]


def test_other_roles_and_topics_can_be_compared() -> None:
    """A seat, topic or role that only one meeting has stands alone."""
    before = side(list(earlier_events()))
    after = replace(
        before,
        minutes=replace(before.minutes, topics=before.minutes.topics[:1]),
        spec=replace(before.spec, seats=before.spec.seats[1:]),
    )
    found = compared(before, after)
    assert [one.after is None for one in found.topics] == [False, True, True]
    gone = next(one for one in found.seats if one.role == "solutions_architect")
    assert gone.models[1] == ""
    back = compared(after, before)
    assert back.count(Became.NEW) == found.count(Became.GONE) > 0


@patient
@given(hostile_lists)
def test_a_meeting_compared_with_itself_has_nothing_new_and_nothing_gone(words: list[str]) -> None:
    """With any words, every entry is the same as itself, and nobody moved."""
    spec = spec_from(earlier_events()[0].data)
    one = Side(minutes_of(words), spec)
    found = compared(one, one)
    assert found.count(Became.NEW) == found.count(Became.GONE) == 0
    assert not any(role.moved or role.votes_otherwise for topic in found.topics for role in topic.roles)
    other = Side(minutes_of(harmless(words)), spec)
    there, back = compared(one, other), compared(other, one)
    assert sum(map(len, (k.entries for t in there.topics for k in t.kinds))) >= there.count(Became.SAME)
    assert there.count(Became.NEW) == back.count(Became.GONE)


@given(st.lists(st.integers(0, 9), max_size=8), st.lists(st.integers(0, 9), max_size=8))
def test_each_thing_is_matched_once_and_equal_things_first(before: list[int], after: list[int]) -> None:
    """No place is used twice, equal ones are matched wherever both sides have one, and what is left is not alike."""

    def near(one: int, other: int) -> bool:
        return abs(one - other) <= 1

    pairs = matched(before, after, int.__eq__, near)
    assert len(set(pairs.values())) == len(pairs)
    assert all(near(before[at], after[place]) for place, at in pairs.items())
    for value in set(before) & set(after):
        equal = sum(before[at] == after[place] == value for place, at in pairs.items())
        assert equal == min(before.count(value), after.count(value))
    left = [one for place, one in enumerate(after) if place not in pairs]
    free = [one for at, one in enumerate(before) if at not in pairs.values()]
    assert not any(near(one, other) for one in left for other in free)
