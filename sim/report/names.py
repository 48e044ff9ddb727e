"""What the report calls arms, metrics and regimes, and what it says they are."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["physics", "real", "control", "simulation", "other"]


@dataclass(frozen=True)
class Arm:
    """One arm of the study.

    Attributes:
        title: A few words for axes and tables.
        role: Which colour it is drawn in and which part of charts it stands in.
        note: What it is, in one sentence.
    """

    title: str
    role: Role
    note: str


ARMS: dict[str, Arm] = {
    "physics_ttc": Arm("1/TTC", "physics", "Closing speed over gap to the lead."),
    "physics_mttc": Arm("1/MTTC", "physics", "The same with the relative acceleration kept."),
    "physics_drac": Arm("DRAC", "physics", "Deceleration that just avoids the lead, c²/2g."),
    "physics_areq": Arm(
        "Required deceleration", "physics", "DRAC with the lead's own braking added."
    ),
    "physics_ttc2": Arm("1/TTC, second leader", "physics", "1/TTC to the leader's leader."),
    "physics_closing2": Arm(
        "Closing speed of both/gap",
        "physics",
        "The larger closing speed of leader and second leader over the gap.",
    ),
    "physics_thw": Arm("1/headway", "physics", "Own speed over gap."),
    "physics_ttc_2d": Arm(
        "1/TTC in the plane", "physics", "1/TTC to whatever is soonest in the way, from anywhere."
    ),
    "physics_crossing": Arm(
        "1/time to crossing",
        "physics",
        "1/time until somebody touches the ego or crosses its way, with the time between.",
    ),
    "best_recorded": Arm(
        "Best without simulation",
        "real",
        "Recorded logs alone, with the recipe and the detector that validation chose.",
    ),
    "best_simulated": Arm(
        "Best with simulation",
        "simulation",
        "The same with simulated edge cases: weight, balance, egos, families, capacity and "
        "detector chosen on validation, from as many candidates. Where validation saw no gain it "
        "is the recipe without simulation.",
    ),
    "best_simulated_shuffled": Arm(
        "Best with shuffled simulation",
        "control",
        "The same recipe with the labels of the simulated rows permuted: must not help.",
    ),
    "real": Arm("Real only", "real", "The detector trained on real logs alone."),
    "real_class_weight": Arm(
        "Real, class weights", "control", "Rare positives weigh more; nothing is added."
    ),
    "real_oversample": Arm("Real, oversampled", "control", "Positives repeated."),
    "real_jitter": Arm(
        "Real, jittered positives", "control", "Positives repeated with a little noise."
    ),
    "real_extra": Arm(
        "Real, twice the logs",
        "control",
        "The yardstick: twice the real recordings, no simulation.",
    ),
    "real_half_a": Arm("A/A half a", "control", "Half of the training recordings."),
    "real_half_b": Arm(
        "A/A half b", "control", "The other half; the two should not differ beyond chance."
    ),
    "real_sim_shuffled": Arm(
        "Real + shuffled simulation",
        "control",
        "The same simulated rows and weight with their labels permuted: what unrelated data do.",
    ),
    "real_ordinary_sim": Arm(
        "Real + ordinary simulation", "simulation", "Simulated traffic without edge cases."
    ),
    "real_sim_pooled": Arm(
        "Real + simulation, pooled", "simulation", "Edge cases added row for row."
    ),
    "real_sim_weighted": Arm(
        "Real + simulation, weighted",
        "simulation",
        "Edge cases with the prior of the real logs and a weight chosen on validation.",
    ),
    "sim_only": Arm("Simulation only", "simulation", "No real log in training."),
    "real_unexamined": Arm(
        "Real, unexamined",
        "control",
        "With the recordings that the examination left out: what leaving them out is worth.",
    ),
}
"""The arms of the default study, in the order in which charts and tables show them."""

REGIMES = {"new_site": "New sites", "same_site": "Same site"}
"""The two regimes, which are never averaged."""

DETECTORS = {
    "hgb": "gradient-boosted trees",
    "logistic": "logistic regression",
    "extra_trees": "extra trees",
    "ensemble": "mean of the detectors' standardised scores",
    "hgb_or_mttc": "gradient-boosted trees or 1/MTTC",
    "chosen": "the detector that validation chose",
    "none": "no detector",
}

KINDS: dict[str, str] = {
    "lead": "with the lead",
    "cut_in": "with a vehicle that cuts in",
    "crossing": "with crossing traffic",
    "encroachment": "by post-encroachment time",
    "pedestrian": "with people on foot",
    "cyclist": "with cyclists",
    "object": "with objects",
}
"""What conflicts of each kind of danger are called; the kinds of the `crossing` form among them."""

Unit = Literal["share", "score", "per_hour", "seconds"]


@dataclass(frozen=True)
class Metric:
    """One metric.

    Attributes:
        title: How sentences and axes name it.
        unit: How its values are written.
        note: Its definition.
    """

    title: str
    unit: Unit
    note: str


_OPERATING = "read off the operating curve of the test logs, alike for every arm"
_RECALL = re.compile(r"recall_at_(\d+(?:\.\d+)?)_fah(?:_(05|1|15)s)?")
_AHEAD = {"05": "0.5", "1": "1", "15": "1.5"}


def _recall(budget: str, ahead: str | None) -> Metric:
    title = f"recall at {budget} false alarms per hour"
    note = f"Share of conflicts caught when {budget} false alarms per ego-hour are allowed, "
    if ahead is None:
        return Metric(title, "share", f"{note}{_OPERATING}.")
    seconds = _AHEAD[ahead]
    return Metric(
        f"{title}, alarm at least {seconds}\N{NO-BREAK SPACE}s ahead",
        "share",
        f"{note}and the first alarm comes at least {seconds} s before the start; {_OPERATING}.",
    )


METRICS: dict[str, Metric] = {
    "average_precision": Metric(
        "average precision",
        "score",
        "Area under precision against recall over rows, to be read beside the prevalence, "
        "which is what a guess would score.",
    ),
    "recall_at_30_fah_1s": _recall("30", "1"),
    "recall_at_30_fah": _recall("30", None),
    "recall_at_30_fah_05s": _recall("30", "05"),
    "recall_at_30_fah_15s": _recall("30", "15"),
    "recall_at_6_fah": _recall("6", None),
    "recall_at_6_fah_05s": _recall("6", "05"),
    "recall_at_6_fah_1s": _recall("6", "1"),
    "recall_at_6_fah_15s": _recall("6", "15"),
    "lead_time_s": Metric(
        "median lead time",
        "seconds",
        "From the first alarm to the start of the conflict, over the conflicts caught at 30 "
        "false alarms per hour.",
    ),
    "recall_at_val_threshold": Metric(
        "recall at the validation threshold",
        "share",
        "Share of conflicts caught with the threshold carried over from validation, as it "
        "would be in use.",
    ),
    "fah_at_val_threshold": Metric(
        "false alarms per hour at the validation threshold",
        "per_hour",
        "What that threshold really costs on the test logs.",
    ),
    "prevalence": Metric("prevalence", "score", "Share of positive rows in the test logs."),
}


def arm(name: str) -> Arm:
    """What is known of an arm; one from elsewhere goes by its own name."""
    return ARMS.get(name, Arm(name, "other", "An arm outside the default study."))


def metric(name: str) -> Metric:
    """What is known of a metric; one from elsewhere goes by its own name."""
    if name not in METRICS and (found := _RECALL.fullmatch(name)):
        return _recall(*found.groups())
    return METRICS.get(name, Metric(name, "score", "A metric outside the default study."))


def regime(name: str) -> str:
    """The title of a regime."""
    return REGIMES.get(name, name)


def detector(name: str) -> str:
    """The title of a detector."""
    return DETECTORS.get(name, name)


def kind(name: str) -> str:
    """What conflicts of a kind of danger are called."""
    return KINDS.get(name.replace("-", "_"), name)


def in_order(names: set[str], known: Mapping[str, object]) -> list[str]:
    """Names in the order of a table of known ones, unknown ones after them by name."""
    return [n for n in known if n in names] + sorted(names - set(known))
