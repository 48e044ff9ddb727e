"""The summary of a study, as other programs read it: `summary.json`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import pandas as pd

from sim.features import FeatureTable
from sim.learn.exam import Exam
from sim.studies import splits
from sim.studies.arms import BEST_RECORDED, BEST_SIMULATED
from sim.studies.data import POOLED, Site, StudyData
from sim.studies.families import FamilyValues
from sim.studies.jobs import Choices, Outcome
from sim.studies.recipe import Recipe
from sim.studies.repetition import RepetitionData
from sim.studies.results import Cell, Samples
from sim.studies.settings import StudySettings
from sim.studies.summary_rows import summary_comparisons, summary_results
from sim.studies.tuning import Choice
from sim.studies.variants import SIZE, Variant

SCHEMA = 2


def summarise(
    data: StudyData,
    kind: str,
    results: pd.DataFrame,
    comparisons: pd.DataFrame,
    cost: Mapping[str, float],
) -> dict[str, Any]:
    """Everything a study found, with plain values; NaN as None.

    Args:
        data: What the logs were.
        kind: "field" or "recorded".
        results: From `results_table`; the summary holds those of `summary_results`.
        comparisons: From `comparisons_table`; the summary holds those of `summary_comparisons`.
        cost: `seconds`, `cpu_seconds` and `peak_mb`.
    """
    sites = [site for site in data.sites if site.name != POOLED]
    return {
        "schema": SCHEMA,
        "logs": {
            "kind": kind,
            "train": {**extent(data.train_exam), "recordings": _uncut(data.train)},
            "kinds": {"train": _kinds(data.train_exam), "test": _kinds_of(sites)}
            | {r: _kinds_of([s for s in sites if s.regime == r]) for r in data.regimes},
            "test": {site.name: _site(site) for site in sites},
            "pooled": {s.regime: _site(s) for s in data.sites if s.name == POOLED},
        },
        "results": records(summary_results(results)),
        "comparisons": records(summary_comparisons(comparisons)),
        **{name: round(value, 1) for name, value in cost.items()},
    }


def _site(site: Site) -> dict[str, Any]:
    return {
        **extent(site.exam),
        "regime": site.regime,
        "averaged": site.averaged,
        "kinds": _kinds(site.exam),
    }


def _kinds(exam: Exam) -> dict[str, int]:
    """How many conflicts of each kind can be caught."""
    names, counts = np.unique(exam.event_category, return_counts=True)
    return {str(name): int(n) for name, n in zip(names, counts)}


def _kinds_of(sites: Sequence[Site]) -> dict[str, int]:
    total: dict[str, int] = {}
    for site in sites:
        for kind, n in _kinds(site.exam).items():
            total[kind] = total.get(kind, 0) + n
    return dict(sorted(total.items()))


def _uncut(table: FeatureTable) -> int:
    """How many recordings the clips of a table were cut from."""
    return len({name.split("#")[0] for name in table.episode_names})


def extent(exam: Exam) -> dict[str, Any]:
    """Recordings, ego-hours, conflicts that can be caught, and on how much that rests."""
    return {
        "recordings": exam.recordings,
        "hours": round(float(exam.hours.sum()), 4),
        "effective_hours": round(exam.effective_hours, 4),
        "events": exam.events,
        "unit": exam.unit_kind,
        "units": exam.units,
        "units_with_events": round(exam.units_with_events, 1),
    }


def recipes(data: StudyData, settings: StudySettings, choices: Choices) -> list[dict[str, Any]]:
    """What the tuned arms trained on, and what that was chosen on, a line each."""
    out = []
    for share in settings.fractions:
        repetition = RepetitionData.of(data, settings, 0, share)
        events = int(data.clips.events[splits.fraction(repetition.ordered, share)].sum())
        for detector in settings.detectors_at(share):
            for regime in data.regimes:
                choice = choices.get((share, detector, regime), Choice())
                place = {"fraction": share, "detector": detector, "regime": regime}
                for arm in (BEST_RECORDED, BEST_SIMULATED):
                    out.append({"arm": arm, **place, **_recipe(choice, arm, events)})
    return out


def _recipe(choice: Choice, arm: str, events: int) -> dict[str, Any]:
    recorded = arm == BEST_RECORDED
    recipe = choice.recorded if recorded else choice.simulated
    return {
        **asdict(recipe),
        "recorded_conflicts": events,
        "simulated_worth_conflicts": _worth(recipe, events),
        "validated_on_conflicts": choice.events,
        "validation_folds": choice.folds,
        "validation_precision": plain(choice.merit(arm)),
        "candidates": choice.candidates,
        "win_share": None if recorded else plain(choice.win_share),
        "fell_back": choice.fell_back and not recorded,
    }


def _worth(recipe: Recipe, events: int) -> float | None:
    """How many recorded conflicts weigh as much as all simulated ones.

    None where that is not set: rows as they come, or with another share of positives.
    """
    if not recipe.simulates:
        return 0.0
    if recipe.balance == "as_is":
        return None
    weight = recipe.weight if recipe.fusion is None else recipe.fusion / (1.0 - recipe.fusion)
    return None if weight is None else weight * events


def baseline_of(outcomes: Iterable[Outcome], settings: StudySettings) -> list[Outcome]:
    """The outcomes of `best_recorded` that variants are compared with."""
    which = BEST_RECORDED, settings.detectors[0], settings.fractions[-1]
    return [
        o
        for o in outcomes
        if (o.arm, o.detector, o.share) == which and o.seed < settings.variant_seeds
    ]


def variants_summary(
    base: Sequence[Outcome],
    varied: Sequence[Outcome],
    variants: Sequence[Variant],
    data: StudyData,
    settings: StudySettings,
    families: FamilyValues | None,
    seed: int,
) -> dict[str, Any]:
    """How much is enough, and which families: each variant beside `best_recorded`, paired.

    Returns:
        "sizes" and "families", left out where they were not asked for.
    """
    if not varied:
        return {}
    samples = Samples.of([*varied, *base], data.sites, settings.variant_seeds, seed, {})
    rows = [
        {**_variant(variant, samples, cell), "episodes": variant.part.episodes}
        for variant in variants
        for cell in samples.values
        if cell.arm == variant.arm and cell.metric in VARIANT_METRICS and cell.site == POOLED
    ]
    out: dict[str, Any] = {"sizes": [row for row in rows if row["what"] == SIZE]}
    if families is not None:
        out["families"] = {
            "validated_on_conflicts": families.events,
            "chosen": list(families.chosen),
            "groups": [
                {
                    "name": name,
                    "families": list(members),
                    "shapley": families.shapley[name],
                    "alone": families.alone[name],
                    "left_out": families.left_out[name],
                }
                for name, members in families.groups.items()
            ],
            "variants": [row for row in rows if row["what"] != SIZE],
        }
    return out


VARIANT_METRICS = ("average_precision", "recall_at_30_fah", "recall_at_30_fah_1s")
"""Metrics in which sizes and families are compared."""


def _variant(variant: Variant, samples: Samples, cell: Cell) -> dict[str, Any]:
    found = samples.averaged(cell)
    beside = samples.difference(cell, replace(cell, arm=BEST_RECORDED))
    return {
        "what": variant.what,
        "name": variant.name,
        "regime": cell.regime,
        "kind": cell.kind or None,
        "metric": cell.metric,
        "detector": cell.detector,
        "mean": plain(found.value),
        "low": plain(found.low),
        "high": plain(found.high),
        "difference": plain(beside.value),
        "difference_low": plain(beside.low),
        "difference_high": plain(beside.high),
        "detectable": plain(beside.detectable),
    }


def records(table: pd.DataFrame) -> Sequence[dict[str, Any]]:
    """A table as plain values, a mapping a row."""
    rows = table.to_dict("records")
    return [{str(name): plain(value) for name, value in row.items()} for row in rows]


def plain(value: Any) -> Any:
    """A value as JSON has it; NaN as None."""
    if isinstance(value, float | np.floating):
        return float(value) if math.isfinite(value) else None
    return int(value) if isinstance(value, np.integer) else value
