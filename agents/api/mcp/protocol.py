"""The server of the protocol: which request is answered by what, for both generations of the specification."""

from collections.abc import Callable
from typing import Any

from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError
from mcp_types import (
    INTERNAL_ERROR,
    INVALID_PARAMS,
    CallToolRequestParams,
    CallToolResult,
    ListResourcesResult,
    ListResourceTemplatesResult,
    ListToolsResult,
    PaginatedRequestParams,
    ReadResourceRequestParams,
    ReadResourceResult,
    TextContent,
)
from pydantic import ValidationError

from agents import __version__
from agents.api.mcp import resources
from agents.api.mcp.call import Call, Runs
from agents.api.mcp.tools import LISTING, TOOLS
from agents.api.problems import told
from agents.api.service import Service
from agents.errors import OrchestratorError, UnknownName
from agents.log import Log
from agents.orchestrator.background.owners import Owner

NAME = "orchestrator"
INSTRUCTIONS = """\
Meetings of role agents, with minutes whose quotes are checked.
A meeting takes minutes: start_meeting, then meeting_status with wait_s 50 until it is closed, then get_minutes.
list_meeting_types and list_agents say what there is. ask_agent and consult ask without a meeting."""

REMEDIES = {"topics": "Pass topic.", "message": "Pass question.", "agents": "Pass agents, or leave it out."}
"""Remedies in the words of the tools, by what an error is about."""

Context = ServerRequestContext[Any, Any]
OwnerOf = Callable[[Context], str]
"""Returns the name of the owner whose request it is."""


class Protocol:
    """Answers the requests of clients.

    Args:
        service: the running service.
        owner_of: whose request it is.

    Attributes:
        server: speaks the protocol.
    """

    def __init__(self, service: Service, owner_of: OwnerOf) -> None:
        self._service = service
        self._owner_of = owner_of
        self._runs = Runs()
        self._log = Log(service.settings.log_folder, service.settings.log_level)
        self._tools = [tool.listed(name) for name, tool in TOOLS.items()]
        schemas = {tool.name: tool.input_schema for tool in self._tools}
        self.server: Server[Any] = Server(
            NAME,
            version=__version__,
            title="Multi-agent orchestrator",
            instructions=INSTRUCTIONS,
            get_tool_input_schema=schemas.get,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
            on_list_resources=self._list_resources,
            on_list_resource_templates=self._list_templates,
            on_read_resource=self._read_resource,
        )

    async def close(self) -> None:
        """Give up the questions that are still being answered."""
        await self._runs.close()

    async def _list_tools(self, _context: Context, _params: PaginatedRequestParams | None) -> ListToolsResult:
        return ListToolsResult(tools=self._tools)

    async def _call_tool(self, context: Context, params: CallToolRequestParams) -> CallToolResult:
        tool = TOOLS.get(params.name)
        if tool is None:
            raise MCPError(INVALID_PARAMS, f"There is no tool {params.name[:80]!r}.")
        hears = bool(context.meta and "progress_token" in context.meta)
        try:
            given = tool.given.model_validate(params.arguments or {})
            call = Call(self._service, self._owner(context), self._runs, context.session.report_progress, hears)
            result = await tool.run(call, given)
        except ValidationError as error:
            return _failed(_wrong(error))
        except OrchestratorError as error:
            return _failed(self._told(error))
        except Exception as error:  # noqa: BLE001 - a fault of ours must not end the connection, nor be shown
            self._log.line("ERROR", "tool failed", tool=params.name, error=repr(error)[:200])
            return _failed("This failed unexpectedly; the log of the service has the cause. Try again.")
        return CallToolResult(
            content=[TextContent(type="text", text=str(result))], structured_content=result.model_dump(mode="json")
        )

    async def _list_resources(self, context: Context, _params: PaginatedRequestParams | None) -> ListResourcesResult:
        try:
            return ListResourcesResult(resources=resources.listed(self._owner(context).orchestrator))
        except OrchestratorError as error:
            raise MCPError(INTERNAL_ERROR, self._told(error)) from None

    async def _list_templates(
        self, _context: Context, _params: PaginatedRequestParams | None
    ) -> ListResourceTemplatesResult:
        return ListResourceTemplatesResult(resource_templates=[*resources.TEMPLATES])

    async def _read_resource(self, context: Context, params: ReadResourceRequestParams) -> ReadResourceResult:
        try:
            contents = await resources.read(self._owner(context), str(params.uri))
        except UnknownName as error:
            raise MCPError(INVALID_PARAMS, self._told(error), data={"uri": str(params.uri)}) from None
        except OrchestratorError as error:
            raise MCPError(INTERNAL_ERROR, self._told(error), data={"uri": str(params.uri)}) from None
        return ReadResourceResult(contents=[contents])

    def _owner(self, context: Context) -> Owner:
        return self._service.owners.get(self._owner_of(context))

    def _told(self, error: OrchestratorError) -> str:
        """Cause and remedy of an error, in the words of the tools and without folders."""
        if isinstance(error, UnknownName) and error.kind in LISTING:
            return f"{error.cause} {error.hint} {LISTING[error.kind]} lists them all.".replace("  ", " ")
        said = told(error, self._service.settings)
        return f"{said['error']} {REMEDIES.get(error.about) or said['remedy']}".strip()


def _wrong(error: ValidationError) -> str:
    """What is wrong with arguments, without their values."""
    found = {".".join(map(str, one["loc"])) or "arguments": one["msg"] for one in error.errors(include_url=False)}
    return f"{'; '.join(f'{name}: {why}' for name, why in found.items())}. Correct this and call again."


def _failed(words: str) -> CallToolResult:
    return CallToolResult(content=[TextContent(type="text", text=words)], is_error=True)
