"""The entries of minutes: the table, one entry with what it rests on, and the verdicts of people."""

from html import unescape

import pytest

from agents.meeting.entry_names import entry_names
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.proposals import take_on
from tests.api.pages.long_meetings import long_events
from tests.api.pages.site import HERE, Shown, keep, keep_rich, site


def verdicts(meeting: str) -> list[tuple[str, str, str, str]]:
    """What people said: entry, verdict, new words and name."""
    with AgentOrchestrator() as orchestrator:
        given = orchestrator.get_minutes(meeting).verdicts
    return [(one.entry, one.judgement.value, one.text, one.by) for one in given]


def test_the_table_has_every_entry_with_what_was_checked() -> None:
    """Each entry stands in a row with its words, what was checked and why, its turn, and buttons for a verdict."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        named = entry_names(orchestrator.get_minutes(meeting))
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}/entries")
        assert [own["id"] for own in shown.all("tr") if "id" in own] == list(named)
        assert "as said; it denies something" in shown.text
        assert "Entries: Move sessions to Redis?" in shown.text
        assert "here, which does not make them true" in shown.text
        assert f"All ({len(named)})" in shown.text
        assert shown.all("button", form="verdict", formaction=f"/meetings/{meeting}/entries/1.AC1", value="confirm")
        said = pages.get(f"/meetings/{meeting}/entries?worth=as-said")
        rows = [own for own in said.all("tr") if "id" in own]
        assert rows
        assert all("as-said" in str(own["class"]) for own in rows)
        assert f"As said ({len(rows)})" in shown.text


def test_an_entry_shows_its_words_in_the_turn_and_the_lines_around_its_place() -> None:
    """The page of an entry has its words, what was checked, the turn with the words marked, and lines with context."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}/entries/1.Fa1")
        assert "design.md:3 says one server holds all sessions" in shown.text
        assert len(shown.all("mark")) == 1
        assert shown.all("a", href=f"/meetings/{meeting}#T1.1")
        assert shown.all("a", href=f"/meetings/{meeting}#1.Fa1")
        assert shown.all("a", href=f"/meetings/{meeting}/documents/1?from=3#L3")
        assert "# Sessions" in shown.text
        assert "Nobody has judged this entry yet." in shown.text


def test_the_panel_is_a_part_without_places() -> None:
    """For the panel beside the minutes an entry comes without a page around it, and takes no name of a place twice."""
    meeting = keep_rich()
    with site() as pages:
        answer = pages.client.get(f"/meetings/{meeting}/entries/1.R1?part=1")
        part, whole = Shown(answer.text), pages.get(f"/meetings/{meeting}")
    assert not part.all("html")
    assert part.all("h2", tabindex="-1")
    assert part.all("form", data_quiet="panel")
    assert not set(part.ids()) & set(whole.ids())


@pytest.mark.parametrize(
    ("verb", "words", "stands"),
    [
        ("confirm", "", "Confirmed by Ada"),
        ("correct", "Other <words>", "Corrected by Ada"),
        ("reject", "", "Rejected by"),
    ],
)
def test_a_verdict_is_kept_and_shown_at_once(verb: str, words: str, stands: str) -> None:
    """A form confirms, corrects or rejects an entry; its page and the minutes show it at once."""
    meeting = keep_rich()
    address = f"/meetings/{meeting}/entries/1.R1"
    with site() as pages:
        answer = pages.post(address, verdict=verb, text=words, by="Ada")
        assert answer.headers["Location"] == f"{address}?by=Ada"
        shown = pages.get(address)
        assert stands in shown.text
        assert "Checked by people" in pages.get(f"/meetings/{meeting}").text
        if words:
            assert "Other <words>" in shown.text
            assert shown.all("del")
    [(entry, _, text, by)] = verdicts(meeting)
    assert (entry, text, by) == ("1.R1", words, "Ada")


def test_a_rejected_entry_looks_rejected_everywhere() -> None:
    """Its own page, its row of the table and its row of the minutes say who rejected it, and strike its words."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        named = entry_names(orchestrator.get_minutes(meeting))
        place = next((name for name, one in named.items() if one.label == "Finding"), "1.R2")
        for name in ("1.R1", place):
            orchestrator.verdicts.reject(meeting, name, by="Ada")
        orchestrator.verdicts.confirm(meeting, "1.AC1", by="Grace")
    with site() as pages:
        own = pages.get(f"/meetings/{meeting}/entries/1.R1")
        assert "Rejected by Ada : its words do not stand" in own.text
        assert own.all("del")
        assert "Confirmed by Grace, " in pages.get(f"/meetings/{meeting}/entries/1.AC1").text.split("Verdicts")[0]
        minutes = pages.get(f"/meetings/{meeting}")
        assert "rejected by Ada" in minutes.text.split("Checked by people")[0]
        assert "confirmed by Grace" in minutes.text.split("Checked by people")[0]
        table = pages.get(f"/meetings/{meeting}/entries")
        assert table.all("tr", id="1.R1", class_="entry rejected-by-a-person judged")
        assert len(table.all("del")) == 2
        verified = pages.get(f"/meetings/{meeting}/entries?worth=verified")
        assert not verified.all("tr", id="1.R1")
        assert verified.all("tr", id="1.AC1")


def test_a_proposal_that_was_not_accepted_is_not_called_a_decision() -> None:
    """What was only put to the vote is a proposal, and to confirm it says that the minutes have it right."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        named = entry_names(orchestrator.get_minutes(meeting))
        assert [named[name].label for name in ("1.D1", "2.D1")] == ["Decision", "Proposal"]
        orchestrator.verdicts.confirm(meeting, "2.D1", by="Ada")
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}/entries/2.D1")
        assert "2.D1 \u00b7 Proposal" in shown.text
        assert "Confirm says that the minutes have it right. It was only proposed" in shown.text
        assert shown.all("button", value="confirm", aria_describedby="confirms-page")
        assert "2.D1 (only proposed) confirmed by Ada" in pages.get(f"/meetings/{meeting}").text
        assert "only proposed" not in pages.get(f"/meetings/{meeting}/entries/1.D1").text


def test_a_verdict_from_the_table_leads_back_to_its_row() -> None:
    """A button of the table keeps the verdict and leads to the row in the same choice of entries."""
    meeting = keep_rich()
    with site() as pages:
        answer = pages.post(
            f"/meetings/{meeting}/entries/1.R1", verdict="reject", by="Ada", back="entries", worth="verified", page=""
        )
        assert answer.headers["Location"] == f"/meetings/{meeting}/entries?worth=verified&by=Ada#1.R1"
        assert "Judged (1)" in pages.get(f"/meetings/{meeting}/entries").text


def test_the_script_gets_a_sentence() -> None:
    """For the script of the page, the answer to a verdict is a sentence and the address of the entry."""
    meeting = keep_rich()
    with site() as pages:
        told = pages.client.post(
            f"/meetings/{meeting}/entries/1.r1",
            data={"verdict": "confirm"},
            headers={**HERE, "Accept": "application/json"},
        ).json()
    assert told == {"said": "1.R1 is confirmed.", "to": f"/meetings/{meeting}/entries/1.R1"}


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"verdict": "praise"}, "does not say what to do"),
        ({"verdict": "correct", "text": " "}, "no words to correct"),
        ({"verdict": "correct", "text": "x" * 20_001}, "too long"),
        ({"verdict": "confirm", "by": "x" * 201}, "too long"),
    ],
)
def test_a_form_that_says_nothing_is_refused(fields: dict[str, str], words: str) -> None:
    """A form without a verdict, without words of a correction or with too many is refused, and nothing is kept."""
    meeting = keep_rich()
    with site() as pages:
        answer = pages.post(f"/meetings/{meeting}/entries/1.R1", 400, **fields)
        assert words in answer.text
        pages.get(f"/meetings/{meeting}/entries/1.R99", 404)
    assert verdicts(meeting) == []


def test_a_correction_in_the_same_words_is_refused() -> None:
    """A correction that changes nothing is no correction."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}/entries/2.R2")
        assert "nobody can be held to account" in shown.text
        same = "nobody can be held to account"
        assert "has already" in pages.post(f"/meetings/{meeting}/entries/2.R2", 400, verdict="correct", text=same).text


def test_changed_words_are_not_confirmed() -> None:
    """Who changed the words and presses Confirm is asked to press Correct; the words as they were can be confirmed."""
    meeting = keep_rich()
    with site() as pages:
        address = f"/meetings/{meeting}/entries/2.R2"
        answer = pages.post(address, 400, verdict="confirm", text="somebody is held to account")
        assert "You changed the words." in answer.text
        assert "Press Correct, or put them back." in answer.text
        assert verdicts(meeting) == []
        pages.post(address, verdict="confirm", text="\r\nnobody can be held  to account")
        hostile = "1.R5"  # it has characters that no page shows
        field = pages.client.get(f"/meetings/{meeting}/entries/{hostile}").text.split("<textarea")[1]
        words = unescape(field.split(">", 1)[1].split("</textarea>")[0])
        pages.post(f"/meetings/{meeting}/entries/{hostile}", verdict="confirm", text=words)
    assert [one[:2] for one in verdicts(meeting)] == [("2.R2", "confirmed"), (hostile, "confirmed")]


def test_a_long_table_has_parts_and_a_long_entry_fits() -> None:
    """Entries of a long meeting are on one part of the table each, and no page has more than 200 kB."""
    with AgentOrchestrator() as orchestrator:
        meeting = keep(orchestrator, long_events(turns=4, risks=60, filler="Risk: " + "&<> " * 5_000))
    with site() as pages:
        names, address = list[str](), f"/meetings/{meeting}/entries"
        while address:
            answer = pages.client.get(address)
            assert len(answer.content) <= 200_000
            shown = Shown(answer.text)
            names += [str(own["id"]) for own in shown.all("tr") if "id" in own]
            address = str(next((own["href"] for own in shown.all("a", rel="next")), ""))
        assert len(names) == len(set(names)) > 200
        for name in (names[0], names[-1]):
            assert len(pages.client.get(f"/meetings/{meeting}/entries/{name}").content) <= 200_000


def test_a_name_is_typed_once_for_several_entries() -> None:
    """After a verdict the form has the name that was given with it, in the table and on the page of an entry."""
    meeting = keep_rich()
    with site() as pages:
        for back in ("entries", ""):
            form = {"verdict": "confirm", "by": "Ada & Grace", "back": back}
            there = pages.client.post(f"/meetings/{meeting}/entries/1.R1", data=form, follow_redirects=True)
            assert Shown(there.text).all("input", autocomplete="name", value="Ada & Grace")
        assert not pages.get(f"/meetings/{meeting}/entries").all("input", autocomplete="name", value="Ada & Grace")


def test_a_proposed_action_is_taken_on_from_its_page() -> None:
    """Its page has a form with a button; after it, also when it is sent twice, the page says which action it became, and
    board and page of the action say that the meeting did not agree on it.
    """
    meeting = keep_rich()
    where = f"/meetings/{meeting}/entries/2.AC1"
    with site() as pages:
        shown = pages.get(where)
        assert "The meeting did not agree on it. Take it on, and it goes on the board of actions." in shown.text
        assert shown.all("form", action=f"{where}/take", class_="take")
        panel = Shown(pages.client.get(f"{where}?part=1").text)
        assert panel.all("form", action=f"{where}/take", data_quiet="panel")
        assert not set(shown.ids()) & set(panel.ids())
        for _ in range(2):
            assert pages.post(f"{where}/take", owner="QA Engineer", by="Ada").headers["Location"] == f"{where}?by=Ada"
        shown = pages.get(where)
        assert "The action is on the board." in shown.text
        assert "It is A1 , open. Taken on by Ada after the meeting, which did not agree on it." in shown.text
        assert shown.all("a", href="/actions/A1")
        assert not shown.all("form", class_="take")
        assert pages.client.get(f"{where}/take").headers["Location"] == where  # people open the address of a form
        for path in ("/actions", "/actions/A1"):
            assert "not agreed there, taken on by Ada" in pages.get(path).text, path
        told = pages.client.post(f"{where}/take", headers={**HERE, "Accept": "application/json"}).json()
        assert told == {"said": "2.AC1 is A1 on the board of actions already.", "to": where}
    with AgentOrchestrator() as orchestrator:
        assert [(row.id, row.owner) for row in orchestrator.actions.list()] == [("A1", "qa_engineer")]


def test_what_cannot_be_taken_on_has_no_button() -> None:
    """An entry that is no action, a rejected action, and a meeting that was not held to its end have none, and the form
    is refused; an agreed action leads to the register.
    """
    meeting, parked = keep_rich(), keep_rich("20261123-rich-0002")
    with AgentOrchestrator() as orchestrator:
        take_on(orchestrator, meeting, "1.AC1")
        orchestrator.verdicts.reject(meeting, "1.AC3", by="Ada")
        orchestrator.meetings.set_status(parked, "running")
    refused = {f"{meeting}/entries/1.R1": 400, f"{meeting}/entries/1.AC3": 400, f"{parked}/entries/1.AC4": 409}
    with site() as pages:
        for path, status in refused.items():
            assert not pages.get(f"/meetings/{path}").all("form", class_="take")
            pages.post(f"/meetings/{path}/take", status)
        pages.post(f"/meetings/{meeting}/entries/1.AC4/take", 400, owner="x" * 201)
        shown = pages.get(f"/meetings/{meeting}/entries/1.AC1")
        assert "It is A1 , open." in shown.text
        assert "did not agree" not in shown.text
        assert "A1" not in pages.get(f"/meetings/{meeting}/entries/1.AC2").text.split("Board of actions")[1][:60]


def test_the_empty_board_says_that_proposed_actions_can_be_taken_on() -> None:
    """It names the button, and leads to the meetings."""
    with site() as pages:
        shown = pages.get("/actions")
    assert "What a meeting proposed and did not agree on can be taken on" in shown.text
    assert shown.all("a", href="/")
