"""Intervals that hold the truth as often as they say, or say that there is none."""

from __future__ import annotations

import numpy as np
import pytest

from sim.learn.bootstrap import interval, wilson
from sim.learn.units import Support
from tools.interval_coverage.__main__ import HEAD, row
from tools.interval_coverage.cells import METRICS, measure, place_of


def spread(value: float, sd: float) -> np.ndarray:
    return np.append(value, value + sd * np.random.default_rng(0).standard_normal(400))


@pytest.mark.parametrize(("name", "events"), [("1", 10), ("10", 20)])
def test_intervals_of_the_metrics_hold_the_truth(name: str, events: int) -> None:
    place = place_of(name, events, hours=1.0)
    cell = measure(place, 80, resamples=100, copies=60, seed=5)
    assert len(cell.covered) == 3 * len(METRICS)
    covered, plain = (np.mean([*found.values()]) for found in (cell.covered, cell.percentile))
    # 80 samples: a standard error of .024 for each of twelve that go together
    assert 0.91 <= covered <= 0.99
    assert min(cell.covered.values()) >= 0.86
    assert plain < covered
    assert row(name, cell).count("|") == HEAD.splitlines()[0].count("|")


def test_with_few_conflicts_nothing_is_identified() -> None:
    values = spread(0.4, 0.1)
    few = interval(values, metric="average_precision", support=Support(4, 4.0))
    assert not few.identified
    assert np.isnan([few.low, few.high, few.detectable]).all()
    assert few.reason == "4 conflicts, at least 5 needed"
    together = interval(values, metric="average_precision", support=Support(40, 1.3))
    assert together.reason == "40 conflicts in 1.3 effective units, at least 4 needed"
    assert interval(values, metric="average_precision", support=Support(5, 4.0)).identified


def test_all_caught_of_ten_is_not_always() -> None:
    same = np.ones(200)
    found = interval(same, metric="recall_at_6_fah", support=Support(10, 10.0))
    assert (found.low, found.high) == pytest.approx(wilson(1.0, 10))
    none = interval(0 * same, metric="recall_at_6_fah_1s", support=Support(10, 10.0))
    assert none.high == pytest.approx(1 - found.low)
    equal = interval(0 * same, metric="recall_at_6_fah", difference=True, support=Support(10, 10.0))
    assert equal.low == -equal.high
    assert equal.high == pytest.approx(2.262 * 0.5 / 12, rel=1e-3)


@pytest.mark.parametrize("metric", ["average_precision", "recall_at_30_fah"])
@pytest.mark.parametrize("value", [0.002, 0.3, 0.999])
def test_intervals_of_shares_are_shares(metric: str, value: float) -> None:
    found = interval(spread(value, 0.1), metric=metric, support=Support(12, 8.0))
    assert 0.0 <= found.low <= value <= found.high <= 1.0
    assert found.high - found.low > 0.1


def test_a_tiny_average_precision_is_known_to_an_order_of_magnitude() -> None:
    found = interval(spread(5e-4, 1e-4), metric="average_precision", support=Support(20, 15.0))
    assert 2e-5 < found.low < 2e-4
    assert 2e-3 < found.high < 2e-2


def test_many_units_have_the_normal_interval() -> None:
    values = spread(0.3, 0.01)
    sd = values[1:].std(ddof=1)
    how = {"metric": "recall_at_6_fah", "difference": True}
    found = interval(values, **how, support=Support(5000, 4000.0))
    assert (found.low, found.high) == pytest.approx((0.3 - 1.96 * sd, 0.3 + 1.96 * sd), abs=1e-4)
    assert found.detectable == pytest.approx(2.8 * sd, rel=0.01)
    wide = interval(values, **how, support=Support(5000, 4.0))
    times = (wide.high - wide.low) / (found.high - found.low)
    assert times == pytest.approx(3.182 / 1.96, rel=0.01)


def test_rates_and_times_are_not_negative() -> None:
    values, support = spread(0.5, 1.0), Support(20, 12.0)
    assert interval(values, metric="lead_time_s", support=support).low == 0.0
    assert interval(values, metric="lead_time_s", difference=True, support=support).low < -1.0


def test_supports_of_two_sites_add_up() -> None:
    assert Support(20, 9.0) + Support(7, 6.5) == Support(27, 15.5)
