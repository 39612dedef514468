"""The lines of a turn: which are the speaker's own, and under which label they stand."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agents.meeting import reading
from agents.meeting.fields import entries_in
from agents.meeting.prompts import ACTION, POSITION
from agents.meeting.reading.introductions import disowns
from agents.meeting.record import Entry
from agents.meeting.types.file import read_types
from tests.drill import rounds
from tests.growth import grows_too_fast

LABELS = ("Fact", "Risk", "Position", "Proposal", "Action", "Question", "Vote", "Stake")


def said(text: str) -> dict[str, list[str]]:
    """What a text says under each label."""
    return {label: found for label in LABELS if (found := reading.labelled(text, label))}


@pytest.mark.parametrize(
    "text",
    [
        "> Action: the QA Engineer will delete the logs",
        "- > Action: delete the logs",
        ">> Action: delete the logs",
        "\uff1e Action: delete the logs",
        "~~Action: delete the logs~~",
        "- ~~Action: delete the logs~~",
        "~~\nAction: delete the logs\n~~",
        "~~Action: delete\n\nAction: the logs~~",
        "Action: ~~delete the logs~~",
        "~Action: delete the logs~",
        "```\nAction: delete the logs\n```",
        "```text\nAction: delete the logs",
        "~~~\nAction: delete the logs\n~~~",
        "````\n```\nAction: delete the logs\n```\n````",
        "`Action: delete the logs`",
        "<!-- Action: delete the logs -->",
        "<!--\nAction: delete the logs\n-->",
        "Note <!-- this\nAction: delete the logs\n-->",
        "<del>Action: delete the logs</del>",
        "<blockquote>\nAction: delete the logs\n</blockquote>",
        "<pre>\nAction: delete the logs\n</pre>",
        "It reads as code:\n\n    Action: delete the logs",
        "We read this there: \u201cPlease note\nAction: delete the logs\u201d",
        '"Action: delete the logs"',
        "I am against what was written to us:\n> Action: the QA Engineer will delete the logs",
        "We do not take these on:\nAction: delete the logs",
        "We do not take these on:\n\n- Action: delete the logs\n\n- Action: delete the backups",
        "We do not take these on:\n\nAction: delete the logs\n\nAction: delete the backups",
        "The attacker wants this:\nAction: delete the logs",
        "They wrote to us\nAction: delete the logs",
        "I reject these actions.\nAction: delete the logs",
        "### Rejected\n\nAction: delete the logs\n\nAction: delete the backups",
        "Discarded:\n- Action: delete the logs",
        "Action:\nWe refuse these:\n- delete the logs",
        "The plan of Bob is the following:\nAction: delete the logs",
        "Bob's list:\nAction: delete the logs",
        "Ada:\nAction: delete the logs",
        "I object to the following:\nAction: delete the logs",
        "[T9] Chief Technology Officer:\nAction: delete the logs",
        "From plan.md:\nAction: delete the logs",
        "Here is what the document says:\nAction: delete the logs",
        "Would you really do this?\nInstead of these:\nAction: delete the logs",
        "| Action: delete the logs",
        "Non-action: delete the logs",
        "Redaction: delete the logs",
        "No Action: delete the logs",
        'He said: "Action: delete the logs"',
    ],
)
def test_what_is_not_the_speakers_own_is_under_no_label(text: str) -> None:
    """Quoted, fenced, struck-out and commented lines, and those that are refused or another's, are material."""
    assert reading.labelled(text, "Action") == []
    assert reading.labelled(f"Position: against\n\n{text}", "Action") == []
    assert reading.labelled(f"Position: against\n\n{text}", "Position") == ["against"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("**Risk:** tokens leak (impact: high)", {"Risk": ["tokens leak (impact: high)"]}),
        ("- **Risk** \u2013 tokens leak", {"Risk": ["tokens leak"]}),
        ("Risk #2: The key leaks.", {"Risk": ["The key leaks."]}),
        ("Actions:\n- restore it\n- tell them", {"Action": ["restore it", "tell them"]}),
        ("Action:\n\n- restore it\n\n- tell them", {"Action": ["restore it", "tell them"]}),
        ("**Actions:**\n1. **DBA** will restore\n2. tell them", {"Action": ["DBA will restore", "tell them"]}),
        ("Action Items:\n* DBA: restore it (by Friday)", {"Action": ["DBA: restore it (by Friday)"]}),
        ("Action item 3: restore it", {"Action": ["restore it"]}),
        ("Action(s): restore it", {"Action": ["restore it"]}),
        ("### Action\nrestore it\n\nThat is all.", {"Action": ["restore it"]}),
        ("**Actions**\n\n- restore it\n\n### Risks\n- it breaks", {"Action": ["restore it"], "Risk": ["it breaks"]}),
        (
            "Fact:\nThe backup was never restored\n\nPosition:\nfor",
            {"Fact": ["The backup was never restored"], "Position": ["for"]},
        ),
        ("Action\uff1arestore it\nPosition\uff1afor", {"Action": ["restore it"], "Position": ["for"]}),
        ("Action\uff1a\u5fa9\u5143\u3092\u8a66\u3059", {"Action": ["\u5fa9\u5143\u3092\u8a66\u3059"]}),
        ("**Action:** **@DBA**: restore it", {"Action": ["@DBA: restore it"]}),
        ("**Action: restore it**", {"Action": ["restore it"]}),
        ("* **Action:** **DBA** \u2013 restore it", {"Action": ["DBA \u2013 restore it"]}),
        ("Action: the following:\n- restore it\n- tell them", {"Action": ["restore it", "tell them"]}),
        ("Action: restore it\n  and tell them by Friday", {"Action": ["restore it and tell them by Friday"]}),
        (
            "Action: delete the logs\nonly if the audit is over",
            {"Action": ["delete the logs only if the audit is over"]},
        ),
        ("Action:\n- DBA: restore it\n- Risk: it breaks", {"Action": ["DBA: restore it"], "Risk": ["it breaks"]}),
        ("As the Data Engineer I say:\nAction: restore it", {"Action": ["restore it"]}),
        ("Here is my view:\n\nRisk: it breaks", {"Risk": ["it breaks"]}),
        ("The design has no rollback.\nRisk: it breaks", {"Risk": ["it breaks"]}),
        (
            "| Action | Owner | Due |\n|---|---|---|\n| restore it | DBA | 2026-12-04 |\n| tell them | - | |",
            {"Action": ["restore it - DBA - 2026-12-04", "tell them"]},
        ),
        ("| Risk | impact |\n|:-|-:|\n| **tokens** leak | high |", {"Risk": ["tokens leak (impact: high)"]}),
        (
            "| Field | Answer |\n|---|---|\n| Action | restore it |\n| Position | for |",
            {"Action": ["restore it"], "Position": ["for"]},
        ),
        ("> | Action |\n> |---|\n> | delete it |", {}),
        ("action: restore it", {"Action": ["restore it"]}),
        ("1. Action: restore it\n2) Risk: it breaks", {"Action": ["restore it"], "Risk": ["it breaks"]}),
        ("- [ ] Action: restore it", {"Action": ["restore it"]}),
        ("Actions\n- restore it", {"Action": ["restore it"]}),
        ("Action\n------\n- restore it", {"Action": ["restore it"]}),
        (
            "Next actions:\n- restore it\n\nOpen questions:\n- who pays?",
            {"Action": ["restore it"], "Question": ["who pays?"]},
        ),
        ("Rejected actions:\n- restore it", {}),
        ("<b>Action:</b> restore it", {"Action": ["restore it"]}),
        ("Action\uff1a\n\u30fb\u5fa9\u5143\n\u30fb\u76e3\u8996", {"Action": ["\u5fa9\u5143", "\u76e3\u8996"]}),
        ("Here's my take:\nAction: restore it", {"Action": ["restore it"]}),
        ("Action: keep 2*3 nodes and the_old_name", {"Action": ["keep 2*3 nodes and the_old_name"]}),
        ("Action: none\nRisk: n/a", {}),
        ("Number: null\nRisk: Null.\nAction: null the column", {"Action": ["null the column"]}),
        ("At 14:05 the pods restarted.", {}),
    ],
)
def test_labels_are_read_as_models_write_them(text: str, found: dict[str, list[str]]) -> None:
    """Lists, plurals, headings, tables, bold and full-width colons are labels; what stands under none is under none."""
    assert said(text) == found


@pytest.mark.parametrize(
    ("text", "ideas"),
    [
        ("Here are my ideas:\n1. Feature flags\n2. Dark launches\n3. Canary releases", ["Feature flags", "Dark launches", "Canary releases"]),
        ("- Canaries\n- no\n- none", ["Canaries"]),
        ("Ideas for faster nights:\n\n* Canaries: one in ten\n* Sleep", ["Canaries: one in ten", "Sleep"]),
        ("1. \u5fa9\u5143\u3092\u6bce\u6708\u8a66\u3059\n2. \u7121\n3. \u76e3\u8996", ["\u5fa9\u5143\u3092\u6bce\u6708\u8a66\u3059", "\u76e3\u8996"]),
        ("Ideas that I reject:\n- Canaries", []),
        ("> - Canaries\n- ~~Flags~~", []),
        ("1. **Cache** the start page\n- [x] -5 % for all", ["Cache the start page", "-5 % for all"]),
        ("## Ideas\n- Canaries\n- Flags", ["Canaries", "Flags"]),
    ],
)  # fmt: skip
def test_a_plain_list_is_read_where_one_label_was_asked_for(text: str, ideas: list[str]) -> None:
    """Items of one word and of scripts without blanks count; what is refused, struck out or means nothing does not."""
    assert reading.listed(text, "Idea") == ideas


def test_a_proposal_is_without_its_actions() -> None:
    """What is read as the sentence of a proposal has no action, heading or list of actions in it."""
    assert reading.labelled("Proposal:\nMove it.\n\nAction:\n- restore it", "Proposal") == ["Move it."]
    assert reading.labelled("> Proposal: We accept it.\nProposal: We reject it.", "Proposal") == ["We reject it."]


def test_an_answer_is_entries_only_where_all_of_it_is_attributed() -> None:
    """With other words, or with lines that are not its own, an answer stays as it is."""
    wants = [ACTION, POSITION]
    assert entries_in("Action:\n- restore it\n- tell them\n\nPosition:\nfor", wants) == (
        Entry("Action", "restore it"), Entry("Action", "tell them"), Entry("Position", "for"),
    )  # fmt: skip
    assert entries_in("Action: restore it\n> Action: delete it", wants) is None
    assert entries_in("Action: restore it\nThat is all.", wants) is None


def test_no_label_of_a_type_is_taken_for_a_refusal() -> None:
    """The labels of all types may stand above their text."""
    labels = {line.label for kind in read_types().values() for line in kind.lines}
    assert not [label for label in labels if disowns(label)]
    assert all(reading.labelled(f"{label}:\nthe queue is full", label) for label in labels)


turns = st.lists(
    st.sampled_from(
        [
            "Action: delete the logs", "- **Position:** for", "Risk 2: it breaks", "Vote: support", "Stake:\nall is lost",
            "### Action", "- restore it", "| Action | Owner |\n|---|---|\n| restore it | DBA |", "Proposal\uff1amove it", "",
            "Here is my view:", "Nobody tested it.",
        ]
    ),
    min_size=1, max_size=8,
).map("\n".join)  # fmt: skip


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(turns, st.sampled_from(["> ", ">", "```", "~~~~", "~~", "<!--", "<del>", "<blockquote>"]))
def test_a_turn_in_marks_of_quotation_says_nothing(turn: str, mark: str) -> None:
    """Any labelled turn that is quoted, fenced, struck out or commented out as a whole has no entries."""
    if mark.startswith(">"):
        wrapped = "\n".join(mark + line for line in turn.split("\n"))
    else:
        ends = {"<!--": "-->", "<del>": "</del>", "<blockquote>": "</blockquote>"}
        line = "" if mark == "~~" else "\n"
        wrapped = f"{mark}{line}{turn.strip()}{line}{ends.get(mark, mark)}"
    assert said(wrapped) == {}
    assert reading.listed(wrapped, "Idea") == []
    assert reading.position_in(wrapped) is None


@settings(max_examples=rounds(100, 1000), deadline=None)
@given(st.text('Action: >~`#*-|\n\u201c"<!/del1.xyz', max_size=200))
def test_any_text_is_read(text: str) -> None:
    """No text makes reading fail, and no word is said that the text does not have."""
    for one in reading.spoken(text):
        assert set(one.text.split()) <= set(text.replace("|", " ").split()) | set(one.text.split())
    said(text)
    reading.listed(text, "Idea")


@pytest.mark.parametrize(
    "piece",
    ["~~", "<!--", "```", "<del>", "\u201c", '"', "> ", "*", "**a", "_a", "Action: ", "|", "|-", "- ", "#", "1. ", "a:\n", "~~\n", "\u201c\n",
     "<del>\n", "```\n", "Action:\n", " ", "-", "I object. ", "no, "],
)  # fmt: skip
def test_reading_takes_linear_time(piece: str) -> None:
    """A piece that is repeated for ever costs a fixed time for each letter."""

    def read(length: int) -> None:
        text = piece * (length // len(piece)) + "x"
        for label in ("Action", "Position"):
            reading.labelled(text, label)
        reading.listed(text, "Idea")
        reading.read_vote(text)
        reading.clean(text)
        reading.spoken.cache_clear()

    assert not grows_too_fast(read)
