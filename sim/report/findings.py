"""A study's summary, looked up by arm, detector, size, regime, site, part and metric."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sim.base.errors import expected
from sim.report import names
from sim.report.exposure import UNKNOWN, Exposure, exposure_of
from sim.report.values import Difference, Key, Score, difference_of, score_of

SCHEMA = 2
MAIN_ARM, BASE_ARM = "best_simulated", "best_recorded"
POOLED, MACRO, CHOSEN = "pooled", "macro", "chosen"

HEADLINE = ("average_precision", "recall_at_30_fah_1s", "recall_at_30_fah")
"""The metrics that a study answers in, the first of them in its verdict."""
PRIMARY = HEADLINE[0]
LEAD_TIME = "lead_time_s"


@dataclass(frozen=True)
class Findings:
    """The numbers of `summary.json` (schema 2).

    Attributes:
        kind: Of the logs, "recorded" or "field".
        train: Exposure of the training logs.
        test: Exposure by site.
        pooled: Exposure by regime: of the sites with enough conflicts together.
        scores: By place.
        differences: By baseline and place of the arm.
        recipes: What the tuned arms trained on, one entry an arm, fraction, detector and regime.
        summary: All of it, with keys beyond the schema.
    """

    kind: str
    train: Exposure
    test: dict[str, Exposure]
    pooled: dict[str, Exposure]
    scores: dict[Key, Score]
    differences: dict[tuple[str, Key], Difference]
    recipes: Sequence[Mapping[str, Any]]
    summary: Mapping[str, Any]

    @classmethod
    def of(cls, summary: Mapping[str, Any]) -> Findings:
        """Read a summary.

        Raises:
            UserError: It is of another schema, or a required part is missing.
        """
        if summary.get("schema") != SCHEMA:
            raise expected("schema", f"{SCHEMA} in the study's summary", summary.get("schema"))
        for part in ("logs", "results", "comparisons"):
            if part not in summary:
                raise expected(part, "a part of the study's summary", None)
        logs = summary["logs"]
        return cls(
            kind=str(logs["kind"]),
            train=exposure_of(logs["train"]),
            test={str(site): exposure_of(of) for site, of in logs["test"].items()},
            pooled={str(r): exposure_of(of) for r, of in dict(logs.get("pooled") or {}).items()},
            scores=dict(map(score_of, summary["results"])),
            differences=dict(map(difference_of, summary["comparisons"])),
            recipes=tuple(summary.get("recipes") or ()),
            summary=summary,
        )

    @property
    def main_detector(self) -> str:
        """The first detector that recipes were chosen for, else gradient boosting or the first."""
        if self.recipes:
            return str(self.recipes[0]["detector"])
        return "hgb" if "hgb" in self.detectors else next(iter(self.detectors), "none")

    @cached_property
    def arms(self) -> list[str]:
        """Every arm that was run."""
        return names.in_order({key.arm for key in self.scores}, names.ARMS)

    @cached_property
    def detectors(self) -> list[str]:
        """Every learned detector that was run."""
        found = {key.detector for key in self.scores} - {"none", CHOSEN}
        return names.in_order(found, names.DETECTORS)

    @cached_property
    def regimes(self) -> list[str]:
        """Every regime that was tested."""
        return names.in_order({key.regime for key in self.scores}, names.REGIMES)

    @cached_property
    def metrics(self) -> list[str]:
        """Every metric that was measured."""
        return names.in_order({key.metric for key in self.scores}, names.METRICS)

    @cached_property
    def fractions(self) -> list[float]:
        """The shares of the real training logs that were tried, ascending."""
        return sorted({key.fraction for key in self.scores if key.fraction is not None})

    @property
    def full(self) -> float | None:
        """The largest share of the real training logs that was tried."""
        return self.fractions[-1] if self.fractions else None

    @property
    def seeds(self) -> int:
        """The largest number of seeds behind a score."""
        return max((score.seeds for score in self.scores.values()), default=0)

    def headline(self) -> list[str]:
        """The metrics of the answer that were measured."""
        return [metric for metric in HEADLINE if metric in self.metrics]

    def sites(self, regime: str) -> list[str]:
        """The test sites of a regime, without the pool and the average over them."""
        return sorted({key.site for key in self.scores if key.regime == regime} - {MACRO, POOLED})

    def parts(self, regime: str) -> list[tuple[str, str]]:
        """Kinds and slices for which there are scores of the pool, `("", "")` left out."""
        found = {
            (key.kind, key.slice): None
            for key in self.scores
            if key.regime == regime and key.site == POOLED and (key.kind or key.slice)
        }
        return [*found]

    def exposure(self, regime: str) -> Exposure:
        """What a regime's pooled scores rest on."""
        return self.pooled.get(regime, UNKNOWN)

    def chosen(self, arm: str, regime: str) -> str:
        """The detector that validation chose for an arm at the full share."""
        for row in self.summary.get("chosen_detectors") or ():
            if (row["arm"], row["regime"], row["fraction"]) == (arm, regime, self.full):
                return str(row["detector"])
        return self.main_detector

    def recipe(self, arm: str, regime: str, detector: str | None = None) -> Mapping[str, Any]:
        """What an arm trained on at the full share; empty where it is not recorded."""
        wanted = detector or self.chosen(arm, regime)
        for recipe in self.recipes:
            place = (recipe["arm"], recipe["fraction"], recipe["detector"], recipe["regime"])
            if place == (arm, self.full, wanted, regime):
                return recipe
        return {}

    def score(
        self,
        arm: str,
        metric: str,
        regime: str,
        fraction: float | None,
        *,
        site: str = POOLED,
        part: tuple[str, str] = ("", ""),
        detector: str | None = None,
    ) -> Score | None:
        """The score of an arm; a physics score and simulation alone have no fraction.

        Without a detector: the one that validation chose, else the main one.
        """
        learned = [detector] if detector else [CHOSEN, self.main_detector]
        places = [(which, size) for which in learned for size in (fraction, None)]
        for which, size in (*places, ("none", None)):
            found = self.scores.get(Key(arm, which, size, regime, site, *part, metric))
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
        site: str = POOLED,
        part: tuple[str, str] = ("", ""),
        detector: str | None = None,
    ) -> Difference | None:
        """What the study measured between two arms, or None where it did not.

        Without a detector: what validation chose, else that detector in both arms, or the main.
        """
        learned = [detector] if detector else [CHOSEN, self.chosen(arm, regime)]
        for which in dict.fromkeys((*learned, *([] if detector else [self.main_detector]))):
            key = Key(arm, which, fraction, regime, site, *part, metric)
            if (baseline, key) in self.differences:
                return self.differences[baseline, key]
        return None


def best_physics(findings: Findings, metric: str, regime: str, site: str = POOLED) -> str | None:
    """The physics score that does best on the test logs: picked there, which favours it."""
    means = _finite(
        (name, findings.score(name, metric, regime, None, site=site))
        for name in findings.arms
        if names.arm(name).role == "physics"
    )
    return max(means, key=lambda name: means[name]) if means else None


def _finite(scores: Iterable[tuple[str, Score | None]]) -> dict[str, float]:
    return {name: s.mean for name, s in scores if s is not None and math.isfinite(s.mean)}
