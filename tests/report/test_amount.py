"""How much is enough: saturation by its definition, on curves with a known answer."""

from __future__ import annotations

import math

import pytest
import report_example

from sim.report.amount import Sized, per_doubling, saturation, saturation_sentence
from sim.report.findings import Findings
from sim.report.values import Difference, Score

SIZES = (15, 30, 60, 120)


def curve(means: list[float], *, detectable: float = 0.05, above: float = 0.1) -> list[Sized]:
    gain = Difference(above, above - 0.05, above + 0.05, detectable)
    return [
        Sized(str(m), "size", float(m), Score(mean, mean - 0.1, mean + 0.1, 0), gain, "hgb")
        for m, mean in zip(SIZES, means)
    ]


@pytest.mark.parametrize(
    ("means", "enough"),
    [
        ([0.1, 0.2, 0.21, 0.22], 30.0),
        ([0.1, 0.11, 0.12, 0.13], 15.0),
        ([0.1, 0.2, 0.3, 0.31], 60.0),
        ([0.1, 0.11, 0.12, 0.3], math.inf),
        ([0.3, 0.2, 0.1, 0.0], 15.0),
    ],
)
def test_saturation_is_the_size_after_the_last_doubling_that_shows(
    means: list[float], enough: float
) -> None:
    assert saturation(curve(means)) == enough


def test_a_quadrupling_counts_as_two_doublings() -> None:
    first, _, third, _ = curve([0.1, 0.0, 0.3, 0.0])
    assert per_doubling([first, third]) == [pytest.approx(0.1)]


@pytest.mark.parametrize("sizes", [[], curve([0.1])[:1], curve([0.1] * 4, detectable=math.nan)])
def test_without_a_smallest_effect_or_a_second_size_it_is_not_identified(
    sizes: list[Sized],
) -> None:
    assert saturation(sizes) is None


def test_sentences_tell_the_size_and_that_nothing_was_gained() -> None:
    findings = Findings.of(report_example.summary())
    new = saturation_sentence(findings, "average_precision", "new_site")
    assert "from 240 episodes a family on, a doubling gains less than 0.016" in new
    assert "(15 to 500 tried)" in new
    assert "At no size" not in new
    same = saturation_sentence(findings, "average_precision", "same_site")
    assert "At no size is simulation shown to be above the best without." in same
    absent = saturation_sentence(findings, "lead_time_s", "new_site")
    assert absent.endswith("how many episodes are enough is not identified.")
