"""How often the intervals of one kind of site hold the truth, and how wide they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.learn import alarms, metrics
from sim.learn.bootstrap import Interval, interval, unit_weights
from tools.interval_coverage.traffic import Place, Sample, sample

Floats = NDArray[np.float64]

METRICS = {
    "AP": "average_precision",
    "R@6": "recall_at_6_fah",
    "R@30": "recall_at_30_fah",
    "R@30, 1 s": "recall_at_30_fah_1s",
}
SHORT, LONG = 60.0, 1800.0
"""Mean drive of an ego in traffic that passes by, and of the few egos of a fleet [s]."""
HOURS = 3.0
EVENTS = (5, 10, 20, 50, 200)
PLACES: dict[str, tuple[int, float, bool]] = {
    "1": (1, SHORT, True),
    "3": (3, SHORT, True),
    "10": (10, SHORT, False),
    "30": (30, SHORT, False),
    "1, six egos": (1, LONG, True),
}
"""Recordings, mean drive, and whether recordings are fixed."""


@dataclass(frozen=True)
class Cell:
    """Coverage of one kind of site; P pairs of metric and question.

    Attributes:
        place: The site.
        unit: What was resampled.
        identified: Share of the samples with an interval.
        covered: Share of the intervals that hold the truth, by metric, of both detectors and
            of their difference.
        percentile: The same of plain percentiles of the same resamples.
        width: Mean width of the intervals.
        intervals: How many each coverage of a difference rests on.
    """

    place: Place
    unit: str
    identified: float
    covered: Mapping[tuple[str, str], float]
    percentile: Mapping[tuple[str, str], float]
    width: Mapping[tuple[str, str], float]
    intervals: int


def place_of(name: str, events: int, hours: float = HOURS) -> Place:
    """One of the sites of the table."""
    recordings, drive_s, fixed = PLACES[name]
    return Place(recordings, events, hours, drive_s, fixed)


def measure(place: Place, sims: int, *, resamples: int, copies: int, seed: int) -> Cell:
    """Draw a site again and again and hold each sample's intervals against the truth.

    Args:
        place: The site.
        sims: Samples.
        resamples: Of each sample's bootstrap.
        copies: The truth is that of as many samples in one; its error is 1 / sqrt(copies) of
            a sample's.
        seed: Of all draws.
    """
    rng = np.random.default_rng([seed, place.recordings, place.events, round(place.drive_s)])
    truth = {key: v[0] for key, v in _values(sample(place, rng, copies), 0, 0).items()}
    held: dict[tuple[str, str], list[tuple[bool, bool, float]]] = {key: [] for key in truth}
    identified, unit = 0, ""
    for k in range(sims):
        drawn = sample(place, rng)
        unit = drawn.exam.unit_kind
        for key, values in _values(drawn, resamples, k).items():
            metric, question = METRICS[key[0]], key[1]
            support = drawn.exam.support
            difference = question == "difference"
            found = interval(values, metric=metric, difference=difference, support=support)
            if found.identified:
                plain = interval(values)
                hit, width = _holds(found, truth[key]), found.high - found.low
                held[key].append((hit, _holds(plain, truth[key]), width))
                identified += 1
    covered, plain_covered, width_of = ({} for _ in range(3))
    for key, lines in held.items():
        table = np.array(lines, dtype=np.float64).reshape(-1, 3)
        covered[key], plain_covered[key], width_of[key] = table.mean(axis=0)
    share = identified / (sims * len(truth))
    return Cell(place, unit, share, covered, plain_covered, width_of, round(sims * share))


def _values(drawn: Sample, resamples: int, seed: int) -> dict[tuple[str, str], Floats]:
    """(B + 1,) of each metric of both detectors and of their difference."""
    weights = unit_weights(drawn.exam, resamples, seed, "coverage")
    found = [metrics.evaluate(alarms.count(drawn.exam, s), weights) for s in drawn.scores]
    out: dict[tuple[str, str], Floats] = {}
    for short, metric in METRICS.items():
        first, second = (values[metric] for values in found)
        out |= {
            (short, "first"): first,
            (short, "second"): second,
            (short, "difference"): second - first,
        }
    return out


def _holds(found: Interval, truth: float) -> bool:
    return bool(found.low <= truth <= found.high)
