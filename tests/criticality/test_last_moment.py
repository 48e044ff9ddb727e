"""The manoeuvre begun at the last moment just touches; later it hits, earlier it clears."""

from __future__ import annotations

import math

import naive_criticality as naive
import numpy as np
import pytest

from sim.criticality import btn, drac, dst, lateral_required, psd, ttb, ttc, ttk, tts

RNG = np.random.default_rng(17)


@pytest.mark.parametrize(
    ("gap", "v", "u", "brake"),
    [(30.0, 20.0, 10.0, 8.0), (55.0, 27.0, 3.0, 6.5), (80.0, 15.0, 0.0, 4.0), (4.0, 9.0, 8.0, 5.0)],
)
def test_braking_at_ttb_just_touches(gap: float, v: float, u: float, brake: float) -> None:
    last = float(ttb(gap, v, u, brake))
    assert last > 0.0
    assert naive.least_gap(gap, v, u, last, brake) == pytest.approx(0.0, abs=1e-5 * v)
    assert naive.least_gap(gap, v, u, last + 0.05, brake) < -0.04 * (v - u)
    assert naive.least_gap(gap, v, u, last - 0.05, brake) > 0.04 * (v - u)


def test_braking_at_the_required_rate_from_now_just_touches() -> None:
    for g, v, u in RNG.uniform([5.0, 12.0, 0.0], [60.0, 30.0, 11.0], (20, 3)):
        need = float(drac(g, v, u))
        assert naive.least_gap(g, v, u, 0.0, need) == pytest.approx(0.0, abs=1e-3)
        assert float(ttb(g, v, u, need)) == pytest.approx(0.0, abs=1e-12)
        assert float(btn(need, need)) == 1.0
        assert float(psd(v * v / (2.0 * need), v, need)) == pytest.approx(1.0)
        assert float(dst(g, v, u, 0.5)) > need


def test_steering_at_tts_wins_the_clearance_when_the_bumpers_would_meet() -> None:
    g, v, u, w, a = RNG.uniform(
        [5.0, 12.0, 0.0, 0.1, 1.0], [60.0, 30.0, 11.0, 3.0, 8.0], (200, 5)
    ).T
    left = ttc(g, v, u) - tts(g, v, u, w, a)
    np.testing.assert_allclose(0.5 * a * left**2, w, rtol=1e-9)
    # begun now, the acceleration that is required is what TTS has no time left for
    need = lateral_required(w, ttc(g, v, u))
    np.testing.assert_allclose(tts(g, v, u, w, need), 0.0, atol=1e-9)


def test_kickdown_at_ttk_clears_the_crossing_as_the_other_enters() -> None:
    way, v, entry, a = RNG.uniform([10.0, 0.0, 1.0, 0.5], [60.0, 15.0, 6.0, 4.0], (300, 4)).T
    last = ttk(way, v, entry, a)
    free = np.isinf(last)
    assert 0.1 < free.mean() < 0.9
    assert (v[free] * entry[free] >= way[free]).all()
    for k in np.flatnonzero(~free & (last >= 0.0)):
        t = np.linspace(0.0, entry[k], 20_001)
        speed = v[k] + a[k] * np.maximum(t - last[k], 0.0)
        driven = float(np.trapezoid(speed, t))
        assert driven == pytest.approx(way[k], abs=1e-3)


@pytest.mark.parametrize("measure", [ttb, tts])
def test_stronger_manoeuvres_may_wait_longer(measure: object) -> None:
    more = (1.0,) if measure is tts else ()
    waits = [float(measure(40.0, 20.0, 5.0, *more, a)) for a in (1.0, 2.0, 4.0, 8.0)]  # type: ignore[operator]
    assert (np.diff(waits) > 0.0).all()
    assert max(waits) < float(ttc(40.0, 20.0, 5.0)) < math.inf
