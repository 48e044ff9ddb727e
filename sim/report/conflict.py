"""What counted as a conflict in a study, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from sim.features import LabelSettings
from sim.report import names, units

FORMS = {
    "rear_end": "rear-end conflicts",
    "crossing": "conflicts in the plane (the crossing form)",
    "either": "rear-end conflicts and conflicts in the plane",
}
"""What each form of conflict is called."""


def form(summary: Mapping[str, Any]) -> str:
    """The conflicts that a study rests on, as a noun; the lead's where nothing is said."""
    told = str(_settings(summary)["form"])
    return FORMS.get(told, f"conflicts of the form {told}")


def definition(summary: Mapping[str, Any]) -> str:
    """When two road users are in conflict, with the numbers of this study."""
    at = _settings(summary)
    parts = []
    if at["form"] != "crossing":
        parts.append(_with_lead(at))
    if at["form"] != "rear_end":
        parts.append(_in_plane(at))
    return " Or: ".join(parts) + (
        " The detector sees what a sensor would have seen up to now and is asked whether one will "
        f"start within {_number(at['from_s'])} to {_number(at['until_s'])} s."
    )


def kinds(summary: Mapping[str, Any]) -> str:
    """How many conflicts to train on and to test on are of which kind; empty where unknown."""
    told = dict(summary["logs"].get("kinds") or {})
    parts = []
    for side in ("train", "test"):
        found = [f"{n} {names.kind(str(kind))}" for kind, n in dict(told.get(side) or {}).items()]
        if found:
            parts.append(f"{units.listing(found)} to {side} on")
    return f"Conflicts that can be caught: {'; '.join(parts)}." if parts else ""


def _with_lead(at: Mapping[str, Any]) -> str:
    confirmed = ", confirmed by both the speed difference and the gap's own rate of change"
    return (
        f"Time to collision to the lead under {_number(at['ttc_s'])} s for at least "
        f"{_number(at['lasting_s'])} s{confirmed if at['confirm'] else ''}."
    )


def _in_plane(at: Mapping[str, Any]) -> str:
    confirmed = ", also as both have moved and turned" if at["confirm"] else ""
    return (
        "Between an ego and any other road user, people on foot, cyclists and objects included: "
        "time to collision of the two boxes at constant velocity under "
        f"{_number(at['ttc_2d_s'])} s for at least {_number(at['lasting_s'])} s{confirmed}; or "
        f"post-encroachment time under {_number(at['pet_s'])} s, from when the second enters the "
        "ground that the first has left, of two that do not follow each other."
    )


def _settings(summary: Mapping[str, Any]) -> dict[str, Any]:
    return {**asdict(LabelSettings()), **dict(summary.get("conflict") or {})}


def _number(value: object) -> str:
    return f"{value:g}" if isinstance(value, int | float) else str(value)
