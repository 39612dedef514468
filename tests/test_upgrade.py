"""An upgrade of the installed program: own roles and types stay, and nothing of them is written into the program."""

import os
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest

from tests.inputs import ROOT
from tests.required import missing

PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program as it is published."""
    folder = tmp_path_factory.mktemp("wheel")
    built = subprocess.run(
        [*PIP, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT)], capture_output=True, text=True, check=False
    )
    if built.returncode:
        missing("the package that builds wheels cannot be had here")
    return next(folder.glob("*.whl"))


def installed(wheel: Path, home: Path) -> None:
    """Install the wheel, or install it again, into an environment that has the other packages from here."""
    command = [*PIP, "--python", f"{home}/bin/python", "install", "--no-deps", "--force-reinstall", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)


@pytest.mark.skipif(sys.platform == "win32", reason="the folders of an environment differ there")
def test_own_files_survive_an_upgrade(wheel: Path, tmp_path: Path) -> None:
    """A role and a type that the installed program wrote are there after it was installed again."""
    home = tmp_path / "environment"
    venv.create(home, with_pip=False, symlinks=True)
    site = next((home / "lib").glob("python*")) / "site-packages"
    (site / "others.pth").write_text(f"{sysconfig.get_paths()['purelib']}\n")
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}

    def orchestrator(*words: str) -> str:
        command = [f"{home}/bin/orchestrator", *words]
        ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return ran.stdout

    installed(wheel, home)
    files = [Path(orchestrator("agents", "new", "release_manager").strip())]
    files.append(Path(orchestrator("meeting", "new-type", "vendor_review").strip()))
    assert not any(file.is_relative_to(home) for file in files)
    assert not list(site.rglob("release_manager*"))
    installed(wheel, home)
    assert "Release Manager" in orchestrator("agents", "show", "release_manager")
    assert "vendor_review" in orchestrator("meeting", "types")
    assert "29 built in; yours: release_manager" in " ".join(orchestrator("agents", "list").split())
