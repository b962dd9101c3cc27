"""What every test may rely on: no settings of this machine, no network, and the real data where it is at hand."""

import math
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from rag.models import streams
from rag.models.local.registry import fault, known
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MODELS = Settings().models
"""Where models were pulled to, by the settings outside."""
ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ("127.", "::1", "localhost")

hypothesis.settings.register_profile("untimed", hypothesis.settings(), deadline=None)
hypothesis.settings.load_profile("untimed")


@pytest.fixture(autouse=True, scope="session")
def sealed() -> Iterator[None]:
    """No setting from outside, no connection that leaves this machine, and nothing that hangs on how slow it is."""
    whole = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test tried to reach {address[0]}; tests work without a network")
        whole(self, address)

    with pytest.MonkeyPatch.context() as patch:
        for variable in [name for name in os.environ if name.startswith("PINCITE_") and name != "PINCITE_BENCH"]:
            patch.delenv(variable)
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setattr(socket.socket, "connect", connect)
        patch.setattr(streams, "BEAT", math.inf)
        if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:  # in the background; what it starts would be deaf too
            signal.signal(signal.SIGINT, signal.default_int_handler)
        yield


@pytest.fixture(scope="module")
def browser() -> Iterator["Browser"]:
    """Chromium, without a window."""
    from playwright.sync_api import expect, sync_playwright

    from tests.browser import CHROMIUM, FLAGS, PATIENCE

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def bench() -> Path:
    """The benchmark data, which is not part of the project."""
    place = Path(os.environ.get("PINCITE_BENCH", ROOT.parent / "shared" / "bench"))
    if not place.is_dir():
        pytest.skip("no benchmark data here; set PINCITE_BENCH to its folder")
    return place


@pytest.fixture(scope="session")
def seeds() -> Path:
    """The documents that come with the project."""
    return ROOT / "seeds"


@pytest.fixture(scope="session")
def real() -> Settings:
    """Settings with the 0.5B chat model that was pulled, where it was."""
    for module in ("xllamacpp", "langchain_openai"):
        pytest.importorskip(module, reason="needs pincite[local]")
    settings = Settings(models=MODELS)
    if not (MODELS / known("qwen2.5-0.5b").file).is_file():
        pytest.skip(str(fault(known("qwen2.5-0.5b"), MODELS)))
    return settings
