"""Exact answers, and every case in which a measure is not a number of its own."""

import math

import numpy as np
import pytest

from sim.criticality import drac, mttc, required_deceleration, thw, ttc
from sim.laws.drac import drac as drac_law
from sim.laws.ttc import ttc as ttc_law


def test_textbook_values() -> None:
    assert ttc(30.0, 20.0, 10.0) == 3.0
    assert thw(30.0, 20.0) == 1.5
    assert drac(30.0, 20.0, 10.0) == pytest.approx(5.0 / 3.0, rel=1e-12)
    assert mttc(30.0, 5.0, 2.0) == pytest.approx((math.sqrt(145.0) - 5.0) / 2.0, rel=1e-12)
    assert required_deceleration(30.0, 20.0, 10.0, -3.0) == pytest.approx(14.0 / 3.0, rel=1e-12)


def test_who_does_not_approach_need_do_nothing() -> None:
    assert ttc(30.0, 10.0, 10.0) == np.inf
    assert mttc(30.0, 0.0, 2.0) == np.inf
    assert mttc(30.0, -1.0, 2.0) == np.inf
    assert drac(30.0, 10.0, 12.0) == 0.0
    assert required_deceleration(30.0, 10.0, 12.0, -3.0) == 0.0
    assert thw(30.0, 0.0) == np.inf


def test_contact_is_contact() -> None:
    for gap in (0.0, -2.0):
        assert ttc(gap, 10.0, 20.0) == 0.0
        assert mttc(gap, -5.0, 0.0) == 0.0
        assert thw(gap, 20.0) == 0.0
        assert drac(gap, 10.0, 20.0) == np.inf
        assert required_deceleration(gap, 10.0, 20.0, 1.0) == np.inf


def test_nan_stays_nan_and_shapes_broadcast() -> None:
    nan = np.array([np.nan, 1.0])
    for got in (
        ttc(nan, 20.0, 10.0),
        ttc(30.0, nan, 0.0),
        thw(nan, 20.0),
        thw(30.0, nan),
        drac(nan, 20.0, 10.0),
        required_deceleration(30.0, 20.0, 10.0, nan),
        mttc(nan, 5.0, 2.0),
        mttc(30.0, 5.0, nan),
    ):
        assert got.shape == (2,)
        assert np.isnan(got[0])
        assert not np.isnan(got[1])
    assert ttc(np.ones((3, 1)), np.ones(4), 0.0).shape == (3, 4)


def test_mttc_is_the_root_and_meets_ttc_without_acceleration() -> None:
    rng = np.random.default_rng(6)
    g, c, a = rng.uniform([1.0, 0.1, -3.0], [80.0, 15.0, 3.0], (2000, 3)).T
    t = mttc(g, c, a)
    met = np.isfinite(t)
    assert 0.5 < met.mean() < 1.0
    left = g[met] - c[met] * t[met] - 0.5 * a[met] * t[met] ** 2
    np.testing.assert_allclose(left, 0.0, atol=1e-9)
    assert (c[~met] ** 2 + 2.0 * a[~met] * g[~met] < 0.0).all()
    np.testing.assert_allclose(mttc(g, c, 0.0), ttc(g, c, 0.0))


def test_shell_and_law_agree() -> None:
    rng = np.random.default_rng(8)
    for g, v, u in rng.uniform([-2.0, 0.0, 0.0], [50.0, 30.0, 30.0], (300, 3)):
        assert ttc(g, v, u) == ttc_law(g, v, u)
        assert drac(g, v, u) == pytest.approx(drac_law(g, v, u), rel=1e-14)
