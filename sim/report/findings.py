"""A study's summary, looked up by what was asked: arm, detector, size, regime, site, metric."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sim.base.errors import expected
from sim.report import names

MAIN_ARM = "real_sim_weighted"
MACRO = "macro"
PRIMARY = "recall_at_30_fah"

Key = tuple[str, str, float | None, str, str, str]


@dataclass(frozen=True)
class Score:
    """A mean over seeds with its 95 % interval, in the unit of its metric."""

    mean: float
    low: float
    high: float
    seeds: int


@dataclass(frozen=True)
class Difference:
    """Arm minus baseline with its 95 % interval and the smallest effect the test can detect."""

    value: float
    low: float
    high: float
    detectable: float


@dataclass(frozen=True)
class Exposure:
    """What a number rests on: recordings, ego-hours and conflicts (NaN where unknown)."""

    recordings: float
    hours: float
    events: float

    def __add__(self, other: Exposure) -> Exposure:
        return Exposure(
            self.recordings + other.recordings,
            self.hours + other.hours,
            self.events + other.events,
        )


@dataclass(frozen=True)
class Findings:
    """The numbers of `summary.json` (schema 1).

    Attributes:
        kind: Of the logs, "recorded" or "field".
        train: Exposure of the training logs.
        test: Exposure by site.
        scores: By (arm, detector, fraction, regime, site, metric).
        differences: By the same with (arm, baseline) in the place of the arm.
        summary: All of it, with keys beyond the schema.
    """

    kind: str
    train: Exposure
    test: dict[str, Exposure]
    scores: dict[Key, Score]
    differences: dict[tuple[str, Key], Difference]
    summary: Mapping[str, Any]

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Findings:
        """Read a summary.

        Raises:
            UserError: It is of another schema, or a required part is missing.
        """
        if summary.get("schema") != 1:
            raise expected("schema", "1 in the study's summary", summary.get("schema"))
        for part in ("logs", "results", "comparisons"):
            if part not in summary:
                raise expected(part, "a part of the study's summary", None)
        logs = summary["logs"]
        return cls(
            kind=str(logs["kind"]),
            train=_exposure(logs["train"]),
            test={str(site): _exposure(of) for site, of in logs["test"].items()},
            scores=dict(map(_score, summary["results"])),
            differences=dict(map(_difference, summary["comparisons"])),
            summary=summary,
        )

    @property
    def main_detector(self) -> str:
        """Gradient boosting where it was run, the first learned detector otherwise."""
        found = set(self.detectors)
        return "hgb" if "hgb" in found else next(iter(sorted(found)), "none")

    @property
    def arms(self) -> list[str]:
        """Every arm that was run."""
        return names.in_order({key[0] for key in self.scores}, dict(names.ARMS))

    @property
    def detectors(self) -> list[str]:
        """Every learned detector that was run."""
        return names.in_order({key[1] for key in self.scores} - {"none"}, dict(names.DETECTORS))

    @property
    def regimes(self) -> list[str]:
        """Every regime that was tested."""
        return names.in_order({key[3] for key in self.scores}, dict(names.REGIMES))

    @property
    def metrics(self) -> list[str]:
        """Every metric that was measured."""
        return names.in_order({key[5] for key in self.scores}, dict(names.METRICS))

    @property
    def fractions(self) -> list[float]:
        """The shares of the real training logs that were tried, ascending."""
        return sorted({key[2] for key in self.scores if key[2] is not None})

    @property
    def seeds(self) -> int:
        """The largest number of seeds behind a score."""
        return max((score.seeds for score in self.scores.values()), default=0)

    def sites(self, regime: str) -> list[str]:
        """The test sites of a regime, without the average over them."""
        return sorted({key[4] for key in self.scores if key[3] == regime} - {MACRO})

    def exposure(self, regime: str) -> Exposure:
        """What a regime's scores rest on, over its sites."""
        unknown = Exposure(math.nan, math.nan, math.nan)
        total = Exposure(0, 0, 0)
        for site in self.sites(regime):
            total = total + self.test.get(site, unknown)
        return total if self.sites(regime) else unknown

    def score(
        self,
        arm: str,
        metric: str,
        regime: str,
        fraction: float | None,
        *,
        site: str = MACRO,
        detector: str | None = None,
    ) -> Score | None:
        """The score of an arm; a physics score and simulation alone have no fraction."""
        learned = detector or self.main_detector
        for which, size in ((learned, fraction), (learned, None), ("none", None)):
            found = self.scores.get((arm, which, size, regime, site, metric))
            if found is not None:
                return found
        return None

    def difference(
        self,
        arm: str,
        baseline: str,
        metric: str,
        regime: str,
        fraction: float | None,
        *,
        site: str = MACRO,
        detector: str | None = None,
    ) -> Difference | None:
        """What the study measured between two arms, or None where it did not."""
        key = (arm, detector or self.main_detector, fraction, regime, site, metric)
        return self.differences.get((baseline, key))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan


def _exposure(entry: Mapping[str, Any]) -> Exposure:
    return Exposure(*(_number(entry.get(name)) for name in ("recordings", "hours", "events")))


def _key(row: Mapping[str, Any]) -> Key:
    fraction = _number(row["fraction"])
    size = None if math.isnan(fraction) else fraction
    texts = [str(row[name]) for name in ("arm", "detector", "regime", "site", "metric")]
    return (texts[0], texts[1], size, texts[2], texts[3], texts[4])


def _score(row: Mapping[str, Any]) -> tuple[Key, Score]:
    mean, low, high = (_number(row[name]) for name in ("mean", "low", "high"))
    return _key(row), Score(mean, low, high, int(row["seeds"]))


def _difference(row: Mapping[str, Any]) -> tuple[tuple[str, Key], Difference]:
    columns = ("difference", "low", "high", "detectable")
    return (str(row["baseline"]), _key(row)), Difference(*(_number(row[name]) for name in columns))


def best_physics(findings: Findings, metric: str, regime: str, site: str = MACRO) -> str | None:
    """The physics score that does best on the test logs: picked there, which favours it."""
    means = _finite(
        (name, findings.score(name, metric, regime, None, site=site))
        for name in findings.arms
        if names.arm(name).role == "physics"
    )
    return max(means, key=lambda name: means[name]) if means else None


def _finite(scores: Iterable[tuple[str, Score | None]]) -> dict[str, float]:
    return {name: s.mean for name, s in scores if s is not None and math.isfinite(s.mean)}
