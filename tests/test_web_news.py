"""An open page learns what others change by one look at each tick of its clock."""

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rag import Library
from rag.web.house import House
from rag.web.measuring import Measured
from tests.web_fakes import FakeLibrary, document, harbour

ROOT = Path(__file__).parent.parent
NOTE = document("/docs/harbour/note.txt", "A note on the lock", "The lock keeper paints the lock.", "text/plain")


TELL = """
import json
from pathlib import Path
from rag.web.house import House
from rag.web.page import build
from tests.web_fakes import FakeLibrary, harbour
print(json.dumps(build(House(FakeLibrary(harbour()), Path("none"))).get_config_file(), default=str))
"""


def test_an_open_page_takes_one_look_at_each_tick() -> None:
    done = subprocess.run([sys.executable, "-c", TELL], cwd=ROOT, capture_output=True, text=True, check=True)
    page = json.loads(done.stdout)
    clocks = {one["id"] for one in page["components"] if one["type"] == "timer" and one["props"]["active"]}
    (look,) = [one for one in page["dependencies"] if any(target[0] in clocks for target in one["targets"])]
    (news,) = [one["id"] for one in page["components"] if one["props"].get("elem_id") == "news"]
    assert look["outputs"] == [news] and look["queue"] is False
    assert sum([news, "change"] in one["targets"] for one in page["dependencies"]) >= 6, (
        "the rooms hang on what it tells"
    )


def test_the_stamp_stays_until_something_changes_whoever_changes_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    library = FakeLibrary(harbour())
    house = House(library, tmp_path / "runs", name="default")
    stamps = [house.stamp("default")]
    assert house.stamp("default") == stamps[0]
    library.put(NOTE)
    stamps.append(house.stamp("default"))
    run = tmp_path / "runs" / "first"
    run.mkdir(parents=True)
    (run / "manifest.json").write_text('{"cases": {"name": "harbour", "count": 2}}')
    stamps.append(house.stamp("default"))
    under_way = Measured("seeds", "running")
    monkeypatch.setattr(house.measuring, "state", lambda: under_way)
    stamps.append(house.stamp("default"))
    under_way = replace(under_way, state="done")
    stamps.append(house.stamp("default"))
    assert len(set(stamps)) == len(stamps) and house.stamp("default") == stamps[-1]


def test_a_library_made_beside_it_is_news_and_one_that_cannot_be_opened_breaks_nothing(tmp_path: Path) -> None:
    with Library(tmp_path / "default") as library:
        house = House(library, tmp_path / "runs", name="default")
        before = house.stamp("default")
        Library(tmp_path / "other").close()
        assert house.stamp("default") != before
        (tmp_path / "broken").mkdir()
        (tmp_path / "broken" / "library.sqlite").write_text("not a database" * 100)
        assert house.stamp("broken") == house.stamp("broken")
        house.close()
