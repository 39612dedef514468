"""The keywords of ``AgentOrchestrator`` that set settings: each setting's key with its type, and two short names."""

from pathlib import Path
from typing import TypedDict

SHORT = {"model": "model_name", "url": "ollama_base_url"}
"""Short names of settings."""


class Keywords(TypedDict, total=False):
    """What each keyword takes; None means that it is not given."""

    model: str | None
    url: str | None
    model_name: str | None
    model_for: dict[str, str] | None
    ollama_base_url: str | None
    temperature: float | None
    seed: int | None
    num_ctx: int | None
    num_predict: int | None
    reading_turns: int | None
    control_ballots: str | None
    parallel: int | None
    keep_alive: str | None
    connect_timeout: float | None
    first_token_timeout: float | None
    stall_timeout: float | None
    turn_timeout: float | None
    llm_base_url: str | None
    llm_api_key: str | None
    api_token: str | None
    api_tokens: dict[str, str] | None
    api_origins: tuple[str, ...] | None
    api_queue: int | None
    api_rate: int | None
    api_body_mb: int | None
    ollama_api_port: int | None
    data_folder: Path | str | None
    user_folder: Path | str | None
    role_folder: Path | str | None
    types_folder: Path | str | None
    memory_messages: int | None
    memory_bytes: int | None
    log_folder: Path | str | None
    log_level: str | None
    log_content: bool | None
    plain: bool | None
