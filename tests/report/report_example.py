"""A made-up study summary of the documented form, seeded, with the sizes of a real one."""

from __future__ import annotations

from typing import Any

import numpy as np

PHYSICS = ("ttc", "mttc", "drac", "areq", "ttc2", "closing2", "thw")
LEARNED = (
    "real",
    "real_class_weight",
    "real_oversample",
    "real_jitter",
    "real_ordinary_sim",
    "real_sim_pooled",
    "real_sim_weighted",
    "real_sim_shuffled",
    "real_extra",
    "real_half_a",
    "real_half_b",
)
FRACTIONS = (0.05, 0.25, 1.0)
METRICS = {
    "recall_at_6_fah": 0.5,
    "recall_at_30_fah": 1.0,
    "recall_at_val_threshold": 0.7,
    "fah_at_val_threshold": 14.0,
    "average_precision": 0.4,
    "prevalence": 0.01,
    "lead_time_s": 2.0,
}
BASELINES = ("real_sim_shuffled", "real_class_weight", "real_oversample")
LIFT = {
    "real_sim_weighted": 0.25,
    "real_sim_pooled": 0.15,
    "real_ordinary_sim": 0.05,
    "real_class_weight": 0.08,
    "real_oversample": 0.07,
    "real_jitter": 0.06,
    "real_extra": 0.1,
}


def summary(*, seed: int = 1, gain: float = 0.25, spread: float = 0.06) -> dict[str, Any]:
    """A summary in which weighted simulation adds `gain` at new sites and nothing at the old."""
    rng = np.random.default_rng(seed)
    sites = {"new_site": ["macro", "harbour", "ridge"], "same_site": ["macro", "valley"]}
    lift = {**LIFT, "real_sim_weighted": gain}
    results, comparisons = [], []
    for regime, names in sites.items():
        for site in names:
            for metric, scale in METRICS.items():
                tags = {"regime": regime, "site": site, "metric": metric}
                levels = _levels(rng, scale, lift if regime == "new_site" else {})
                if metric == "prevalence":
                    levels = dict.fromkeys(levels, 0.0124)
                results += [_result(k, v, tags, spread * scale) for k, v in levels.items()]
                comparisons += _comparisons(levels, tags, spread * scale)
    test = {
        "harbour": {"recordings": 12, "hours": 6.2, "events": 91},
        "ridge": {"recordings": 9, "hours": 4.1, "events": 55},
        "valley": {"recordings": 10, "hours": 5.0, "events": 73},
    }
    train = {"recordings": 47, "hours": 20.4, "events": 176}
    return {
        "schema": 1,
        "logs": {"kind": "field", "train": train, "test": test},
        "results": results,
        "comparisons": comparisons,
        "seconds": 312.4,
        "cpu_seconds": 560.2,
        "peak_mb": 1180,
        "cost": {"simulate": 41.0, "featurize": 160.3, "train": 322.8},
        "audit": [
            {"site": "harbour", "flag": "second leader missing", "positive": 0.73, "negative": 0.26}
        ],
        "settings": {"study": {"seeds": 5, "fractions": list(FRACTIONS)}},
    }


def _levels(
    rng: np.random.Generator, scale: float, lift: dict[str, float]
) -> dict[tuple[str, str, float | None], float]:
    base = scale * rng.uniform(0.25, 0.35)
    out: dict[tuple[str, str, float | None], float] = {
        (f"physics_{p}", "none", None): base + scale * rng.uniform(-0.2, 0.25) for p in PHYSICS
    }
    out["sim_only", "hgb", None] = base + 0.1 * scale
    for arm in LEARNED:
        for detector in _detectors(arm):
            for f in FRACTIONS:
                if arm == "real_extra" and f == 1:
                    continue
                grown = base + scale * (0.1 * np.log10(f) + lift.get(arm, 0.0) * (1.2 - 0.2 * f))
                noise = 0.02 * scale * rng.standard_normal() if arm != "real" else 0.0
                out[arm, detector, f] = float(max(grown + noise, 0.0))
    return out


def _detectors(arm: str) -> tuple[str, ...]:
    if arm in ("real", "real_sim_weighted", "real_sim_shuffled"):
        return ("hgb", "logistic", "extra_trees")
    return ("hgb", "logistic")


def _result(
    key: tuple[str, str, float | None], mean: float, tags: dict[str, str], half: float
) -> dict[str, Any]:
    arm, detector, fraction = key
    spread = {"mean": mean, "low": max(mean - half, 0.0), "high": mean + half}
    return {"arm": arm, "detector": detector, "fraction": fraction, **tags, **spread, "seeds": 5}


def _comparisons(
    levels: dict[tuple[str, str, float | None], float], tags: dict[str, str], half: float
) -> list[dict[str, Any]]:
    out = []

    def add(arm: str, baseline: str, detector: str, f: float | None, value: float) -> None:
        key = {"arm": arm, "baseline": baseline, "detector": detector, "fraction": f, **tags}
        ends = {"low": value - half, "high": value + half, "detectable": 1.4 * half}
        out.append({**key, "difference": value, **ends})

    for (arm, detector, f), level in levels.items():
        if arm in LEARNED and arm != "real":
            add(arm, "real", detector, f, level - levels["real", detector, f])
        rivals = {"real_half_a": ("real_half_b",), "real_sim_weighted": BASELINES}.get(arm, ())
        for baseline in rivals:
            if (baseline, detector, f) in levels:
                add(arm, baseline, detector, f, level - levels[baseline, detector, f])
        if arm == "real_sim_weighted":
            for p in PHYSICS:
                physics = levels[f"physics_{p}", "none", None]
                add(arm, f"physics_{p}", detector, f, level - physics)
    return out
