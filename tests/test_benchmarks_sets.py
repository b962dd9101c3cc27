from evals.benchmarks.sets import COLUMNS, row


def test_a_row_has_an_interval_or_a_dash_for_each_figure() -> None:
    figures = {name: {"value": None, "low": None, "high": None} for name in COLUMNS}
    figures["hit_5"] = {"value": 0.975, "low": 0.95, "high": 1.0}
    figures["auroc"] = {"value": 0.79, "low": None, "high": None}
    assert row("squad2", {"scored": 60, "metrics": figures}) == (
        "| squad2 | 60 | 0.975 [0.95, 1.00] | – | – | – | – | – | 0.790 |"
    )
