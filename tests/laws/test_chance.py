"""Streams, noise and lapses: from a key alone, with the moments they should have."""

import math

import naive
import numpy as np
import pytest

from sim.base.rng import mix, normal, uniform
from sim.laws.drac import drac
from sim.laws.lapse import lapse_length, lapse_wait
from sim.laws.noise import ornstein_uhlenbeck
from sim.laws.ttc import ttc

KEY = np.uint64(12345678901234567890)


def test_streams_have_the_moments_of_their_laws() -> None:
    words = [np.uint64(k) for k in range(20_000)]
    u = np.array([uniform(KEY, w) for w in words])
    n = np.array([normal(KEY, w) for w in words])
    assert u.min() > 0.0
    assert u.max() < 1.0
    assert u.mean() == pytest.approx(0.5, abs=0.01)
    assert (n.mean(), n.std()) == pytest.approx((0.0, 1.0), abs=0.02)


def test_a_key_folds_its_words_in_order() -> None:
    one, two = np.uint64(1), np.uint64(2)
    a = int(mix(np.uint64(mix(KEY, one)), two))
    assert a != int(mix(np.uint64(mix(KEY, two)), one))
    assert 0 <= a < 2**64


def test_noise_keeps_its_variance_and_forgets_in_its_time_constant() -> None:
    x, seen = 0.0, []
    for k in range(40_000):
        n = normal(KEY, np.uint64(k))
        new = ornstein_uhlenbeck(x, 1.0, 0.1, n)
        assert new == pytest.approx(naive.ornstein_uhlenbeck(x, 1.0, 0.1, n))
        x = new
        seen.append(x)
    z = np.array(seen[100:])
    assert z.std() == pytest.approx(1.0, abs=0.05)
    assert np.corrcoef(z[:-10], z[10:])[0, 1] == pytest.approx(math.exp(-1.0), abs=0.05)


def test_lapses_come_and_last_as_their_laws_say() -> None:
    count = [np.uint64(k) for k in range(10_000)]
    wait = np.array([lapse_wait(KEY, k, 0.05) for k in count])
    length = np.array([lapse_length(KEY, k, 1.2, 0.5) for k in count])
    assert wait.mean() == pytest.approx(20.0, rel=0.05)
    assert np.median(length) == pytest.approx(1.2, rel=0.05)
    assert np.log(length).std() == pytest.approx(0.5, rel=0.05)
    assert abs(np.corrcoef(wait, length)[0, 1]) < 0.05


def test_ttc_and_drac_equal_their_twins_in_every_case() -> None:
    for gap in (-1.0, 0.0, 1e-9, 30.0):
        for v, u in ((20.0, 10.0), (10.0, 20.0), (0.0, 0.0)):
            assert ttc(gap, v, u) == naive.ttc(gap, v, u)
            assert drac(gap, v, u) == naive.drac(gap, v, u)
    assert ttc(30.0, 20.0, 10.0) == 3.0
    assert drac(30.0, 20.0, 10.0) == pytest.approx(5.0 / 3.0)
