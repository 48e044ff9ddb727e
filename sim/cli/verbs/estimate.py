"""How probable danger is in a family, sampled as in nature, with an interval and the ways it comes.

Prints the probability, what it rests on, flags where it is not to be trusted, and the modes: the
distinct ways into danger with their share. Writes `estimate.json`, `failures.csv` (quantities and
log weights of all dangerous draws) and a frozen scenario file for each mode.

Examples:
  closecall estimate cut_in
  closecall estimate pedestrian_occluded of=contact max_calls=50000
  closecall estimate my_variant.yaml of=contact per_1000_km=0.8
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
import pandas as pd
from tqdm import tqdm

from sim.base.errors import expected
from sim.base.rng import purpose
from sim.base.store import write_json, write_text
from sim.cli.out import result_folder, save_config
from sim.config.build import build_family
from sim.family import UNITS, Concrete, save_concrete
from sim.family.text import table
from sim.sampling.estimate import Estimate, Mode
from sim.sampling.family_estimate import FamilyEstimate, estimate_family, point_keys
from sim.sampling.feasible import check_share
from sim.sampling.limits import MOST_EPISODES, check_whole

POSITIONAL = "scenario"
PATHS = ("out",)
TOLD = 4
"""Quantities that are told of each mode: those farthest from ordinary."""
FEWEST, SURE = 10, 3.0
"""Effective draws below which a way is not described, and standard errors that a quantity's mean
has to lie from the ordinary: of a hundred quantities the largest of chance lies at 2.6."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall estimate`.

    Attributes:
        scenario: The family or scenario file.
        of: "event" (what counts as danger in the family) or "contact".
        target_rrmse: Relative error at which to stop.
        max_calls: Episodes at most.
        per_1000_km: How many such scenarios are met in 1,000 km; null leaves that open.
        seed: Of all randomness.
        out: New folder; null makes one below `runs/`.
    """

    scenario: dict[str, Any]
    of: Literal["event", "contact"] = "event"
    target_rrmse: float = 0.05
    max_calls: int = 10_000
    per_1000_km: float | None = None
    seed: int = 0
    out: Path | None = None

    def __post_init__(self) -> None:
        if not 0.0 < self.target_rrmse < 1.0:
            raise expected("target_rrmse", "a share between 0 and 1", self.target_rrmse)
        check_whole("max_calls", self.max_calls, least=100, most=MOST_EPISODES)
        if self.per_1000_km is not None and not 0.0 < self.per_1000_km < 1e6:
            raise expected("per_1000_km", "a number above 0", self.per_1000_km)
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)


def run(settings: Settings, config: str) -> Path:
    """Estimate; returns the folder."""
    family = build_family(settings.scenario)
    check_share(family)  # before there is a folder
    out = result_folder(settings.out, "estimate")
    with tqdm(total=settings.max_calls, unit="episode", file=sys.stderr) as bar:
        found = estimate_family(
            family,
            of=settings.of,
            target_rrmse=settings.target_rrmse,
            max_calls=settings.max_calls,
            seed=settings.seed,
            told=lambda n: bar.update(n) and None,
        )
    print(_told(found, settings))
    sys.stdout.flush()
    save_config(out, config)  # not before: one that was stopped leaves an empty folder
    write_json(_written(found), out / "estimate.json")
    write_text(_failures(found).to_csv(index=False), out / "failures.csv")
    for k, mode in enumerate(found.found.modes, start=1):
        save_concrete(_frozen(found, mode.nearest), out / f"mode_{k}.yaml")
    return out


def _told(found: FamilyEstimate, settings: Settings) -> str:
    low, high = found.interval
    est = found.found
    rows = [
        (f"{found.of} in an episode", f"{found.probability:.3e}, 95 % {low:.3e} to {high:.3e}"),
        ("by", f"{est.method}, {_rests_on(est)}, relative error {est.rrmse:.1%}"),
        ("effective dangerous draws", f"{est.ess:.0f} of {len(est.points)}"),
        ("crude Monte Carlo", f"relative error {est.crude_rrmse:.1%} with as many episodes"),
    ]
    if settings.per_1000_km is not None:
        per = settings.per_1000_km * 1000.0
        rate = f"{found.probability * per:.3g} [{low * per:.3g}, {high * per:.3g}]"
        rows.append(("in a million km", rate))
    if found.met < 1.0:
        rows.append(("constraints", f"met by {found.met:.1%} of the draws; given that they are"))
    rows += [(f"flag: {flag}", flag.words) for flag in est.flags]
    return "\n".join([table(rows), *_modes(found)])


def _rests_on(est: Estimate) -> str:
    """Of how many episodes the error is, and how many were simulated for it."""
    if est.counted == est.calls:
        return f"{est.calls:,} episodes"
    return f"{est.counted:,} episodes, after {est.calls - est.counted:,} that found where to look"


def _modes(found: FamilyEstimate) -> list[str]:
    """A line a way: where its nearest scenario lies, in the quantities that tell it apart."""
    lines, few = [], 0.0
    for number, mode in enumerate(found.found.modes, start=1):
        draws = mode.share * found.found.ess
        if draws < FEWEST:
            few += mode.share
            continue
        lines.append(f"way {number}, {mode.share:.0%}: {_apart(found, mode, SURE / draws**0.5)}")
    if few:
        rest = "others" if lines else "ways"
        lines.append(f"{rest}, {few:.0%}: each rests on fewer than {FEWEST} effective draws")
    return lines


def _apart(found: FamilyEstimate, mode: Mode, least: float) -> str:
    """The quantities whose mean lies farther from the ordinary than `least` deviations."""
    axes = found.family.space.axes
    columns = found.family.columns(found.draws(mode.nearest[None]))
    values = [float(column[0]) for column in columns.values()]
    far = [k for k in np.argsort(-np.abs(mode.mean)) if abs(mode.mean[k]) > least][:TOLD]
    told = [
        f"{axes[k].name} {values[k]:.3g} {_unit(found, axes[k].quantity)} ({mode.mean[k]:+.1f} sd)"
        for k in far
    ]
    return ", ".join(told) or "no single quantity tells it from the ordinary"


def _unit(found: FamilyEstimate, name: str) -> str:
    return next(UNITS[q.unit] for q in found.family.quantities if q.name == name)


def _written(found: FamilyEstimate) -> dict[str, Any]:
    est = found.found
    low, high = found.interval
    modes = [
        {"share": m.share, "distance": m.distance, "nearest": m.nearest, "mean": m.mean}
        for m in est.modes
    ]
    return {
        "family": found.family.terms.name,
        "of": found.of,
        "probability": found.probability,
        "low": low,
        "high": high,
        "rrmse": est.rrmse,
        "calls": est.calls,
        "counted": est.counted,
        "ess": est.ess,
        "method": est.method,
        "flags": {str(flag): flag.words for flag in est.flags},
        "crude_rrmse": est.crude_rrmse,
        "constraints_met": found.met,
        "modes": modes,
        "seed": found.seed,
    }


def _failures(found: FamilyEstimate) -> pd.DataFrame:
    """Every dangerous draw: the key of its noise, its weight and its quantities."""
    points = found.found.points
    columns = found.family.columns(found.draws(points)) if len(points) else {}
    keys = {"episode": point_keys(points), "log_weight": found.found.log_weight}
    return pd.DataFrame(keys | columns)


def _frozen(found: FamilyEstimate, point: Any) -> Concrete:
    one = np.asarray(point)[None]
    return Concrete(
        family=found.family,
        values=found.draws(one).values,
        seed=purpose(f"estimate {found.seed}"),
        episode=int(point_keys(one)[0]),
        seconds=found.family.seconds,
        name=found.family.terms.name,
        about={"of": found.of},
    )
