"""What a page of another host, a broken program or a careless person sends to the pages."""

import base64
import re
from typing import Any

import pytest

from agents.orchestrator import AgentOrchestrator
from tests.api.pages.site import HERE, Shown, keep_rich, site
from tests.api.pages.test_actions import enter

NUMBERS = ("00", "-1", "\u00b2", "1e9", "+1", "1_0", "\u0661", "9" * 5000, "%00", "%ff")
BOUNDED = "multipart/form-data; boundary=x"
BODIES = (
    ("application/x-www-form-urlencoded", b"a=%ff%fe&%00=1&=&&&"),
    ("application/x-www-form-urlencoded", b"\xff\xfe\x00" * 100),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % number for number in range(10_000))),
    ("text/plain", b"verdict=confirm"),
    ("application/json", b'{"verdict": "confirm"}'),
    ("multipart/form-data", b"x"),
    (BOUNDED, b"--x\r\nbroken"),
    (BOUNDED, b"--x\r\nContent-Disposition: form-data\r\n\r\nv\r\n--x--"),
    (BOUNDED, b'--x\r\nContent-Disposition: form-data; name="files"; filename="\xff\r\n../../etc/passwd"\r\n\r\nv\r\n--x--'),
    (f"{BOUNDED}; charset=bogus", b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\xff\r\n--x--\r\n'),
    (BOUNDED, b'--x\r\nContent-Disposition: form-data; name="files"; filename="a.pdf"\r\n\r\n%PDF-1.4 x\r\n--x--\r\n'),
)  # fmt: skip
FORMS = (
    "/new", "/meetings/{id}/entries/1.AC1", "/actions/A1/due", "/actions/A1/done", "/meetings/{id}/seats", "/meetings/{id}/say",
    "/meetings/{id}/answer", "/meetings/{id}/stop", "/meetings/{id}/start", "/meetings/{id}/fork", "/meetings/{id}/delete",
)  # fmt: skip
PAGES = (
    "/", "/new", "/meetings/{id}", "/meetings/{id}/minutes", "/meetings/{id}/entries", "/meetings/{id}/entries/1.AC1",
    "/meetings/{id}/documents/1", "/meetings/{id}/file", "/meetings/{id}/share", "/actions", "/actions/A1", "/search?q=the",
    "/compare",
)  # fmt: skip
PLACES = re.compile(r"/work/|/tmp/|/home/|/root|Traceback")


@pytest.fixture(name="rich")
def stored(monkeypatch: pytest.MonkeyPatch) -> str:
    """A meeting with one of everything, and an action."""
    monkeypatch.setenv("MODEL_NAME", "rehearsal")
    found = keep_rich()
    with AgentOrchestrator() as orchestrator:
        enter(orchestrator, "order it", days=1, meeting=found)
    return found


@pytest.mark.parametrize("headers", [
    {"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
    {"Origin": "http://127.0.0.1:1"}, {"Host": "evil.example"}, {"Host": "evil.example", "Origin": "http://evil.example"},
])  # fmt: skip
def test_no_form_of_another_page_changes_anything(rich: str, headers: dict[str, str]) -> None:
    """A form that comes from another host, from another port, from nowhere, or under a foreign name is refused."""
    with site() as pages:
        for path in FORMS:
            answer = pages.client.post(path.format(id=rich), data={"verdict": "reject", "sure": "yes"}, headers=headers)
            assert answer.status_code in {400, 403}, path
        assert "was rejected" not in pages.get(f"/meetings/{rich}/entries").text


def test_the_password_of_a_browser_opens_pages_and_nothing_else(rich: str) -> None:
    """The token as a password opens every page, form and stream; programs' interfaces do not take what a browser sends by
    itself, and a port that is not ours cannot use it for a form.
    """
    with site(api_token="sesame-" * 5) as pages:
        browser = {"Authorization": f"Basic {base64.b64encode(b'me:' + b'sesame-' * 5).decode()}"}
        for path in (*PAGES, "/meetings/{id}/stream"):
            address = path.format(id=rich)
            assert pages.client.get(address, headers=browser).status_code == 200, path
            refused = pages.client.get(address, headers={"Accept": "text/html"})
            assert (refused.status_code, refused.headers["WWW-Authenticate"]) == (401, 'Basic realm="orchestrator"')
        for path in ("/api/meetings", "/v1/models", "/ollama/api/tags", "/metrics", "/status"):
            assert pages.client.get(path, headers=browser).status_code == 401, path
        sent = {**browser, "Origin": pages.url}
        done = pages.client.post("/actions/A1/due", data={"due": "friday"}, headers=sent)
        assert done.status_code == 303
        foreign = {**browser, "Origin": "http://127.0.0.1:3000"}
        assert pages.client.post("/actions/A1/due", data={"due": "none"}, headers=foreign).status_code == 400


def test_nobody_sees_or_changes_what_is_another_owner_s(rich: str) -> None:
    """With the id of a meeting or an action of another owner, every page and every form says that there is none."""
    with site(api_token="first-" * 6, api_tokens="ada=" + "second-" * 5) as pages:
        ada = {"Authorization": "Bearer " + "second-" * 5, **HERE}
        for path in (*PAGES, "/meetings/{id}/stream", "/new?from={id}", "/compare?a={id}&b={id}"):
            if "{id}" in path or "A1" in path:
                answer = pages.client.get(path.format(id=rich), headers=ada)
                assert answer.status_code == 404, path
        for path in FORMS[1:]:
            assert pages.client.post(path.format(id=rich), data={"sure": "yes"}, headers=ada).status_code == 404, path
        assert rich not in pages.client.get("/", headers=ada).text


def test_no_number_of_an_address_breaks_a_page(rich: str) -> None:
    """What is no number, or no number of anything, gives a page or says that there is none."""
    with site() as pages:
        one = f"/meetings/{rich}"
        for number in NUMBERS:
            assert pages.client.get(f"{one}/documents/{number}").status_code == 404
            for path in (
                f"{one}/documents/1?line={number}&from={number}&page={number}", f"{one}?minutes={number}&turns={number}",
                f"{one}/entries?page={number}&worth={number}", f"/?page={number}", f"/actions?state=open&page={number}",
                f"/search?q=the&in=turns&page={number}", f"/search?q=a&since={number}", f"{one}/stream?after={number}",
            ):  # fmt: skip
                answer = pages.client.get(path, headers={b"Last-Event-ID": number.encode("utf-8")})
                assert answer.status_code in {200, 400, 404}, path
                assert not PLACES.search(answer.text)


@pytest.mark.parametrize("path", FORMS)
def test_no_body_breaks_a_form(rich: str, path: str) -> None:
    """Broken, foreign and endless bodies are refused or carried out, and no answer names a place on this machine."""
    with site() as pages:
        for kind, body in BODIES:
            answer = pages.client.post(path.format(id=rich), content=body, headers={**HERE, "Content-Type": kind})
            assert answer.status_code < 500, (kind, body[:40])
            assert not PLACES.search(answer.text)


@pytest.mark.parametrize(
    "field", ["people", "council", "type", "topics", "invite", "time_box", "held", "me", "chair", "from"]
)
def test_an_endless_field_is_refused_at_once(rich: str, field: str) -> None:
    """A field with more than anybody types is refused with one sentence, which does not repeat it."""
    del rich
    with site() as pages:
        refused = pages.post("/new", 400, **{"topics": "Buy?", field: "x," * 60_000})
        assert "more than 100,000 characters" in Shown(refused.text).text
        assert len(refused.content) < 10_000
        names: Any = pages.post("/new", 400, topics="Buy?", people="Ada, " * 1_000)
        assert "These names have more than 2,000 characters." in Shown(names.text).text


@pytest.mark.parametrize(("back", "to"), [
    ("//evil.example", "/actions/A1"), ("board=1&" + "&".join(f"a{n}=1" for n in range(60)), "/actions#A1"),
    ("board=1&page=\u00b2&owner=%0d%0aX: y&series=//e", "/actions?owner=%0D%0AX%3A+y&series=%2F%2Fe#A1"),
    ("board=1&page=" + "9" * 300, "/actions#A1"), ("https://evil.example/?board=1", "/actions/A1"),
])  # fmt: skip
def test_a_form_leads_back_to_our_own_pages_alone(rich: str, back: str, to: str) -> None:
    """Whatever a form says about where it came from, the answer leads to the board or to the action."""
    del rich
    with site() as pages:
        assert pages.post("/actions/A1/due", due="friday", back=back).headers["location"] == to


def test_a_verdict_leads_back_to_our_own_table_alone(rich: str) -> None:
    """The page and the kind of the table are taken from a form only where they are some."""
    with site() as pages:
        path = f"/meetings/{rich}/entries/1.AC1"
        for number, worth in (("9" * 5000, "x" * 5000), ("//e", "\r\nX: y"), ("\u00b2", "..")):
            answer = pages.post(path, verdict="confirm", back="entries", page=number, worth=worth)
            assert answer.headers["location"] == f"/meetings/{rich}/entries#1.AC1"


def test_every_path_knows_only_its_own_methods(rich: str) -> None:
    """A page can be asked for without its content; other methods are refused with the ones that are known."""
    with site() as pages:
        for path in PAGES:
            address = path.format(id=rich)
            head = pages.client.head(address)
            assert (head.status_code, head.content) == (200, b""), path
            for method in ("PUT", "PATCH", "DELETE", "TRACE"):
                assert pages.client.request(method, address, headers=HERE).status_code == 405, (method, path)


def test_who_reads_and_watches_is_far_from_the_most_requests(rich: str) -> None:
    """A page with its files, a stream that comes back every two seconds and a page a second stay within the usual rate;
    a form above it gets a page that says how long to wait.
    """
    with site() as pages, AgentOrchestrator() as orchestrator:
        markup = pages.client.get(f"/meetings/{rich}").text
        files = {*re.findall(r'(?:src|href)="(/assets/[^"]+)"', markup)}
        assert all("immutable" in pages.client.get(one).headers["Cache-Control"] for one in files)
        assert len(files) + 60 / 2 + 60 < orchestrator.settings.api_rate / 2
    with site(api_rate=1) as pages:
        pages.client.get("/")
        refused = pages.client.post("/actions/A1/due", data={"due": "friday"}, headers={**HERE, "Accept": "text/html"})
        assert refused.status_code == 429
        wait = refused.headers["Retry-After"]
        assert f"Wait {wait} seconds, or allow more with API_RATE." in Shown(refused.text).text
