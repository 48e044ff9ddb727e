"""What the report calls arms, metrics and regimes, and what it says they are."""

from __future__ import annotations

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
}
"""The arms of the default study, in the order in which charts and tables show them."""

REGIMES = {"new_site": "New sites", "same_site": "Same site"}
"""The two regimes, which are never averaged."""

DETECTORS = {
    "hgb": "gradient-boosted trees",
    "logistic": "logistic regression",
    "extra_trees": "extra trees",
    "none": "no detector",
}

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
METRICS: dict[str, Metric] = {
    "recall_at_30_fah": Metric(
        "recall at 30 false alarms per hour",
        "share",
        f"Share of conflicts caught when 30 false alarms per ego-hour are allowed, {_OPERATING}.",
    ),
    "recall_at_6_fah": Metric(
        "recall at 6 false alarms per hour",
        "share",
        f"Share of conflicts caught when 6 false alarms per ego-hour are allowed, {_OPERATING}.",
    ),
    "average_precision": Metric(
        "average precision",
        "score",
        "Area under precision against recall over rows, to be read beside the prevalence, "
        "which is what a guess would score.",
    ),
    "lead_time_s": Metric(
        "median lead time",
        "seconds",
        "From the alarm to the start of the conflict, over the conflicts caught at 30 false "
        "alarms per hour.",
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
    return METRICS.get(name, Metric(name, "score", "A metric outside the default study."))


def regime(name: str) -> str:
    """The title of a regime."""
    return REGIMES.get(name, name)


def detector(name: str) -> str:
    """The title of a detector."""
    return DETECTORS.get(name, name)


def in_order(names: set[str], known: dict[str, object]) -> list[str]:
    """Names in the order of a table of known ones, unknown ones after them by name."""
    return [n for n in known if n in names] + sorted(names - set(known))
