"""Pictures of all kinds of pages, for a person to look at.

    python benchmarks/pictures.py FOLDER [--folder STORE] [--from ADDRESS ...] [--each N]

Without a store, a small one is made. The pages are found by following links; each is taken whole, at the widths of a
phone, a laptop and a wall, light and dark.
"""

import argparse
import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agents.api.pages import paths
from benchmarks.pages import kinds
from benchmarks.started import service
from benchmarks.stored_meetings import Size, filled
from tests.api.pages.browser.chromium import PHONE, SCHEMES, WIDTHS, running
from tests.api.pages.browser.crawl import crawl, sample
from tests.api.pages.site import Site

SMALL = Size(40, 850)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pictures", type=Path)
    parser.add_argument("--folder", type=Path, help="of a store, such as benchmarks/stored_meetings.py makes")
    parser.add_argument("--from", dest="begin", nargs="+", default=[paths.HOME], help="addresses to begin with")
    parser.add_argument("--each", type=int, default=1, help="pages of each kind")
    given = parser.parse_args()
    given.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, tempfile.TemporaryDirectory() as home:
        folder = given.folder or filled(Path(temporary), SMALL)
        begin = [*given.begin, *(one.addresses[0] for one in kinds(folder, 3) if one.addresses and "." not in one.name)]
        with service(folder, MODEL_NAME="rehearsal") as (port, _), running(Path(home)) as chromium:
            pages = Site(port)
            chosen = sample(crawl(pages, begin, 300), given.each, meetings=False)
            with chromium.window(pages.url, PHONE) as window:
                for one in (found for found in chosen if found.status == 200):
                    window.open(one.path)
                    for width in WIDTHS:
                        for scheme in SCHEMES:
                            window.resize(width, scheme)
                            name = re.sub(r"[^A-Za-z0-9]+", "-", one.kind).strip("-") or "home"
                            window.page.screenshot(path=given.pictures / f"{name}.{width}.{scheme}.png", full_page=True)
                    print(one.path, one.kind, flush=True)
            pages.client.close()


if __name__ == "__main__":
    main()
