"""Charts of sensitivity and coverage: what is on their axes, and that intervals are shown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli.verbs.sensitivity import _told
from sim.family import load_families
from sim.report import coverage as coverage_chart
from sim.report.png import save_png
from sim.report.sensitivity import _curves, picture
from sim.sampling import input_coverage
from sim.sampling.interval import wilson
from sim.sampling.search.sensitivity import Sensitivity, sensitivity

FAMILY = load_families()["pedestrian_crossing"]()


@pytest.fixture(scope="module")
def found() -> Sensitivity:
    return sensitivity(FAMILY, n=16, base=8, seed=1)


def panels(found: Sensitivity) -> dict[str, dict[str, Any]]:
    charts = _curves(found, FAMILY).to_dict()["concat"]
    return {chart["title"]["text"].split(" [")[0]: chart for chart in charts}


def marks(panel: dict[str, Any]) -> set[str]:
    return {layer["mark"]["type"] for layer in panel["layer"]}


def test_a_quantity_of_few_values_has_points_at_them_and_no_line(found: Sensitivity) -> None:
    few = {q.name for q in FAMILY.quantities if q.steps}
    shown = panels(found)
    assert few & shown.keys()
    assert shown.keys() - few
    for name, panel in shown.items():
        kinds = {layer["encoding"]["x"]["type"] for layer in panel["layer"]}
        if name in few:
            assert marks(panel) == {"rule", "point"}
            assert kinds == {"ordinal"}
        else:
            assert marks(panel) == {"area", "line", "point"}
            assert kinds == {"quantitative"}
            axes = [layer["encoding"]["x"]["axis"] for layer in panel["layer"]]
            assert all(not axis["labelFlush"] and axis["labelOverlap"] for axis in axes)


def test_each_point_of_a_curve_has_its_interval(found: Sensitivity, tmp_path: Path) -> None:
    for row in found.curves.to_dict("records"):
        ends = {wilson(hits, n) for n in range(1, 9) for hits in range(n + 1)}
        assert row["event_low"] <= row["event"] <= row["event_high"]
        low = min(abs(row["event_low"] - a) + abs(row["event_high"] - b) for a, b in ends)
        assert low < 1e-9
    path = picture(found, FAMILY, tmp_path / "s.png", title="What drives danger")
    assert path.stat().st_size > 10_000


def test_the_table_says_of_what_the_deviation_is(found: Sensitivity) -> None:
    assert "standard deviation of contact" in _told(found, "contact")


def test_every_bin_is_named_once_where_there_is_room(tmp_path: Path) -> None:
    points = np.random.default_rng(0).random((30, FAMILY.dimensions))
    coverage = input_coverage(FAMILY, points, levels=3)
    labels = coverage_chart.bin_labels(coverage)
    assert len(labels) == sum(coverage.bins.sizes)
    assert [label.split(":")[0] for label in labels if ":" in label] == list(coverage.bins.names)
    starts = coverage_chart._starts(coverage)
    for axis in coverage_chart._axes(coverage, starts):
        told = axis.to_dict()
        assert len(told["values"]) == len(labels)
        assert np.diff(told["values"]).min() >= 1.0
        assert told["labelFontSize"] <= coverage_chart.CELL_PX
        assert all(f"'{label}'" in told["labelExpr"] for label in labels)
    path = save_png(coverage_chart.coverage_chart(coverage), tmp_path / "c.png")
    assert path.stat().st_size > 10_000


def test_quantities_alone_are_named_where_there_is_no_room() -> None:
    points = np.random.default_rng(0).random((30, FAMILY.dimensions))
    coverage = input_coverage(FAMILY, points, levels=12, strength=2)
    across, _ = coverage_chart._axes(coverage, coverage_chart._starts(coverage))
    assert len(across.to_dict()["values"]) == len(coverage.bins.names)
