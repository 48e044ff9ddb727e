"""Simulated training rows: families sampled, run and seen through the sensors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.base.document import is_scenario_file
from sim.base.errors import expected, unknown
from sim.base.rng import purpose
from sim.calibrate import load_mix
from sim.family import Family, load_families, load_variant
from sim.features import FeatureTable, Form, LabelSettings, WindowSettings, featurize
from sim.sampling import Sampler
from sim.sampling.sample import pilot, sample
from sim.sensing import SensorSettings
from sim.studies.cache import cached
from sim.studies.pool import Pool
from sim.studies.settings import StudySettings
from sim.world.rollout import simulate

SHARD = 50
"""Episodes that are simulated and sensed at once."""
NEGATIVE_STEP = 8
"""Of the negative rows of episodes seen by all of their vehicles every eighth is kept, which counts
eightfold: some 100,000 of 815,000 in a default study, of which a fit takes at most 6,000. The table
of all needs 267 MB, which workers and the joining of shards hold several times."""
NOMINAL = "nominal"
"""The tag of families without edge cases."""
NO_EDGE = {NOMINAL, "regression"}
"""Tags of families that are no edge cases unless they are named: ordinary traffic, fixed suites."""


@dataclass(frozen=True)
class Shard:
    """Some episodes of one family, and how they are sensed.

    Attributes:
        all_egos: Whether each of their vehicles is an ego, or the first alone.
    """

    family: Family
    start: int
    count: int
    seed: int
    sampler: Sampler
    sensor: SensorSettings
    label: LabelSettings
    window: WindowSettings
    settings: StudySettings
    all_egos: bool


@dataclass(frozen=True)
class SimulatedRows:
    """Rows of simulated episodes that can be trained on.

    Attributes:
        first: With the first road user of each episode as ego.
        all_egos: With each vehicle of some of the episodes as ego, negatives thinned.
    """

    first: FeatureTable
    all_egos: FeatureTable


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


def kinds_of(names: Sequence[str]) -> dict[str, str]:
    """The kind of danger of families, by the names of their episodes: their first tag."""
    known = load_families()
    return {
        name: known[name].tags[0] if name in known and known[name].tags else "other"
        for name in names
    }


def nominal_families(form: Form = "rear_end") -> list[str]:
    """The families of ordinary traffic of the kind in which this form of danger is met.

    All of them where there is none for the form: they hold little danger of any kind.
    """
    nominal = {name: f for name, f in load_families().items() if NOMINAL in f.tags}
    return [name for name, family in nominal.items() if _fits(family, form)] or list(nominal)


def _fits(family: type[Family], form: Form) -> bool:
    return form in ("either", family.event)


def episodes_of(settings: StudySettings, form: Form) -> dict[str, int]:
    """Episodes of each family of edge cases: alike, or shared out by a mix.

    Raises:
        UserError: A name is no family's, no family is of this form, or the mix cannot be read.
    """
    settings = settings.resolved(form)
    if not settings.mix:
        names = edge_families(settings.families, form)
        return dict.fromkeys(names, settings.episodes_per_family)
    shares = load_mix(settings.mix)
    total = settings.episodes_per_family * len(edge_families((), form))
    names = edge_families(tuple(shares), form)
    return {name: max(1, round(total * shares[name])) for name in names}


def simulated_rows(
    episodes: Mapping[str, int],
    settings: StudySettings,
    *,
    sampler: Sampler,
    sensor: SensorSettings,
    label: LabelSettings,
    window: WindowSettings,
    seed: int,
    pool: Pool,
    all_egos: int = 0,
) -> SimulatedRows:
    """Rows of so many episodes of each family, `all_egos` of them also of every vehicle."""
    seen: dict[str, Any] = {"sampler": sampler, "sensor": sensor, "label": label}
    seen |= {"window": window, "seed": seed}
    key = {"episodes": dict(episodes), "all_egos": all_egos, "stride_s": settings.stride_s, **seen}

    def made() -> dict[str, FeatureTable]:
        rows = _simulated(episodes, settings, pool=pool, all_egos=all_egos, **seen)
        return {"first": rows.first, "all_egos": rows.all_egos}

    keep = settings.cache and not window.extra and all(_is_shipped(name) for name in episodes)
    tables = cached(key, made, use=keep)
    return SimulatedRows(tables["first"], tables["all_egos"])


def _is_shipped(name: str) -> bool:
    """Whether a family comes with Closecall: the code of others is not in the cache's keys."""
    return not is_scenario_file(name) and type(_family(name)).__module__.startswith("scenarios.")


def _simulated(
    episodes: Mapping[str, int],
    settings: StudySettings,
    *,
    sampler: Sampler,
    sensor: SensorSettings,
    label: LabelSettings,
    window: WindowSettings,
    seed: int,
    pool: Pool,
    all_egos: int,
) -> SimulatedRows:
    shards = []
    for name, count in episodes.items():
        family = _family(name)
        own_seed = _seed(family.terms.name, seed)
        piloted = pilot(family, sampler, seed=own_seed, seconds=family.seconds)
        seen = (seed, piloted, sensor, label, window, settings)
        for at, length, whole in _parts(count, all_egos):
            shards.append(Shard(family, at, length, *seen, whole))
    first: list[FeatureTable] = []
    seen_by_all: list[FeatureTable] = []
    for own, by_all in pool.map("simulating", _sensed, shards, len(shards)):
        first.append(own)
        seen_by_all += [] if by_all is None else [by_all]
    joined = FeatureTable.concat(first)
    first.clear()
    return SimulatedRows(joined, FeatureTable.concat(seen_by_all) if seen_by_all else joined)


def _parts(count: int, all_egos: int) -> Iterator[tuple[int, int, bool]]:
    """Start and count of the shards of a family, and whether all vehicles are egos there.

    >>> [*_parts(120, 60)]
    [(0, 50, True), (50, 10, True), (60, 50, False), (110, 10, False)]
    """
    border = min(count, all_egos)
    for low, high, whole in ((0, border, True), (border, count, False)):
        for at in range(low, high, SHARD):
            yield at, min(SHARD, high - at), whole


def _of_first_ego(table: FeatureTable) -> FeatureTable:
    """The rows and conflicts of the ego of each episode, which the engine numbers 0."""
    events = table.events[table.events["ego_id"] == 0].reset_index(drop=True)
    return replace(table.take(table.ego == 0), events=events)


def _thinned(table: FeatureTable) -> FeatureTable:
    """The usable rows, of the negative ones every eighth, which stand for all."""
    negative = np.flatnonzero(table.use & ~table.y)
    kept = negative[::NEGATIVE_STEP]
    weight = table.weight.copy()
    weight[kept] *= weight[negative].sum() / weight[kept].sum() if len(kept) else 1.0
    rows = np.sort(np.concatenate([np.flatnonzero(table.use & table.y), kept]))
    return replace(table, weight=weight).take(rows)


def _seed(family: str, seed: int) -> int:
    return purpose(f"study.{family}.{seed}") % 2**31


def _sensed(shard: Shard) -> tuple[FeatureTable, FeatureTable | None]:
    """Rows of the first road user of each episode, and of each vehicle where these are wanted."""
    load_families()
    seed = _seed(shard.family.terms.name, shard.seed)
    episode = sample(
        shard.family, n=shard.count, seed=seed, sampler=shard.sampler, start=shard.start
    )
    log = simulate(episode, seconds=shard.family.seconds, threads=1)
    table = featurize(
        log,
        sensor=shard.sensor,
        label=shard.label,
        window=shard.window,
        seed=seed,
        stride_s=shard.settings.stride_s,
        egos="all" if shard.all_egos else "first",
    )
    first = _of_first_ego(table) if shard.all_egos else table
    return first.take(first.use), _thinned(table) if shard.all_egos else None
