"""Shares in nature from weighted episodes, against plain counting and known probabilities."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from sim.report.coverage import nature_lines
from sim.sampling.coverage.nature import natural_shares
from sim.sampling.interval import wilson


def met(severity: np.ndarray, weight: np.ndarray) -> pd.DataFrame:
    return pd.DataFrame({"severity": severity, "weight": weight})


@pytest.mark.parametrize("hits", [0, 1, 37, 200])
def test_equal_weights_give_what_counting_gives(hits: int) -> None:
    severity = np.where(np.arange(200) < hits, "near", "ordinary")
    shares = natural_shares(met(severity, np.full(200, 0.3)))
    assert shares is not None
    assert (shares["near"].low, shares["near"].high) == pytest.approx(wilson(hits, 200))
    assert shares["near"].effective == pytest.approx(hits)
    assert not shares["near"].by_few  # counting is no hint, however few there are


def test_the_interval_of_a_tilted_stream_covers() -> None:
    """Severe is a normal variable beyond 2, drawn around 1.5 with weights that make up for it."""
    rng, truth, covered = np.random.default_rng(5), norm.sf(2.0), 0
    for _ in range(400):
        z = rng.normal(1.5, 1.0, 300)
        weight = np.exp(norm.logpdf(z) - norm.logpdf(z, 1.5))
        shares = natural_shares(met(np.where(z > 2.0, "severe", "near"), weight))
        assert shares is not None
        covered += shares["severe"].low <= truth <= shares["severe"].high
    assert 0.92 <= covered / 400 <= 0.98


def test_one_heavy_weight_is_no_evidence() -> None:
    severity = np.array(["near"] * 40 + ["ordinary"] * 60)
    weight = np.r_[9.0, np.full(39, 0.01), np.full(60, 1.0)]
    shares = natural_shares(met(severity, weight))
    assert shares is not None
    assert shares["near"].by_few
    assert not shares["ordinary"].by_few
    kish = weight.sum() ** 2 / (weight**2).sum()
    expected = wilson(shares["near"].share * kish, kish)
    assert (shares["near"].low, shares["near"].high) == pytest.approx(expected)
    told = nature_lines(shares)
    assert "a hint" in told[1]
    assert "a hint" not in told[0]
