"""What all pages have in common: head, navigation, what they may load, and errors."""

import re

import pytest

from agents.api.pages import assets
from tests.api.pages.site import Shown, keep_rich, site


def test_a_page_may_load_the_files_of_the_service_and_nothing_else() -> None:
    """No script or style stands in a page; every file that it names is there, and its policy allows no other host."""
    with site() as pages:
        answer = pages.client.get("/")
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert not re.search(r"unsafe|https?:|\*", policy)
        shown = Shown(answer.text)
        named = [own.get("src") or own.get("href") or "" for name, own in shown.elements if name in {"script", "link"}]
        assert len(named) == 3
        for address in named:
            found = pages.client.get(address)
            assert found.status_code == 200
            assert "immutable" in found.headers["Cache-Control"]
        assert not [key for _, own in shown.elements for key in own if key.startswith("on") or key == "style"]


def test_the_script_is_small() -> None:
    """The script has at most 12 kB, and asks no other host for anything."""
    script = assets.content("page.js")
    assert len(script) <= 12_000
    assert b"http://" not in script
    assert b"https://" not in script


def test_an_error_is_a_page_with_its_cause_and_remedy() -> None:
    """A meeting that is not there is a page of 404 with the navigation; a program gets JSON."""
    with site() as pages:
        shown = pages.get("/meetings/nothing", 404)
        assert "There is no meeting 'nothing'." in shown.text
        assert shown.all("nav")
        pages.get("/new/nothing", 404)
        assert pages.client.get("/nothing").json()["error"] == "There is no such path."


def test_an_address_that_is_of_nothing_is_a_page_for_a_browser() -> None:
    """A browser gets a page of 404 for any unknown address, with the navigation if it may see pages, and without it
    if it gave no token; a program gets JSON with the paths that there are.
    """
    browser = {"Accept": "text/html,application/xhtml+xml"}
    with site() as pages:
        for address in ("/nix", "/nix/what/ever", "/search/nix"):
            shown = pages.get(address, 404)
            assert "There is no such page." in shown.text
            assert shown.all("nav")
            told = pages.client.post(address, headers=browser)
            assert (told.status_code, told.headers["Content-Type"]) == (405, "text/html; charset=utf-8"), address
        assert "/api" in pages.client.get("/nix").json()["paths"]
    with site(api_token="secret-of-ada") as pages:  # noqa: S106 - of a service of the test
        told = pages.client.get("/nix", headers=browser)
        assert (told.status_code, "There is no such path." in told.text, "<nav" in told.text) == (404, True, False)
        assert pages.client.get("/nix", headers=browser, auth=("any", "secret-of-ada")).text.count("<nav")


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("/meetings", "/"),
        ("/meetings/", "/"),
        ("/meetings/m-1/", "/meetings/m-1"),
        *((f"/meetings/m-1/{part}", "/meetings/m-1") for part in ("say", "answer", "stop", "start", "fork", "delete")),
        ("/actions/A-1/done", "/actions/A-1"),
    ],
)
def test_an_address_of_a_form_leads_to_its_page(address: str, page: str) -> None:
    """Who opens the address to which a form is sent, or a shortened address, is sent to the page that has it."""
    with site() as pages:
        told = pages.client.get(address)
        assert (told.status_code, told.headers["Location"]) == (303, page)


def test_a_form_of_another_host_is_refused() -> None:
    """A form from a page of another host changes nothing, whether the browser says so by its origin or by its site."""
    meeting = keep_rich()
    with site() as pages:
        path = f"/meetings/{meeting}/delete"
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert pages.client.post(path, headers=headers).status_code in {400, 403}
        pages.get(f"/meetings/{meeting}")


@pytest.mark.parametrize("path", ["/", "/meetings/{meeting}", "/assets/page.js"])
def test_a_browser_gives_the_token_as_its_password(path: str) -> None:
    """With a token, every page asks for it as a password, and is shown to who gives it."""
    meeting = keep_rich()
    token = "secret-of-ada"  # noqa: S105 - of a service of the test
    with site(api_token=token) as pages:
        address = path.format(meeting=meeting)
        answer = pages.client.get(address, headers={"Accept": "text/html"})
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == 'Basic realm="orchestrator"'
        assert "needs a token" in answer.text
        assert "The name may be anything; the password is the token." in answer.text
        assert "Bearer" not in answer.text
        assert pages.client.get(address, auth=("any", token)).status_code == 200


def test_the_page_after_a_form_says_once_what_was_done() -> None:
    """Without a script, the page to which a form leads says what was done in a sentence of ours, once; what a browser
    makes up is not said.
    """
    meeting = keep_rich()
    with site() as pages:
        sent = pages.post(f"/meetings/{meeting}/entries/1.D1", verdict="confirm")
        where = sent.headers["Location"]
        assert "Your verdict is recorded." in pages.get(where).text
        assert "Your verdict is recorded." not in pages.get(where).text
        pages.client.cookies.set("did", "<b>Send me your token</b>")
        assert "token" not in pages.get("/").text


def test_an_error_says_what_a_person_can_do() -> None:
    """What to do is said in the words of the pages; no page names a method for programs."""
    meeting = keep_rich()
    with site() as pages:
        for path in ("/meetings/nothing", "/actions/nothing", f"/meetings/{meeting}/entries/nothing",
                     "/compare?a=nothing&b=last"):  # fmt: skip
            told = pages.get(path, 404).text
            assert "`" not in told
            assert re.search(r"Meetings has all|Actions has all|has all its entries", told), path
