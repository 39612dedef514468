"""A person plans a meeting, takes part in it, and works with what it left: with a mouse, and with the keyboard alone."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.api.pages.browser.chromium import LAPTOP, PHONE, Chromium, Window
from tests.api.pages.browser.hands import Hand, Keyboard, Mouse
from tests.api.pages.site import site
from tests.ollama_double import OllamaDouble
from tests.ollama_double.answers import default_answer

DESIGN = """# Sessions

Sessions live in one Redis server.
Its password is shared by all services.
Nobody has measured how long a restore takes.
"""
COSTS = "# Costs\n\nTwo servers cost eleven thousand euros a month.\nThe vendor wants an answer by Friday.\n"
TOPIC = "Shall we move the sessions to Redis?"
WORDS = "Please think of the winter sale"
CORRECTION = "Two servers may fail at the same time"
MOST_QUESTIONS = 40


@pytest.fixture
def documents(tmp_path: Path) -> list[Path]:
    """Two files of a person."""
    files = []
    for name, text in (("design.md", DESIGN), ("costs.md", COSTS)):
        (tmp_path / name).write_text(text)
        files.append(tmp_path / name)
    return files


def agreeing(body: dict[str, Any]) -> str:
    """Speakers who all vote for what is put to the vote, so that its actions are agreed."""
    said = default_answer(body)
    wanted = body.get("format")
    if isinstance(wanted, dict) and "vote" in wanted.get("properties", {}):
        return json.dumps({**json.loads(said), "vote": "support"})
    return said


@pytest.mark.parametrize("kind", [Mouse, Keyboard])
def test_a_person_uses_the_room(
    chromium: Chromium, ollama: OllamaDouble, documents: list[Path], kind: type[Mouse | Keyboard]
) -> None:
    """From two files to a corrected entry, an action that is done, a search and a fork, without leaving the pages."""
    ollama.answer = agreeing
    with site(api_rate=10_000) as pages, chromium.window(pages.url, LAPTOP) as window:
        window.open("/")
        hand = kind(window.page)
        plans(hand, window.page, documents)
        takes_part(hand, window.page)
        meeting = window.page.url.partition("?")[0].partition("#")[0]
        follows_a_quote(hand, window.page)
        follows_a_place(hand, window.page, meeting)
        corrects_an_entry(hand, window, meeting)
        closes_an_action(hand, window.page)
        searches(hand, window.page)
        forks(hand, window, meeting)
    assert ollama.problems == []


def plans(hand: Hand, page: Page, documents: list[Path]) -> None:
    """Begin with two files, see the plan, and take a seat."""
    hand.press(page.get_by_role("navigation", name="Pages").get_by_role("link", name="New meeting"))
    hand.choose(page.get_by_role("radio", name=re.compile("^Architecture review")))
    hand.write(page.get_by_label("What is it about?"), TOPIC)
    hand.attach(page.get_by_label(re.compile("^Choose files")), documents)
    hand.press(page.get_by_role("button", name="Make the plan"))
    expect(page.get_by_role("heading", level=1)).to_contain_text(TOPIC)
    for each in documents:
        expect(page.get_by_text(each.name).first).to_be_visible()
    hand.select(page.get_by_label("Your seat"), "Backend Developer")
    hand.press(page.get_by_role("button", name="Change the seats"))
    expect(page.get_by_label("Your seat").locator("option:checked")).to_have_text("Backend Developer")
    hand.press(page.get_by_role("button", name="Start the meeting"))


def takes_part(hand: Hand, page: Page) -> None:
    """Watch, say something, answer and vote, until the minutes are there."""
    question, minutes = page.locator("form.question"), page.locator("body.reading")
    question.wait_for()
    hand.write(page.get_by_label("Your words to all"), WORDS)
    hand.press(page.get_by_role("button", name="Say it"))
    expect(page.get_by_text(WORDS).first).to_be_visible()
    for _ in range(MOST_QUESTIONS):
        question.or_(minutes).first.wait_for()
        if minutes.count():
            break
        answers(hand, page, question)
    expect(minutes).to_be_visible()
    expect(page.get_by_text(WORDS).first).to_be_attached()


def answers(hand: Hand, page: Page, question: Locator) -> None:
    """Answer one question: choose the first answer, or write one."""
    asked = question.get_by_role("heading").inner_text()
    if (box := question.get_by_role("textbox")).count():
        hand.write(box, "One server is not enough, see design.md:3")
        hand.press(question.get_by_role("button", name="Answer"))
    elif (box := question.get_by_role("checkbox").first).count():
        hand.press(box)
        hand.press(question.get_by_role("button", name="Answer"))
    else:
        hand.press(question.get_by_role("button").first)
    page.wait_for_function("(asked) => document.querySelector('form.question h2')?.innerText !== asked", arg=asked)


def follows_a_quote(hand: Hand, page: Page) -> None:
    """A link in the minutes leads to the words of a turn, which are seen, and a link there back to the entry."""
    link = page.get_by_label("Minutes", exact=True).locator("a[href*='#T']").first
    anchor = (link.get_attribute("href") or "").partition("#")[2]
    hand.press(link)
    page.wait_for_url(f"**#{anchor}")
    expect(page.locator(f"[id='{anchor}']")).to_be_in_viewport()
    back = page.locator(f"[id='{anchor}'] ~ a.back, [id='{anchor}'] a.back").first
    name = (back.get_attribute("href") or "").partition("#")[2]
    hand.press(back)
    expect(page.locator(f"[id='{name}']")).to_be_in_viewport()


def follows_a_place(hand: Hand, page: Page, meeting: str) -> None:
    """A link to a line of a document leads to that line, with who cites it."""
    link = page.locator("main a[href*='/documents/'][href*='#L']").first
    line = (link.get_attribute("href") or "").partition("#")[2]
    hand.press(link)
    page.wait_for_url(re.compile(r"/documents/\d+"))
    expect(page.locator(f"[id='{line}']")).to_be_in_viewport()
    page.goto(meeting)


def corrects_an_entry(hand: Hand, window: Window, meeting: str) -> None:
    """An entry opens beside the minutes, is corrected there, and the minutes say so."""
    page = window.page
    hand.press(page.locator("a.name[data-panel]").first)
    panel = page.get_by_role("complementary", name="Entry")
    expect(panel).to_be_visible()
    hand.write(panel.get_by_label("Words"), CORRECTION)
    hand.write(panel.get_by_label("Your name"), "Ada")
    hand.press(panel.get_by_role("button", name="Correct"))
    expect(panel.get_by_text(CORRECTION).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    page.goto(meeting)
    expect(page.get_by_text(CORRECTION).first).to_be_visible()
    expect(page.get_by_text("corrected by Ada").first).to_be_attached()


def closes_an_action(hand: Hand, page: Page) -> None:
    """An action of the meeting is on the board, and is marked as done."""
    hand.press(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Actions"))
    card = page.locator("li[id^='A']").first
    name = card.get_attribute("id")
    hand.press(card.locator("summary"))
    hand.write(card.get_by_label("How it was done"), "measured")
    hand.press(card.get_by_role("button", name="Done"))
    expect(page.locator(f"li[id='{name}']").get_by_text(re.compile("^done")).first).to_be_visible()


def searches(hand: Hand, page: Page) -> None:
    """Words that somebody said are found, and lead to the turn."""
    hand.press(page.get_by_role("navigation", name="Pages").get_by_role("link", name="Search"))
    hand.write(page.get_by_role("searchbox"), "sessions redis")
    page.keyboard.press("Enter")
    hit = page.locator("main ol.found a[href*='/meetings/']").first
    hand.press(hit)
    page.wait_for_url("**/meetings/**")


def forks(hand: Hand, window: Window, meeting: str) -> None:
    """The meeting is held again from a turn: a plan that says what it keeps."""
    page = window.page
    page.goto(meeting)
    hand.press(page.locator("summary", has_text="Fork"))
    hand.write(page.get_by_label(re.compile("^Last turn to keep")), "T1")
    hand.press(page.get_by_role("button", name="Fork", exact=True).first)
    expect(page.get_by_role("button", name="Start the meeting")).to_be_visible()
    expect(page.locator("main")).to_contain_text("T1")


def test_the_skip_link_is_the_first_stop(chromium: Chromium) -> None:
    """The first key on a page shows a link, and Enter on it leads past the navigation."""
    with site() as pages, chromium.window(pages.url, PHONE) as window:
        window.open("/")
        window.page.keyboard.press("Tab")
        link = window.page.get_by_role("link", name="Skip to the content")
        expect(link).to_be_focused()
        expect(link).to_be_in_viewport()
        window.page.keyboard.press("Enter")
        expect(window.page.locator("#main")).to_be_focused()


def test_a_meeting_is_planned_and_begun_without_script(
    chromium: Chromium, ollama: OllamaDouble, documents: list[Path]
) -> None:
    """Without the script of the pages, a person plans a meeting, takes a seat, starts it, says something, answers every
    question by loading the page again, and reads the minutes.
    """
    with site(api_rate=10_000) as pages, chromium.window(pages.url, PHONE, script=False) as window:
        page, hand = window.page, Mouse(window.page)
        window.open("/")
        plans(hand, page, documents)
        hand.write(page.get_by_label("Your words to all"), WORDS)
        hand.press(page.get_by_role("button", name="Say it"))
        for _ in range(200):
            if page.locator("body.reading").count():
                break
            question = page.locator("form.question")
            if question.count():
                hand.press(question.get_by_role("button", name="Skip my turn"))
            else:
                page.wait_for_timeout(50)
                page.reload()
        expect(page.locator("body.reading")).to_be_visible()
        expect(page.get_by_role("heading", name="Transcript")).to_be_visible()
    assert ollama.problems == []
