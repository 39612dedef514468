"""A request for a page: whose it is, and what a browser sent with it."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import wraps

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response

from agents.api.access import owner_of
from agents.api.pages import paths, said, shell
from agents.api.pages.remedies import refusal_of
from agents.api.problems import Refusal
from agents.api.service import Service
from agents.errors import OrchestratorError, UsageError
from agents.orchestrator.background.owners import Owner

MOST_FIELDS = 200
"""The most fields of a form: one for each seat, and some more."""
LONGEST_PASTE = 10_000_000
"""The most bytes of a pasted text; one that is too long as a document is refused with its form kept."""
PASTED = "paste"
"""The field with a pasted text, the only one that may have many words."""
LONGEST_FIELD = 100_000
"""The most characters of every other field of a form."""


@dataclass(slots=True)
class Visit:
    """A request for a page.

    Attributes:
        request: the request.
        service: the service that answers.
        owner: whose histories it is about.
        form: the fields and files that were sent; empty for a page that is only read.
    """

    request: Request
    service: Service
    owner: Owner
    form: FormData = field(default_factory=FormData)

    def query(self, name: str, default: str = "") -> str:
        """A parameter of the address, in one line."""
        return " ".join(self.request.query_params.get(name, default).split())

    def number(self, name: str, default: int = 1, least: int = 1) -> int:
        """A number in the address; what is no number counts as the default."""
        return max(least, number_in(self.query(name), default))

    def path(self, name: str) -> str:
        """A part of the address."""
        return str(self.request.path_params[name])

    def text(self, name: str, default: str = "") -> str:
        """A field of the form as it was sent, with the line ends that texts have here."""
        given = self.form.get(name)
        return given.replace("\r\n", "\n") if isinstance(given, str) else default

    def texts(self, name: str) -> list[str]:
        """All fields of the form with this name."""
        return [one for one in self.form.getlist(name) if isinstance(one, str)]

    def files(self, name: str) -> list[UploadFile]:
        """The files that were sent in fields of this name; a browser sends an empty one where none was chosen."""
        return [one for one in self.form.getlist(name) if isinstance(one, UploadFile) and one.filename]

    def meeting(self) -> str:
        """The full id of the meeting in the address.

        Raises:
            UnknownName: there is no such meeting.
        """
        return self.owner.orchestrator.meetings.find(self.path("meeting"))

    def done(self, key: str, to: str, sentence: str = "") -> Response:
        """The answer to a form that was carried out: the page to go to, which says what was done; for the script of
        the page, the sentence.

        Args:
            key: what was done, as in ``said.SENTENCES``.
            to: the page that shows it.
            sentence: says more than that, for the script.
        """
        if is_quiet(self.request):
            return shell.done(sentence or said.SENTENCES[key], to)
        answer = shell.gone_to(to)
        answer.set_cookie(said.COOKIE, key, max_age=said.SECONDS, httponly=True, samesite="strict")
        return answer


def number_in(text: str, default: int = 0) -> int:
    """The number that a text is, without a sign and with few digits; else the default."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 8 else default


Page = Callable[[Visit], Awaitable[Response]]


def is_quiet(request: Request) -> bool:
    """Whether the script of a page sent the form, and stays on its page."""
    return request.headers.get("accept", "").startswith("application/json")


def page(handler: Page) -> Callable[[Request], Awaitable[Response]]:
    """A handler of requests that gives a page; an error of ours is a page, too, with its cause and remedy."""

    @wraps(handler)
    async def answer(request: Request) -> Response:
        service: Service = request.app.state.service
        try:
            visit = Visit(request, service, service.owners.get(owner_of(request.scope)))
            if request.method == "POST":
                _only_from_here(request)
                visit.form = await request.form(
                    max_files=MOST_FIELDS, max_fields=MOST_FIELDS, max_part_size=LONGEST_PASTE
                )
                _only_short(visit.form)
            return await _saying(visit, handler)
        except OrchestratorError as error:
            found = refusal_of(error, service.settings)
            return shell.refused(found, quiet=is_quiet(request))
        finally:
            await request.close()  # the files of a form are on the disk, and go with it

    return answer


async def _saying(visit: Visit, handler: "Page") -> Response:
    """The page, which says once what a form did that led to it."""
    key = visit.request.cookies.get(said.COOKIE, "")
    said.remember(key)
    answer = await handler(visit)
    if key and visit.request.method == "GET" and answer.media_type == "text/html" and answer.status_code == 200:
        answer.delete_cookie(said.COOKIE, httponly=True, samesite="strict")
    return answer


def _only_from_here(request: Request) -> None:
    """Refuse a form that a page of another host sent; browsers say where a form comes from.

    Raises:
        UsageError: another page sent it.
    """
    where, origin = request.headers.get("sec-fetch-site", ""), request.headers.get("origin", "")
    # Browsers leave it out where the service has a name of its own and no TLS; they send the origin with every form.
    foreign = where not in {"same-origin", "none"} if where else bool(origin) and not _is_ours(origin, request)
    if foreign:
        raise UsageError("A web page of another host sent this form.", "Send it from a page of this service.")


def _is_ours(origin: str, request: Request) -> bool:
    """Whether a form comes from the host and the port that it is sent to: another port is another program."""
    return origin.partition("://")[2].lower() == request.headers.get("host", "").lower()


def _only_short(form: FormData) -> None:
    """Refuse a form with more words than anybody types: to look for names in them would keep everybody waiting.

    Raises:
        UsageError: a field is too long.
    """
    for name, value in form.multi_items():
        if isinstance(value, str) and name != PASTED and len(value) > LONGEST_FIELD:
            raise UsageError(f"A field of this form has more than {LONGEST_FIELD:,} characters.", "Write less in it.")


def not_found(what: str = "There is no such page.") -> Response:
    """The answer for an address that leads nowhere."""
    return shell.refused(Refusal(404, what, "Meetings has all meetings, and Search finds them by their words."))


@page
async def nowhere(visit: Visit) -> Response:
    """The answer for an address that is none of a page."""
    del visit
    return not_found()


@page
async def above(visit: Visit) -> Response:
    """The page that has the form which is sent to this address, or the list that has what is named so: people open the
    address of the answer to a form again, and shorten addresses.
    """
    named = visit.request.path_params
    if action := named.get("action"):
        return shell.gone_to(paths.action(action))
    meeting, entry = named.get("meeting"), named.get("entry")
    if meeting and entry:
        return shell.gone_to(paths.entry(meeting, entry))
    return shell.gone_to(paths.meeting(meeting) if meeting else paths.HOME)
