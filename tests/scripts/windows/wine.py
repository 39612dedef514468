"""Runs orchestrator.bat under Wine, if it is installed. Only what Wine and Windows do in the same way is tested."""

import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
PARTS = ROOT / "services" / "multi_agent_orchestrator" / "bat"
SCRIPTS = [ROOT / "orchestrator.bat", *sorted(PARTS.glob("*.bat"))]
WINE = next((name for name in ("/usr/lib/wine/wine64", shutil.which("wine64")) if name and Path(name).exists()), "")
COMPILER = shutil.which("x86_64-w64-mingw32-gcc")
WINE_ERROR = "Can't recognize '"  # sometimes printed by Wine's cmd for a program that exists
RELAY = Path(__file__).with_name("relay.c")


def wine_missing() -> str:
    """Why orchestrator.bat cannot be run here; "" when it can."""
    if not WINE:
        return "orchestrator.bat was not run: wine64 is not installed"
    if COMPILER is None:
        return "orchestrator.bat was not run: x86_64-w64-mingw32-gcc, which makes its docker.exe, is not installed"
    return ""


def ran(status: int, said: str) -> bool:
    """Whether Wine could start all programs of a run, by its status and all output.

    Under load Wine's cmd can end with 1 and say nothing, even before it reads the script. orchestrator.bat names a cause
    whenever it fails.
    """
    return WINE_ERROR not in said and (status != 1 or bool(said.strip()))


def windows(path: Path) -> str:
    """A path as Wine sees it."""
    return "Z:" + str(path).replace("/", "\\")


class Wine:
    """A new Windows.

    Args:
        home: an empty folder for it.

    Attributes:
        tools: a folder with docker.exe and tar.exe, for the PATH (WINEPATH) of tests that need them.
    """

    def __init__(self, home: Path) -> None:
        self.tools = home / "tools"
        self.tools.mkdir(parents=True)
        assert COMPILER
        for name in ("docker.exe", "tar.exe"):
            subprocess.run(
                [COMPILER, "-O1", "-o", str(self.tools / name), str(RELAY), "-lws2_32", "-lshell32"], check=True
            )
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "DISPLAY"},
            "WINEPREFIX": str(home / "prefix"),
            "WINEDEBUG": "-all",
            "WINEDLLOVERRIDES": "mscoree,mshtml=",
        }
        # Its services outlive the program that starts them and keep that program's output open: nobody reads it here.
        quiet: dict[str, Any] = {"env": self.environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.run([WINE, "wineboot", "-i"], check=True, **quiet)
        # While one program runs Wine keeps its services; to start and end them takes two seconds for each run.
        self._idle = subprocess.Popen([WINE, "cmd"], stdin=subprocess.PIPE, **quiet)

    def run(self, *words: str, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run orchestrator.bat with these words and settings, without a console; lines end as on this system."""
        return self.run_script(ROOT / "orchestrator.bat", words, settings)

    def run_line(self, typed: str, folder: Path, **settings: str) -> "subprocess.CompletedProcess[str]":
        """Run orchestrator.bat with the rest of a command line as a user types it; ``%`` is written twice.

        Args:
            typed: what stands after the name of the script.
            folder: the folder of the user.
            settings: variables.
        """
        line = folder / "line.cmd"
        line.write_bytes(f'@"{windows(ROOT / "orchestrator.bat")}" {typed}\r\n'.encode())
        return self.run_script(line, (), settings, folder)

    def run_script(
        self, script: Path, words: Sequence[str], settings: dict[str, str], folder: Path = ROOT
    ) -> "subprocess.CompletedProcess[str]":
        """Run a script in a folder.

        Sometimes Wine cannot start a program that exists, such as cmd or docker.exe. The run is then repeated, at most
        twice; an error in the script fails all three runs.
        """
        for _ in range(2):
            done = self._run_once(words, settings, script, folder)
            if ran(done.returncode, done.stdout + done.stderr):
                return done
        return self._run_once(words, settings, script, folder)

    def _run_once(
        self, words: Sequence[str], settings: dict[str, str], script: Path, folder: Path
    ) -> "subprocess.CompletedProcess[str]":
        environment = {**self.environment, **settings}
        command = [WINE, "cmd", "/c", windows(script), *words]
        done = subprocess.run(
            command,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            cwd=folder,
            env=environment,
            timeout=600,
            check=False,
        )
        said, told = (text.decode(errors="replace").replace("\r\n", "\n") for text in (done.stdout, done.stderr))
        return subprocess.CompletedProcess(done.args, done.returncode, said, told)

    def close(self) -> None:
        """End all programs of this Windows."""
        subprocess.run([WINE.replace("wine64", "wineserver64"), "-k"], env=self.environment, check=False)
        self._idle.communicate()
