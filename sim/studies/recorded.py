"""Recordings to train on and to test on, from one folder or from two."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import numpy as np

from sim.base.errors import UserError, expected, unknown
from sim.base.rng import stream
from sim.logs import Recording, iter_logs, recordings
from sim.studies.settings import LogsSettings

Source = tuple[Any, str]
"""A Log, or how to make it, and its side: "train", "test" or "unexamined"."""


@dataclass(frozen=True)
class Sides:
    """Which recordings are for what.

    Attributes:
        train, test: Recordings of each side, apart by group.
        roots: The folders to read, each once.
        left_out: Training recordings that are not used, as their group is on the test side.
        examine: Whether what cannot be believed of them is left out.
    """

    train: tuple[Recording, ...]
    test: tuple[Recording, ...]
    roots: tuple[Path, ...]
    left_out: int
    examine: bool = True

    def __len__(self) -> int:
        return len(self.train) + len(self.test)

    def logs(self, findings: list[dict[str, Any]]) -> Iterator[Source]:
        """Each recording's Log and its side; what their examination found goes to `findings`.

        One folder is read in one go: traffic that a clip repeats from an earlier one is left
        out, also where the two would come to lie on different sides.
        """
        side = {recording.path: "train" for recording in self.train}
        side |= {recording.path: "test" for recording in self.test}
        for root in self.roots:
            inside = [r for r in (*self.train, *self.test) if r.path.is_relative_to(root)]
            groups = sorted({recording.group for recording in inside})
            for read in iter_logs(root, groups=groups, examine=self.examine):
                if read.recording.path not in side:
                    continue
                findings += [finding.as_dict() for finding in read.findings]
                for_what = side[read.recording.path]
                if not read.left_out:
                    yield read.log, for_what
                elif for_what == "train":
                    yield read.log, "unexamined"


def recorded_sides(logs: LogsSettings, seed: int) -> Sides:
    """Choose the recordings of both sides.

    A group that two folders put on both sides is left out of training: its clips can show the
    same traffic.

    Raises:
        UserError: A folder, site or pattern leads to nothing, or a side stays empty.
    """
    if logs.root is not None:
        root = Path(logs.root)
        found = recordings(root)
        train, test = _of_one_root(found, logs)
        roots: tuple[Path, ...] = (root,)
    else:
        roots = tuple(dict.fromkeys((Path(logs.train_root or ""), Path(logs.test_root or ""))))
        train = _chosen(recordings(roots[0]), "train", logs.train_sites, logs.train_groups)
        test = _chosen(recordings(roots[-1]), "test", logs.test_sites, logs.test_groups)
    train, test = _kept_out(train, test, logs.same_site_share, seed)
    tested = {recording.group for recording in test}
    apart = tuple(recording for recording in train if recording.group not in tested)
    sides = Sides(apart, tuple(test), roots, len(train) - len(apart), logs.examine)
    for name, side in (("train", sides.train), ("test", sides.test)):
        if not side:
            raise UserError(f"logs: no recording is left to {name} on")
    return sides


def _of_one_root(
    found: Sequence[Recording], logs: LogsSettings
) -> tuple[list[Recording], list[Recording]]:
    """Sides of one folder: what is not asked for on one side goes to the other."""
    says_train = bool(logs.train_sites or logs.train_groups)
    says_test = bool(logs.test_sites or logs.test_groups)
    if not says_train and not says_test and logs.same_site_share == 0.0:
        sites = sorted({recording.site for recording in found})
        raise expected("logs.test_sites", f"at least one of {', '.join(sites)} to test on", [])
    train = _chosen(found, "train", logs.train_sites, logs.train_groups) if says_train else []
    test = _chosen(found, "test", logs.test_sites, logs.test_groups) if says_test else []
    if says_train:
        taken = {recording.group for recording in train}
        rest = [recording for recording in found if recording.group not in taken]
        test = [r for r in test if r.group not in taken] if says_test else rest
    else:
        taken = {recording.group for recording in test}
        train = [recording for recording in found if recording.group not in taken]
    return train, test


def _chosen(
    found: Sequence[Recording], side: str, sites: Sequence[str], patterns: Sequence[str]
) -> list[Recording]:
    known = sorted({recording.site for recording in found})
    for site in sites:
        if site not in known:
            raise unknown(f"logs.{side}_sites", site, known)
    for pattern in patterns:
        if not any(fnmatchcase(recording.group, pattern) for recording in found):
            groups = sorted({recording.group for recording in found})
            raise expected(
                f"logs.{side}_groups", f"a pattern of groups such as {groups[0]}", pattern
            )
    return [
        recording
        for recording in found
        if (not sites or recording.site in sites)
        and (not patterns or any(fnmatchcase(recording.group, p) for p in patterns))
    ]


def _kept_out(
    train: Sequence[Recording], test: Sequence[Recording], share: float, seed: int
) -> tuple[list[Recording], list[Recording]]:
    """Move a share of the groups of each training site to the test side."""
    moved: set[str] = set()
    if share > 0.0:
        for site in sorted({recording.site for recording in train}):
            groups = sorted({r.group for r in train if r.site == site})
            count = min(max(1, round(share * len(groups))), len(groups) - 1)
            draw = stream(seed, 0, f"study.same_site.{site}")
            moved |= {str(g) for g in draw.choice(np.array(groups), count, replace=False)}
    kept = [r for r in train if r.group not in moved]
    return kept, [*test, *(r for r in train if r.group in moved)]
