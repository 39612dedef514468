"""Add your own role to the 29 shipped ones: one text file, and it takes part in the meeting.

Run it: orchestrator --model rehearsal examples run bring_your_own_role
"""

import tempfile
from pathlib import Path

from agents.orchestrator import AgentOrchestrator
from agents.settings import Settings

ROLE = """---
id: purchasing_lead
title: Purchasing Lead
expertise: [license, contract, vendor, costs]
---

# Purchasing Lead

## Mission
You buy what the others need and answer for what it costs until the day it is switched off.

## Questions I ask
- Which of these prices rises when we have twice as many customers? <!-- costs, euros, price -->
- Who signs when the contract is extended? <!-- contract, vendor, managed -->

## Red flags
- The hours of other teams are missing from the sum. <!-- estimate, time of, costs -->
- One offer was looked at. <!-- offered, offer, managed -->

## Definition of done
- The sum names what the thing costs in its third year. <!-- month, euros, costs -->
"""


def main() -> None:
    """Put one file into a folder of roles, and hold a meeting with it.

    Folders of your own need no setting: ~/.config/multi_agent_orchestrator/roles, and .orchestrator/roles in a project.
    """
    document = Path(__file__).parent / "session_store_proposal.md"
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "purchasing_lead.md").write_text(ROLE, encoding="utf-8")
        settings = Settings.load().with_flags(role_folder=Path(folder))
        with AgentOrchestrator(settings) as orchestrator:
            meeting = orchestrator.create_meeting(
                "decision",
                "Buy the managed service or run our own?",
                attach=[document],
                agents=["cto", "purchasing_lead", "site_reliability_engineer"],
            )
            minutes = orchestrator.conduct_meeting(meeting)
            for topic in minutes.topics:
                for item in topic.items:
                    if item.evidence.speaker == "purchasing_lead":
                        print(f"{item.label}: {item.text}\n  {item.evidence.quote}")


if __name__ == "__main__":
    main()
