"""Who is responsible for a task: one grammar, and nothing that is not in it."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.meeting.minutes.owners import FORMS, UNREAD, owners_of
from agents.role.names import Names, RoleNames
from tests.drill import rounds
from tests.growth import grows_too_fast

ROLES = (
    RoleNames("cto", "Chief Technology Officer"),
    RoleNames("qa_engineer", "QA Engineer", ("qa", "tester")),
    RoleNames("backend_developer", "Backend Developer", ("backend engineer",)),
    RoleNames("database_administrator", "Database Administrator", ("dba",)),
    RoleNames("security_engineer", "Security Engineer", ("appsec",)),
    RoleNames("site_reliability_engineer", "Site Reliability Engineer", ("sre",)),
    RoleNames("ui_ux_designer", "UI/UX Designer", ("ux",)),
)
NAMES = Names(ROLES, ("Ada", "Herr M\u00fcller", "sam_k", "\u7530\u4e2d\u3055\u3093", "Herr M."))
HELD = date(2026, 11, 30)
QA, BACKEND, DBA, SRE = "qa_engineer", "backend_developer", "database_administrator", "site_reliability_engineer"

OWNED = {
    "backend_developer will fix the query by 2026-12-04.": (BACKEND,),
    "Backend Developer has to fix the cache by 2026-12-04.": (BACKEND,),
    "SRE will add the alert by 2026-12-04.": (SRE,),
    "Assigned to Backend Developer: the index.": (BACKEND,),
    "Backend Developer and QA Engineer will rerun the suite.": (BACKEND, QA),
    "Rerun the suite - QA Engineer - 2026-12-04": (QA,),
    "Database Administrator will restore the backup by 2026-12-04.": (DBA,),
    "**Database Administrator** will restore the backup by 2026-12-04.": (DBA,),
    "CTO will tell the customers by Friday.": ("cto",),
    "Chief Technology Officer will tell the customers by 2025-01-31.": ("cto",),
    "Database Administrator: restore the backup (by 2026-12-04)": (DBA,),
    "**@Database Administrator**: restore the backup by Friday, December 4.": (DBA,),
    "@Database Administrator**: restore the backup by Friday": (DBA,),
    "**Database Administrator** \u2013 restore the backup \u2013 by 2026-12-04": (DBA,),
    "database_administrator will write the runbook by 4 December.": (DBA,),
    "DBA to rotate the password (due: 2026-12-04)": (DBA,),
    "the qa engineer shall test the restore": (QA,),
    "The QA Engineer must test the restore.": (QA,),
    "QA Engineer should test the restore by tomorrow": (QA,),
    "QA needs to test the restore": (QA,),
    "QA Engineer will also test the restore": (QA,),
    "QA-Engineer will test the restore": (QA,),
    "qa engineer will double-check the restore [T1].": (QA,),
    "Tester will re-run the suite.": (QA,),
    "By Friday, the QA Engineer will restore the backup": (QA,),
    "UI/UX Designer will draw the page": ("ui_ux_designer",),
    "UX to draft the page by Monday": ("ui_ux_designer",),
    "I will restore the backup by Friday": ("cto",),
    "I'll restore the backup.": ("cto",),
    "I\u2019ll write the runbook": ("cto",),
    "I shall tell the customers": ("cto",),
    "- I will tell the customers": ("cto",),
    "1. QA Engineer will test the restore": (QA,),
    "[ ] QA Engineer will test the restore": (QA,),
    "Ada will tell the customers.": ("Ada",),
    "Ada and Herr M\u00fcller will tell the customers.": ("Ada", "Herr M\u00fcller"),
    "Herr M\u00fcller and the QA Engineer will test the restore by Friday.": ("Herr M\u00fcller", QA),
    "Herr M. will buy the disk": ("Herr M.",),
    "\u7530\u4e2d\u3055\u3093 will write the report": ("\u7530\u4e2d\u3055\u3093",),
    "@sam_k please review the change": ("sam_k",),
    "@qa_engineer: test the restore": (QA,),
    "@QA Engineer test the restore": (QA,),
    "[QA Engineer] test the restore": (QA,),
    "QA Engineer, Backend Developer and DBA will test the restore": (QA, BACKEND, DBA),
    "QA Engineer & DBA: test the restore": (QA, DBA),
    "QA Engineer / DBA to test the restore": (QA, DBA),
    "QA Engineer and Backend Developer need to test it together.": (QA, BACKEND),
    "Security Engineer: rotate the keys": ("security_engineer",),
    "Security Engineer - rotate the keys": ("security_engineer",),
    "Assigned to: QA Engineer. Test the restore": (QA,),
    "Owner: QA Engineer. Test the restore by Friday": (QA,),
    "Owner: QA Engineer - test the restore": (QA,),
    "Responsible: Ada; tell the customers": ("Ada",),
    "Test the restore (QA Engineer)": (QA,),
    "Test the restore (QA Engineer, by Friday)": (QA,),
    "Test the restore (2026-12-04, QA Engineer)": (QA,),
    "Test the restore (@sam_k)": ("sam_k",),
    "Test the restore (Herr M.)": ("Herr M.",),
    "Test the restore by Friday (QA Engineer and DBA).": (QA, DBA),
    "Test the restore (owner: QA Engineer)": (QA,),
    "Test the restore (owner: QA Engineer, due 2026-12-04)": (QA,),
    "Test the restore (assigned to Ada)": ("Ada",),
    "the index is rebuilt (owner: Backend Developer)": (BACKEND,),
    "Test the restore. Owner: QA Engineer.": (QA,),
    "Test the restore, owner: QA Engineer, due Friday": (QA,),
    "Test the restore; owner: QA Engineer; due: Friday": (QA,),
    "Test the restore - 2026-12-04 - QA Engineer": (QA,),
    "Test the restore | QA Engineer | 2026-12-04": (QA,),
    "QA Engineer will test, in this order, the restore and the failover": (QA,),
    "QA Engineer will test data that the service has stored": (QA,),
    "QA Engineer will ask the Security Engineer to sign the plan": (QA,),
    "QA Engineer will test the restore once a week": (QA,),
    "QA Engineer will raise the limit to approx. 3 GB, see No. 4": (QA,),
}
"""Sentences with owners. "I" is the CTO."""

UNOWNED = [
    "QA Engineer refuses to delete the logs",
    "QA Engineer won't delete the logs",
    "QA Engineer does not delete the logs",
    "the QA Engineer will not delete the logs",
    "QA Engineer will never delete the logs",
    "QA Engineer will hardly delete the logs",
    "QA Engineer will only if paid delete the logs",
    "QA Engineer will refuse to delete the logs",
    "QA Engineer will be asked to delete the logs",
    "QA Engineer approval must be obtained by the Security Engineer",
    "QA Engineer to Security Engineer handover must be tested",
    "ask whether the QA Engineer should delete the logs",
    "delete the logs only if the QA Engineer will sign",
    'remind him of his words "I will restore the backup"',
    "I will never delete the logs",
    "It is false that the QA Engineer will restore the backup",
    "Do you think the QA Engineer will restore the backup?",
    "If the QA Engineer will pay the bill, we restore the backup",
    "We will not restore the backup",
    "We will restore the backup",
    "Never believe that I will restore the backup",
    "Unless we will get a budget, I will restore the backup",
    "I doubt that the QA Engineer will ever restore the backup.",
    "I listed what must never happen here, e.g. the QA Engineer will delete the production logs.",
    "Security Engineer asked that the Backend Developer will fix the keys by Friday",
    "Nobody, certainly not the Security Engineer, will do it by Friday",
    "QA Engineers will test the restore",
    "QA Engineer's backup must be tested",
    "Every QA Engineer will test the restore",
    "QA Engineer or DBA will test the restore",
    "QA Engineer and Bob will test the restore",
    "Bob will test the restore",
    "Ada Lovelace: tell the customers (by 2026-12-11)",
    "Ada Lovelace will tell the customers",
    "CTO: I refuse to delete the logs",
    "CTO: the plan is bad",
    "Delete the logs - not QA Engineer - 2026-12-04",
    "Delete the logs (not QA Engineer)",
    "Delete the logs (former owner: QA Engineer)",
    "Delete the logs (owner: QA Engineer or CTO)",
    "The logs were deleted (QA Engineer)",
    "Backend Developer: fix the query (QA Engineer)",
    "QA Engineer will delete the logs (owner: CTO)",
    "The QA Engineer will delete the logs is the worst idea",
    "QA Engineer will delete the logs, the CTO fears",
    "QA Engineer will delete the logs, we fear",
    "QA Engineer will delete the logs. That was withdrawn.",
    "QA Engineer will restore the backup and Security Engineer will delete the logs",
    "QA Engineer will restore the backup once Ada signs",
    "> QA Engineer will delete the logs",
    "~~QA Engineer will delete the logs~~",
    "`QA Engineer will delete the logs`",
    "\u201eQA Engineer will delete the logs\u201c",
    "Will the QA Engineer delete the logs",
    "QA Engineer will delete the logs - over my dead body",
    "QA Engineer will delete the logs, as the CTO claims",
    "QA Engineer will test the restore given a budget",
    "QA Engineer to test it or CTO",
    "Ask QA Engineer: restore the backup",
    "QA Engineer team will delete the logs",
    "Former QA Engineer will delete the logs",
    "QA Engineer must have deleted the logs",
    "Test it (owner: boss of QA Engineer)",
    "Test it, owner: QA Engineer has left",
    "Restore the backup the QA Engineer will",
    "3 PM to test the restore",
    "Owner: QA Engineer",
    "Restore the backup",
    "Find an owner: QA Engineer approval pending",
]
"""Sentences that make nobody responsible, whatever names they have."""

UNDECIDED = [
    "QA Engineer takes care of the restore",
    "QA Engineer is responsible for the restore",
    "QA Engineer owns the restore test",
    "QA Engineer tests the restore by Friday",
    "QA Engineer is going to test the restore",
    "QA Engineer: the nightly load test",
    "Nightly load test - QA Engineer - Friday",
    "Test the restore - QA Engineer",
    "Nightly load test (QA Engineer)",
    "The restore will be tested by the QA Engineer",
    "QA Engineer will carefully test the restore",
    "QA Engineer will stop the old server",
    "QA Engineer and Bob will both test the restore",
    "QA Engineer will test the restore. Then we ship.",
    "Security Engineer is on leave, so Backend Developer will restore the backup by Friday",
    "Let us ask QA Engineer to test the restore",
    "Der QA Engineer wird das Backup testen",
    "\u7530\u4e2d\u3055\u3093\u304c\u30d0\u30c3\u30af\u30a2\u30c3\u30d7\u3092\u5fa9\u5143\u3059\u308b",
]
"""Sentences in which a reader sees an owner and the grammar does not: less is claimed."""


@pytest.mark.parametrize(("sentence", "owners"), OWNED.items())
def test_an_owner_is_read(sentence: str, owners: tuple[str, ...]) -> None:
    """A sentence of the grammar gives all its owners, and its task keeps none of their names before it."""
    found = owners_of(sentence, NAMES, "cto")
    assert found.owners == owners
    assert found.why == ""
    assert found.task.lower().rstrip(".") in " ".join(sentence.lower().split()).rstrip(".")
    assert owners_of(found.task, NAMES, "").owners == ()


@pytest.mark.parametrize("sentence", [*UNOWNED, *UNDECIDED])
def test_no_owner_is_invented(sentence: str) -> None:
    """Refusals, questions, conditions, quotations, adjectives, unknown people and unknown forms give no owner."""
    found = owners_of(sentence, NAMES, "cto")
    assert found.owners == ()
    assert found.task == sentence


def test_it_is_said_why_nobody_is_the_owner() -> None:
    """A sentence that names somebody in another form says so; one that names nobody needs no reason."""
    assert owners_of("QA Engineer refuses", NAMES, "cto").why == UNREAD
    assert owners_of("Restore the backup", NAMES, "cto").why == ""


def test_a_name_of_two_is_the_name_of_neither() -> None:
    """An alias that two roles have gives no owner."""
    both = Names((RoleNames("a_b", "A B", ("dev",)), RoleNames("c_d", "C D", ("dev",))))
    assert owners_of("Dev will test it", both, "").owners == ()
    assert owners_of("C D will test it", both, "").owners == ("c_d",)


def test_i_is_nobody_where_nobody_speaks() -> None:
    """Words without a speaker promise nothing for anybody."""
    assert owners_of("I will test it", NAMES, "").owners == ()


def test_every_form_has_a_sentence() -> None:
    """Each form of the grammar reads at least one sentence of the table, so that none is there for nothing."""
    from agents.meeting.minutes import owners

    room = owners._room(NAMES, "cto")
    bare = [owners._bare(" ".join(sentence.split())) for sentence in OWNED]
    assert [form.words for form in FORMS if not any(form.read(said, room) for said in bare)] == []


NAMED = st.sampled_from([*NAMES.people, *(name for role in ROLES for name in role.all)])
DOES = st.sampled_from(["restore the backup", "fix the query of the log-in", "write the runbook by Friday", "rerun it"])
TRUE = st.one_of(
    st.builds("{} {} {}".format, NAMED, st.sampled_from(["will", "shall", "to", "must", "should", "has to"]), DOES),
    st.builds("The {} will {}.".format, NAMED, DOES),
    st.builds("{} and {} will {}".format, NAMED, NAMED, DOES),
    st.builds("I {} {}".format, st.sampled_from(["will", "shall"]), DOES),
    st.builds("{}: {}".format, NAMED, DOES),
    st.builds("{} ({})".format, DOES, NAMED),
    st.builds("{} (owner: {})".format, DOES, NAMED),
    st.builds("{} - {} - 2026-12-04".format, st.sampled_from(["restore the backup", "rerun it"]), NAMED),
)
DENIED = [
    ("negate", lambda said: f"It is not true that {said}"),
    ("deny after", lambda said: f"{said}, not"),
    (
        "negate the verb",
        lambda said: said.replace(" will ", " will never ", 1) if " will " in said else f"never: {said}",
    ),
    ("quote", lambda said: f'The plan says "{said}"'),
    ("quote whole", lambda said: f"\u201c{said}\u201d"),
    ("strike", lambda said: f"~~{said}~~"),
    ("cite", lambda said: f"> {said}"),
    ("condition before", lambda said: f"If it pays, {said}"),
    ("condition after", lambda said: f"{said} if it pays"),
    ("condition unless", lambda said: f"{said} unless somebody objects"),
    ("ask", lambda said: f"{said}?"),
    ("ask before", lambda said: f"Is it so that {said}"),
    ("report", lambda said: f"The auditor said that {said}"),
    ("report after", lambda said: f"{said}, said the auditor"),
    ("doubt", lambda said: f"I doubt that {said}"),
    ("lead", lambda said: f"Our fear: {said}"),
    ("reorder", lambda said: " ".join(reversed(said.split()))),
    ("withdraw", lambda said: f"{said.rstrip('.')}. This was withdrawn."),
    ("judge", lambda said: f"That {said.rstrip('.')} is the worst idea"),
]


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(TRUE)
def test_true_sentences_have_an_owner(said: str) -> None:
    """What the generator calls a sentence with an owner is one, so that the next test takes something away."""
    assert owners_of(said, NAMES, "cto").owners


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(TRUE, st.sampled_from(DENIED))
def test_a_sentence_that_is_turned_around_has_no_owner(said: str, change: tuple[str, object]) -> None:
    """Negated, quoted, conditional, asked, reported, reordered or withdrawn, a sentence gives no owner."""
    turned = change[1](said)  # type: ignore[operator]
    assert owners_of(turned, NAMES, "cto").owners == (), turned


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(st.text(max_size=120), NAMED)
def test_an_owner_was_named(words: str, name: str) -> None:
    """Whatever a sentence is, each owner of it is a role or a person, and stands in it under one of its names."""
    said = f"{name} {words}"
    known = NAMES.by_owner
    for owner in owners_of(said, NAMES, "").owners:
        assert any(
            one.lower().replace("_", " ") in said.lower().replace("_", " ").replace("-", " ") for one in known[owner]
        )


@pytest.mark.parametrize(
    "piece", ["QA Engineer and ", "*", "(", "will ", " - ", "@", "[T1]", "QA Engineer, ", "; ", ". "]
)
def test_long_sentences_are_read_in_linear_time(piece: str) -> None:
    """Four times the words take at most about four times the time."""
    assert not grows_too_fast(lambda length: owners_of(piece * (length // len(piece)), NAMES, "cto"))
