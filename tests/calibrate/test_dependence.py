"""Correlations: those planted come back, none are made up, and together they make sense."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from sim.calibrate.dependence import Pair, compatible, correlation, holm
from sim.calibrate.intervals import Units


def pair(rho: float, seed: int, n: int = 150) -> Pair:
    random = np.random.default_rng(seed)
    a = random.normal(size=n)
    b = rho * a + np.sqrt(1 - rho**2) * random.normal(size=n)
    units = Units(np.arange(n) // 3, n // 3, "group")
    # any rising transform leaves a copula alone
    return correlation(("gap", "speed"), (np.exp(a), b**3), units, seed=seed)


@pytest.mark.parametrize("rho", [-0.6, 0.3])
def test_a_planted_correlation_is_covered(rho: float) -> None:
    found = [pair(rho, seed) for seed in range(100)]
    covered = sum(p.low <= rho <= p.high for p in found)
    assert covered >= 87
    assert np.mean([p.rho for p in found]) == pytest.approx(rho, abs=0.02)
    assert sum(p.p < 0.05 for p in found) > 85


def test_no_correlation_is_called_one_in_twenty_times() -> None:
    p_values = [pair(0.0, seed).p for seed in range(200)]
    assert stats.kstest(p_values, "uniform").pvalue > 0.01


def of(first: str, second: str, rho: float, p: float) -> Pair:
    return Pair(first, second, rho, rho - 0.1, rho + 0.1, 50, p)


def test_holm_s_own_order() -> None:
    raised = holm([of("a", "b", 0.1, 0.04), of("a", "c", 0.3, 0.01), of("b", "c", 0.2, 0.03)])
    assert [(p.first, p.second) for p in raised] == [("a", "c"), ("b", "c"), ("a", "b")]
    assert [p.holm for p in raised] == pytest.approx([0.03, 0.06, 0.06])
    assert [p.significant for p in raised] == [True, False, False]
    assert holm([]) == ()


def test_correlations_that_contradict_each_other_lose_the_weakest() -> None:
    three = holm([of("a", "b", 0.6, 1e-9), of("b", "c", 0.5, 1e-9), of("a", "c", -0.7, 1e-9)])
    kept = compatible(three, ["a", "b", "c"])
    assert [(p.first, p.second) for p in kept] == [("a", "c"), ("a", "b")]
    fine = holm([of("a", "b", 0.5, 1e-9), of("b", "c", 0.5, 0.9)])
    assert [p.rho for p in compatible(fine, ["a", "b", "c"])] == [0.5]
