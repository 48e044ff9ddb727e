"""A made-up study summary of the documented form, seeded, with the sizes of a real one."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

PHYSICS = ("ttc", "mttc", "drac", "areq", "ttc2", "closing2", "thw")
LEARNED = (
    "best_recorded",
    "best_simulated",
    "best_simulated_shuffled",
    "real",
    "real_class_weight",
    "real_oversample",
    "real_jitter",
    "real_ordinary_sim",
    "real_sim_pooled",
    "real_sim_weighted",
    "real_sim_shuffled",
    "real_extra",
    "real_unexamined",
    "real_half_a",
    "real_half_b",
)
TUNED = ("best_recorded", "best_simulated")
FRACTIONS = (0.05, 0.25, 1.0)
SIZES = (15, 60, 240, 500)
FAMILIES = ("lead_brakes", "stop_and_go", "cut_in")
METRICS = {
    "recall_at_6_fah": 0.5,
    "recall_at_30_fah": 1.0,
    "recall_at_30_fah_1s": 0.6,
    "recall_at_val_threshold": 0.7,
    "fah_at_val_threshold": 14.0,
    "average_precision": 0.4,
    "prevalence": 0.01,
    "lead_time_s": 2.0,
}
HEADLINE = ("average_precision", "recall_at_30_fah_1s", "recall_at_30_fah")
SITES = {
    "new_site": ["pooled", "macro", "harbour", "ridge", "creek"],
    "same_site": ["pooled", "valley"],
}
PARTS = {"new_site": [("crossing", None), (None, "speed < 5 m/s"), (None, "speed 5-15 m/s")]}
LIFT = {
    "real_sim_weighted": 0.15,
    "real_sim_pooled": 0.15,
    "real_ordinary_sim": 0.05,
    "real_class_weight": 0.08,
    "real_oversample": 0.07,
    "real_jitter": 0.06,
    "real_extra": 0.1,
    "best_recorded": 0.08,
}
CHOSEN = "logistic"
"""The detector that validation chose."""

SHUFFLED = "best_simulated_shuffled"
RIVALS = {"real_half_a": ("real_half_b",), "best_simulated": ("best_recorded", SHUFFLED)}

Levels = dict[tuple[str, str, float | None], float]


def summary(*, seed: int = 1, gain: float = 0.25, spread: float = 0.06) -> dict[str, Any]:
    """A summary in which simulation adds `gain` at new sites and nothing at the old."""
    rng = np.random.default_rng(seed)
    lift = {**LIFT, "best_simulated": LIFT["best_recorded"] + gain}
    results, comparisons = [], []
    for place in _places():
        scale = METRICS[place["metric"]]
        levels = _levels(rng, scale, lift if place["regime"] == "new_site" else {})
        if place["metric"] == "prevalence":
            levels = dict.fromkeys(levels, 0.0124)
        half = None if place["site"] == "creek" else spread * scale
        results += [_result(k, v, place, half) for k, v in levels.items()]
        comparisons += _comparisons(levels, place, half)
    return {
        "schema": 2,
        "logs": _logs(),
        "results": results,
        "comparisons": comparisons,
        "recipes": [*_recipes()],
        "chosen_detectors": [*_chosen_detectors()],
        "fewer_recordings": [*_fewer_recordings()],
        "sizes": [*_variants("size", [str(m) for m in SIZES])],
        "families": _families(),
        "seconds": 312.4,
        "cpu_seconds": 560.2,
        "peak_mb": 1180,
        "cost": {"simulate": 41.0, "featurize": 160.3, "train": 322.8},
        "audit": [
            {"site": "harbour", "flag": "second leader missing", "positive": 0.73, "negative": 0.26}
        ],
        "settings": {"study": {"seeds": 5, "fractions": list(FRACTIONS)}},
    }


def _places() -> Iterator[dict[str, Any]]:
    for regime, sites in SITES.items():
        for site in sites:
            for metric in METRICS:
                tags = {"regime": regime, "site": site, "metric": metric}
                yield {**tags, "kind": None, "slice": None}
                for kind, words in PARTS.get(regime, []) if site == "pooled" else []:
                    if metric in (*HEADLINE, "lead_time_s"):
                        yield {**tags, "kind": kind, "slice": words}


def _logs() -> dict[str, Any]:
    def site(
        recordings: int, hours: float, events: int, regime: str, **more: Any
    ) -> dict[str, Any]:
        kinds = {"crossing": events // 3, "lead": events - events // 3}
        units = {"unit": "ego", "units": 40 * recordings, "units_with_events": 0.7 * events}
        size = {"recordings": recordings, "hours": hours, "effective_hours": hours}
        return {**size, "events": events, **units, "regime": regime, "kinds": kinds, **more}

    test = {
        "harbour": site(12, 6.2, 91, "new_site", averaged=True),
        "ridge": site(9, 4.1, 55, "new_site", averaged=True),
        "creek": site(1, 0.4, 4, "new_site", averaged=False, unit="block", units_with_events=2.2),
        "valley": site(10, 5.0, 73, "same_site", averaged=True),
    }
    pooled = {
        "new_site": site(21, 10.3, 146, "new_site", averaged=False),
        "same_site": site(10, 5.0, 73, "same_site", averaged=False),
    }
    examined = [
        {
            "recording": f"harbour/{k}",
            "check": check,
            "value": 2.4,
            "limit": 1.0,
            "reason": "vehicles slow down by 2.4 m/s² on average",
            "covers": "recording",
            "rows": 700,
            "track": None,
        }
        for check, count in (("braking", 5), ("speed", 1))
        for k in range(count)
    ]
    return {
        "kind": "field",
        "train": site(47, 20.4, 176, "", unit="recording"),
        "kinds": {"train": {"crossing": 58, "lead": 118}, "test": {"crossing": 74, "lead": 149}},
        "test": test,
        "pooled": pooled,
        "left_out": {"group_on_both_sides": 2, "examined": examined},
        "kept_share_of_quiet_blocks": {"train": 1.0, "test": 1.0},
    }


def _levels(rng: np.random.Generator, scale: float, lift: dict[str, float]) -> Levels:
    base = scale * rng.uniform(0.25, 0.35)
    out: Levels = {
        (f"physics_{p}", "none", None): base + scale * rng.uniform(-0.2, 0.2) for p in PHYSICS
    }
    out["sim_only", "hgb", None] = base + 0.1 * scale
    for arm in LEARNED:
        for detector in _detectors(arm):
            for f in FRACTIONS:
                if (arm == "real_extra" and f == 1) or (arm in ENDED and f < 1):
                    continue
                grown = base + scale * (0.1 * np.log10(f) + lift.get(arm, 0.0) * (1.2 - 0.2 * f))
                noise = 0.02 * scale * rng.standard_normal() if arm != "real" else 0.0
                out[arm, detector, f] = float(max(grown + noise, 0.0))
    for arm in TUNED:
        for f in FRACTIONS:
            out[arm, "chosen", f] = out[arm, CHOSEN, f]
    return out


ENDED = ("best_simulated_shuffled", "real_unexamined", "real_half_a", "real_half_b")
"""Arms that are run at the full size only."""


def _detectors(arm: str) -> tuple[str, ...]:
    if arm in (*TUNED, "best_simulated_shuffled", "real", "real_sim_weighted"):
        return ("hgb", "logistic", "extra_trees")
    return ("hgb", "logistic")


def _result(
    key: tuple[str, str, float | None], mean: float, place: dict[str, Any], half: float | None
) -> dict[str, Any]:
    arm, detector, fraction = key
    ends = {"low": max(mean - half, 0.0), "high": mean + half} if half else {}
    spread = {"mean": mean, "low": None, "high": None, **ends}
    return {"arm": arm, "detector": detector, "fraction": fraction, **place, **spread, "seeds": 5}


def _comparisons(levels: Levels, place: dict[str, Any], half: float | None) -> list[dict[str, Any]]:
    out = []

    def add(arm: str, baseline: str, detector: str, f: float | None, value: float) -> None:
        key = {"arm": arm, "baseline": baseline, "detector": detector, "fraction": f, **place}
        ends: dict[str, float | None] = dict.fromkeys(("low", "high", "detectable"))
        if half:
            ends = {"low": value - half, "high": value + half, "detectable": 1.4 * half}
        out.append({**key, "difference": value, **ends})

    if place["metric"] == "prevalence":
        return []
    for (arm, detector, f), level in levels.items():
        if arm in LEARNED and arm != "real" and ("real", detector, f) in levels:
            add(arm, "real", detector, f, level - levels["real", detector, f])
        rivals = [*RIVALS.get(arm, ())]
        if detector == "chosen" and SHUFFLED in rivals:
            rivals.remove(SHUFFLED)  # the control has no choice of its own
        for baseline in rivals:
            if (baseline, detector, f) in levels:
                add(arm, baseline, detector, f, level - levels[baseline, detector, f])
        if arm == "best_simulated":
            for p in PHYSICS:
                physics = levels[f"physics_{p}", "none", None]
                add(arm, f"physics_{p}", detector, f, level - physics)
    return out


def _chosen_detectors() -> Iterator[dict[str, Any]]:
    for arm in ("best_recorded", "best_simulated"):
        for regime in SITES:
            for share in FRACTIONS:
                yield {"arm": arm, "regime": regime, "fraction": share, "detector": CHOSEN}


def _fewer_recordings() -> Iterator[dict[str, Any]]:
    """At new sites 5 % of the recordings with simulation are above all without, elsewhere open."""
    for metric in METRICS:
        yield {
            "metric": metric,
            "regime": "new_site",
            "fraction": FRACTIONS[0],
            "site": "pooled",
            "detector": "chosen",
            "difference": 0.08,
            "low": 0.02,
            "high": 0.14,
        }


def _recipes() -> Iterator[dict[str, Any]]:
    for f in FRACTIONS:
        for detector in ("hgb", "logistic", "extra_trees"):
            for regime in SITES:
                for arm in TUNED:
                    simulated = arm == "best_simulated"
                    yield {
                        "arm": arm,
                        "fraction": f,
                        "detector": detector,
                        "regime": regime,
                        "cure": "class_weight",
                        "positive_share": 0.5,
                        "capacity": "large" if detector == "hgb" else "",
                        "weight": 3.0 if simulated else 0.0,
                        "balance": "half" if simulated else "as_is",
                        "egos": "first",
                        "families": "chosen" if simulated else "all",
                        "fusion": None,
                        "recorded_conflicts": round(176 * f),
                        "simulated_worth_conflicts": 528.0 * f if simulated else 0.0,
                        "validated_on_conflicts": 61,
                        "validation_folds": 4,
                        "validation_precision": 0.21 if simulated else 0.16,
                        "candidates": 9,
                        "win_share": 0.93 if simulated else None,
                        "fell_back": False,
                    }


def _variants(what: str, listed: list[str]) -> Iterator[dict[str, Any]]:
    for k, name in enumerate(listed):
        for regime in SITES:
            for metric in HEADLINE:
                scale = METRICS[metric]
                gained = scale * 0.1 * min(k, 2) if regime == "new_site" else 0.0
                mean = 0.3 * scale + gained
                yield {
                    "what": what,
                    "name": name,
                    "regime": regime,
                    "metric": metric,
                    "detector": "hgb",
                    "mean": mean,
                    "low": mean - 0.03 * scale,
                    "high": mean + 0.03 * scale,
                    "difference": gained,
                    "difference_low": gained - 0.03 * scale,
                    "difference_high": gained + 0.03 * scale,
                    "detectable": 0.04 * scale,
                    "episodes": int(name) if what == "size" else None,
                }


def _families() -> dict[str, Any]:
    variants = [row for what in ("alone", "without") for row in _variants(what, [*FAMILIES])]
    variants += _variants("allocated", ["chosen", "even"])
    groups = [
        {"name": name, "families": [name], "shapley": v, "alone": v, "left_out": v / 2}
        for name, v in zip(FAMILIES, (0.1, 0.25, -0.05))
    ]
    chosen = [*FAMILIES[:2]]
    return {"validated_on_conflicts": 61, "chosen": chosen, "groups": groups, "variants": variants}
