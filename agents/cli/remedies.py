"""Remedies in the words of the command line: flags and commands where the library names arguments and methods."""

from agents.cli.terminal.caller import container_script
from agents.errors import (
    BackupInvalid,
    DocumentError,
    Locked,
    MaterialMissing,
    MeetingError,
    ModelMissing,
    ModelUnavailable,
    OrchestratorError,
    SettingError,
    StoreError,
    TypeFileError,
    UnknownName,
    UsageError,
)

REMEDIES: dict[tuple[type[OrchestratorError], str], str] = {
    (UsageError, "topics"): 'Write what it is about: orchestrator meeting run {subject} "..."',
    (MaterialMissing, "material"): "{remedy} For example: {example}",
    (UsageError, "message"): 'Ask something: orchestrator ask AGENT "..."',
    (UsageError, "agents"): "Name them: --agents cto,backend_developer, or --agents auto.",
    (UsageError, "auto"): "Name the agents: --agents cto,backend_developer.",
    (UsageError, "agents left"): "Name participants with --agents, or leave out --without.",
    (UsageError, "left out"): "Remove it from --without, or from --agents, --invite, --chair and --me.",
    (UsageError, "not named"): "Add it to --agents, or leave out --agents.",
    (UsageError, "names"): "Give each option names, or leave it out.",
    (UsageError, "people"): 'Name each person on its own: --people "Ada, Herr M."',
    (UsageError, "me"): "Choose a model with --model, or leave out --me and --decide.",
    (UsageError, "decide"): "Leave out --decide, or take another type; `orchestrator meeting types` shows their rules.",
    (UsageError, "council"): "Give --council names of models, separated by commas, or leave it out.",
    (UsageError, "steps"): "Give --step AGENT:TASK, or a workflow file.",
    (UsageError, "host"): "Choose another address with --host.",
    (UsageError, "port"): "Choose another with --port.",
    (UsageError, "second port"): "Choose another with --ollama-port.",
    (UsageError, "correction"): 'Give them: --text "..."',
    (UsageError, "words"): "Give words: orchestrator memory search budget.",
    (UsageError, "note"): "Give a note: orchestrator memory pin cto 'Our budget is frozen.'",
    (UsageError, "done"): "`orchestrator actions reopen {subject}` opens it again.",
    (UsageError, "open"): "`orchestrator actions done {subject}` closes it.",
    (UsageError, "last"): "`orchestrator meeting run` holds one.",
    (UsageError, "older_than"): "Give --older-than 90d, --keep-last 200, or both.",
    (UsageError, "keep_last"): "--keep-last takes 0 or more.",
    (SettingError, "name"): "{subject}`orchestrator config show` lists them all.",
    (TypeFileError, "types_folder"): "Give --types-dir or AGENTS_TYPES_FOLDER a folder of .toml files.",
    (DocumentError, "attach"): "Check the path given to --attach.",
    (DocumentError, "line"): "Nothing was imported. `orchestrator memory export` shows what a line looks like.",
    (ModelUnavailable, "server"): "{remedy} Try --model rehearsal.",
    (ModelUnavailable, "space"): "Free space there, or remove a model: `orchestrator models rm`.",
    (ModelMissing, "model"): "Get it: `orchestrator models pull {subject}`. {remedy}",
    (StoreError, "damaged"): (
        "Nothing was changed. `orchestrator restore DIR` brings a backup back, `orchestrator backup list` lists them."
    ),
    (StoreError, "nothing to back up"): (
        "Is it the right folder or volume? `orchestrator config show` says where the data is."
    ),
    (StoreError, "source damaged"): "No backup was made. `orchestrator restore` brings back an earlier one.",
    (Locked, "held"): "Wait until it is done, or end it: `orchestrator meeting stop {subject}`",
    (BackupInvalid, "no manifest"): (
        "For a pair of archives from an older version: `orchestrator restore --check {subject}`."
    ),
    (BackupInvalid, "not a backup"): "`orchestrator backup list` lists the backups.",
    (BackupInvalid, "manifest"): "Use another backup; `orchestrator backup list` lists them.",
    (MeetingError, "other models"): "Choose the same: --model {subject}",
    (MeetingError, "not closed"): "`orchestrator meeting resume` holds it to its end.",
    (UsageError, "other place"): "Nothing was changed. To restore it here all the same: --into {subject}",
    (UsageError, "into"): "Leave out --into, or give it the other place.",
    (UsageError, "runs"): "Give --runs a number from 1.",
    (MeetingError, "closed"): "`orchestrator meeting delete {subject}` removes it.",
    (MeetingError, "not begun"): "`orchestrator meeting resume` holds it.",
}
"""By the class of an error and what it is about. ``{subject}`` and ``{remedy}`` are the error's own, ``{example}``
a command."""

LISTINGS = {
    "action": "orchestrator actions list",
    "agent": "orchestrator agents list",
    "backup": "orchestrator backup list",
    "format": "orchestrator meeting export --help",
    "meeting": "orchestrator meeting list",
    "meeting type": "orchestrator types list",
    "pinned note": "orchestrator memory show AGENT",
    "skill": "orchestrator agents show {subject}",
}
"""The command that lists all names, by what was looked for."""


IN_SESSION: dict[tuple[type[OrchestratorError], str], str] = {
    (UsageError, "topics"): "Write /meeting TYPE TOPIC.",
    (MaterialMissing, "material"): "{remedy} Write /attach FILE, then /meeting {subject} TOPIC.",
    (UsageError, "message"): "Write a question.",
    (UsageError, "agents"): "Write @one,two QUESTION; /agents lists them.",
    (UsageError, "auto"): "Write @agent QUESTION; /agents lists them.",
    (UsageError, "last"): "/meeting TYPE TOPIC holds one.",
    (DocumentError, "attach"): "Check the path.",
    (ModelUnavailable, "server"): "{remedy} Or use /model rehearsal.",
}
"""The same in an interactive session, where the commands have other names."""

LISTINGS_IN_SESSION = {
    "agent": "/agents",
    "meeting": "/meetings",
    "meeting type": "/types",
    "skill": "/skill",
}
"""The command that lists all names, in an interactive session."""


def remedy_of(error: OrchestratorError, *, in_session: bool = False) -> str:
    """What a person at the command line should do next; "" where there is nothing to do.

    Args:
        error: the error.
        in_session: whether the person is in an interactive session, where the commands have other names.
    """
    if isinstance(error, UnknownName) and in_session and error.about in LISTINGS_IN_SESSION:
        return f"{error.hint} {LISTINGS_IN_SESSION[error.about]} lists them all.".strip()
    if isinstance(error, UnknownName) and error.about in LISTINGS:
        command = LISTINGS[error.about].format(subject=error.subject)
        return f"{error.hint} `{command}` lists them all.".strip()
    own = _start(error) or error.remedy
    for kind in type(error).__mro__ if in_session else ():
        if (kind, error.about) in IN_SESSION:
            return IN_SESSION[kind, error.about].format(subject=error.subject, remedy=own)
    example = attaching(error.subject, error.example) if isinstance(error, MaterialMissing) else ""
    template = template_of(type(error), error.about, own)
    return template.format(subject=error.subject, remedy=own, example=example)


def _start(error: OrchestratorError) -> str:
    """How to start the containers, for a program in one of them that does not reach Ollama; "" elsewhere."""
    script = container_script()
    if not script or not isinstance(error, ModelUnavailable) or error.about not in {"name", "server"}:
        return ""
    return f"Start it: `{script} start`. If Ollama runs elsewhere, check OLLAMA_BASE_URL."


def attaching(type_id: str, example: str) -> str:
    """The command that holds a meeting of a type about a file, or about what a command followed by "|" prints."""
    piped, file = (f"{example} ", "-") if example.endswith("|") else ("", example or "FILE")
    return f'`{piped}orchestrator meeting run {type_id} "..." --attach {file}`'


def template_of(kind: type[OrchestratorError], about: str, otherwise: str = "") -> str:
    """The remedy for a class of errors and what they are about; ``otherwise``, as it is, where there is none."""
    for parent in kind.__mro__:
        if (parent, about) in REMEDIES:
            return REMEDIES[parent, about]
    return otherwise.replace("{", "{{").replace("}", "}}")
