"""Every command once, as a user would type it where a meeting was held, an agent was asked, and no Ollama runs."""

import shlex

SAYS = True
"""It prints something on standard output."""

COMMANDS: dict[str, tuple[int, bool]] = {
    "actions assign A1 cto": (0, not SAYS),
    "actions board": (0, SAYS),
    "actions done A1": (0, not SAYS),
    "actions due A1 2027-01-31": (0, not SAYS),
    "actions export": (0, SAYS),
    "actions list": (0, SAYS),
    "actions reopen A1": (2, not SAYS),
    "actions show A1": (0, SAYS),
    "agents chart": (0, SAYS),
    "agents list": (0, SAYS),
    "agents new trainer": (0, SAYS),
    "agents show cto": (0, SAYS),
    "agents validate": (0, SAYS),
    "ask cto 'Is it sound?'": (0, SAYS),
    "backup create --to {here}/backups": (0, SAYS),
    "backup digest": (0, SAYS),
    "backup list {here}": (0, not SAYS),
    "backup restore {here}/none --yes": (2, not SAYS),
    "backup verify {here}/none": (2, not SAYS),
    "config path": (0, SAYS),
    "config show": (0, SAYS),
    "consult 'Is the rollback sound?' --agents cto,qa_engineer": (0, SAYS),
    "demo --quiet": (0, SAYS),
    "doctor": (0, SAYS),
    "examples list": (0, SAYS),
    "examples run ask_one_agent": (0, SAYS),
    "agents import {here}/reviewer.md": (0, SAYS),
    "examples show ask_one_agent": (0, SAYS),
    "health": (0, SAYS),
    "help json": (0, SAYS),
    "interactive": (0, not SAYS),
    "meeting cancel last": (1, not SAYS),
    "meeting delete last --yes": (0, not SAYS),
    "meeting export last --format html": (0, SAYS),
    "meeting fork last --at T1": (1, not SAYS),
    "meeting list": (0, SAYS),
    "meeting map last": (0, SAYS),
    "meeting minutes last": (0, SAYS),
    "types new vendor_review --types-dir {here}": (0, SAYS),
    "meeting record last -o {here}/recorded_meeting.jsonl": (0, not SAYS),
    "meeting replay last --speed 100000": (0, SAYS),
    "meeting resume last": (0, SAYS),
    "meeting run decision -t 'Now or later?' --agents cto,qa_engineer": (0, SAYS),
    "meeting show last": (0, SAYS),
    "types show decision": (0, SAYS),
    "meeting transcript last": (0, SAYS),
    "types list": (0, SAYS),
    "types validate": (0, SAYS),
    "memory clear cto --yes": (0, not SAYS),
    "memory compact": (0, not SAYS),
    "memory export cto": (0, SAYS),
    "memory import {here}/memories.jsonl": (0, not SAYS),
    "memory pin cto 'The budget is frozen.'": (0, not SAYS),
    "memory prune --keep-last 1": (0, not SAYS),
    "memory search budget": (0, SAYS),
    "memory show cto": (0, SAYS),
    "memory stats": (0, SAYS),
    "memory unpin 1": (0, not SAYS),
    "models bench llama3.2": (3, not SAYS),
    "models ensure llama3.2": (3, not SAYS),
    "models list": (3, not SAYS),
    "models ps": (3, not SAYS),
    "models pull llama3.2": (3, not SAYS),
    "models rm llama3.2 --yes": (3, not SAYS),
    "models show llama3.2": (3, not SAYS),
    "restore {here}/none --yes": (2, not SAYS),
    "status": (0, SAYS),
    "version": (0, SAYS),
    "workflow 'A new page' --step cto:Plan": (0, SAYS),
}
"""Its exit status, and whether it has something to say."""

ELSEWHERE = {"serve": "tests/api"}
"""Commands that end only when they are told to."""


def words(line: str, here: object) -> list[str]:
    """A line of ``COMMANDS`` as arguments."""
    return [word.replace("{here}", str(here)) for word in shlex.split(line)]
