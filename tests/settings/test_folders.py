"""Folders: where files are on each platform, and what overrides it."""

from pathlib import Path

import pytest

from agents.settings import Settings
from agents.settings.folders import APP, config_file, example_folder


@pytest.mark.parametrize(
    ("platform", "environment", "config", "data"),
    [
        ("linux", {}, f".config/{APP}/config.toml", f".local/share/{APP}"),
        ("linux", {"XDG_CONFIG_HOME": "{home}/c", "XDG_DATA_HOME": "{home}/d"}, f"c/{APP}/config.toml", f"d/{APP}"),
        ("darwin", {}, f"Library/Application Support/{APP}/config.toml", f"Library/Application Support/{APP}"),
        ("win32", {"APPDATA": "{home}/r", "LOCALAPPDATA": "{home}/l"}, f"r/{APP}/config.toml", f"l/{APP}"),
    ],
)
def test_each_platform_has_its_folders(
    platform: str, environment: dict[str, str], config: str, data: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Settings file and histories are in the platform's folders, and variables of the platform move them."""
    monkeypatch.setattr("sys.platform", platform)
    given = {
        "HOME": str(tmp_path),
        **{key: value.replace("{home}", str(tmp_path)) for key, value in environment.items()},
    }
    assert config_file(given) == tmp_path / config
    assert Settings.load(given, tmp_path).data_folder == tmp_path / data


def test_one_variable_names_another_settings_file(tmp_path: Path) -> None:
    """AGENTS_CONFIG overrides the platform's folder."""
    assert config_file({"HOME": "/nowhere", "AGENTS_CONFIG": str(tmp_path / "mine.toml")}) == tmp_path / "mine.toml"


def test_examples_and_roles_are_shipped() -> None:
    """The folders of a checkout, or of the installed package, exist."""
    assert list(example_folder().glob("*.py"))
    assert list(Settings.load({}).role_places[0].folder.glob("*.md"))
