"""The page of a meeting while it is held, in a browser: words arrive, a person answers, and nothing becomes markup."""

import json
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from tests.api.pages.browser import rules
from tests.api.pages.browser.chromium import LAPTOP, PHONE, Chromium, Window
from tests.api.pages.browser.hostile import NASTY
from tests.api.pages.site import Site, site
from tests.ollama_double import OllamaDouble
from tests.ollama_double.answers import default_answer

MOST_QUESTIONS = 40
_SEEN = "() => [...document.querySelectorAll('*')].map((one) => [one.localName, one.getAttributeNames().sort().join()])"
_MORE = "(count) => document.querySelectorAll('#transcript > [id]').length >= count"


def saying(words: Iterator[str]) -> Callable[[dict[str, Any]], str]:
    """Speakers who add such words to each line and each reason of their answers."""

    def answer(body: dict[str, Any]) -> str:
        said = default_answer(body)
        if not isinstance(body.get("format"), dict):
            return "\n".join(f"{line} {next(words)}" if ": " in line else line for line in said.split("\n"))
        told = json.loads(said)
        if "reason" in told:
            told["reason"] = f"{told['reason']} {next(words)}"
        return json.dumps(told)

    return answer


def begun(pages: Site, **more: Any) -> str:
    """Begin a meeting of three, one of whom is a person; returns its id."""
    own = {
        "type": "decision",
        "agents": ["cto", "backend_developer", "qa_engineer"],
        "me": "qa_engineer",
        "start": True,
    }
    answer = pages.client.post("/api/meetings", json={"topics": ["Shall we build it?"], **own, **more})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def take_part(window: Window, words: str) -> int:
    """Answer what is asked until the meeting has ended and its minutes are shown; returns the number of answers."""
    page, count = window.page, 0
    question, minutes = page.locator("form.question"), page.locator("body.reading")
    for _ in range(MOST_QUESTIONS):
        question.or_(minutes).first.wait_for()
        if minutes.count():
            break
        asked = question.get_by_role("heading").inner_text()
        if (box := question.get_by_role("textbox")).count():
            box.fill(words)
            question.get_by_role("button", name="Answer").click()
        else:
            question.get_by_role("button").first.click()
        count += 1
        page.wait_for_function("(asked) => document.querySelector('form.question h2')?.innerText !== asked", arg=asked)
    assert minutes.count()
    return count


def elements(window: Window) -> set[str]:
    """The elements on a page, each with the names of its attributes."""
    return {f"{name}[{own}]" for name, own in window.page.evaluate(_SEEN)}


def shown(chromium: Chromium, double: OllamaDouble, words: Iterator[str], said: str) -> set[str]:
    """The elements of a meeting from its beginning to its minutes, which keep the rules all the time."""
    double.answer = saying(words)
    with site() as pages, chromium.window(pages.url, PHONE) as window:
        window.open(f"/meetings/{begun(pages, topics=[f'Shall we? {said}'])}")
        window.page.locator("form.question").wait_for()
        found = elements(window)
        wrong = rules.outline(window.page)
        for width in (PHONE, LAPTOP):
            window.resize(width)
            wrong += rules.fitting(window.page) + rules.accessibility(window.page)
        assert wrong == [], "\n".join(wrong)
        assert take_part(window, said) > 1
        found |= elements(window)
        assert rules.outline(window.page) + rules.fitting(window.page) == []
    return found


def test_words_of_a_model_never_become_elements(chromium: Chromium, ollama: OllamaDouble) -> None:
    """While hostile words arrive on the page of a meeting, and while a person answers with such words, the page has the
    elements that it has with harmless ones, keeps the rules, and no request, dialog or error comes of it.
    """
    plain = shown(chromium, ollama, cycle(["and so on"]), "as I said")
    nasty = shown(chromium, ollama, cycle(NASTY[:-1]), NASTY[1])
    assert nasty - plain == set()


def test_a_break_of_the_stream_loses_nothing(chromium: Chromium, ollama: OllamaDouble) -> None:
    """A window that was offline shows each turn once when it is back, as one that was opened later does."""
    with site() as pages:
        meeting = begun(pages)
        with chromium.window(pages.url, LAPTOP) as window, chromium.window(pages.url, LAPTOP) as other:
            window.open(f"/meetings/{meeting}")
            window.page.locator("form.question").wait_for()
            window.page.context.set_offline(offline=True)
            other.open(f"/meetings/{meeting}")
            before = other.page.locator("#transcript > [id]").count()
            other.page.get_by_role("button", name="Skip my turn").click()
            other.page.wait_for_function(_MORE, arg=before + 1)
            window.page.context.set_offline(offline=False)
            window.page.wait_for_function(_MORE, arg=other.page.locator("#transcript > [id]").count())
            for each in (window, other):
                ids = each.page.locator("#transcript > [id]").evaluate_all("(every) => every.map((one) => one.id)")
                assert len(ids) == len(set(ids))
            window.problems.clear()  # a browser that is offline says so
    assert ollama.problems == []


def test_what_was_written_stays_when_the_question_goes(chromium: Chromium, ollama: OllamaDouble) -> None:
    """Words that were not sent stay on the page when another window answers, and when the meeting is parked; the page
    says so, with the button that resumes the meeting.
    """
    with site() as pages:
        meeting = begun(pages)
        with chromium.window(pages.url, LAPTOP) as window, chromium.window(pages.url, LAPTOP) as other:
            for each in (window, other):
                each.open(f"/meetings/{meeting}")
                each.page.get_by_role("button", name="Against").click() if each is window else None
                each.page.get_by_role("heading", name="Why?").wait_for()
            window.page.locator("form.question textarea").fill("A long thought")
            window.page.get_by_label("Your words to all").fill("For everybody")
            other.page.locator("form.question textarea").fill("Because")
            other.page.get_by_role("button", name="Answer", exact=True).click()
            kept = window.page.get_by_label("What you wrote, not sent")
            kept.wait_for()
            assert kept.input_value() == "A long thought"
            assert other.page.get_by_label("What you wrote, not sent").count() == 0
            other.page.locator("summary", has_text="End or stop").click()
            other.page.get_by_role("button", name="Stop for now").click()
            window.page.get_by_role("button", name="Resume").wait_for()
            window.page.get_by_text("What you wrote stays on this page.").wait_for()
            assert window.page.locator("#link").inner_text() == "parked"
            assert kept.input_value() == "A long thought"
            assert window.page.get_by_label("Your words to all").input_value() == "For everybody"
    assert ollama.problems == []
