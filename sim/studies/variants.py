"""How much simulation, and of which families: `best_simulated` trained on parts of the episodes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from sim.studies.arms import ARMS, BEST_SIMULATED
from sim.studies.data import POOLED, StudyData
from sim.studies.families import FamilyValues
from sim.studies.jobs import Choices, Job, Outcome, judge, scores_of
from sim.studies.pool import Pool
from sim.studies.repetition import RepetitionData, Selection
from sim.studies.settings import StudySettings
from sim.studies.tuning import Choice

SIZE, ALONE, WITHOUT, ALLOCATED = "size", "alone", "without", "allocated"
"""What a variant varies: episodes a family, a group of families alone or left out, or whether a
budget of episodes goes to the families that helped on validation or to all alike."""


@dataclass(frozen=True)
class Variant:
    """A part of the simulated episodes.

    Attributes:
        what: What is varied.
        name: Number of episodes a family, or name of a group of families.
        part: Which episodes.
    """

    what: str
    name: str
    part: Selection

    @property
    def arm(self) -> str:
        """Its name among arms."""
        return f"{self.what}:{self.name}"


@dataclass(frozen=True)
class VariantJob:
    """The variants of one repetition at one size."""

    seed: int
    share: float
    variants: tuple[Variant, ...]


def variants_of(
    data: StudyData, settings: StudySettings, families: FamilyValues | None
) -> list[Variant]:
    """The variants of a study: sizes, each group of families alone and left out, the helpful."""
    sizes = [m for m in settings.sizes if m < settings.episodes_per_family]
    sizes += [settings.episodes_per_family] * bool(settings.sizes)
    out = [Variant(SIZE, str(m), Selection(episodes=m)) for m in sizes]
    names = sorted({*data.edge.episode_site})
    if families is not None and len(families.groups) > 1:
        for group, members in families.groups.items():
            others = tuple(sorted({*names} - {*members}))
            out.append(Variant(ALONE, group, Selection(families=tuple(sorted(members)))))
            out.append(Variant(WITHOUT, group, Selection(families=others)))
        out += _allocations(families.chosen, names, settings.episodes_per_family)
    return out


def _allocations(chosen: Sequence[str], names: Sequence[str], episodes: int) -> list[Variant]:
    """The episodes of the chosen families, and as many in all spread evenly over all families."""
    if not 0 < len(chosen) < len(names):
        return []
    each = max(1, round(episodes * len(chosen) / len(names)))
    return [
        Variant(ALLOCATED, "chosen", Selection(families=tuple(sorted(chosen)))),
        Variant(ALLOCATED, "even", Selection(episodes=each)),
    ]


def run_variants(
    data: StudyData,
    settings: StudySettings,
    choices: Choices,
    variants: Sequence[Variant],
    pool: Pool,
) -> list[Outcome]:
    """Train the main detector on each variant, at full size, and judge it on the pools.

    Groups of families alone and left out are judged on each kind of conflict, too.
    """
    share = settings.fractions[-1]
    jobs = [
        VariantJob(seed, share, tuple(variants[k::2]))
        for seed in range(settings.variant_seeds)
        for k in range(2)
        if variants[k::2]
    ]
    work = partial(_run, data=data, settings=settings, choices=choices)
    return [o for part in pool.map("variants", work, jobs, len(jobs)) for o in part]


def _run(
    job: VariantJob, data: StudyData, settings: StudySettings, choices: Choices
) -> list[Outcome]:
    detector = settings.detectors[0]
    repetition = RepetitionData.of(data, settings, job.seed, job.share)
    arm = ARMS[BEST_SIMULATED]
    recordings = repetition.recordings(arm)
    assert recordings is not None
    real = repetition.real(recordings)
    out = []
    for variant in job.variants:
        for regime in data.regimes:
            recipe = choices.get((job.share, detector, regime), Choice()).simulated_tried
            pipeline = repetition.train(detector, arm, recipe, real, variant.part)
            scores = scores_of(pipeline, data)
            run = Job(job.seed, job.share, detector)
            for site in data.sites:
                if site.regime == regime and site.name == POOLED:
                    by_kind = variant.what in (ALONE, WITHOUT)
                    kinds = tuple(p for p in site.parts if by_kind and p.kind)
                    apart = replace(site, parts=kinds)
                    out += judge(run, variant.arm, apart, scores, np.nan, settings, by_part=True)
    return out
