"""Calls in the container: signals, terminals, locks, and the files of the caller."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.pty.terminals import BECOME_FOREGROUND, CTRL_C, Terminal
from tests.containers.stack import Stack, docker, ollama_of, small_disk
from tests.inputs import ROOT

SCRIPT = str(ROOT / "orchestrator.sh")
MEETING = ("run", "meeting", "run", "decision", "Build it?")
PATIENCE = 60.0
SLOW = 'services:\n  ollama:\n    command: ["--fault", "slow_first_token:seconds=0.5,times=none"]\n'
"""Each answer of the model server takes half a second, so that there is time to stop a meeting."""
ASSISTANT = "---\nname: tide-reader\ndescription: Reads tide tables.\n---\nYou read tide tables.\n"


@pytest.fixture
def stack(built: Stack, tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """This file's stack, running, with a slow model server."""
    if not built.is_running():
        slow = tmp_path_factory.mktemp("slow") / "slow.yml"
        slow.write_text(SLOW)
        built.settings["COMPOSE_FILE"] += f":{slow}"
        built.must("start", "--no-pull")
    return built


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of the caller with two documents."""
    folder = tmp_path / "my project"
    (folder / "sub").mkdir(parents=True)
    (folder / "plan.md").write_text("# Plan\n\nMove sessions to Redis by May.\n")
    (folder / "sub" / "Übersicht b.md").write_text("# Costs\n\nThe licence costs 5000 euro a year.\n", encoding="utf-8")
    return folder


def call(
    stack: Stack, folder: Path, *words: str, data: bytes = b"", **settings: str
) -> "subprocess.CompletedProcess[str]":
    """Call the script from a folder, without a terminal."""
    environment = {**os.environ, **stack.settings, **settings}
    command = [SCRIPT, *words]
    done = subprocess.run(command, cwd=folder, env=environment, input=data, capture_output=True, timeout=300)
    out, err = (text.decode(errors="replace") for text in (done.stdout, done.stderr))
    return subprocess.CompletedProcess(command, done.returncode, out, err)


def rehearse(stack: Stack, folder: Path, *words: str) -> "subprocess.CompletedProcess[str]":
    """Call an orchestrator command that needs no model; it has to succeed."""
    done = call(stack, folder, "run", "--model", "rehearsal", *words)
    assert done.returncode == 0, done.stderr
    return done


@contextmanager
def begun(stack: Stack, folder: Path, *words: str, shown: str = " T1 ") -> Iterator["subprocess.Popen[str]"]:
    """A call without a terminal, in a process group of its own, that has shown a line: its first turn, if no other."""
    process = subprocess.Popen(
        [SCRIPT, *words], cwd=folder, env={**os.environ, **stack.settings}, text=True, start_new_session=True,
        stdin=subprocess.PIPE if shown == "leaves" else subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    try:
        assert process.stderr
        said: list[str] = []
        while not said or shown not in said[-1]:
            said.append(process.stderr.readline())
            assert said[-1], "".join(said)
        yield process
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def ended(process: "subprocess.Popen[str]") -> tuple[int, str]:
    """The status of a call, and what it said at last."""
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said


def inside(stack: Stack) -> str:
    """The commands in the container besides the service, and the files of their calls."""
    lines = "for f in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$f; echo; done; ls /tmp/calls 2>/dev/null; true"
    found = stack.inside("sh", "-c", lines).splitlines()
    return "\n".join(line for line in found if line and not re.search(r"orchestrator serve|^sh -c for|^tr |^ls ", line))


def wait_until_over(stack: Stack) -> None:
    """Wait until nothing of a call is left in the container."""
    until = time.monotonic() + PATIENCE
    while inside(stack):
        assert time.monotonic() < until, inside(stack)
        time.sleep(0.1)


@pytest.mark.parametrize(
    ("number", "to_all", "status"),
    [(signal.SIGINT, True, 130), (signal.SIGTERM, False, 143), (signal.SIGHUP, True, 129)],
)
def test_a_signal_ends_the_meeting_inside(
    stack: Stack, project: Path, number: signal.Signals, to_all: bool, status: int
) -> None:
    """Ctrl-C without a terminal, SIGTERM and SIGHUP end the meeting in the container, which says how to go on, and the
    script ends with their status.
    """
    with begun(stack, project, *MEETING) as process:
        (os.killpg if to_all else os.kill)(process.pid, number)
        code, said = ended(process)
    assert code == status, said
    assert re.search(r"Continue with: \./orchestrator\.sh run meeting resume \S+-decision-", said)
    wait_until_over(stack)


def test_a_signal_before_the_first_turn(stack: Stack, project: Path) -> None:
    """As soon as a meeting has its name, what ends it says how to continue it."""
    with begun(stack, project, *MEETING, shown="Meeting ") as process:
        os.kill(process.pid, signal.SIGTERM)
        code, said = ended(process)
    assert code == 143, said
    assert re.search(r"Continue with: \./orchestrator\.sh run meeting resume \S+-decision-", said)
    assert call(stack, project, "run", "meeting", "resume", "last", "--quiet").returncode == 0


def test_a_session_that_is_ended_from_outside(stack: Stack, project: Path) -> None:
    """A session that a stop or a restore ends says so, what is kept, and how to continue, also its meeting."""
    parts = ROOT / "services" / "multi_agent_orchestrator" / "sh"
    load = f'container={stack.container}; for part in engine running; do . "{parts}/$part.sh"; done; end_running_work'
    with begun(stack, project, "interactive", shown="leaves") as process:
        assert process.stdin
        assert process.stderr
        process.stdin.write("/meeting decision Build it?\n")
        process.stdin.flush()
        while " T1 " not in (line := process.stderr.readline()):
            assert line
        subprocess.run(["sh", "-c", load], check=True)
        code, said = ended(process)
    assert code == 143, said
    assert "The session was ended from outside. Questions and answers are kept." in said
    assert "Continue with: ./orchestrator.sh interactive" in said
    assert re.search(r"\./orchestrator\.sh run meeting resume \S+-decision-", said)


def test_the_third_ctrl_c_kills(stack: Stack, project: Path) -> None:
    """A command in the container that ignores Ctrl-C is killed by the third one."""
    process = subprocess.Popen(
        [SCRIPT, "shell", "-c", "trap '' INT; echo up; sleep 60"], cwd=project, env={**os.environ, **stack.settings},
        text=True, start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    assert process.stdout
    assert process.stdout.readline() == "up\n"
    until = time.monotonic() + PATIENCE
    while process.poll() is None:
        assert time.monotonic() < until
        os.killpg(process.pid, signal.SIGINT)
        time.sleep(0.5)
    process.communicate()
    assert process.returncode == 130
    wait_until_over(stack)


def test_a_stopped_meeting_is_resumed(stack: Stack, project: Path) -> None:
    """After a signal no lock is left: the meeting is resumed, asks the rest only, and writes minutes on the host."""
    with begun(stack, project, *MEETING, "--attach", "plan.md") as process:
        os.killpg(process.pid, signal.SIGINT)
        assert ended(process)[0] == 130
    done = call(stack, project, "run", "meeting", "resume", "last", "-o", "minutes.md")
    assert done.returncode == 0, done.stderr
    assert " T1 " not in done.stderr
    assert "plan.md" in (project / "minutes.md").read_text()
    for number in ("0001", "0002"):
        kept = call(stack, project, "run", "meeting", "export", "last", "-f", "adr", "-o", "decisions")
        assert kept.returncode == 0, kept.stderr
        assert [one.name for one in (project / "decisions").iterdir() if one.name.startswith(number)], kept.stderr


def test_ctrl_c_on_a_terminal(stack: Stack, project: Path) -> None:
    """On a terminal, Ctrl-C pauses the meeting as it does without a container."""
    with Terminal([SCRIPT, *MEETING], columns=110, rows=40, env=stack.settings, cwd=project) as terminal:
        terminal.wait("independent views|close reading")
        terminal.send(CTRL_C)
        terminal.wait(lambda: terminal.process.poll() is not None)
        assert "./orchestrator.sh run meeting resume" in terminal.everything()
        assert terminal.process.returncode == 130
    wait_until_over(stack)


def test_a_closed_terminal_ends_what_waits_for_a_person(stack: Stack, project: Path) -> None:
    """A meeting that waits for a person ends when the terminal closes, and holds its lock no longer."""
    words = (*MEETING, "--me", "cto", "--plain")
    master, terminal = os.openpty()
    process = subprocess.Popen(
        [sys.executable, "-S", "-c", BECOME_FOREGROUND, SCRIPT, *words], cwd=project, env={**os.environ, **stack.settings},
        stdin=terminal, stdout=terminal, stderr=terminal, start_new_session=True,
    )  # fmt: skip
    os.close(terminal)
    try:
        said = b""
        while b"/help" not in said:
            said += os.read(master, 4096)
        os.close(master)
        assert process.wait(PATIENCE) == 129
    finally:
        process.kill()
        process.wait()
    wait_until_over(stack)
    [newest, *_] = json.loads(call(stack, project, "run", "meeting", "list", "--json").stdout)
    assert (newest["status"], newest["held_now"]) == ("running", False)


def test_another_terminal_can_stop_a_meeting(stack: Stack, project: Path) -> None:
    """A lock says what holds it and how to end it; `meeting stop` ends it, and says so where nobody holds it."""
    with begun(stack, project, *MEETING) as process:
        refused = call(stack, project, "run", "meeting", "resume", "last")
        assert refused.returncode == 75
        assert "(meeting run decision, for" in refused.stderr
        assert "./orchestrator.sh run meeting stop" in refused.stderr
        stopped = call(stack, project, "run", "meeting", "stop")
        assert (stopped.returncode, "run meeting resume" in stopped.stderr) == (0, True)
        assert ended(process)[0] == 143
    assert "Nobody holds" in call(stack, project, "run", "meeting", "stop").stderr


def test_documents_and_minutes_are_the_callers(stack: Stack, project: Path) -> None:
    """Two attached files keep their names in the minutes, and the minutes are written where the caller is."""
    inside_a_folder = os.path.relpath(project / "sub" / "Übersicht b.md", project)
    words = ("--attach", "plan.md", "--attach", inside_a_folder, "-o", "./minutes.html")
    rehearse(stack, project, "meeting", "run", "decision", "Redis?", *words)
    page = (project / "minutes.html").read_text(encoding="utf-8")
    assert "plan.md" in page
    assert "Übersicht b.md" in page
    absolute = project / "sub" / "exported.json"
    rehearse(stack, project, "meeting", "export", "last", "-o", str(absolute))
    assert json.loads(absolute.read_text(encoding="utf-8"))
    rehearse(stack, project, "meeting", "record", "last", "-o", "record.jsonl")
    assert (project / "record.jsonl").read_text().startswith('"recording')
    wait_until_over(stack)


@pytest.mark.parametrize("target", ["nowhere/minutes.md", "sub", "sub/closed/minutes.md"])
def test_an_unwritable_target_is_refused_before(stack: Stack, project: Path, target: str) -> None:
    """Minutes that could not be written are refused before the meeting, with the caller's path and a remedy."""
    (project / "sub" / "closed").write_text("a file, no folder")
    done = call(stack, project, *MEETING, "-o", target)
    cause, remedy, *more = done.stderr.splitlines()
    assert (done.returncode, more) == (6, [])
    assert cause.startswith(f"Error: {target} cannot be written")
    assert remedy == "  Give a file in an existing folder."


def test_an_existing_file_is_replaced(stack: Stack, project: Path) -> None:
    """-o writes minutes, an export and a review over a file that is there, with its permissions."""
    rehearse(stack, project, "meeting", "run", "decision", "Redis?", "-o", "minutes.md")
    for words in (("meeting", "minutes"), ("meeting", "export"), ("review", "plan.md")):
        file = project / "there.md"
        file.write_text("old")
        file.chmod(0o640)
        rehearse(stack, project, *words, "-o", "there.md")
        assert "old" not in file.read_text(encoding="utf-8").splitlines()
        assert file.stat().st_mode & 0o777 == 0o640
    assert list(project.glob(".orchestrator*")) == []


def test_each_cause_of_a_failed_write_is_told(stack: Stack, project: Path) -> None:
    """No place for files, a folder, a missing folder, a read-only disk and a full one are told apart, in the same words
    before the work and after it.
    """
    rehearse(stack, project, "meeting", "run", "decision", "Redis?", "-o", "minutes.md")

    def written(*words: str) -> str:
        done = call(stack, project, "run", "--model", "rehearsal", *words)
        assert done.returncode == 6, (words, done.stderr)
        cause = next(line for line in done.stderr.splitlines() if line.startswith("Error: "))
        assert "cannot be written: " in cause
        return cause.partition("cannot be written: ")[2]

    assert written("meeting", "minutes", "-o", "/proc/x.md") == "no file can be made in that folder."
    for target, why in (("sub", "it is a folder."), ("nodir/x.md", "there is no folder nodir.")):
        for begins in (["run", "decision", "Redis?"], ["minutes"]):
            assert written("meeting", *begins, "-f", "markdown", "-o", target) == why
    with small_disk(project / "disk", "64k"):
        (project / "disk" / "large").write_bytes(b"x" * 60_000)
        assert written("meeting", "minutes", "-o", "disk/x.html") == "No space left on device."
        assert [one.name for one in (project / "disk").iterdir()] == ["large"]
        subprocess.run(["mount", "-o", "remount,ro", str(project / "disk")], check=True)
        for begins in (["run", "decision", "Redis?"], ["minutes"]):
            assert written("meeting", *begins, "-o", "disk/x.md") == "Read-only file system."


@pytest.mark.parametrize(
    ("said", "status"),
    [
        ("touch: cannot touch '/a/No space left on device': Permission denied", "denied"),
        ("touch: /a/b: Operation not permitted", "denied"),
        ("mv: cannot move 'a' to 'b': File name too long", "long"),
        ("mkdir: cannot create directory '/a/b': File exists", "exists"),
        ("cp: error writing 'b': Disk quota exceeded", "full"),
        ("touch: /proc/x: No such file or directory", "no-file"),
    ],
)
def test_the_system_s_words_are_understood(said: str, status: str) -> None:
    """What a command of any system says of a file that it cannot write is the status that the program is answered."""
    load = f'. "{ROOT}/services/multi_agent_orchestrator/sh/files.sh"; above=/; reason "$1"'
    done = subprocess.run(["sh", "-c", load, "sh", said], capture_output=True, text=True, check=True)
    assert done.stdout == status


def test_folders_patterns_and_ranges(stack: Stack, project: Path) -> None:
    """A folder, a pattern and a Git range are attached as they are without a container."""

    def git(*words: str) -> None:
        own = ("-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *own, *words], cwd=project, check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "Begin")
    (project / "plan.md").write_text("# Plan\n\nMove sessions to Redis by June.\n")
    git("commit", "-am", "Later")
    words = ("--attach", "sub", "--attach", "*.md", "--attach", "HEAD~1..HEAD", "-o", "minutes.md")
    rehearse(stack, project, "meeting", "run", "decision", "Redis?", *words)
    minutes = (project / "minutes.md").read_text(encoding="utf-8")
    assert all(name in minutes for name in ("Übersicht b.md", "plan.md", "1..HEAD.diff"))


@pytest.mark.parametrize(
    "name",
    ['it\'s "quoted" $(touch gone) `id`; x.md', "-dash.md", "two\\back 100% & more.md", "\\0101.md", "two\nlines.md"],
)
def test_no_file_name_is_a_command(stack: Stack, project: Path, name: str) -> None:
    """A file with any name is attached, written and nothing else."""
    (project / name).write_text("# Note\n\nMove sessions to Redis by May.\n")
    before = sorted(project.iterdir())
    rehearse(stack, project, "meeting", "run", "decision", "Redis?", f"--attach=./{name}", f"--output=./{name}.html")
    assert sorted(project.iterdir()) == sorted([*before, project / f"{name}.html"])


def test_only_named_files_are_handed_over(stack: Stack, project: Path) -> None:
    """A file that the words of the call do not name is neither given nor written, whatever asks for it."""
    (project / "secret.txt").write_text("secret")
    code = (
        "from pathlib import Path; from agents.cli.terminal.caller_files import bring, hand_over\n"
        "for name in ('secret.txt', 'sub/../secret.txt', 'sub/x.md'): print(bring(Path(name)))\n"
        "try: hand_over(Path('new.txt'), b'x')\n"
        "except OSError as error: print(type(error).__name__)\n"
    )
    with begun(stack, project, *MEETING, "--attach", "sub") as process:
        token = stack.inside("ls", "/tmp/calls").strip()  # noqa: S108
        place = f"/tmp/calls/{token}/root{project}"  # noqa: S108
        words = ("exec", "-e", f"ORCHESTRATOR_CALL={token}", "-w", place, stack.container, "python", "-c", code)
        assert docker(*words).split() == [*["unnamed"] * 3, "PermissionError"]
        os.killpg(process.pid, signal.SIGINT)
        ended(process)
    assert not (project / "new.txt").exists()


def test_own_roles_go_along(stack: Stack, project: Path) -> None:
    """Roles of the caller's project count in the container, and new ones are written into the caller's folders."""
    (project / ".git").mkdir()
    roles = project / ".orchestrator" / "roles"
    roles.mkdir(parents=True)
    rehearse(stack, project, "agents", "new", "harbour_pilot")
    assert (roles / "harbour_pilot.md").is_file()
    listed = rehearse(stack, project / "sub", "agents", "list")
    assert "harbour_pilot" in listed.stdout
    shown = json.loads(rehearse(stack, project, "agents", "list", "--json").stdout)
    assert [one["file"] for one in shown if one["id"] == "harbour_pilot"] == [str(roles / "harbour_pilot.md")]
    (project / "tide.md").write_text(ASSISTANT)
    made = rehearse(stack, project, "agents", "import", "tide.md", "--user").stdout.strip()
    assert Path(made) == Path(os.environ["XDG_CONFIG_HOME"]) / "multi_agent_orchestrator" / "roles" / "tide_reader.md"
    assert Path(made).is_file()
    rehearse(stack, project, "types", "new", "tide_review", "--here")
    assert "tide_review" in rehearse(stack, project, "types", "list").stdout
    assert "tide_reader" in rehearse(stack, project, "agents", "list").stdout


def test_files_in_a_session(stack: Stack, project: Path) -> None:
    """In a session on a terminal, /attach reads a file of the caller, and /save writes one and replaces none."""
    command = [SCRIPT, "run", "--model", "rehearsal", "interactive", "--plain"]
    with Terminal(command, columns=110, rows=40, env=stack.settings, cwd=project) as terminal:
        terminal.wait("leaves")
        terminal.send("/attach sub/Üb\t")
        terminal.wait(r"Übersicht\\ b\.md")
        terminal.send("\r")
        terminal.wait("Übersicht b.md will be sent")
        terminal.line("@cto Is it sound?")
        terminal.wait(r"cto>\s*\Z")
        terminal.line("/save talk.md")
        terminal.wait("are in talk.md")
        terminal.line("/save plan.md")
        terminal.wait("There is a file plan.md already")
        terminal.line("/exit")
        terminal.wait(lambda: terminal.process.poll() is not None)
    assert "Is it sound?" in (project / "talk.md").read_text(encoding="utf-8")
    assert "Redis" in (project / "plan.md").read_text()


def test_hints_name_the_script(stack: Stack, project: Path) -> None:
    """Hints name commands as they are called from outside; what the script has itself is called without run."""
    unknown = call(stack, project, "run", "--model", "ollama:none", "ask", "cto", "Why?")
    assert "`./orchestrator.sh models " in unknown.stderr
    assert "`./orchestrator.sh run agents list`" in call(stack, project, "run", "agents", "show", "nobody").stderr
    assert "./orchestrator.sh backup" in call(stack, project, "run", "backup").stderr
    reviewed = rehearse(stack, project, "review", "plan.md", "--quiet").stdout
    assert "All reasons: ./orchestrator.sh run meeting minutes " in reviewed


def test_without_ollama_the_script_s_start_is_named(stack: Stack, project: Path) -> None:
    """Where the model server is stopped, a question, the list of models and the checks say how to start it."""
    server = ollama_of(stack)
    docker("stop", "--time", "1", server)
    try:
        for words in (("ask", "cto", "Why?"), ("models", "list"), ("doctor",)):
            done = call(stack, project, "run", *words)
            said = " ".join((done.stdout + done.stderr).split())
            assert done.returncode in {1, 3}, said
            assert "Ollama is not reachable at http://ollama:11434: its host name was not found." in said
            assert "Start it: `./orchestrator.sh start`. If Ollama runs elsewhere, check OLLAMA_BASE_URL." in said
    finally:
        docker("start", server)


def test_a_container_that_stops_again_and_again(stack: Stack, project: Path) -> None:
    """A call that its container's next stop ends says that it stops again and again, and where the reason is."""
    name = f"{stack.container}_loop"
    docker("run", "--detach", "--restart", "always", "--name", name, "--entrypoint", "sh", stack.image, "-c", "sleep 3")
    try:
        until = time.monotonic() + PATIENCE
        look = ("inspect", "--format", "{{.RestartCount}} {{.State.Status}}", name)
        while not re.match(r"[2-9] running", docker(*look)):
            assert time.monotonic() < until
            time.sleep(0.1)
        done = call(stack, project, "shell", "-c", "sleep 30", ORCHESTRATOR_CONTAINER=name)
        assert done.returncode == 3, done.stderr
        assert done.stderr.splitlines()[-2:] == [
            "Error: The service stops again and again.",
            "  To see the reason: ./orchestrator.sh logs --tail 20",
        ]
    finally:
        docker("rm", "--force", name)


def test_a_plain_exec_says_why_it_sees_no_file(stack: Stack) -> None:
    """Without the script, a missing file is explained: the container has its own files only."""
    words = ["docker", "exec", stack.container, "orchestrator", "ask", "cto", "Why?", "--attach", "plan.md"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "sees only its own files" in done.stderr
    assert "--attach - <FILE" in done.stderr


def test_a_pipe_and_settings_go_along(stack: Stack, project: Path) -> None:
    """A document can still be piped in, and settings of the caller's environment count."""
    done = call(
        stack,
        project,
        "run",
        "ask",
        "cto",
        "Sound?",
        "--attach",
        "-",
        data=b"# Piped\n\nA plan.\n",
        MODEL_NAME="rehearsal",
    )
    assert done.returncode == 0, done.stderr
    assert "rehearsal" in done.stdout + done.stderr


def test_running_work_is_listed_and_ended(stack: Stack, project: Path) -> None:
    """What runs besides the service is listed by its words, and can be ended with what is finished kept."""
    parts = ROOT / "services" / "multi_agent_orchestrator" / "sh"
    load = f'container={stack.container}; for part in engine running; do . "{parts}/$part.sh"; done; '

    def sourced(words: str) -> str:
        return subprocess.run(["sh", "-c", load + words], capture_output=True, text=True, check=True).stdout

    assert sourced("running_work") == ""
    with begun(stack, project, *MEETING) as process:
        assert sourced("running_work") == "meeting run decision Build it?\n"
        sourced("end_running_work")
        code, said = ended(process)
    assert (code, "run meeting resume" in said) == (143, True)
    assert sourced("running_work") == ""


def test_a_stopped_container_is_explained(stack: Stack, project: Path) -> None:
    """A call whose container is restarted under it says so in one line, says how to go on, and ends with 75."""
    with begun(stack, project, *MEETING) as process:
        docker("restart", "--time", "1", stack.container)
        code, said = ended(process)
    assert code == 75, said
    cause, remedy = said.splitlines()[-2:]
    assert cause.startswith("Error: The service was stopped while this ran.")
    assert "run meeting resume" in remedy
