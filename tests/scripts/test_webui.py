"""Open WebUI in docker-compose.yml: it is started only when asked for, and is set to what the service needs."""

import json
from typing import Any

import pytest
import yaml

from tests.inputs import ROOT


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """docker-compose.yml."""
    found: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    return found


def test_it_starts_only_when_asked_for(compose: dict[str, Any]) -> None:
    """It alone is in a profile, and nothing depends on it."""
    assert {name: service.get("profiles") for name, service in compose["services"].items()} == {
        "ollama": None,
        "multi_agent_orchestrator": None,
        "open-webui": ["webui"],
    }
    assert not any("open-webui" in service.get("depends_on", {}) for service in compose["services"].values())


def test_it_is_closed(compose: dict[str, Any]) -> None:
    """It publishes one port on loopback, has no capabilities, and is in the network that nothing leaves alone."""
    service = compose["services"]["open-webui"]
    assert service["ports"] == ["127.0.0.1:${WEBUI_PORT:-3000}:8080"]
    assert service["networks"] == ["front-tier"]
    for key in ("cap_drop", "security_opt"):
        assert service[key] == compose["services"]["ollama"][key]
    assert service["dns"] == ["127.0.0.1"]


def test_it_says_which_message_a_request_belongs_to(compose: dict[str, Any]) -> None:
    """The connection's headers have what tells chats, messages and helper tasks apart, and that documents are whole."""
    environment = compose["services"]["open-webui"]["environment"]
    assert environment["OPENAI_API_BASE_URL"] == "http://multi_agent_orchestrator:8000/v1"
    assert json.loads(environment["OPENAI_API_CONFIGS"]) == {
        "0": {
            "enable": True,
            "connection_type": "local",
            "headers": {
                "X-OpenWebUI-Chat-Id": "{{CHAT_ID}}",
                "X-OpenWebUI-Message-Id": "{{MESSAGE_ID}}",
                "X-OpenWebUI-User-Message-Id": "{{USER_MESSAGE_ID}}",
                "X-OpenWebUI-Task": "{{TASK}}",
                "X-Documents": "whole",
                "X-Forwarded-Host": "127.0.0.1:${ORCHESTRATOR_PORT:-8000}",
            },
        }
    }
    assert environment["BYPASS_EMBEDDING_AND_RETRIEVAL"] == environment["RAG_FULL_CONTEXT"] == "True"


def test_a_stop_gives_the_turn_its_time(compose: dict[str, Any]) -> None:
    """The engine waits longer than the five seconds in which the service parks its meetings."""
    assert int(compose["services"]["multi_agent_orchestrator"]["stop_grace_period"].removesuffix("s")) > 5
