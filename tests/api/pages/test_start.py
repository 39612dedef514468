"""The form that begins a meeting."""

import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from agents.orchestrator import AgentOrchestrator
from agents.role import standing
from tests.api.pages.planning import DESIGN, REVIEW, sent, spec_of
from tests.api.pages.site import site
from tests.export.hostile import NASTY
from tests.ollama_double import OllamaDouble


def test_every_type_can_be_chosen_with_what_it_is_for(ollama: OllamaDouble) -> None:
    """All types are there with purpose, length and seats; the address may name one; a search needs the script."""
    del ollama
    with site() as pages, AgentOrchestrator() as orchestrator:
        shown = pages.get("/new?type=vendor_choice")
        radios = shown.all("input", type="radio", name_="type")
        assert sorted(str(own["value"]) for own in radios) == sorted(orchestrator.types)
        assert [own["value"] for own in radios if "checked" in own] == ["vendor_choice"]
        for kind in orchestrator.types.values():
            assert " ".join(kind.purpose.split()) in shown.text
        assert shown.all("p", class_="find", hidden="")
        assert "vendor_choice" in str(radios[0])
        assert shown.all("form", method="post", action="/new", enctype="multipart/form-data")


def test_a_form_becomes_a_plan_with_everything_that_was_chosen(ollama: OllamaDouble) -> None:
    """Topics, files, a pasted text and every choice are in the stored meeting, which has not begun."""
    del ollama
    with site() as pages:
        files = [("files", ("design.md", DESIGN)), ("files", ("design.md", b"# Costs\n\nTen a month.\n"))]
        chosen: dict[str, Any] = {
            **REVIEW, "topics": "May we build this?\r\n\r\nHow do we leave again?\r\n", "paste": "# Notes\r\n\r\nNone.",
            "paste_name": "notes.md", "me": "cto", "decide": "yes", "chair": "cloud_architect", "series": "Sessions",
            "time_box": "600", "people": "Ada, Herr M.", "baseline": "yes", "invite": ["qa_engineer", "tech_lead"],
            "without": ["data_engineer"], "held": "2026-12-24", "words": "We need it.",
        }  # fmt: skip
        spec = spec_of(sent(pages, files, **chosen))
        assert [topic.text for topic in spec.topics] == ["May we build this?", "How do we leave again?"]
        assert [document.name for document in spec.documents] == ["design.md", "2-design.md", "notes.md"]
        assert spec.documents[2].text.strip() == "# Notes\n\nNone."
        assert {"qa_engineer", "tech_lead", "cto"} <= set(spec.speakers)
        assert "data_engineer" not in spec.speakers
        assert (spec.person, spec.decider, spec.facilitator) == ("cto", "cto", "cloud_architect")
        assert (spec.series, spec.control, spec.held.isoformat()) == ("Sessions", True, "2026-12-24")
        assert (spec.words, spec.wishes.time_box, spec.names.people[-2:]) == ("We need it.", 600, ("Ada", "Herr M."))
        assert pages.client.get(f"/api/meetings/{spec.id}").json()["now"]["state"] == "created"


def test_all_seats_may_be_named(ollama: OllamaDouble) -> None:
    """Exactly the ticked ones take part, also all 29."""
    del ollama
    with site() as pages, AgentOrchestrator() as orchestrator:
        everybody = list(standing(orchestrator.roles))
        path = sent(pages, type="decision", topics="Buy or build?", only="yes", invite=everybody)
        assert spec_of(path).speakers == tuple(everybody)
        shown = pages.get(path)
        assert len(shown.all("input", name_="seat", checked="")) == len(everybody) == 29


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"topics": " \n"}, "There is no topic for decision. Write what it is about"),
        ({"topics": "\n".join("abcdefghijklmnopqrstuvwxyz")}, "There are 26 topics"),
        ({"type": "tea_party"}, "There is no meeting type 'tea_party'."),
        ({"type": "architecture_review"}, "Attach the proposed design. Choose a file, or paste its text."),
        ({"time_box": "soon"}, "'soon' is not a number of minutes. Write a number from 1 to 1440."),
        ({"held": "friday"}, "'friday' is not a day."),
        ({"invite": ["cto"], "without": ["cto"]}, "Take it out of one of the two lists"),
        ({"me": "king"}, "There is no agent 'king'."),
        ({"type": "brainstorm", "decide": "yes"}, "Take back that you decide"),
        ({"words": "I am for it."}, "Prepared words need a seat."),
        ({"people": "CTO"}, "is a name of the role cto"),
        ({"series": "x" * 201}, "This has more than 200 characters."),
        ({"paste": "x " * 2_500_001}, "is larger than 5 MB."),
        ({"from": "deleted-plan", "keep": "1"}, "was deleted, and its documents with it."),
    ],
)
def test_a_form_that_cannot_be_used_comes_back_as_it_was(
    ollama: OllamaDouble, fields: dict[str, Any], words: str
) -> None:
    """The cause and the remedy stand there, in the place to which the browser goes, and nothing that was typed is lost."""
    del ollama
    typed = {"type": "decision", "topics": "Buy or build?", "people": "Ada", "series": "Buying", **fields}
    with site() as pages:
        shown = sent(pages, status=400, **typed)
        assert words in shown.text
        assert len(shown.all("div", role="alert", autofocus="", tabindex="-1")) == 1
        assert "not possible yet" in shown.text
        for name in ("people", "series", "time_box", "held"):
            assert shown.all("input", name_=name, value=typed.get(name, ""))
        assert " ".join(typed["topics"].split()) in shown.text
        for name in ("invite", "without"):
            ticked = shown.all("input", name_=name, checked="")
            assert [own["value"] for own in ticked] == typed.get(name, [])
        assert bool(shown.all("input", name_="decide", checked="")) == ("decide" in typed)
        assert pages.client.get("/api/meetings").json() == []


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("photo.bin", bytes(range(256)) * 40, "photo.bin"),
        ("long.md", b"word " * 1_000_001, "long.md is larger than 5 MB. Attach the part that matters."),
        ("empty.md", b"\n", "empty.md is empty."),
        ("scan.pdf", b"%PDF-1.7 broken", "scan.pdf"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(ollama: OllamaDouble, name: str, raw: bytes, words: str) -> None:
    """The page says which file and why, and that the files have to be chosen again."""
    del ollama
    with site() as pages:
        files = [("files", ("design.md", DESIGN)), ("files", (name, raw))]
        shown = sent(pages, files, status=400, **REVIEW)
        assert words in shown.text
        assert f"Choose the files again: design.md, {name}." in shown.text


def test_a_form_that_is_sent_twice_makes_one_plan(ollama: OllamaDouble) -> None:
    """A second click leads to the same plan; the same form with another topic makes another one."""
    del ollama
    with site() as pages:
        once = str(pages.get("/new").all("input", name_="once")[0]["value"])
        first = sent(pages, topics="Buy or build?", once=once)
        assert sent(pages, topics="Buy or build?", once=once) == first
        assert sent(pages, topics="Build or buy?", once=once) != first


def test_a_form_that_is_sent_several_times_at_once_makes_one_plan(ollama: OllamaDouble) -> None:
    """All lead to the same plan, although it is prepared aside."""
    del ollama
    with site() as pages, ThreadPoolExecutor(4) as threads:
        once = str(pages.get("/new").all("input", name_="once")[0]["value"])
        files = [("files", ("design.md", DESIGN))]
        made = threads.map(lambda _: sent(pages, files, once=once, **REVIEW), range(4))
        assert len(set(made)) == 1
        assert len(pages.client.get("/api/meetings").json()) == 1


def test_the_way_back_to_the_form_keeps_everything(ollama: OllamaDouble) -> None:
    """The form of a plan has its topics, choices and documents; the new plan takes the place of the one before."""
    del ollama
    with site() as pages:
        files = [("files", ("design.md", DESIGN)), ("files", ("costs.md", b"# Costs\n\nTen a month.\n"))]
        first = sent(pages, files, **REVIEW, series="Sessions", time_box="600", invite=["cto"], me="qa_engineer")
        meeting = first.rsplit("/", 1)[1]
        assert pages.get(first).all("a", href=f"/new?from={meeting}")
        shown = pages.get(f"/new?from={meeting}")
        assert [own["value"] for own in shown.all("input", name_="keep", checked="")] == ["1", "2"]
        assert shown.all("input", name_="series", value="Sessions")
        assert shown.all("input", name_="time_box", value="600")
        assert shown.all("input", name_="invite", value="cto", checked="")
        assert shown.all("option", value="qa_engineer", selected="")
        second = spec_of(sent(pages, **REVIEW, **{"from": meeting}, keep=["2"]))
        assert [document.name for document in second.documents] == ["costs.md"]
        pages.get(first, 404)


def test_what_was_typed_is_text_and_nothing_else(ollama: OllamaDouble) -> None:
    """Markup, control characters and long lines in a form come back as text, in the form and in the plan."""
    del ollama
    with site() as pages:
        text = " ".join(one for one in NASTY if one != "\x00" and not "\ud800" <= one <= "\udfff")
        again = sent(pages, status=400, type="architecture_review", topics=text, paste_name=text[:100], people=text)
        topic = " ".join(text.split())
        path = sent(pages, type="decision", topics=f"Buy {topic}?", paste=f"# {text}\n\nWords.", series=topic[:150])
        for shown in (again, pages.get(path), pages.get("/"), pages.get(f"/new?from={path.rsplit('/', 1)[1]}")):
            assert not [own for _, own in shown.elements if any(key.startswith("on") for key in own)]
            assert len(shown.all("script")) == 1
            assert "\x1b" not in shown.text
            assert "\u202e" not in shown.text


def test_a_person_knows_beforehand_that_there_is_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a model the form says that a checklist is made, and offers no seat; where the server does not answer, it
    says so, and a plan can be made all the same.
    """
    with site(model_name="rehearsal") as pages:
        shown = pages.get("/new")
        assert "No language model is set, so a meeting becomes a checklist." in shown.text
        assert not shown.all("select", name_="me")
        path = sent(pages, [("files", ("design.md", DESIGN))], **REVIEW)
        plan = pages.get(path).text
        assert "checklist" in plan
        assert "no language model is asked" in plan
        assert not re.search("[Tt]okens (read|written)|read and written|Requests", plan)
    monkeypatch.setenv("OLLAMA_BASE_URL", "http://127.0.0.1:9")
    with site() as pages:
        assert "The model llama3.2 cannot answer now." in pages.get("/new").text
        assert sent(pages, topics="Buy or build?")


def test_the_script_is_told_how_large_a_file_may_be(ollama: OllamaDouble) -> None:
    """The place where files are dropped has the limits in bytes, so that a file is known to be too large beforehand."""
    del ollama
    with site(api_body_mb=20) as pages:
        [place] = [own for _, own in pages.get("/new").elements if "data-drop" in own]
        limits = {name: place[f"data-{name}"] for name in ("text", "file", "all")}
        assert limits == {"text": "5000000", "file": "20000000", "all": "20000000"}
        assert "A text may have 5 MB, a PDF or an office file 20 MB" in pages.get("/new").text
