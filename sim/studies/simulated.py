"""Simulated training rows: families sampled, run and seen through the sensors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sim.base.document import is_scenario_file
from sim.base.errors import expected, unknown
from sim.base.rng import purpose
from sim.family import Family, load_families, load_variant
from sim.features import FeatureTable, Form, LabelSettings, featurize
from sim.sampling import Sampler
from sim.sampling.sample import pilot, sample
from sim.sensing import SensorSettings
from sim.studies.pool import Pool
from sim.studies.settings import StudySettings
from sim.world.rollout import simulate

SHARD = 50
"""Episodes that are simulated and sensed at once."""
NOMINAL = "nominal"
"""The tag of families without edge cases."""
NO_EDGE = {NOMINAL, "regression"}
"""Tags of families that are no edge cases unless they are named: ordinary traffic, fixed suites."""


@dataclass(frozen=True)
class Shard:
    """Some episodes of one family, and how they are sensed."""

    family: Family
    start: int
    count: int
    seed: int
    sampler: Sampler
    sensor: SensorSettings
    label: LabelSettings
    settings: StudySettings


def edge_families(names: Sequence[str], form: Form = "rear_end") -> list[str]:
    """The families and scenario files named, or all whose danger is of this form.

    Nominal traffic and fixed suites have to be named.

    Raises:
        UserError: A name is no family's, a file describes none, or no family is of this form.
            Named ones may be of another, where rear-end danger counts in the plane as well.
    """
    known = load_families()
    for name in names:
        if not is_scenario_file(name) and name not in known:
            raise unknown("study.families", name, known)
    for name in names:
        _family(name)  # a file that describes none is told before anything runs
    fitting = [name for name, family in known.items() if _fits(family, form)]
    chosen = list(names) or [name for name in fitting if not NO_EDGE & {*known[name].tags}]
    if not chosen:
        raise expected("study.families", f"a family whose danger is {form} (label.form)", "none")
    if form == "rear_end" and not any(_fits(type(_family(name)), form) for name in chosen):
        wanted = "a family whose danger is rear_end (label.form; see closecall list)"
        raise expected("study.families", wanted, list(names))
    return chosen


def _family(name: str) -> Family:
    """The family of that name, or that a scenario file describes."""
    return load_variant(name) if is_scenario_file(name) else load_families()[name]()


def nominal_families(form: Form = "rear_end") -> list[str]:
    """The families of ordinary traffic of the kind in which this form of danger is met.

    All of them where there is none for the form: they hold little danger of any kind.
    """
    nominal = {name: f for name, f in load_families().items() if NOMINAL in f.tags}
    return [name for name, family in nominal.items() if _fits(family, form)] or list(nominal)


def _fits(family: type[Family], form: Form) -> bool:
    return form in ("either", family.event)


def simulated_table(
    names: Sequence[str],
    count: int,
    settings: StudySettings,
    *,
    sampler: Sampler,
    sensor: SensorSettings,
    label: LabelSettings,
    seed: int,
    pool: Pool,
) -> FeatureTable:
    """Rows of `count` episodes of each family."""
    shards = []
    for name in names:
        family = _family(name)
        own_seed = _seed(family.terms.name, seed)
        own = pilot(family, sampler, seed=own_seed, seconds=family.seconds)
        shards += [
            Shard(family, at, min(SHARD, count - at), seed, own, sensor, label, settings)
            for at in range(0, count, SHARD)
        ]
    return FeatureTable.concat([*pool.map("simulating", _sensed, shards, len(shards))])


def _seed(family: str, seed: int) -> int:
    return purpose(f"study.{family}.{seed}") % 2**31


def _sensed(shard: Shard) -> FeatureTable:
    load_families()
    seed = _seed(shard.family.terms.name, shard.seed)
    episode = sample(
        shard.family, n=shard.count, seed=seed, sampler=shard.sampler, start=shard.start
    )
    log = simulate(episode, seconds=shard.family.seconds, threads=1)
    return featurize(
        log,
        sensor=shard.sensor,
        label=shard.label,
        seed=seed,
        stride_s=shard.settings.stride_s,
        egos=shard.settings.simulated_egos,
    )
