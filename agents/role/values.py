"""Roles as JSON values: in a list, and in full."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agents.role import Role


def line_values(role: "Role") -> dict[str, Any]:
    """A role in a list.

    Example:
        print([line_values(role) for role in orchestrator.roles.values()])
    """
    return {
        "id": role.id,
        "title": role.title,
        "aliases": list(role.aliases),
        "department": role.department,
        "extra": role.extra,
        "level": role.level,
        "reports_to": role.reports_to,
        "skills": list(role.skills),
        "expertise": list(role.expertise),
    }


def role_values(role: "Role") -> dict[str, Any]:
    """A role in full, but for the place of its file.

    Example:
        print(role_values(orchestrator.get_agent_info("cto"))["mission"])
    """
    lists = {name: [item.text for item in getattr(role, name)] for name in ("questions", "red_flags", "done")}
    skills = [
        {"name": skill.name, "summary": skill.summary, "input": skill.input, "answer": skill.answer}
        for skill in role.skills.values()
    ]
    return {
        **line_values(role),
        "decides": list(role.decides),
        "consulted_on": list(role.consulted_on),
        "mission": role.mission,
        "thinking": role.thinking,
        **lists,
        "skills": skills,
        "card": role.card(),
        "prompt": role.prompt(),
    }
