"""What docs/stack.md says of the stack is held by tests and pages that exist."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.inputs import ROOT

PAGE = ROOT / "docs" / "stack.md"
FILES = (
    "docker-compose.yml",
    ".dockerignore",
    "orchestrator.sh",
    "orchestrator.bat",
    ".env.example",
    "services/multi_agent_orchestrator/README.md",
    "services/multi_agent_orchestrator/orchestrator.Dockerfile",
    "services/multi_agent_orchestrator/requirements.txt",
    "docs/DEPLOYMENT_GUIDE.md",
    "docs/DOCKER_SERVICE_SUMMARY.md",
    "README.md",
)
SECTIONS = (
    "Overview",
    "Architecture",
    "Quick start",
    "Environment",
    "Volumes",
    "Health",
    "Usage",
    "Monitoring",
    "Troubleshooting",
    "Performance",
    "Security",
    "Backup",
    "Scaling",
    "Integration",
    "Development",
    "Maintenance",
)


def anchors(page: Path) -> set[str]:
    """The targets of links into a page: its headings in lower case, blanks as hyphens, without other signs."""
    titles = re.findall(r"(?m)^#+ (.+)$", page.read_text(encoding="utf-8"))
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def test_every_test_that_is_named_exists() -> None:
    """Each test in the table of promises is there."""
    named = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", PAGE.read_text(encoding="utf-8"))
    assert len(named) > 30
    for file, test in named:
        text = (ROOT / "tests" / file.removeprefix("tests/")).read_text(encoding="utf-8")
        assert f"def {test}(" in text if test else text, f"{file}::{test}"


def test_every_promise_is_held() -> None:
    """Each promise names a test or links to a page, and each link leads to a heading that is there."""
    promises, others = PAGE.read_text(encoding="utf-8").split("## Where it is otherwise")
    rows = re.findall(r"(?m)^\| (.+?) \| (.+) \|$", promises)[1:]
    assert len(rows) > 25
    assert [row for row in rows if "::test_" not in row[1] and "](" not in row[1] and ".py`" not in row[1]] == []
    for target, anchor in re.findall(r"\]\(([^)#]+)#([^)]+)\)", promises + others):
        assert anchor in anchors((PAGE.parent / target).resolve()), f"{target}#{anchor}"


@pytest.mark.parametrize("file", FILES)
def test_every_file_of_the_service_is_there(file: str) -> None:
    """Each file that belongs to the service is there, and is not empty."""
    assert (ROOT / file).stat().st_size > 0


def test_the_readme_of_the_service_has_its_sections() -> None:
    """The service's README has its sixteen sections, in their order."""
    text = (ROOT / "services" / "multi_agent_orchestrator" / "README.md").read_text(encoding="utf-8")
    assert tuple(re.findall(r"(?m)^## (.+)$", text)) == SECTIONS


def test_docker_comes_first() -> None:
    """The README begins with Docker, then comes the local installation, and both are compared."""
    titles = re.findall(r"(?m)^## (.+)$", (ROOT / "README.md").read_text(encoding="utf-8"))
    assert titles[:2] == ["Docker Quick Start (Option 1)", "Local installation (Option 2)"]


@pytest.mark.parametrize("name", [".env", "secrets/api_token", "backups/20240115_120000/manifest.json"])
def test_what_is_private_is_not_committed(name: str) -> None:
    """Settings, secrets and backups are ignored by Git, and are not sent to the builder of the image."""
    ignored = subprocess.run(["git", "check-ignore", "--quiet", name], cwd=ROOT, check=False)
    assert ignored.returncode == 0
    sent = [line for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n") if line.startswith("!")]
    assert not any(name.startswith(line[1:]) for line in sent)
