"""What may be claimed from a study, by rules fixed before the numbers are seen."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from sim.report.exposure import Exposure
from sim.report.findings import BASE_ARM, MAIN_ARM, PRIMARY, Findings, best_physics
from sim.report.values import Difference, Score
from sim.studies.data import MIN_SITE_EVENTS

Ruling = Literal[
    "gain", "gain not above controls", "no gain", "loss", "not identified", "not tested"
]

MIN_EVENTS = MIN_SITE_EVENTS
"""Conflicts below which nothing is claimed; sites with fewer are in no average either."""

RELEVANT = {"average_precision": 0.05}
"""Where the test can see a gain this small and sees none, the answer is "no gain"."""
RELEVANT_OTHERWISE = 0.10

CONTROLS = ("best_simulated_shuffled",)
"""A gain counts for the simulation only above each of these that was run."""


@dataclass(frozen=True)
class Verdict:
    """The ruling on one regime, one kind of danger and one metric, at the full size.

    Attributes:
        regime: "new_site" or "same_site".
        kind: Of danger; empty for all conflicts.
        metric: In which it is ruled.
        fraction: Share of the real training logs, the largest that was run.
        ruling: What may be claimed.
        why: For "not identified", and where the arm fell back: the reason, in words.
        gain: Best with simulation minus best without; None when not tested.
        without, with_sim: The two scores.
        beaten: Controls (and the best physics score) it is shown to be above.
        unbeaten: Those it was compared with and is not shown to be above or below.
        above_it: Those that are shown to be above the arm with simulation.
        missing: Controls it was not compared with.
        physics: Name of the best physics score, if any was run.
        agree, detectors: For how many learned detectors, of how many, the difference is
            clear of zero on the same side.
        fell_back: Whether validation saw no gain, so that the two arms have one recipe.
        exposure: What was tested on.
    """

    regime: str
    kind: str
    metric: str
    fraction: float | None
    ruling: Ruling
    why: str
    gain: Difference | None
    without: Score | None
    with_sim: Score | None
    beaten: tuple[str, ...]
    unbeaten: tuple[str, ...]
    above_it: tuple[str, ...]
    missing: tuple[str, ...]
    physics: str | None
    agree: int
    detectors: int
    fell_back: bool
    exposure: Exposure


def judge(findings: Findings, regime: str, *, metric: str = PRIMARY, kind: str = "") -> Verdict:
    """Rule on one regime at its full size, over its pooled conflicts."""
    fraction, part = findings.full, (kind, "")

    def against(baseline: str, detector: str | None = None) -> Difference | None:
        place = (MAIN_ARM, baseline, metric, regime, fraction)
        return findings.difference(*place, part=part, detector=detector)

    gain = against(BASE_ARM)
    physics = best_physics(findings, metric, regime)
    rivals = {b: against(b) for b in CONTROLS + ((physics,) if physics else ())}
    signs = {b: d.sign for b, d in rivals.items() if d is not None}
    beaten, unbeaten, above_it = (
        tuple(b for b, sign in signs.items() if sign == wanted) for wanted in (1, 0, -1)
    )
    by_detector = [against(BASE_ARM, detector) for detector in findings.detectors]
    others = [d.sign for d in by_detector if d is not None]
    agree = sum(sign == gain.sign != 0 for sign in others) if gain else 0
    exposure = exposure_of_kind(findings, regime, kind)
    fell_back = bool(findings.recipe(MAIN_ARM, regime).get("fell_back"))
    not_above = any(signs.get(b, 1) < 1 for b in CONTROLS)
    rule = _Rule(metric, exposure.events, agree, len(others), not_above, fell_back)
    ruling, why = rule.of(gain)
    return Verdict(
        regime=regime,
        kind=kind,
        metric=metric,
        fraction=fraction,
        ruling=ruling,
        why=why,
        gain=gain,
        without=findings.score(BASE_ARM, metric, regime, fraction, part=part),
        with_sim=findings.score(MAIN_ARM, metric, regime, fraction, part=part),
        beaten=beaten,
        unbeaten=unbeaten,
        above_it=above_it,
        missing=tuple(b for b, d in rivals.items() if d is None),
        physics=physics,
        agree=agree,
        detectors=len(others),
        fell_back=fell_back,
        exposure=exposure,
    )


def exposure_of_kind(findings: Findings, regime: str, kind: str) -> Exposure:
    """What the scores of a kind of danger rest on: its own conflicts in all of the hours."""
    seen = findings.exposure(regime)
    if not kind:
        return seen
    events = float(seen.kinds.get(kind, math.nan))
    return replace(seen, events=events, units_with_events=math.nan)


@dataclass(frozen=True)
class _Rule:
    """The rules, in the order in which they stop a claim."""

    metric: str
    events: float
    agree: int
    detectors: int
    not_above: bool
    fell_back: bool

    def of(self, gain: Difference | None) -> tuple[Ruling, str]:
        if gain is None or not math.isfinite(gain.value):
            return "not tested", "the arm with simulation was not compared with that without"
        if self.events < MIN_EVENTS:
            few = f"{self.events:.0f} conflicts are fewer than the {MIN_EVENTS} needed"
            return "not identified", few
        if self.fell_back:
            return "no gain", (
                "validation saw no gain, so the arm with simulation is the one without"
            )
        if not gain.identified:
            return "not identified", "too few independent units hold conflicts for an interval"
        if gain.sign == 0:
            if gain.detectable <= RELEVANT.get(self.metric, RELEVANT_OTHERWISE):
                return "no gain", ""
            return "not identified", "the interval holds zero and the test is coarse"
        return self._clear(gain)

    def _clear(self, gain: Difference) -> tuple[Ruling, str]:
        if abs(gain.value) < gain.detectable:
            return "not identified", "the difference is smaller than what the test can rely on"
        if self.detectors > 1 and 2 * self.agree <= self.detectors:
            return "not identified", f"it holds for {self.agree} of {self.detectors} detectors only"
        if gain.sign < 0:
            return "loss", ""
        return ("gain not above controls", "") if self.not_above else ("gain", "")
