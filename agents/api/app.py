"""The application: which path is whose, and what every request passes before an interface gets it."""

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, State
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from agents.api import access, health
from agents.api.interfaces import PAGES, PLACES, Interface
from agents.api.limits import ALL_BODIES_MB, MEGABYTE, Body, Rates, Room, WrongTokens
from agents.api.metrics import Counts
from agents.api.problems import FAILED, Json, Refusal, as_page, refusal_of, refused
from agents.api.request_log import Noted
from agents.errors import OrchestratorError, StoreError
from agents.log import Log
from agents.settings import Settings

if TYPE_CHECKING:
    from agents.api.service import Service

METRICS = "/metrics"
PAGES_LISTED = ("/", "/meetings/{id}")
"""Of the pages, which link to each other, the first one, and the one to which other interfaces link."""
LISTED = (*health.PATHS, METRICS, *(place.prefix for place in PLACES if place.prefix), *PAGES_LISTED)
"""The paths that an answer of 404 lists."""

MOST_REQUESTS = 448
"""The most requests that interfaces answer at the same time. It is less than the connections of the server, so that
there is always one left for a health check.
"""

OPEN_SECONDS = 30.0
"""The longest wait of the first requests for the histories, which are opened after the service listens."""

READY_SECONDS = 2.0
"""The longest wait of /ready and /status for them."""

_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE"
_READ = ("GET", "HEAD")
_VERSIONS = ("1.0", "1.1")
_ALLOW = {"Allow": ", ".join(_READ)}
_PLAIN = {404: "There is no such path.", 405: "This path does not know this method."}
"""What is said where a library gives only the name of a status."""

FAULT = Refusal(
    FAILED,
    "The service failed to answer this.",
    "Try again; the log has the kind and place of the fault under the id of this request.",
)


class Shared:
    """What the applications of all ports of a service have in common. Belongs to the event loop that runs.

    Args:
        settings: those of the main histories.
        log: gets a line for each request.

    Attributes:
        service: the service, when its histories are open.

    Raises:
        SettingError: two tokens are the same.
    """

    def __init__(self, settings: Settings, log: Log) -> None:
        self.settings = settings
        self.log = log
        self.tokens = access.Tokens(settings)
        self.rates = Rates(settings.api_rate)
        self.wrong = WrongTokens()
        self.room = Room(max(ALL_BODIES_MB, settings.api_body_mb) * MEGABYTE)
        self.counts = Counts()
        self.checks = health.Checks()
        self.requests = 0
        self.service: asyncio.Future[Service] = asyncio.get_running_loop().create_future()

    async def opened(self) -> "Service":
        """The service, when its histories are open.

        Raises:
            StoreError: they are not open after a while.
        """
        if not await self.is_open(OPEN_SECONDS):
            raise StoreError("The histories are not open yet.", "Try again in a minute.")
        return self.service.result()

    async def is_open(self, seconds: float) -> bool:
        """Whether the histories are open, at the latest after so many seconds."""
        if not self.service.done():
            await asyncio.wait([self.service], timeout=seconds)
        return self.service.done()

    def settings_of(self, owner: str) -> Settings:
        """The settings of an owner, whose histories are in a folder of their own."""
        opened = owner and self.service.done()
        return self.service.result().owners.get(owner).orchestrator.settings if opened else self.settings

    def whose(self, address: str, token: str, *, password: bool) -> str | Refusal:
        """For whom a request with this token is, or why it is refused; "" is no token."""
        if not self.tokens:
            return ""
        if token and (seconds := self.wrong.wait(address, token)):
            remedy = "Wait a minute, and correct the token."
            return Refusal(429, "There were too many wrong tokens.", remedy, _retry_after(seconds))
        owner = self.tokens.owner(token) if token else None
        if owner is None and token:
            self.wrong.add(address, token)
        return access.no_token(given=bool(token), password=password) if owner is None else owner

    def too_much(self, owner: str) -> Refusal | None:
        """Why a request of an owner has to wait, if it has to; otherwise it is counted."""
        if seconds := self.rates.wait(owner):
            wait = _retry_after(seconds)
            count = wait["Retry-After"]
            remedy = f"Wait {count} second{'' if count == '1' else 's'}, or allow more with API_RATE."
            cause = f"There were more than {self.settings.api_rate} requests in a minute."
            return Refusal(429, cause, remedy, wait)
        if self.requests >= MOST_REQUESTS:
            cause = f"{MOST_REQUESTS} requests are being answered already."
            return Refusal(503, cause, "Try again in a minute.", _retry_after(60))
        return None


class App:
    """The ASGI application of one port.

    Args:
        shared: what all ports have in common.
        alone: the prefix of the only interface on this port, whose paths then have no prefix; "" for all interfaces.

    Attributes:
        state: has the ``service``, for interfaces that are routes: ``request.app.state.service``; and ``main_port``,
            the port that has the pages of meetings where this one has not, else 0.
    """

    def __init__(self, shared: Shared, alone: str = "") -> None:
        self.shared = shared
        self.state = State({"main_port": 0})
        self._alone = bool(alone)
        self._interfaces = [
            Interface(place, root=self._alone) for place in PLACES if not alone or place.prefix == alone
        ]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, whatever happens."""
        scope["app"] = self
        noted = Noted(scope, send, self.shared.log, self.shared.counts)
        try:
            response = await self._answer(scope, receive, noted)
            if response is not None:
                if noted.started:  # the server closes the connection then, so that the client sees that it broke off
                    raise ConnectionError("an answer broke off")
                await response(scope, receive, noted.send)
        finally:
            noted.ended()

    def open_pages(self, service: "Service") -> None:
        """Begin to open the pages, before anybody asks for one."""
        for interface in self._interfaces:
            if interface.place is PAGES:
                interface.open(service)

    async def close(self) -> None:
        """Close the interfaces."""
        await asyncio.gather(*(interface.close() for interface in self._interfaces))

    async def _answer(self, scope: Scope, receive: Receive, noted: Noted) -> Response | None:
        """The answer of a request, or None where an interface has sent it. No error leaves this."""
        found: Response | Refusal | None
        try:
            found = await self._found(scope, receive, noted)
        except HTTPException as error:
            is_phrase = error.detail == HTTPStatus(error.status_code).phrase
            cause = _PLAIN.get(error.status_code, f"{error.detail}.") if is_phrase else error.detail
            found = Refusal(error.status_code, cause, headers=error.headers or {})
        except OrchestratorError as error:
            found = refusal_of(error, self.shared.settings)
        except ClientDisconnect:
            return None
        except Exception:  # noqa: BLE001 - a fault of ours: the client gets a status and the id, the log the rest
            noted.failed()
            found = FAULT
        if not isinstance(found, Refusal):
            return found
        path = "" if self._alone else scope["path"]
        request_id = noted.request_id if found.status >= FAILED else ""
        is_page = noted.interface == PAGES.name or (not self._alone and PAGES.leads(path))
        if is_page and "text/html" in Headers(scope=scope).get("accept", ""):
            return as_page(found, request_id)
        return refused(path, found, request_id)

    async def _found(self, scope: Scope, receive: Receive, noted: Noted) -> Response | Refusal | None:
        """The answer of a request, or why there is none."""
        headers = Headers(scope=scope)
        if scope["http_version"] not in _VERSIONS:
            return Refusal(505, "This service speaks HTTP/1.1.", headers={"Connection": "close"})
        try:
            scope["path"] = path = _path_of(scope["path"])
        except ValueError:
            return Refusal(400, "The request names no path.")
        if preflight := self._cross_origin(scope, headers, noted):
            return preflight
        known = path.rstrip("/")
        if not self._alone and (known in health.PATHS or known == METRICS):
            noted.interface = known[1:]
            return await self._health(scope, known, headers, noted)
        interface = next((interface for interface in self._interfaces if interface.leads(path)), None)
        if interface is None and not (interface := self._for_browser(headers)):
            return Json(404, {"error": _PLAIN[404], "paths": list(LISTED)})
        noted.interface = interface.place.name
        if refusal := self._let_in(scope, headers, noted, password=interface.place is PAGES):
            return refusal if interface.leads(path) else as_page(Refusal(404, _PLAIN[404]))
        if refusal := self.shared.too_much(noted.owner or ""):
            return refusal
        return await self._measured(scope, receive, interface, headers, noted)

    def _for_browser(self, headers: Headers) -> Interface | None:
        """The pages, which say to a browser that there is no such address; None for a program."""
        if "text/html" not in headers.get("accept", ""):
            return None
        return next((interface for interface in self._interfaces if interface.place is PAGES), None)

    def _cross_origin(self, scope: Scope, headers: Headers, noted: Noted) -> Response | Refusal | None:
        """The answer to a browser that asks whether a page of another host may send a request, or None. Pages of
        API_ORIGINS may, and may read the answers.
        """
        origin = headers.get("origin", "")
        is_preflight = scope["method"] == "OPTIONS" and "access-control-request-method" in headers
        if not (origin and access.allowed(self.shared.settings, origin)):
            return access.FOREIGN_PAGE if origin and is_preflight else None
        noted.headers = {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Expose-Headers": "*",
            "Vary": "Origin",
        }
        if not is_preflight:
            return None
        asked = headers.get("access-control-request-headers", "")
        wanted = asked if all(sign.isalnum() or sign in "-_, " for sign in asked) else ""
        more = {"Access-Control-Allow-Methods": _METHODS, "Access-Control-Allow-Headers": wanted}
        return Response(None, 204, {**more, "Access-Control-Max-Age": "600"})

    async def _health(self, scope: Scope, path: str, headers: Headers, noted: Noted) -> Response | Refusal:
        """The answers that say how the service is."""
        if scope["method"] not in _READ:
            return Json(405, {"error": "This path is read only.", "paths": list(LISTED)}, _ALLOW)
        if path not in health.OPEN and (refusal := self._let_in(scope, headers, noted)):
            return refusal
        if path == METRICS:
            from agents.api import metrics

            text, media_type = metrics.text(self.shared.counts, await self.shared.opened())
            return Response(text, 200, {"Cache-Control": "no-store", "Content-Type": media_type})
        owner = noted.owner or ""
        if path != "/health":
            await self.shared.is_open(READY_SECONDS)
        return Json(*await self.shared.checks.answer(path, self.shared.settings_of(owner), owner))

    def _let_in(self, scope: Scope, headers: Headers, noted: Noted, *, password: bool = False) -> Refusal | None:
        """Find out for whom a request is; why it is refused, if it is."""
        shared = self.shared
        host, origin = headers.get("host", ""), headers.get("origin", "")
        if refusal := access.foreign(shared.settings, host, origin, has_token=bool(shared.tokens)):
            return refusal
        token = access.token_in(headers.get("authorization", ""), headers.get("x-api-key", ""), password=password)
        owner = shared.whose((scope.get("client") or ("",))[0], token, password=password)
        if isinstance(owner, Refusal):
            return owner
        noted.owner = scope["state"]["owner"] = owner
        return None

    async def _measured(
        self, scope: Scope, receive: Receive, interface: Interface, headers: Headers, noted: Noted
    ) -> Response | Refusal | None:
        """The answer of an interface to a request whose body is not too big and does not take too long."""
        most = self.shared.settings.api_body_mb
        body = Body(receive, most * MEGABYTE, self.shared.room, headers.get("content-length", ""))
        found: Response | Refusal | None = None
        self.shared.requests += 1
        try:
            if not body.refused:
                found = await self._behind(scope, body, interface, noted)
        except Exception:
            if not body.refused or noted.started:
                raise
        finally:
            self.shared.requests -= 1
            body.close()
        if noted.started or not body.refused:
            return found
        if body.too_big:
            return Refusal(413, f"The request has more than {most} MB.", "Send less, or allow more with API_BODY_MB.")
        if body.too_many:
            cause = "There are too many big requests at the same time."
            return Refusal(503, cause, "Try again in a minute.", _retry_after(60))
        remedy = "Send it again over a faster connection."
        return Refusal(408, "The request did not arrive in time.", remedy, {"Connection": "close"})

    async def _behind(self, scope: Scope, body: Body, interface: Interface, noted: Noted) -> Refusal | None:
        """Let an interface answer, which sends its answer itself."""
        self.state.service = service = await self.shared.opened()

        async def send(message: Message) -> None:
            # With a refused body an interface is told that the client has gone; its answer to that is not sent.
            if noted.started or not body.refused:
                await noted.send(message)

        try:
            await interface.answer(service, scope, body.receive, send)
        except ImportError as error:
            if (error.name or "").partition(".")[0] == "agents":
                raise  # it is a part of ours that is missing
            noted.failed()
            return Refusal(501, "This part of the service is not installed.", _installing(interface.place.extra, error))
        return None


def _installing(extra: str, error: ImportError) -> str:
    """What installs the part of the program that was missing."""
    if extra:
        return f"Install it: pip install 'multi-agent-orchestrator[{extra}]'"
    return f"Install it: pip install {error.name}" if error.name else ""


def _retry_after(seconds: float) -> dict[str, str]:
    return {"Retry-After": str(max(1, int(seconds + 0.999)))}


def _path_of(target: str) -> str:
    """The path in the target of a request, which may be a whole address.

    Raises:
        ValueError: there is none in it.
    """
    path = target if target.startswith("/") else urlsplit(target).path
    if not path.startswith("/"):
        raise ValueError(target)
    return path
