"""What a person reads who is refused before any page is made: without a token, with too much, or from elsewhere."""

from typing import Any

import pytest

from tests.api.pages.site import Shown, site

TOKEN = "secret-of-ada"  # noqa: S105 - of a service of the test


@pytest.mark.parametrize(
    ("path", "headers", "status", "title"),
    [
        ("/", {}, 401, "This was not possible"),
        ("/nix", {}, 404, "Not found"),
        ("/", {"Authorization": f"Bearer {TOKEN}", "Origin": "http://evil.example"}, 403, "This was not possible"),
    ],
)
def test_a_refusal_is_a_page_that_can_be_read(path: str, headers: dict[str, Any], status: int, title: str) -> None:
    """It has a heading, fits a phone, follows the colours of the system, and still loads nothing."""
    with site(api_token=TOKEN) as pages:
        answer = pages.client.get(path, headers={"Accept": "text/html", **headers})
        shown = Shown(answer.text)
        assert answer.status_code == status
        assert shown.all("h1")
        assert title in shown.text
        metas = {own.get("name"): own.get("content") for own in shown.all("meta")}
        assert "width=device-width" in str(metas["viewport"])
        assert metas["color-scheme"] == "light dark"
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
        assert not [name for name, own in shown.elements if "src" in own or "href" in own]
