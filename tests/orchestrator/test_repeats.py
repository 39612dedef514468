"""A meeting that is held again: its runs are stored, counted, and shown in its minutes, and change nothing else."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agents.errors import Locked, MeetingError, ModelUnavailable, UsageError
from agents.export import FORMATS, export
from agents.meeting.afterwards import HeldAgain, Repeats
from agents.meeting.spec import spec_from
from agents.model import Prompt, Task
from agents.orchestrator import AgentOrchestrator
from tests.inputs import NOTES
from tests.ollama_double import OllamaDouble
from tests.orchestrator.stage import STAGE, Commits, Labelled, staged
from tests.orchestrator.test_killed import AGENTS, TOPIC, agreeing
from tests.orchestrator.test_quality import MANY, QUESTION, opened


def held(orchestrator: AgentOrchestrator) -> str:
    """The id of a meeting that was held."""
    meeting = orchestrator.create_meeting("architecture_review", TOPIC, agents=AGENTS, attach=[NOTES])
    orchestrator.conduct_meeting(meeting)
    return meeting


def objecting_in(runs: set[int], seen: list[int]) -> Callable[[Prompt], str]:
    """Speakers who object in some runs only; ``seen`` has as many entries as runs were begun."""

    def say(prompt: Prompt) -> str:
        if prompt.task is Task.BALLOT and len(seen) in runs:
            return '{"vote": "object", "reason": "It is too early.", "would_change": "a test"}'
        return agreeing(prompt)

    return say


@pytest.mark.parametrize(
    ("own", "outcomes", "rate", "sentence"),
    [
        ("accepted", ("accepted",) * 4 + ("no decision",), 0.2, "Repeated 5 times: accepted 4, no decision 1; flip rate 0.2."),
        ("no decision", ("accepted", "accepted", "rejected"), 1.0, "Repeated 3 times: accepted 2, rejected 1; flip rate 1."),
        ("accepted", ("accepted",), 0.0, "Repeated once: accepted 1; flip rate 0."),
        ("a", ("a", "b", "b"), 2 / 3, "Repeated 3 times: b 2, a 1; flip rate 0.67."),
    ],
)  # fmt: skip
def test_the_flip_rate_is_the_share_of_runs_that_decide_otherwise(
    own: str, outcomes: tuple[str, ...], rate: float, sentence: str
) -> None:
    """It is counted against the outcome of the meeting itself, not against the most frequent one."""
    repeats = Repeats(own, outcomes)
    assert repeats.flip_rate == pytest.approx(rate)
    assert repeats.sentence == sentence


def test_runs_are_meetings_with_their_origin_and_other_seeds(tmp_path: Path) -> None:
    """Each run has the same spec but for id, seed and notes, and is named after the meeting that it repeats."""
    told: list[HeldAgain] = []
    with staged(tmp_path / "data", agreeing, seed=40) as orchestrator:
        meeting = held(orchestrator)
        minutes = orchestrator.repeat_meeting(meeting, 2, on_run=told.append)
        first, *runs = [orchestrator.get_meeting(name) for name in (meeting, *(run.meeting for run in told))]
        assert orchestrator.get_minutes("last").meeting == orchestrator.get_minutes(meeting[:-1]).meeting == meeting
        assert "Run 1 of the meeting" in orchestrator.get_minutes(told[0].meeting).notes[0]
    assert [run.seed for run in runs] == [run.seed for run in told] == [41, 42]
    for number, run in enumerate(runs, 1):
        assert (run.id, run.repeats) == (f"{meeting}.run{number}", meeting)
        same = {**first.as_dict(), "id": run.id, "seed": run.seed, "repeats": meeting, "notes": list(run.notes)}
        assert run.as_dict() == same
    [topic] = minutes.topics
    assert topic.repeats == Repeats(
        topic.decision.outcome, (topic.decision.outcome,) * 2, tuple(run.id for run in runs)
    )


def test_outcomes_are_counted_and_stand_in_every_export(tmp_path: Path) -> None:
    """Runs in which all object decide otherwise; the sentence is in each format that shows decisions."""
    begun: list[int] = [0]
    with staged(tmp_path / "data", objecting_in({2, 3}, begun)) as orchestrator:
        meeting = held(orchestrator)
        minutes = orchestrator.repeat_meeting(meeting, 3, on_run=lambda _run: begun.append(1))
    # The first run begins with one entry in the list, the second with two, the third with three.
    [topic] = minutes.topics
    assert topic.repeats
    assert topic.repeats.outcomes[0] == topic.decision.outcome
    assert topic.repeats.flip_rate == pytest.approx(2 / 3)
    for name in FORMATS:
        text = export(minutes, name).replace("\r\n ", "")
        if name not in {"csv", "transcript_json", "ics", "ics_todo"}:
            assert "flip rate 0.67" in text.replace("\\", "") or '"flip_rate": 0.6667' in text, name


def test_runs_change_neither_register_nor_memories(tmp_path: Path) -> None:
    """Actions of the runs are not entered, and no agent remembers them or is reminded of what came after the meeting."""
    prompts: list[Prompt] = []

    def say(prompt: Prompt) -> str:
        prompts.append(prompt)
        return agreeing(prompt)

    with staged(tmp_path / "data", say) as orchestrator:
        meeting = held(orchestrator)
        actions = orchestrator.actions.list()
        memories = [one.text for role in AGENTS for one in orchestrator.memories.recent(role, f"meeting:{meeting}")]
        asked = len(prompts)
        orchestrator.repeat_meeting(meeting, 2)
        assert orchestrator.actions.list() == actions
        assert actions
        again = [one.text for role in AGENTS for one in orchestrator.memories.recent(role, f"meeting:{meeting}")]
        assert again == memories
        assert not [one for role in AGENTS for one in orchestrator.memories.recent(role, f"meeting:{meeting}.run1")]
    assert not any(prompt.memory for prompt in prompts[asked:])


def test_finished_runs_count_and_an_interrupted_one_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """After a death in the second run, the same call asks what is missing of it, and no run twice."""
    commits, said = Commits(monkeypatch), [0]

    def say(prompt: Prompt) -> str:
        said[0] += 1
        return agreeing(prompt)

    with staged(tmp_path / "data", say) as orchestrator:
        meeting = held(orchestrator)
        whole = said[0]
    with commits.dying_after(10_000), staged(tmp_path / "data", say) as orchestrator:

        def die_later(_run: HeldAgain) -> None:
            commits.most = commits.done + 6

        orchestrator.repeat_meeting(meeting, 3, on_run=die_later)
    with staged(tmp_path / "data", say) as orchestrator:
        assert orchestrator.meetings.row(f"{meeting}.run2").status == "running"
        told: list[int] = []
        minutes = orchestrator.repeat_meeting(meeting, 3, on_run=lambda run: told.append(run.run))
        assert told == [2, 3]
        assert len(orchestrator.list_meetings()) == 4
        count = said[0]
        assert orchestrator.repeat_meeting(f"{meeting}.run1", 3) == minutes
        assert said[0] == count
    assert count <= 4 * whole + 8  # only answers that were on their way are asked again
    assert minutes.topics[0].repeats
    assert len(minutes.topics[0].repeats.outcomes) == 3


def test_what_cannot_be_repeated_is_refused(tmp_path: Path) -> None:
    """Open meetings, a person's seat, meetings without a decision, other models: each has a cause and a remedy."""
    with staged(tmp_path / "data", agreeing) as orchestrator:
        meeting = held(orchestrator)
        with pytest.raises(UsageError, match="cannot be repeated 0 times"):
            orchestrator.repeat_meeting(meeting, 0)
        waiting = orchestrator.create_meeting("decision", TOPIC, agents=AGENTS)
        with pytest.raises(MeetingError, match="not begun"):
            orchestrator.repeat_meeting(waiting)
        mine = orchestrator.create_meeting("decision", TOPIC, agents=AGENTS, me=AGENTS[0], words="Yes.\n\nYes.\n\nYes.")
        orchestrator.conduct_meeting(mine)
        with pytest.raises(MeetingError, match="A person took the seat"):
            orchestrator.repeat_meeting(mine)
        talk = orchestrator.create_meeting("knowledge_sharing", TOPIC, agents=AGENTS)
        orchestrator.conduct_meeting(talk)
        with pytest.raises(MeetingError, match="no decision to compare"):
            orchestrator.repeat_meeting(talk)
        with orchestrator.meetings.locked(meeting), pytest.raises(Locked):
            orchestrator.repeat_meeting(meeting)
    with staged(tmp_path / "data", agreeing, "ollama:other") as orchestrator:
        with pytest.raises(MeetingError, match="was held with scripted, and ollama:other would answer"):
            orchestrator.repeat_meeting(meeting)
        assert not [row for row in orchestrator.list_meetings() if ".run" in row.id]


def test_a_run_whose_model_is_lost_does_not_count(tmp_path: Path) -> None:
    """It is given up, and the next call holds another one in its place."""
    lost = [False]

    def say(prompt: Prompt) -> str:
        if lost[0] and prompt.task is Task.BALLOT:
            raise ModelUnavailable("The server is gone.", "Start it.")
        return agreeing(prompt)

    with staged(tmp_path / "data", say) as orchestrator:
        meeting = held(orchestrator)
        lost[0] = True
        with pytest.raises(ModelUnavailable, match="end of run 1"):
            orchestrator.repeat_meeting(meeting, 1)
        lost[0] = False
        assert orchestrator.get_minutes(meeting).topics[0].repeats is None
        minutes = orchestrator.repeat_meeting(meeting, 1)
        assert minutes.topics[0].repeats
        assert minutes.topics[0].repeats.meetings == (f"{meeting}.run1-2",)


def test_a_run_of_a_fork_asks_everything(tmp_path: Path) -> None:
    """It begins with no turn of the fork, and does not say that it is one."""
    with staged(tmp_path / "data", agreeing) as orchestrator:
        fork = orchestrator.fork_meeting(held(orchestrator), "T2")
        orchestrator.conduct_meeting(fork)
        repeats = orchestrator.repeat_meeting(fork, 1).topics[0].repeats
        assert repeats
        spec = orchestrator.get_meeting(repeats.meetings[0])
    assert (spec.forked_from, spec.ancestors) == ("", ())
    assert not [note for note in spec.notes if "Forked" in note]


def test_each_run_asks_with_its_seed_and_shows_statements_in_its_order(ollama: OllamaDouble, tmp_path: Path) -> None:
    """The server is sent another seed in each run, and the council of the meeting answers."""
    ollama.add("qwen3:4b")
    with opened(ollama, tmp_path, control_ballots="never", seed=7) as orchestrator:
        meeting = orchestrator.create_meeting("decision", QUESTION, agents=MANY, council=("llama3.2", "qwen3:4b"))
        first = orchestrator.conduct_meeting(meeting)
        runs = orchestrator.repeat_meeting(meeting, 2).topics[0].repeats
        assert runs
        others = [orchestrator.get_minutes(name) for name in runs.meetings]
    chats = [one for one in ollama.requests if one.path == "/api/chat" and one.get("messages")]
    assert {request.get("options")["seed"] for request in chats} == {7, 8, 9}
    for minutes in others:
        assert minutes.spoke_with == first.spoke_with
    orders = {tuple(turn.speaker for turn in one.turns if turn.phase == "silent_round") for one in (first, *others)}
    assert len(orders) == 3


def test_votes_of_a_run_count_as_those_of_the_meeting(tmp_path: Path) -> None:
    """What the votes of its models are worth is not measured anew for a run."""
    with staged(tmp_path / "data", agreeing) as orchestrator:
        meeting = held(orchestrator)
        orchestrator.repeat_meeting(meeting, 1)
        spec = spec_from(orchestrator.meetings.journal(f"{meeting}.run1").events()[0].data)
        assert spec.juries == orchestrator.get_meeting(meeting).juries
        assert isinstance(orchestrator.resources._models[STAGE], Labelled)
