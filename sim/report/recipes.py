"""The recipes of the two tuned arms, in words, and the validation that chose them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from html import escape
from typing import Any

from sim.report import names, units
from sim.report.exposure import number
from sim.report.findings import BASE_ARM, MAIN_ARM, Findings
from sim.report.tables import none, table

CURES = {
    "none": "rows as they are",
    "class_weight": "class weights",
    "oversample": "positives repeated",
    "jitter": "positives repeated with noise",
    "smote": "positives interpolated (SMOTE)",
}
BALANCES = {
    "as_is": "positives as simulated",
    "prior_matched": "positives as rare as recorded",
    "half": "positives have half of the simulated weight",
}
NOTE = (
    "For new sites each training site with enough conflicts is held out in turn; for the same "
    "site other recordings of the same sites are. The two arms choose from equally many candidates "
    "by the mean log average precision, and the test logs have no part in it. With too few "
    "validation conflicts nothing is tuned and stated defaults hold."
)


def recipes(findings: Findings) -> str:
    """A table a regime: what each arm trained on at full size, by detector."""
    if not findings.recipes:
        return ""
    parts = [f'<p class="quiet">{NOTE}</p>']
    for regime in findings.regimes:
        told = escape(chosen_sentence(findings, regime))
        parts.append(f"<h3>{escape(names.regime(regime))}</h3><p>{told}</p>")
        parts.append(_table(findings, regime))
    return "".join(parts)


def chosen_sentence(findings: Findings, regime: str) -> str:
    """The recipe with simulation that was judged, and on what it was chosen."""
    recipe = findings.recipe(MAIN_ARM, regime)
    if not recipe:
        return "The recipe is not recorded."
    detector = names.detector(findings.chosen(MAIN_ARM, regime))
    validated = int(recipe["validated_on_conflicts"])
    if validated == 0:
        return (
            f"Validation holds too few conflicts to choose, so stated defaults hold: "
            f"{words(recipe)}; detector: {detector}."
        )
    on = f"on {units.count(validated, 'validation conflict')}"
    if recipe.get("fell_back"):
        return (
            f"Validation saw no gain {on}: the arm with simulation is the one without "
            f"({words(recipe)}; detector: {detector})."
        )
    return f"Chosen {on}: {words(recipe)}; detector: {detector}."


def words(recipe: Mapping[str, Any]) -> str:
    """A recipe in words."""
    cure = CURES.get(str(recipe["cure"]), str(recipe["cure"]))
    capacity = str(recipe.get("capacity") or "")
    model = f", {capacity} model" if capacity and capacity != "default" else ""
    if recipe["weight"] == 0:
        return f"recordings with {cure}{model}, no simulation"
    return f"recordings with {cure}{model}; {_simulation(recipe)}"


def _simulation(recipe: Mapping[str, Any]) -> str:
    weight = recipe["weight"]
    heavy = "row for row" if weight is None else f"at {weight:g} times the recorded weight"
    if recipe.get("fusion") is not None:
        heavy = f"in a model of its own that counts {units.percent(float(recipe['fusion']))}"
    egos = "every vehicle an ego" if recipe["egos"] == "all" else "one ego an episode"
    families = "the chosen families" if recipe["families"] == "chosen" else "all families"
    balance = BALANCES.get(str(recipe["balance"]), str(recipe["balance"]))
    return f"simulation {heavy}, {balance}, {egos}, {families}"


def _table(findings: Findings, regime: str) -> str:
    rows = []
    for recipe in findings.recipes:
        if (recipe["regime"], recipe["fraction"]) == (regime, findings.full):
            chosen = findings.chosen(str(recipe["arm"]), regime) == recipe["detector"]
            rows.append((recipe["arm"] != BASE_ARM, _row(recipe, chosen)))
    head = ["arm", "detector", "recipe", "simulation is worth", "recorded conflicts"]
    more = [
        "validation conflicts",
        "folds",
        "candidates",
        "average precision there",
        "resamples won",
    ]
    ordered = [row for _, row in sorted(rows, key=lambda each: each[0])]
    return table([*head, *more], ordered, text_columns=3)


def _worth(recipe: Mapping[str, Any]) -> str:
    """How many recorded conflicts the simulated rows weigh as much as."""
    if recipe["weight"] == 0:
        return none()
    worth = number(recipe.get("simulated_worth_conflicts"))
    return f"{units.number(worth)} conflicts" if math.isfinite(worth) else "row for row"


def _row(recipe: Mapping[str, Any], chosen: bool) -> list[str]:
    arm = escape(names.arm(str(recipe["arm"])).title)
    detector = escape(names.detector(str(recipe["detector"])))
    wins = recipe.get("win_share")
    fell = '<small class="caution">fell back: no gain seen</small>' if recipe["fell_back"] else ""
    return [
        arm,
        f"<b>{detector}</b><small>chosen</small>" if chosen else detector,
        escape(words(recipe)) + fell,
        _worth(recipe),
        units.number(number(recipe["recorded_conflicts"])),
        units.number(number(recipe["validated_on_conflicts"])),
        units.number(number(recipe["validation_folds"])),
        units.number(number(recipe["candidates"])),
        units.number(number(recipe["validation_precision"]), 3),
        none() if wins is None else units.percent(round(float(wins), 2)),
    ]
