"""Overlooking, misjudging and losing patience: frequencies, windows, spread and limits."""

import math

import numpy as np
import pytest

from sim.laws.acceptance import IMPATIENT, patience
from sim.laws.notice import WINDOW_S, misjudgement, overlooks

KEY = np.uint64(987654321987654321)


def word(k: int) -> np.uint64:
    return np.uint64(k)


@pytest.mark.parametrize("share", [0.0, 0.03, 0.4, 1.0])
def test_as_many_are_overlooked_as_the_share_says(share: float) -> None:
    n = 20_000
    seen = [overlooks(KEY, word(k), 0.37 * (k % 500), share) for k in range(n)]
    assert np.mean(seen) == pytest.approx(share, abs=4.0 * math.sqrt(share * (1 - share) / n))


def test_in_a_window_nothing_changes_and_windows_are_independent() -> None:
    dt, share = 0.25, 0.5
    times = np.arange(0.0, 600.0, dt)
    begins = []
    for k in range(40):
        seen = np.array([overlooks(KEY, word(k), t, share) for t in times])
        turns = times[1:][seen[1:] != seen[:-1]]
        steps = np.diff(turns) / WINDOW_S  # changes come at whole windows apart
        assert np.abs(steps - np.round(steps)).max() <= dt / WINDOW_S + 1e-9
        assert len(turns) == pytest.approx(100, abs=25)
        begins.append(turns[0] % WINDOW_S)
    assert np.ptp(begins) > 0.8 * WINDOW_S


def test_who_is_overlooked_differs_by_driver() -> None:
    a, b = (
        np.array([overlooks(key, word(k), 10.0, 0.5) for k in range(2000)])
        for key in (KEY, KEY + np.uint64(1))
    )
    assert abs(np.corrcoef(a, b)[0, 1]) < 0.08


def test_misjudgement_is_lognormal_with_median_one_and_none_without_sigma() -> None:
    factor = np.log([misjudgement(KEY, word(k), 0.3) for k in range(20_000)])
    assert factor.mean() == pytest.approx(0.0, abs=0.01)
    assert factor.std() == pytest.approx(0.3, abs=0.01)
    assert misjudgement(KEY, word(3), 0.0) == 1.0


def test_patience_falls_from_all_to_its_limit_and_never_without_a_scale() -> None:
    waited = np.linspace(0.0, 300.0, 61)
    left = np.array([patience(w, 20.0) for w in waited])
    assert left[0] == 1.0
    assert (np.diff(left) < 0.0).all()
    assert left[-1] == pytest.approx(IMPATIENT, abs=1e-6)
    assert patience(20.0, 20.0) == pytest.approx(IMPATIENT + (1.0 - IMPATIENT) / math.e)
    assert patience(1e6, 0.0) == 1.0
    assert patience(1e6, math.inf) == 1.0
