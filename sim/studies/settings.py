"""What a study is asked to do. The defaults are the default study; `conf/` holds the variants."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from sim.base.errors import expected, unknown
from sim.features import Form
from sim.learn import detectors
from sim.studies.arms import ARMS


@dataclass(frozen=True, kw_only=True)
class LogsSettings:
    """Which logs are trained on and which are kept out.

    Attributes:
        kind: Where the logs come from; "auto" is recorded if a folder is given, else field.
        root: Folder of recordings for both sides; each file's parent folder is its site.
        train_root, test_root: The same where the two sides lie apart.
        train_sites, test_sites: Sites of each side; empty means all of its root.
        train_groups, test_groups: Patterns of groups such as "us101/[1-9]"; empty means all.
        same_site_share: Share of the groups of each training site that is kept out of training
            and tested as "same site" (where `test_groups` does not say it already).
        examine: Whether recordings are examined first and what cannot be believed is left out.
    """

    kind: Literal["auto", "recorded", "field"] = "auto"
    root: str | None = None
    train_root: str | None = None
    test_root: str | None = None
    train_sites: tuple[str, ...] = ()
    test_sites: tuple[str, ...] = ()
    train_groups: tuple[str, ...] = ()
    test_groups: tuple[str, ...] = ()
    same_site_share: float = 0.0
    examine: bool = True

    def __post_init__(self) -> None:
        if not 0.0 <= self.same_site_share <= 0.9:
            raise expected("logs.same_site_share", "a share of 0 to 0.9", self.same_site_share)
        if self.kind == "recorded" and not self.folders:
            raise expected("logs.root", "a folder of recordings for logs.kind=recorded", self.root)
        if self.kind == "field" and self.folders:
            raise expected("logs.kind", "auto or recorded where a folder is given", self.kind)
        if (self.train_root is None) != (self.test_root is None):
            lacking = "logs.train_root" if self.train_root is None else "logs.test_root"
            raise expected(lacking, "a folder, as the other side has its own", None)
        if self.root is not None and self.train_root is not None:
            raise expected("logs.root", "nothing where train_root and test_root are", self.root)

    @property
    def folders(self) -> bool:
        """Whether recordings are given."""
        return self.root is not None or self.train_root is not None or self.test_root is not None


@dataclass(frozen=True)
class Usual:
    """What a study takes where nothing is given."""

    episodes_per_family: int
    seeds: int
    fractions: tuple[float, ...]
    spot_detectors: tuple[str, ...]
    positives_max: int
    negatives_max: int


AUTO = "auto"
_ONE_FORM = Usual(500, 3, (0.05, 0.25, 1.0), ("extra_trees",), 8_000, 6_000)
USUAL: dict[Form, Usual] = {
    "rear_end": _ONE_FORM,
    "crossing": _ONE_FORM,
    "either": Usual(200, 2, (0.05, 1.0), (), 5_000, 4_000),
}
"""With both forms twice as many families have a part, and rows have a third more features: the
same time is spent."""


@dataclass(frozen=True, kw_only=True)
class StudySettings:
    """How much is trained, simulated and resampled.

    Attributes:
        fractions: Shares of the training clips, nested; empty: .05, .25 and 1, or .05 and 1 where
            conflicts of both forms count.
        clip_s: Training recordings longer than this are cut into clips [s].
        seeds: Repetitions with other subsets of the recordings and other detectors' seeds; 0: 3,
            or 2 where conflicts of both forms count.
        detectors: Trained for every arm at every fraction.
        spot_detectors: Trained for `spot_arms` at the smallest and the full size only; auto:
            extra_trees, or none where conflicts of both forms count.
        spot_arms: The arms that a claim in two of three detectors rests on.
        families: Scenario families, or scenario files, of the edge cases; empty means all whose
            danger is of the form that counts (`label.form`), but ordinary traffic and suites.
        episodes_per_family: Simulated episodes of each of them; 0: 500, or 200 where conflicts of
            both forms count and twice as many families have a part.
        mix: File of a mix of families, or the name of a shipped one (`near_crash`): its families
            instead of `families`, as many episodes in all shared out by it; empty for none.
        all_egos_episodes: So many of them are also seen by each of their vehicles.
        ordinary_episodes: Simulated episodes of ordinary traffic, for its own arm.
        stride_s: Interval of training and evaluation rows [s].
        positives_max, negatives_max: Most rows of each class, real and simulated each; they
            count for all. 0: 8,000 and 6,000, or 5,000 and 4,000 where both forms count.
        rows_max: All rows of the training and of the test recordings are kept up to so many;
            beyond it a sample of blocks of driving, with all those of a conflict.
        alphas: Weights of prior-matched simulation tried on validation, in units of the
            weight of all recorded rows.
        tuning_events_min: With fewer events in validation nothing is tuned.
        validation_share: Share of the training recordings that tuning is judged on.
        budgets_per_h: False alarms per ego-hour at which recall is read off.
        threshold_budget_per_h: The budget that the carried threshold keeps on validation.
        resamples: Of the bootstrap.
        sizes: Simulated episodes a family at which `best_simulated` is trained too, those below
            `episodes_per_family`; empty leaves the section out.
        family_groups_max: Families are valued in at most so many groups, by every
            combination of them; 0 leaves the section out.
        kind_steps: Recorded conflicts of a kind with which the detectors of that kind are trained,
            besides all of them; empty leaves the section out.
        variant_seeds: Repetitions of the sections on sizes and families.
        cache: Whether rows of field-style logs and of shipped families are kept for later studies,
            in the user's cache folder.
    """

    fractions: tuple[float, ...] = ()
    clip_s: float = 60.0
    seeds: int = 0
    detectors: tuple[str, ...] = ("hgb", "logistic")
    spot_detectors: tuple[str, ...] = (AUTO,)
    spot_arms: tuple[str, ...] = (
        *("best_recorded", "best_simulated", "best_simulated_shuffled"),
        *("real", "real_sim_weighted", "real_sim_shuffled"),
    )
    families: tuple[str, ...] = ()
    mix: str = ""
    episodes_per_family: int = 0
    all_egos_episodes: int = 60
    ordinary_episodes: int = 150
    stride_s: float = 0.2
    positives_max: int = 0
    negatives_max: int = 0
    rows_max: int = 400_000
    alphas: tuple[float, ...] = (0.3, 1.0, 3.0)
    tuning_events_min: int = 30
    validation_share: float = 0.25
    budgets_per_h: tuple[float, ...] = (6.0, 30.0)
    threshold_budget_per_h: float = 30.0
    resamples: int = 500
    sizes: tuple[int, ...] = (15, 60, 240)
    family_groups_max: int = 5
    kind_steps: tuple[int, ...] = (0, 1, 3, 10, 30)
    variant_seeds: int = 1
    cache: bool = True

    def __post_init__(self) -> None:
        _whole("study.seeds", self.seeds, 0, 1_000)
        for size in self.sizes:
            _whole("study.sizes", size, 1, 100_000)
        if any(n < 0 for n in self.kind_steps) or sorted({*self.kind_steps}) != [*self.kind_steps]:
            raise expected("study.kind_steps", "rising whole numbers from 0", [*self.kind_steps])
        _whole("study.variant_seeds", self.variant_seeds, 1, 1_000)
        _whole("study.resamples", self.resamples, 10, 100_000)
        _whole("study.episodes_per_family", self.episodes_per_family, 0, 100_000)
        _whole("study.ordinary_episodes", self.ordinary_episodes, 1, 100_000)
        if not 5.0 <= self.clip_s < float("inf"):
            raise expected("study.clip_s", "a length of at least 5 s", self.clip_s)
        _whole("study.all_egos_episodes", self.all_egos_episodes, 1, 100_000)
        _whole("study.positives_max", self.positives_max, 0, 10_000_000)
        _whole("study.negatives_max", self.negatives_max, 0, 10_000_000)
        _whole("study.family_groups_max", self.family_groups_max, 0, 7)
        _whole("study.rows_max", self.rows_max, 1000, 10_000_000)
        _whole("study.tuning_events_min", self.tuning_events_min, 2, 1_000_000)
        rising = all(a < b for a, b in zip(self.fractions, self.fractions[1:]))
        if not rising or not all(0 < f <= 1 for f in self.fractions):
            raise expected("study.fractions", "rising shares above 0, up to 1", self.fractions)
        if not self.alphas or not all(0 < a < float("inf") for a in self.alphas):
            raise expected("study.alphas", "weights above 0", self.alphas)
        if not self.budgets_per_h or not all(0 < b < float("inf") for b in self.budgets_per_h):
            raise expected("study.budgets_per_h", "false alarms per hour", self.budgets_per_h)
        if not 0 < self.threshold_budget_per_h < float("inf"):
            value = self.threshold_budget_per_h
            raise expected("study.threshold_budget_per_h", "false alarms per hour", value)
        if not 0.05 <= self.validation_share <= 0.5:
            value = self.validation_share
            raise expected("study.validation_share", "a share of 0.05 to 0.5", value)
        steps = self.stride_s / 0.1
        if not 0.1 <= self.stride_s <= 1.0 or abs(steps - round(steps)) > 1e-6:
            raise expected("study.stride_s", "0.1 to 1 s in steps of 0.1 s", self.stride_s)
        if not self.detectors:
            raise expected("study.detectors", "at least one detector", self.detectors)
        for name in (*self.detectors, *self.spot_detectors):
            if name != AUTO:
                detectors.check(name)
        if self.mix and self.families:
            raise expected("study.families", "nothing where study.mix is", list(self.families))
        for name in self.spot_arms:
            if name not in ARMS:
                raise unknown("study.spot_arms", name, ARMS)

    def resolved(self, form: Form) -> StudySettings:
        """The same with what was left open chosen for the form of conflict."""
        usual = USUAL[form]
        spots = usual.spot_detectors if self.spot_detectors == (AUTO,) else self.spot_detectors
        return replace(
            self,
            episodes_per_family=self.episodes_per_family or usual.episodes_per_family,
            seeds=self.seeds or usual.seeds,
            fractions=self.fractions or usual.fractions,
            spot_detectors=spots,
            positives_max=self.positives_max or usual.positives_max,
            negatives_max=self.negatives_max or usual.negatives_max,
        )

    def detectors_at(self, share: float) -> tuple[str, ...]:
        """Detectors that are trained at a share of the recordings."""
        ends = {self.fractions[0], self.fractions[-1]}
        spots = self.spot_detectors if share in ends else ()
        return tuple(dict.fromkeys((*self.detectors, *spots)))


def _whole(name: str, value: int, least: int, most: int) -> None:
    """Whether a study of that size can be: more would need days, or more than the memory."""
    if value < least:
        raise expected(name, f"a whole number, at least {least}", value)
    if value > most:
        raise expected(name, f"a whole number, at most {most:,}", value)
