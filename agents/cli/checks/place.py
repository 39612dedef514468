"""Checks of the surroundings: histories, disk, file system, clock, memory, processors, terminal."""

import os
import shutil
import sys
import time
from pathlib import Path

from agents.cli.checks import Finding, Subject
from agents.cli.terminal.tables import counted

MB = 1_000_000

DISK_NEEDED_MB = 100
DISK_WANTED_MB = 1000
READ_WHOLE_MB = 200
"""Histories up to this size are read completely; larger ones only with --deep, because that takes minutes."""

MEMORY_NEEDED_MB = 150
"""Memory that the program needs with every agent in one meeting."""

MEMORY_WANTED_MB = 3000
"""Memory that a small model needs in addition."""

ROOM_FOR_DOUBT_SECONDS = 300


def histories(subject: Subject) -> Finding:
    """Whether the histories can be opened, and are undamaged."""
    from agents.orchestrator import AgentOrchestrator

    with AgentOrchestrator(subject.settings) as orchestrator:
        file = orchestrator.histories.file
        if not file.exists():
            return _could_begin(subject.settings.data_folder)
        meetings = len(orchestrator.list_meetings())
        messages = sum(row.messages for row in orchestrator.memories.stats())
        size = orchestrator.histories.size() / MB
        content = f"{counted(meetings, 'meeting')}, {counted(messages, 'remembered message')}"
        words = f"{file}: {content}, {size:.1f} MB"
        if size > READ_WHOLE_MB and not subject.deep:
            return Finding("ok", f"{words}; too large to be read completely; `orchestrator doctor --deep` does that")
        orchestrator.histories.check()
    return Finding("ok", f"{words}; integrity check passed")


def _could_begin(folder: Path) -> Finding:
    existing = _existing(folder)
    if not existing.is_dir() or not os.access(existing, os.W_OK | os.X_OK):
        remedy = "Give your user the right to write there, or set AGENTS_DATA_FOLDER to another folder."
        return Finding("fail", f"{folder} cannot be created: {existing} cannot be written.", remedy)
    return Finding("ok", f"Nothing is stored yet; {folder} can be written")


def disk(subject: Subject) -> Finding:
    """Whether there is enough space for histories."""
    folder = _existing(subject.settings.data_folder)
    free = shutil.disk_usage(folder).free / MB
    words = f"{free:,.0f} MB free in {folder}"
    if hasattr(os, "statvfs"):
        counted = os.statvfs(folder)
        if counted.f_files and not counted.f_favail:
            return Finding("fail", f"No file can be added in {folder}: it has no free inodes.", "Delete small files.")
    remedy = "Free some space there, or set AGENTS_DATA_FOLDER to a folder that has some."
    if free < DISK_NEEDED_MB:
        return Finding("fail", f"Only {words}.", remedy)
    return Finding("warn", f"Only {words}.", remedy) if free < DISK_WANTED_MB else Finding("ok", words)


def file_system(subject: Subject) -> Finding:
    """Whether a database is safe on this file system."""
    from agents.orchestrator.histories import Histories

    folder = _existing(subject.settings.data_folder)
    found = Histories.file_system(folder)
    if not found.safe:
        words = f"{folder} is on {found.kind}, which can lose data when two programs write at once."
        return Finding("warn", words, "Keep the data on a local disk or in a named volume: AGENTS_DATA_FOLDER.")
    return Finding("ok", f"{folder} is on {found.kind}" if found.kind else "The system does not tell")


def clock(subject: Subject) -> Finding:
    """Whether the clock can be right: not before the time of files that exist already."""
    from agents.orchestrator import AgentOrchestrator

    now = time.time()
    newest = Path(__file__).stat().st_mtime
    file = AgentOrchestrator(subject.settings).histories.file
    if file.exists():
        newest = max(newest, file.stat().st_mtime)
    shown = time.strftime("%Y-%m-%d %H:%M %z", time.localtime(now))
    if now < newest - ROOM_FOR_DOUBT_SECONDS:
        then = time.strftime("%Y-%m-%d %H:%M", time.localtime(newest))
        words = f"The clock says {shown}, and files here are from {then}."
        return Finding("warn", words, "Set the clock; dates in minutes come from it.")
    return Finding("ok", shown)


def memory(_subject: Subject) -> Finding:
    """Whether there is enough memory for the program, and for a model in addition."""
    from agents.machine import read_machine

    machine = read_machine()
    free = machine.memory_free / MB
    within = f" within the limit of {machine.limited_by}" if machine.memory_limit else ""
    words = f"{free:,.0f} of {machine.memory / MB:,.0f} MB free{within}"
    if free < MEMORY_NEEDED_MB:
        return Finding(
            "fail", f"Only {words}.", f"Free some, or raise the limit: the program needs {MEMORY_NEEDED_MB} MB."
        )
    if free < MEMORY_WANTED_MB and not machine.memory_limit:
        remedy = "Run Ollama on another machine (OLLAMA_BASE_URL), or use a smaller model."
        return Finding("warn", f"Only {words}; a small model needs {MEMORY_WANTED_MB} MB.", remedy)
    return Finding("ok", words)


def processors(_subject: Subject) -> Finding:
    """How many processors can be used, and whether they are busy."""
    from agents.machine import read_machine

    machine = read_machine()
    words = f"{machine.cpus:g} of {counted(machine.cpus_present, 'processor')}"
    if machine.cpu_limit:
        words += f" (quota of {machine.limited_by}: {machine.cpu_limit:g})"
    if hasattr(os, "getloadavg"):
        load = os.getloadavg()[0]
        words += f", load {load:.1f}"
        if load > 4 * machine.cpus_present:
            return Finding("warn", f"{words}: other programs keep them busy.", "Wait, or stop those programs.")
    if machine.cpus < 1:
        return Finding("warn", f"Only {words}.", "Give the container at least one processor.")
    return Finding("ok", words)


def terminal(_subject: Subject) -> Finding:
    """The terminal: whether there is one, its width, and whether its encoding can write every character."""
    from agents.cli.terminal.size import terminal_width

    kind, colour = os.environ.get("TERM", ""), not os.environ.get("NO_COLOR")
    encoding = (getattr(sys.stdout, "encoding", None) or "unknown").lower()
    places = [name for name, stream in (("input", sys.stdin), ("output", sys.stdout)) if stream and stream.isatty()]
    words = f"{' and '.join(places)} on a terminal" if places else "not on a terminal"
    words = (
        f"{words}, {terminal_width()} columns, {encoding}, {kind or 'TERM not set'}{'' if colour else ', no colour'}"
    )
    if not encoding.startswith("utf"):
        return Finding("warn", f"{words}: not every character can be written.", "Set PYTHONUTF8=1 or a UTF-8 locale.")
    return Finding("ok", words)


def _existing(folder: Path) -> Path:
    """The nearest existing folder."""
    folder = folder.absolute()
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return folder
