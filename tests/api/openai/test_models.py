"""The list of models."""

import httpx

from tests.api.openai.live import Live, asked


def test_agents_panels_and_meeting_types_are_models(interface: Live) -> None:
    """Every agent by its id, the panel and every meeting type are listed, with a name, a description and a stable time."""
    listed = httpx.get(f"{interface.url}/models").json()
    models = {one["id"]: one for one in listed["data"]}
    assert listed["object"] == "list"
    assert {"cto", "qa_engineer", "panel:auto", "meeting:architecture_review", "meeting:decision"} <= set(models)
    assert not [name for name in models if "codex" in name]
    assert all(one["name"] and one["description"] and one["owned_by"] == "orchestrator" for one in models.values())
    assert httpx.get(f"{interface.url}/models").json() == listed
    assert httpx.get(f"{interface.url}/models/meeting:decision").json() == models["meeting:decision"]


def test_an_unknown_model_is_refused_with_the_nearest_names(interface: Live) -> None:
    """The answer is 404, in OpenAI's form, and names models that were probably meant."""
    for refused in (
        httpx.get(f"{interface.url}/models/qa_enginer"),
        interface.post(asked("qa_enginer", "Hm?")),
        interface.post(asked("qa_enginer", "Hm?", stream=True)),
    ):
        error = refused.json()["error"]
        assert (refused.status_code, error["code"], error["param"]) == (404, "model_not_found", "model")
        assert "qa_engineer" in error["message"]
    assert "meeting:decision" in interface.post(asked("meeting:decisions", "Hm?")).json()["error"]["message"]
    assert interface.post(asked("panel:cto,nobody", "Hm?")).status_code == 404
