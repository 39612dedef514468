"""``orchestrator config``: every setting, its value and its source."""

import typer

from agents.cli.context import FLAGS, AsJson
from agents.cli.terminal.output import say, say_json, tell
from agents.cli.terminal.tables import table

app = typer.Typer(help="The settings.", no_args_is_help=True, rich_markup_mode=None)


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
