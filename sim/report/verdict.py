"""What may be claimed from a study, by rules fixed before the numbers are seen."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from sim.report.findings import (
    MAIN_ARM,
    PRIMARY,
    Difference,
    Exposure,
    Findings,
    Score,
    best_physics,
)

Ruling = Literal[
    "gain", "gain not above controls", "no gain", "loss", "not identified", "not tested"
]

MIN_EVENTS = 16
"""Conflicts below which nothing is claimed; with fewer, nothing is tuned either."""

RELEVANT = 0.10
"""Where the test can see a gain this small and sees none, the answer is "no gain"."""

CONTROLS = ("real_sim_shuffled", "real_class_weight", "real_oversample")
"""A gain counts for the simulation only above each of these that was run."""


@dataclass(frozen=True)
class Verdict:
    """The ruling on one regime at one size.

    Attributes:
        regime: "new_site" or "same_site".
        fraction: Share of the real training logs, the largest that was run.
        ruling: What may be claimed.
        why: For "not identified": the reason, in words.
        gain: Weighted simulation minus real only; None when not tested.
        without, with_sim: The two scores.
        beaten: Controls (and the best physics score) it is shown to be above.
        unbeaten: Those it was compared with and is not shown to be above or below.
        above_it: Those that are shown to be above weighted simulation.
        missing: Controls it was not compared with.
        physics: Name of the best physics score, if any was run.
        agree, detectors: For how many learned detectors, of how many, the difference is
            clear of zero on the same side.
        exposure: Recordings, hours and conflicts tested on.
    """

    regime: str
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
    exposure: Exposure


def judge(findings: Findings, regime: str, *, metric: str = PRIMARY) -> Verdict:
    """Rule on one regime at its full size."""
    sizes = findings.fractions
    fraction = sizes[-1] if sizes else None
    gain = findings.difference(MAIN_ARM, "real", metric, regime, fraction)
    physics = best_physics(findings, metric, regime)
    rivals = CONTROLS + ((physics,) if physics else ())
    against = {b: findings.difference(MAIN_ARM, b, metric, regime, fraction) for b in rivals}
    signs = {b: _sign(d) for b, d in against.items() if d is not None}
    beaten, unbeaten, above_it = (
        tuple(b for b, sign in signs.items() if sign == wanted) for wanted in (1, 0, -1)
    )
    agree, detectors = _agreement(findings, regime, metric, fraction)
    exposure = findings.exposure(regime)
    rivals_unbeaten = any(signs.get(b, 1) < 1 for b in CONTROLS)
    ruling, why = _rule(gain, exposure.events, agree, detectors, rivals_unbeaten)
    return Verdict(
        regime=regime,
        fraction=fraction,
        ruling=ruling,
        why=why,
        gain=gain,
        without=findings.score("real", metric, regime, fraction),
        with_sim=findings.score(MAIN_ARM, metric, regime, fraction),
        beaten=beaten,
        unbeaten=unbeaten,
        above_it=above_it,
        missing=tuple(b for b, d in against.items() if d is None),
        physics=physics,
        agree=agree,
        detectors=detectors,
        exposure=exposure,
    )


def _agreement(
    findings: Findings, regime: str, metric: str, fraction: float | None
) -> tuple[int, int]:
    """Detectors on the main detector's side with an interval clear of zero, and all compared."""
    signs = []
    for name in (findings.main_detector, *findings.detectors):
        d = findings.difference(MAIN_ARM, "real", metric, regime, fraction, detector=name)
        if d is not None:
            signs.append(_sign(d))
    if not signs:
        return 0, 0
    main, all_of_them = signs[0], signs[1:]
    return sum(sign == main != 0 for sign in all_of_them), len(all_of_them)


def _sign(d: Difference) -> int:
    return int(d.low > 0) - int(d.high < 0)


def _rule(
    gain: Difference | None, events: float, agree: int, detectors: int, controls_unbeaten: bool
) -> tuple[Ruling, str]:
    """The rules, in the order in which they stop a claim."""
    if gain is None or not math.isfinite(gain.value):
        return "not tested", "weighted simulation was not compared with real logs alone"
    if events < MIN_EVENTS:
        return "not identified", f"{events:.0f} conflicts are fewer than the {MIN_EVENTS} needed"
    sign = _sign(gain)
    if sign == 0:
        if gain.detectable <= RELEVANT:
            return "no gain", ""
        return "not identified", "the interval holds zero and the test is coarse"
    if abs(gain.value) < gain.detectable:
        return "not identified", "the difference is smaller than what the test can rely on"
    if detectors > 1 and 2 * agree <= detectors:
        return "not identified", f"it holds for {agree} of {detectors} detectors only"
    if sign < 0:
        return "loss", ""
    return ("gain not above controls", "") if controls_unbeaten else ("gain", "")
