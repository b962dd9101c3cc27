"""Starting the page: what goes wrong is one line, and nothing is sent or kept that should not be."""

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from rag.errors import BadInput
from rag.web import serve

ROOT = Path(__file__).parent.parent


def test_a_taken_port_is_one_clear_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(BadInput, match=f"cannot listen on 127.0.0.1:{port}"):
            serve(tmp_path, port=port)
        done = subprocess.run(
            [sys.executable, "app.py", "--index", str(tmp_path), "--port", str(port)],
            cwd=ROOT, capture_output=True, text=True, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.strip() == f"cannot listen on 127.0.0.1:{port} (Address already in use); choose another --port"


TELL = """
import json
from pathlib import Path
from rag.web.house import House
from rag.web.page import build, dress
from tests.web_fakes import FakeLibrary, harbour
page, manners = build(House(FakeLibrary(harbour()), Path("runs"))), dress()
theme = manners.pop("theme")
fonts = [sheet for sheet in theme._stylesheets if sheet.startswith("http")]
seen = sorted({function.api_visibility for function in page.fns.values()})
print(json.dumps({**manners, "fonts": fonts, "seen": seen, "analytics": page.analytics_enabled}))
"""


def test_the_page_sends_nothing_keeps_no_history_and_shows_no_way_out() -> None:
    done = subprocess.run([sys.executable, "-c", TELL], cwd=ROOT, capture_output=True, text=True, check=True)
    told = json.loads(done.stdout)
    assert told["analytics"] is False and told["fonts"] == [] and told["seen"] == ["private"]
    assert told["run_history"] is False and told["footer_links"] == [] and told["allowed_paths"] == []
    assert told["ssr_mode"] is False and told["share"] is False and told["mcp_server"] is False


def test_importing_the_web_package_loads_no_page_library() -> None:
    code = "import sys, rag.web; print('gradio' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
