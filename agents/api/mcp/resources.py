"""What a client may read beside the tools: minutes and roles, by their addresses."""

from collections.abc import Iterator

from mcp_types import Resource, ResourceTemplate, TextResourceContents

from agents.errors import UnknownName
from agents.orchestrator import AgentOrchestrator
from agents.orchestrator.background.owners import Owner
from agents.role import Role, RoleItem, standing

MARKDOWN = "text/markdown"
MINUTES, ROLE = "minutes://", "role://"
"""The beginnings of the addresses."""

MOST_LISTED = 50
"""The most meetings in the list; those that are older can be read too."""

TEMPLATES = (
    ResourceTemplate(
        uri_template=f"{MINUTES}{{id}}", name="minutes", description="The minutes of a meeting.", mime_type=MARKDOWN
    ),
    ResourceTemplate(
        uri_template=f"{ROLE}{{id}}", name="role", description="The role of an agent.", mime_type=MARKDOWN
    ),
)
"""The forms of the addresses."""


def listed(orchestrator: AgentOrchestrator) -> list[Resource]:
    """The minutes of the newest meetings that have begun, and the roles."""
    rows = [row for row in orchestrator.list_meetings(MOST_LISTED) if row.turns]
    minutes = (
        Resource(uri=f"{MINUTES}{row.id}", name=f"Minutes: {row.title}", description=row.type, mime_type=MARKDOWN)
        for row in rows
    )
    roles = (
        Resource(uri=f"{ROLE}{role.id}", name=f"Role: {role.title}", description=role.mission, mime_type=MARKDOWN)
        for _, role in sorted(standing(orchestrator.roles).items())
    )
    return [*minutes, *roles]


async def read(owner: Owner, uri: str) -> TextResourceContents:
    """The text at an address.

    Raises:
        UnknownName: there is nothing at this address.
        MeetingError: the meeting has not begun.
    """
    if uri.startswith(MINUTES):
        text = (await owner.meetings.minutes(uri.removeprefix(MINUTES))).to_markdown()
    elif uri.startswith(ROLE):
        text = "\n".join(_lines(owner.orchestrator.get_agent_info(uri.removeprefix(ROLE)))) + "\n"
    else:
        raise UnknownName("resource", uri, [one.uri_template for one in TEMPLATES])
    return TextResourceContents(uri=uri, text=text, mime_type=MARKDOWN)


def _lines(role: Role) -> Iterator[str]:
    """A role as Markdown."""
    yield f"# {role.title}"
    for text in (role.mission, role.thinking):
        if text:
            yield ""
            yield text
    yield from _part("Questions", role.questions)
    yield from _part("Red flags", role.red_flags)
    yield from _part("Done when", role.done)


def _part(title: str, items: tuple[RoleItem, ...]) -> Iterator[str]:
    if items:
        yield ""
        yield f"## {title}"
        yield ""
        yield from (f"- {item.text}" for item in items)
