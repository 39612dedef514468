import os
from pathlib import Path

from agents.settings import Settings
from agents.settings.folders import config_file
from agents.settings.table import SETTINGS
from tests.ollama_double import OllamaDouble


def test_a_test_sees_only_its_own_folders_and_no_setting_from_outside(tmp_path: Path) -> None:
    """Home, data, logs and settings file lie in the test's folder; no proxy is set, and no setting but the data folder
    and that models are not tested before meetings.
    """
    settings = Settings.load(folder=tmp_path)
    for place in (Path.home(), settings.data_folder, settings.log_folder, config_file()):
        assert place.is_relative_to(tmp_path)
    given = {setting.name for setting in SETTINGS} & set(os.environ)
    assert given == {"AGENTS_DATA_FOLDER", "CONTROL_BALLOTS"}
    assert not [name for name in os.environ if name.lower().endswith("_proxy")]


def test_the_server_fixture_is_what_the_settings_point_to(tmp_path: Path, ollama: OllamaDouble) -> None:
    """Taking the fixture makes the double the Ollama of this test."""
    assert Settings.load(folder=tmp_path).ollama_base_url == ollama.url
