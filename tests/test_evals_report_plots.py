import re

from hypothesis import given
from hypothesis import strategies as st
from lxml import html
from markupsafe import Markup

from evals.report.plots import Point, difference, reliability, risk_coverage, scale, step
from evals.report.wording import change, duration, share

RATES = st.floats(0, 1)


@given(RATES, RATES, RATES)
def test_a_value_and_its_band_stay_on_the_track(low: float, value: float, high: float) -> None:
    low, value, high = sorted((low, value, high))
    shown = scale(value, low, high)
    assert all(0 <= at <= 100 for at in _percentages(shown))


@given(*(st.floats(-1, 1),) * 3, st.floats(0.01, 1))
def test_a_difference_stays_on_its_axis(low: float, value: float, high: float, reach: float) -> None:
    low, value, high = sorted((low, value, high))
    shown = difference(value, low, high, reach, -0.02, "even")
    assert all(0 <= at <= 100 for at in _percentages(shown))
    assert ("beyond" in shown) == (max(-low, high) > reach)


def _percentages(shown: Markup) -> list[float]:
    return [float(at) for at in re.findall(r'(?:x|x1|cx)="([^"]*)%"', shown)]


@given(st.lists(st.tuples(RATES, RATES, st.integers(1, 9)), min_size=1, max_size=400))
def test_plots_stay_in_their_frame(points: list[tuple[float, float, int]]) -> None:
    of = [Point(*one) for one in points]
    for shown in (risk_coverage(of, of[0], "told"), reliability(of, 0.5, "told")):
        root = html.fragment_fromstring(shown)
        width, height = map(float, root.get("viewbox").split()[2:])
        for line in root.xpath(".//polyline/@points"):
            pairs = [tuple(map(float, pair.split(","))) for pair in line.split()]
            assert len(pairs) <= 240 and all(0 <= x <= width and 0 <= y <= height for x, y in pairs)
        for dot in root.xpath(".//circle"):
            assert 0 <= float(dot.get("cx")) <= width and 0 <= float(dot.get("cy")) <= height


def test_a_bar_takes_its_share_of_the_width() -> None:
    assert 'x="75%" width="25%"' in step(8, 6, 8, "lost")
    assert "bar" not in step(8, 6, 6, "lost")
    assert scale(None) == difference(None, None, None, 1.0, None, "even") == ""


def test_figures_read_as_people_write_them() -> None:
    assert [share(one) for one in (None, 0.0, 0.125, 1.0)] == ["–", "0%", "12.5%", "100%"]
    assert [duration(one) for one in (None, 0.0123, 12.34)] == ["–", "12 ms", "12.3 s"]
    assert [change(one, "share") for one in (None, -0.02, 0.0, 0.5)] == ["–", "−2.0", "0.0", "+50.0"]
    assert change(-0.5, "seconds") == "−500 ms"
