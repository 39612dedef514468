"""``orchestrator config``: every setting, its value and its source, and changes of the settings file."""

from typing import Annotated

import typer

from agents.cli.command_group import CommandGroup
from agents.cli.context import FLAGS, AsJson
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.tables import table

app = typer.Typer(
    cls=CommandGroup,
    help="The settings: show, set, unset, path.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


SettingName = Annotated[str, typer.Argument(metavar="NAME", help="A setting; `orchestrator config show` lists them.")]


@app.command("show", epilog="Example: MODEL_NAME=qwen3:4b orchestrator config show")
def show(as_json: AsJson = False) -> None:
    """Show each setting's value and its source; secrets are masked."""
    from agents.settings import Settings

    settings = Settings.load(**FLAGS)
    values = settings.values.values()
    if as_json:
        rows = [
            {"name": v.setting.name, "value": v.shown, "source": v.source, "about": v.setting.about} for v in values
        ]
        say_json(rows)
    else:
        say(table(["setting", "value", "from"], [[v.setting.name, v.shown or "(none)", v.source] for v in values]))
    if settings.ignored:
        tell(
            f"{settings.dotenv.path} is another program's, so {', '.join(settings.ignored)} in it does not count here."
        )
        tell(f"  To set it there for this program, write ORCHESTRATOR_{settings.ignored[0]}.")


@app.command("path", epilog="Example: orchestrator config path")
def path() -> None:
    """Print the path of the settings file."""
    from agents.settings.folders import config_file

    say(str(config_file()))


@app.command("set", epilog="Example: orchestrator config set model_name qwen3:4b")
def set_(name: SettingName, value: Annotated[str, typer.Argument(metavar="VALUE", help="Its value.")]) -> None:
    """Write a setting into the settings file; everything else in it stays."""
    from agents.settings.edit import put, setting_named
    from agents.settings.folders import config_file

    setting, file = setting_named(name), config_file()
    put(file, setting, value)
    tell(f"{setting.key} is {'set' if setting.secret else value} in {file}.")
    _other_source(setting.key, str(file))


@app.command("unset", epilog="Example: orchestrator config unset model_name")
def unset(name: SettingName) -> None:
    """Take a setting out of the settings file, so that its default counts."""
    from agents.settings.edit import remove, setting_named
    from agents.settings.folders import config_file

    setting, file = setting_named(name), config_file()
    there = remove(file, setting)
    tell(f"{setting.key} is not in {file} any more." if there else f"{setting.key} is not in {file}.")
    _other_source(setting.key, "default")


def _other_source(key: str, expected: str) -> None:
    """Say what is in force, if it does not come from where it was just changed."""
    from agents.settings import Settings

    found = Settings.load(**FLAGS).values[key]
    if not found.source.startswith(expected):
        tell(f"In force is {found.shown or '(none)'}, from: {found.source}.")
