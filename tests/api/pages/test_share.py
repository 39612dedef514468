"""Passing minutes on: files in every format, redacted copies, and how others check them."""

import csv
import io
import json
import re

import pytest

from agents.export import export
from agents.export.html import policy
from agents.export.redacted import to_redacted
from agents.meeting.chain import verified
from agents.orchestrator import AgentOrchestrator
from tests.api.pages.site import keep, keep_rich, site
from tests.export.meetings import rich_journal


def test_a_file_has_everything_in_itself() -> None:
    """The file is the HTML of the export, for download, and its policy allows only its own style by its digest."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        minutes = orchestrator.get_minutes(meeting)
    with site() as pages:
        answer = pages.client.get(f"/meetings/{meeting}/file")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{meeting}.html"'
        assert answer.headers["Content-Security-Policy"] == f"{policy()}; sandbox"
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
        assert answer.text == export(minutes, "html")
        assert not re.search(r'(?:src|href)="(?!#)', answer.text)


@pytest.mark.parametrize("form", ["markdown", "json", "csv", "adr", "ics", "transcript", "chained"])
def test_every_format_can_be_downloaded(form: str) -> None:
    """Each format is the export of that name, loads nothing, and has an ending that programs know."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        wanted = export(orchestrator.get_minutes(meeting), form)
    with site() as pages:
        answer = pages.client.get(f"/meetings/{meeting}/file?form={form}")
        assert answer.content == wanted.encode()
        assert "sandbox" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        if form == "json":
            assert json.loads(answer.text)["schema"] == "orchestrator-minutes"
        if form == "csv":
            assert len(list(csv.reader(io.StringIO(answer.text)))) > 1


def test_a_redacted_copy_is_the_redacted_export() -> None:
    """A redacted copy is a page that says what it is; in other formats there is none."""
    meeting = keep_rich()
    with AgentOrchestrator() as orchestrator:
        minutes = orchestrator.get_minutes(meeting)
    with site() as pages:
        answer = pages.client.get(f"/meetings/{meeting}/file?redacted=1")
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{meeting}.redacted.html"'
        assert answer.text == to_redacted(minutes)
        assert (
            "A redacted copy is an HTML page." in pages.get(f"/meetings/{meeting}/file?redacted=1&form=json", 400).text
        )


def test_an_unknown_format_and_an_unknown_meeting_are_pages() -> None:
    """What cannot be had is said with the formats that can."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}/file?form=docx", 400)
        assert "There is no format 'docx' for minutes. Choose one of: html, markdown" in shown.text
        pages.get("/meetings/nothing/file", 404)
        pages.get("/meetings/nothing/share", 404)


def test_the_name_of_a_file_is_one_that_every_system_takes() -> None:
    """An id with quotes, line ends and letters of other scripts gives a header that is not broken."""
    odd = '../\u00dc "\u54c1"; x='
    with AgentOrchestrator() as orchestrator:
        keep(orchestrator, rich_journal().events(), odd)
    with site() as pages:
        name = pages.client.get("/meetings/last/file").headers["Content-Disposition"]
        assert re.fullmatch(r'attachment; filename="[A-Za-z0-9._-]+\.html"', name)


def test_the_hash_on_the_page_is_that_of_the_file_with_the_journal() -> None:
    """Who downloads the journal and follows the page finds the same head hash, and links to every format."""
    meeting = keep_rich()
    with site() as pages:
        shown = pages.get(f"/meetings/{meeting}/share")
        chain = verified(pages.client.get(f"/meetings/{meeting}/file?form=chained").content)
        assert f"has {chain.events} events." in shown.text
        assert f"orchestrator minutes verify meeting.jsonl --head {chain.head}" in shown.text
        links = {str(own["href"]) for own in shown.all("a", download="")}
        assert len(links) == 9
        for link in links:
            assert pages.client.get(link).status_code == 200
