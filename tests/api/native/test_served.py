import signal
import time

import httpx

from tests.api.native.living import events_of
from tests.api.serving import serving
from tests.ollama_double import OllamaDouble

TOKENS = {"ada": "a" * 24, "bob": "b" * 24}


def _client(port: int, owner: str) -> httpx.Client:
    headers = {"Authorization": f"Bearer {TOKENS[owner]}"}
    return httpx.Client(base_url=f"http://127.0.0.1:{port}/api", headers=headers, timeout=30)


def test_two_owners_of_one_service(ollama: OllamaDouble) -> None:
    """Behind the tokens of the service, one owner sees neither the meetings nor the actions and memories of another;
    who has no token sees nothing, and a stream ends when the service does.
    """
    ollama.pace = 0.2
    tokens = ",".join(f"{name}:{token}" for name, token in TOKENS.items())
    with serving(API_TOKENS=tokens) as (process, port), _client(port, "ada") as ada, _client(port, "bob") as bob:
        for path in ("/agents", "/openapi.json", "/meetings/last/events"):
            refused = httpx.get(f"http://127.0.0.1:{port}/api{path}")
            assert (refused.status_code, bool(refused.json()["error"])) == (401, True)
        made = ada.post("/meetings", json={"topics": ["Buy or build?"]}).json()
        ada.post("/agents/cto/pins", json={"text": "Our budget is frozen."})
        assert [row["id"] for row in ada.get("/meetings").json()] == [made["id"]]
        assert bob.get("/meetings").json() == bob.get("/actions").json() == bob.get("/memory").json() == []
        assert bob.get(f"/meetings/{made['id']}").status_code == 404
        assert bob.post(f"/meetings/{made['id']}/stop").status_code == 404
        assert bob.get("/memory/search", params={"words": "budget"}).json() == []
        text, began = "", 0.0
        with ada.stream("GET", f"/meetings/{made['id']}/events") as response:
            for piece in response.iter_text():
                text += piece
                if not began and events_of(text):
                    began = time.monotonic()
                    process.send_signal(signal.SIGTERM)
        assert time.monotonic() - began < 2
        assert events_of(text)[0]["id"] == "1"
        assert process.wait(10) == 128 + signal.SIGTERM
