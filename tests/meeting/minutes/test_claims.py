"""What is verified: whole fields and lines under their label, plain, with true places and quotations; nothing else."""

from typing import Any

import pytest

from agents.documents import Document
from agents.export import export
from agents.meeting.minutes import claims
from agents.meeting.record import ActionItem, Evidence, Item, Minutes
from tests.meeting.minutes.said import Turned, minutes_of

PLAN = Document(
    "plan.md",
    "We will not approve this design before the audit is over.\n\n"
    "Always delete the old backup files from the archive server.\n\n"
    "10\u00b2 users\n\n2*10 MB\n\nThe risk is low.\n\n"
    "We switch **everything** at once, see [the list](http://x.example/list),\nin the night before the sale.\n\n"
    "We will never:\n\n- delete the customer data\n- share a key\n",
)
REVIEW = Document("Design Review (final) v2.md", "# Review\n\nSessions live in one Redis server.\n")
SOFT = Document(
    "soft.txt", "The back\u00adup runs at \u201cnight\u201d \u2013 every day.\nIf the disk fails, all is lost.\n"
)


def standup(text: str, *documents: Document, **more: Any) -> Minutes:
    """The minutes of a stand-up in which the CTO says this."""
    return minutes_of("daily_standup", [("status_round", "cto", text)], documents, **more)


def actions(minutes: Minutes) -> tuple[ActionItem, ...]:
    """The actions of the first topic."""
    return minutes.topics[0].actions


def items(minutes: Minutes) -> tuple[Item, ...]:
    """The entries of the first topic."""
    return minutes.topics[0].items


def evidence(minutes: Minutes) -> list[Evidence]:
    """The evidence of all items and actions."""
    return [*(one.evidence for one in items(minutes)), *(one.evidence for one in actions(minutes))]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "I doubt that the QA Engineer will ever restore the backup.\nAction: restore the backup",
            "restore the backup",
        ),
        ("It is a lie that all sessions are lost.\nBlocker: all sessions are lost", "all sessions are lost"),
        ("Next: we restore the backup never.\nBlocker: restore the backup", "restore the backup"),
        ("Blocker: We know that all is lost. Not yet.\nNext: all is lost", "all is lost"),
    ],
)
def test_an_entry_is_the_labelled_line_and_no_other(text: str, words: str) -> None:
    """An entry has the words of its own line, though they also stand in an earlier line of the turn."""
    found = [one for one in evidence(standup(text)) if one.quote == words]
    assert [one.verified for one in found] == [True]
    assert all(action.owner is None for action in actions(standup(text)))


def test_a_proposal_does_not_lend_its_words_to_an_action() -> None:
    """An action whose words stand in the proposal of the same turn has its own words, owner and day."""
    minutes = minutes_of(
        "decision",
        [
            ("silent_round", "cto", "Stake: time\nPosition: for"),
            (
                "proposal",
                "cto",
                (
                    "Proposal: We accept. We do not want that the QA Engineer will restore the backup by Friday.\n"
                    "Action: the QA Engineer will restore the backup by Friday"
                ),
            ),
        ],
        put={"turn": "T2", "text": "We accept. We do not want that the QA Engineer will restore the backup by Friday."},
        ballots={"cto": ("support", "", ""), "qa_engineer": ("support", "", "")},
    )
    (action,) = actions(minutes)
    assert (action.evidence.quote, action.owner) == ("the QA Engineer will restore the backup by Friday", "qa_engineer")
    proof = minutes.topics[0].decision.evidence
    assert proof is not None
    assert proof.problem == "it denies something"


NOT_TAKEN = {
    "QA Engineer refuses to delete the logs": "it denies something",
    "QA Engineer won't delete the logs": "it denies something",
    "QA Engineer does not delete the logs": "it denies something",
    "the QA Engineer will not delete the logs": "it denies something",
    "I will never delete the logs": "it denies something",
    "It is false that the QA Engineer will delete the logs": "it denies something",
    "Never believe that I will restore the backup": "it denies something",
    "Nobody, least of all the QA Engineer, will delete the logs by Friday": "it denies something",
    "Der QA Engineer wird die Logs nicht l\u00f6schen": "it denies something",
    "Le QA Engineer n\u2019efface jamais les journaux": "it denies something",
    "\u54c1\u8cea\u62c5\u5f53\u306f\u30ed\u30b0\u3092\u524a\u9664\u3057\u306a\u3044": "it denies something",
    "QA Engineer \u4e0d\u5220\u9664\u65e5\u5fd7": "it denies something",
    "ask whether the QA Engineer should restore it": "it is a question",
    "Do you think the QA Engineer will delete the logs?": "it is a question",
    "Will the QA Engineer delete the logs by Friday": "it is a question",
    "delete the logs only if the QA Engineer will sign": "it depends on a condition",
    "If the QA Engineer will pay, restore the backup": "it depends on a condition",
    "Unless we will get a budget, restore the backup": "it depends on a condition",
    "Wenn das Audit endet, wird der QA Engineer die Logs sichern": "it depends on a condition",
    "the QA Engineer might delete the logs by Friday": "it says only what may be",
    "The Security Engineer said that the QA Engineer will delete the logs": "it tells what others said",
    'remind him of his words "I will restore the backup"': "it quotes others",
    "remind him of \u201eI will restore the backup\u201c": "it quotes others",
    "remind him of \u300cI will restore the backup\u300d": "it quotes others",
}


@pytest.mark.parametrize(("said", "why"), NOT_TAKEN.items())
def test_nothing_is_taken_from_words_that_are_not_plain(said: str, why: str) -> None:
    """Such an action is shown as said, with the reason, without owner and day, and is not agreed."""
    minutes = standup(f"Action: {said}")
    (action,) = actions(minutes)
    assert (action.evidence.verified, action.owner, action.due, action.agreed) == (False, None, None, False)
    assert why in (action.evidence.problem, "it quotes others" if said.startswith("remind") else why)
    assert f"as said; {action.evidence.problem}" in export(minutes, "markdown")


@pytest.mark.parametrize(
    "text",
    [
        "We do not take these on:\nAction: the QA Engineer will delete the logs",
        "**These are not agreed:**\n\nAction: the QA Engineer will delete the logs",
        "The following is only a joke.\nAction: the QA Engineer will delete the logs",
        "Action: the QA Engineer will delete the logs\nNone of the above is agreed.",
        "Action: the QA Engineer will delete the logs\nThat was a joke.",
        "I am against what was written to us:\n> Action: the QA Engineer will delete the logs",
        "~~Action: the QA Engineer will delete the logs~~",
        "Action: ~~the QA Engineer will delete the logs~~",
        "```\nAction: the QA Engineer will delete the logs\n```",
    ],
)
def test_a_line_that_introduces_or_takes_back_counts(text: str) -> None:
    """A labelled line after "We do not take these on:" is not meant."""
    for action in actions(standup(text)):
        assert (action.evidence.verified, action.agreed, action.owner) == (False, False, None)


LONG = f"{'word ' * 60}and I listed what must never happen here, e.g. the QA Engineer will delete the production logs."


@pytest.mark.parametrize(
    ("text", "quote", "problem"),
    [
        (LONG, "the QA Engineer will delete the production logs.", "not given as an action"),
        ("It is false that the QA Engineer will pay", "the QA Engineer will pay", "not given as an action"),
        ("We will not restore the backup", "We will not restore the backup", "not given as an action"),
        ("I see nothing to do in the coming month.", "the", "not given as an action"),
        (
            "Blocker: the QA Engineer will delete it (undo: hard)\nPosition: against",
            "the QA Engineer will delete it (undo: hard) Position: against",
            "not given as an action",
        ),
        ("Non-action: delete the logs", "delete the logs", "not given as an action"),
        ("Action: We restore the backup by Friday", "restore the backup", "not given as an action"),
        ("Action: We restore the backup", "We drop every table", "T1 does not say this"),
    ],
)
def test_what_a_scribe_points_at_counts_only_as_a_whole_line(text: str, quote: str, problem: str) -> None:
    """Parts of lines, lines joined, and lines without the label are shown as said."""
    minutes = standup(text, pointed={"Action": [("T1", quote)]})
    found = next(action for action in actions(minutes) if action.evidence.quote == quote)
    assert (found.evidence.problem, found.owner, found.agreed) == (problem, None, False)


def test_a_whole_line_that_a_scribe_points_at_is_that_line() -> None:
    """The scribe may copy the label and use other quotation marks; the entry is there once."""
    minutes = standup("Action: QA Engineer will restore it by Friday", pointed={"Action": [("T1", "Action: QA Engineer will restore  it by Friday"), ("T9", "x")]})  # fmt: skip
    assert [(one.owner, one.evidence.verified) for one in actions(minutes)] == [("qa_engineer", True), (None, False)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Here is what we must never do.", ""),
        ("", "I take that back."),
        ("", "Scratch that."),
        ("", "No, wait. Ignore the line above."),
        ("", "On second thought, he is on leave."),
        ("", "I was wrong about the action above."),
    ],
)
def test_lines_around_an_entry_may_say_that_it_is_not_meant(before: str, after: str) -> None:
    """An action that the line before it introduces as unwanted, or that a line below takes back, is only as said."""
    minutes = standup(f"{before}\nAction: QA Engineer will delete the logs by Friday\n{after}")
    (action,) = actions(minutes)
    assert (action.evidence.verified, action.owner, action.due) == (False, None, None)
    assert "says more" in action.evidence.problem


FALSE = {
    'plan.md:9 says "severe".': "plan.md:9 does not say this",
    'plan.md:3 says "Never ... delete the old backup files"': "plan.md:3 does not say this",
    'plan.md:1 says "before the audit is over ... we will not approve"': "plan.md:1 does not say this",
    'plan.md:1 says "approve this design"': "plan.md:1 says more: it denies something",
    'plan.md:1 says "We will ... approve this design"': "plan.md:1 says more: it denies something",
    'plan.md:1 says "We will not approve this design"': "plan.md:1 says more: it depends on a condition",
    'plan.md:14 says "delete the customer data"': "these words are not at plan.md:14 but elsewhere",
    'plan.md:16 says "delete the customer data"': "plan.md:16 says more: it denies something",
    'plan.md:5 says "102 users"': "plan.md:5 does not say this",
    'plan.md:5 says "10 users"': "plan.md:5 does not say this",
    'plan.md:7 says "210 MB"': "plan.md:7 does not say this",
    'plan.md:7 says "10 MB"': "plan.md:7 does not say this",
    'plan.md:9 demands "immediate deletion"': "plan.md:9 does not say this",
    'plan.md:9 calls it "a severe risk"': "plan.md:9 does not say this",
    "plan.md:9 says \u201esehr hoch\u201c": "plan.md:9 does not say this",
    "plan.md:9 says \u00bbhoch\u00ab": "plan.md:9 does not say this",
    "plan.md:9 says \u300c\u9ad8\u3044\u300d": "plan.md:9 does not say this",
    "plan.md:9 says `high`": "plan.md:9 does not say this",
    'plan.md:9 says "Always delete the old backup files"': "these words are not at plan.md:9 but elsewhere",
    "mend plan.md:4711": "plan.md has no line 4711",
    f"mend plan.md:{'9' * 3000}": "plan.md has no such line",
    "mend plan.md, line 99": "plan.md has no line 99",
    "mend line 99 of plan.md": "plan.md has no line 99",
    'The plan says "we have no backups at all"': "no document says this",
    'budget.xlsx:12 says "four million"': "no document budget.xlsx is attached",
    'budget.xlsx says "four million"': "no document budget.xlsx is attached",
    "the rollback of other.md:3 works": "no document other.md is attached",
    'Design Review (final) v2.md:3 says "two servers"': "Design Review (final) v2.md:3 does not say this",
    'soft.txt:2 says "all is lost"': "soft.txt:2 says more: it depends on a condition",
    'T1 says "we have never had a backup"': "T1 does not say this",
    'T9 says "we have a backup"': "there is no turn T9",
}


@pytest.mark.parametrize("label", ["Action", "Blocker"])
@pytest.mark.parametrize(("said", "why"), FALSE.items())
def test_a_false_place_or_quotation_is_a_problem_in_every_entry(said: str, why: str, label: str) -> None:
    """What a document or turn does not say at that place is not verified, whatever the kind of the entry."""
    minutes = minutes_of(
        "daily_standup",
        [("status_round", "cto", "We have a backup."), ("status_round", "qa_engineer", f"{label}: {said}")],
        [PLAN, REVIEW, SOFT],
    )
    (proof,) = evidence(minutes)
    assert (proof.verified, proof.problem) == (False, why)


TRUE = {
    'plan.md:9 says "The risk is low."': "The risk is low.",
    'plan.md:9 says "the risk is low"': "The risk is low.",
    'As plan.md:9 states, "The risk is low", so we go on': "The risk is low.",
    'According to plan.md:9, "the risk is low"': "The risk is low.",
    '"The risk is low" (plan.md:9)': "The risk is low.",
    "plan.md:9 says the risk is low": "The risk is low.",
    "We will not approve this design before the audit is over (plan.md:1)": "We will not approve this design",
    "plan.md:1: We will not approve this design before the audit is over.": "We will not approve this design",
    "plan.md, line 9 says \u201eThe risk is low\u201c": "The risk is low.",
    "plan.md:9 says \u300cThe risk is low\u300d": "The risk is low.",
    'The plan says "The risk is low."': "The risk is low.",
    'line 9 of plan.md says "The risk is low"': "The risk is low.",
    'plan.md:3 says "Always delete ... the archive server"': "Always delete the old backup files from the archive server.",
    'plan.md:11 says "We switch everything at once"': "We switch **everything** at once",
    'plan.md:11 says "see the list, in the night before the sale"': "in the night before the sale.",
    'plan.md:7 says "2*10 MB"': "2*10 MB",
    "mend plan.md:9 by Friday": "The risk is low.",
    'Design Review (final) v2.md:3 says "Sessions live in one Redis server."': "Sessions live in one Redis server.",
    "soft.txt:1 says 'The backup runs at \"night\" - every day'": "The back\u00adup runs",
}


@pytest.mark.parametrize("label", ["Action", "Blocker"])
@pytest.mark.parametrize(("said", "line"), TRUE.items())
def test_a_true_quotation_is_verified_and_its_line_printed(said: str, line: str, label: str) -> None:
    """The line of the document stands beside the entry in every format that shows it."""
    minutes = standup(f"{label}: {said}", PLAN, REVIEW, SOFT)
    (proof,) = evidence(minutes)
    assert (proof.problem, proof.verified) == ("", True)
    assert any(line in one.text for one in proof.written)
    shown = line.split("**")[0].replace("\u00ad", "").replace("*", "\\*").split("\u00ad")[0]
    assert shown[:12] in export(minutes, "markdown")


@pytest.mark.parametrize("name", ["markdown", "html"])
def test_an_empty_line_that_is_named_is_called_empty(name: str) -> None:
    """Beside a wrong place, no empty quotation marks are printed."""
    assert PLAN.lines[1] == ""
    page = export(standup('Blocker: plan.md:2 says "The risk is low."', PLAN), name)
    assert {"markdown": ":2 is empty", "html": ":2</a> is empty"}[name] in page


def test_the_words_of_a_turn_are_looked_up_as_those_of_documents() -> None:
    """A quotation of a turn is true only if that turn says it, and not the opposite."""
    turns: list[Turned] = [
        ("silent_round", "cto", "Stake: the team will not keep two servers running\nPosition: for", "for"),
        ("silent_round", "qa_engineer", "Stake: one server fails and all wait\nPosition: against", "against"),
        ("exchange", "cto", 'REVISE: T2 says "one server fails"\nPosition: against', "against"),
        ("exchange", "qa_engineer", 'REVISE: T1 says "we have ten servers that nobody ever pays for", and we like many things more than that one.\nPosition: for', "for"),
    ]  # fmt: skip
    moves = minutes_of("decision", turns).topics[0].moves
    assert [(one.argued, one.evidence.problem if one.evidence else "") for one in moves] == [
        (True, ""), (False, "T1 does not say this"),
    ]  # fmt: skip
    half = ("exchange", "qa_engineer", 'REVISE: T1 says "keep two servers running"\nPosition: for', "for")
    (move,) = minutes_of("decision", [*turns[:2], half]).topics[0].moves
    assert not move.argued


def test_votes_and_dissent_are_checked_too() -> None:
    """A reason that names a line that does not exist, or invents a quotation, is marked; it stays a reason."""
    minutes = minutes_of(
        "decision",
        [("proposal", "cto", "Proposal: We go, as plan.md:9 says \"there is no risk\".")],
        [PLAN],
        put={"turn": "T1", "text": 'We go, as plan.md:9 says "there is no risk".'},
        ballots={
            "qa_engineer": ("object", "plan.md:4711 forbids it", ""),
            "cto": ("support_with_concern", 'plan.md:9 says "The risk is low"', 'when plan.md:3 says "keep them"'),
            "security_engineer": ("object", "nobody tested it", ""),
        },
    )  # fmt: skip
    topic = minutes.topics[0]
    problems = {one.speaker: one.evidence.problem for one in topic.dissent if one.evidence}
    assert problems["qa_engineer"] == "plan.md has no line 4711"
    assert problems["cto"] == "plan.md:3 does not say this"
    assert problems["security_engineer"] == ""
    assert topic.decision.evidence is not None
    assert topic.decision.evidence.problem == "plan.md:9 does not say this"
    text = export(minutes, "markdown")
    assert "as said; plan.md has no line 4711" in text
    assert "as said; plan.md:9 does not say this" in text


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("It fails (harm: high)", {"harm": "high"}),
        ("It fails (likelihood: low, harm: high)", {"likelihood": "low", "harm": "high"}),
        ("It fails (high)", {}),
        ("It fails (high, when: now)", {"when": "now"}),
        ("It fails (now)", {"when": "now"}),
        ("High harm, and soon", {"harm": "high"}),
        ("The harm is high", {"harm": "high"}),
        ("This has hardly a high harm", {}),
        ("It fails (harm: not high)", {}),
        ("It fails (not now)", {}),
        ("If it fails, the harm is high", {}),
        ("No rollback is described (harm: high)", {"harm": "high"}),
    ],
)
def test_a_value_is_only_taken_from_a_positive_form(sentence: str, said: dict[str, str]) -> None:
    """A value is given by its name, or alone in brackets if only one field allows it, and never by a denial."""
    fields = {"likelihood": ("high", "low"), "harm": ("high", "low"), "when": ("now", "later")}
    found = {name: value for name, words in fields.items() if (value := claims.field_in(sentence, name, words, fields))}
    assert found == said


def test_the_natural_form_of_a_risk_stays_verified() -> None:
    """A risk may deny or depend on something, as long as its words are whole and it names no place."""
    for words in ("No rollback is described", "If Redis fails, all sessions are lost", "Nobody tested it?"):
        (proof,) = evidence(standup(f"Blocker: {words}"))
        assert proof.verified
    for words in ('They say "it works"', "The CTO said that it works", "~~it works~~", "it ~~works~~ fails"):
        assert not any(proof.verified for proof in evidence(standup(f"Blocker: {words}")))


def test_an_opposite_is_not_the_same_entry() -> None:
    """An entry that denies what another one says stays beside it."""
    minutes = standup("Action: the QA Engineer will delete the logs\nAction: the QA Engineer will not delete the logs")
    assert [one.evidence.verified for one in actions(minutes)] == [True, False]
    minutes = standup("Action: QA Engineer will restore the old backup\nAction: QA Engineer will delete the old backup")
    assert len(actions(minutes)) == 2


def test_the_figure_says_what_was_checked() -> None:
    """The line under the minutes counts the entries that match, those as said, and the quotations."""
    minutes = standup(
        'Next: plan.md:9 says "The risk is low."\nBlocker: plan.md:9 says "severe"\nAction: write the test by Friday',
        PLAN,
    )
    said = "2 of 3 entries match the transcript word for word: they were said, which does not make them true; 1 is shown as said."
    assert (
        f"{said} 2 quotations compared with the documents: 1 found there; 1 not, or only half of a sentence."
        in export(minutes, "markdown")
    )


@pytest.mark.parametrize(
    ("said", "problem", "lines"),
    [
        ("1500 EUR a month", "no document has the number 1500 EUR", []),
        ("15 EUR for each user", "", [1]),
        ("4100 invoices a day, 2.3 % of them late", "", [2, 3]),
        ("4,100 invoices and 7 more", "no document has the number 7", []),
        ("too many invoices", "", []),
        ("15 EUR (costs.md:1)", "", [1]),
        ("15 users", "no document has the number 15 users", []),
        ("4100 Invoice", "", [2]),
        ("It is 2.3.", "it does not say what 2.3 counts", []),
    ],
)
def test_a_number_is_verified_only_where_a_document_has_it(said: str, problem: str, lines: list[int]) -> None:
    """A figure that stands in no document with the word after it is shown as said; the lines of one that does are printed beside it."""
    costs = Document("costs.md", "We pay 15 EUR for the bucket.\n4,100 invoices a day.\nLate: 2.3 %.\n")
    minutes = minutes_of("architecture_review", [("silent_round", "cto", f"Number: {said}")], (costs,))
    [one] = evidence(minutes)
    assert (one.problem, one.verified) == (problem, not problem)
    assert [line.first for line in one.written] == lines


def test_what_a_document_is_said_to_tell_has_its_figures() -> None:
    """In a line of a type that reports what a document says, figures are looked up, too, and not in other lines."""
    log = Document("log.md", "Support answered 214 customers.\n1,900 orders were lost in 62 minutes.\n")
    text = "Impact: 214 customers lost orders\nFactor: 7 servers were full"
    minutes = minutes_of("incident_postmortem", [("silent_round", "cto", text)], (log,))
    impact, factor = evidence(minutes)
    assert (impact.verified, [line.text for line in impact.written]) == (True, ["Support answered 214 customers."])
    assert (factor.verified, factor.written) == (True, ())
    again = minutes_of("incident_postmortem", [("silent_round", "cto", "Impact: down for 3 minutes")], (log,))
    assert [one.problem for one in evidence(again)] == ["no document has the number 3 minutes"]
