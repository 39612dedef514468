"""Asks every arm about every document, and stores what it claims.

    python benchmarks/quality/run.py --out FOLDER [--arms meeting,once,repeated,checklists,search] [--seeds 1,2,3]
        [--documents NAME,NAME] [--folder DOCUMENTS] [--budget TOKENS] [--again]

The model and everything else are those of the settings. A run that is stored is not repeated. The arms that are asked
until a budget is used up take what the stored meeting about the same document with the same seed has cost, or
``--budget``. ``python -m benchmarks.quality.tables --out FOLDER`` then prints the tables.
"""

import argparse
import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from agents.errors import OrchestratorError, UsageError
from agents.model import open_model
from agents.role import Roles
from agents.role.file import roles_in
from agents.settings import Settings
from benchmarks.quality.asking import asked
from benchmarks.quality.cases import FOLDER, Case, read_cases
from benchmarks.quality.claim import Claim, Run, Spent, file_of, keep, read_run
from benchmarks.quality.meeting import met
from benchmarks.quality.question import ASK, ASK_CHECKLISTS, checklists, prompts
from benchmarks.quality.search import searched

AGENTS = (
    "solutions_architect", "security_engineer", "database_administrator", "site_reliability_engineer",
    "backend_developer",
)  # fmt: skip
"""Who takes part, whatever the document is about; the lists of these roles are those of the other arms."""
ARMS = ("meeting", "once", "repeated", "checklists", "search")
WITH_BUDGET = ("repeated", "checklists")


@dataclass(frozen=True)
class Bench:
    """What is measured, and where it is stored.

    Attributes:
        settings: the settings.
        roles: every role.
        out: the folder for the runs.
        budget: tokens for the arms that are asked repeatedly; None takes the cost of the meeting.
    """

    settings: Settings
    roles: Roles
    out: Path
    budget: int | None = None

    def run(self, arm: str, case: Case, seed: int) -> Run:
        """Ask one arm about one document.

        Raises:
            UsageError: the arm needs a budget, and no meeting is stored.
        """
        document, budget, label = case.document, 0, ""
        if arm == "meeting":
            minutes = self.out / "minutes" / f"{case.name}.{seed}.json"
            claims, spent = met(document, AGENTS, self.settings, seed, arm, minutes)
            label = self.settings.model_name
        elif arm == "search":
            claims, spent = searched(document, [self.roles[name] for name in AGENTS], arm)
        else:
            budget = self.budget_for(case, seed) if arm in WITH_BUDGET else 0
            claims, spent, label = asyncio.run(self._ask(arm, case, seed, budget))
        return Run(arm, document.name, seed, label, budget, spent, claims)

    def budget_for(self, case: Case, seed: int) -> int:
        """The tokens that the arms may use which are asked repeatedly.

        Raises:
            UsageError: none are given, and no meeting is stored.
        """
        if self.budget is not None:
            return self.budget
        stored = file_of(self.out, "meeting", case.document.name, seed)
        if not stored.is_file():
            raise UsageError(
                f"There is no meeting about {case.name} with seed {seed}, which gives the budget.",
                "Run the arm meeting first, or give --budget.",
            )
        return read_run(stored).spent.tokens

    async def _ask(self, arm: str, case: Case, seed: int, budget: int) -> tuple[tuple[Claim, ...], Spent, str]:
        """Open the model of the settings for one arm, ask, and close it."""
        settings = self.settings.with_flags(seed=seed)
        model = open_model(settings.model_name, settings)
        await model.start()  # loading the model is not counted
        try:
            card, ask = self.roles[AGENTS[0]].card(), ASK
            if arm == "checklists":
                card, ask = checklists([self.roles[name] for name in AGENTS]), ASK_CHECKLISTS
            questions = prompts(case.document, model, card, ask)
            claims, spent = await asked(case.document, model, settings, questions, arm, seed, budget)
            return claims, spent, settings.model_name
        finally:
            await model.close()


def options() -> argparse.Namespace:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--out", type=Path, required=True, help="the folder for the runs")
    parser.add_argument("--arms", default=",".join(ARMS))
    parser.add_argument("--seeds", default="1")
    parser.add_argument("--documents", default="", help="names without suffix; all of the folder if not given")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="documents of your own, with keys")
    parser.add_argument("--budget", type=int, help="tokens for the arms that are asked repeatedly")
    parser.add_argument("--again", action="store_true", help="repeat what is stored already")
    return parser.parse_args()


def chosen(given: str, known: Sequence[str], what: str) -> list[str]:
    """The names in a list with commas, in the order in which they are known; all of them if none is given.

    Raises:
        UsageError: one is not known.
    """
    wanted = set(filter(None, given.split(",")))
    if unknown := wanted - {*known}:
        raise UsageError(f"There is no {what} {min(unknown)}.", f"There are {', '.join(known)}.")
    return [name for name in known if name in wanted or not wanted]


def run_all(given: argparse.Namespace) -> None:
    """Ask the arms, and store every run as soon as it is finished."""
    arms = chosen(given.arms, ARMS, "arm")  # the meeting first: it gives the budget
    cases = {case.name: case for case in read_cases(given.folder)}
    settings = Settings.load()
    bench = Bench(settings, roles_in(settings.role_places), given.out, given.budget)
    for name in chosen(given.documents, [*cases], "document"):
        for seed in map(int, given.seeds.split(",")):
            for arm in arms:
                if file_of(given.out, arm, cases[name].document.name, seed).is_file() and not given.again:
                    continue
                run = bench.run(arm, cases[name], seed)
                keep(given.out, run)
                spent = f"{run.spent.evaluated} + {run.spent.written} tokens, {run.spent.seconds:.0f} s"
                print(f"{name} {seed} {arm}: {len(run.claims)} claims, {spent}", flush=True)


def main() -> None:
    """Run the benchmark; an error is one line of cause and one of remedy."""
    try:
        run_all(options())
    except OrchestratorError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_code)


if __name__ == "__main__":
    main()
