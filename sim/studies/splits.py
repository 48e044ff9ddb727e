"""Which recordings train, which validate: nested fractions, halves, validation from the inside."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import expected
from sim.base.rng import stream

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Clips:
    """The training recordings, C of them.

    Attributes:
        site: (C,) index of the site of each.
        group: (C,) index of the group (site and map, or the run).
        rows: (C,) usable rows.
        positives: (C,) usable positive rows.
        events: (C,) conflicts that can be caught.
    """

    site: Ints
    group: Ints
    rows: Ints
    positives: Ints
    events: Ints

    def __len__(self) -> int:
        return len(self.group)


def order(clips: Clips, seed: int) -> Ints:
    """The recordings with usable rows in random order, the first of which holds a positive.

    Raises:
        UserError: There are fewer than two of them, or none holds rows of both classes.
    """
    filled = np.flatnonzero(clips.rows > 0)
    if len(filled) < 2:
        raise expected("logs", "at least 2 training recordings with usable rows", len(filled))
    shuffled = stream(seed, 0, "study.order").permutation(filled)
    ordered = positive_first(clips, shuffled)
    if ordered is None:
        raise expected(
            "logs", "a training recording with rows before a conflict and others", "none"
        )
    return ordered


def fraction(ordered: Ints, share: float) -> Ints:
    """The first max(2, round(share * C)) recordings: a larger share holds all of a smaller."""
    return ordered[: max(2, round(min(1.0, share) * len(ordered)))]


def halves(clips: Clips, chosen: Ints, seed: int) -> tuple[Ints, Ints]:
    """Two disjoint halves, whole groups where there are several, drawn anew for each seed.

    Units of one site with about as many positives are paired, and a coin says which half gets
    which of the two: no half is better off but by chance, which the seeds show.
    """
    draw = stream(seed, len(chosen), "study.halves")
    units = _units(clips, chosen)
    alike = sorted(units, key=lambda u: (clips.site[u[0]], -int(clips.positives[u].sum())))
    sides: tuple[list[Ints], list[Ints]] = ([chosen[:0]], [chosen[:0]])
    for k in range(0, len(alike), 2):
        heads = int(draw.integers(2))
        for j, unit in enumerate(alike[k : k + 2]):
            sides[(heads + j) % 2].append(unit)
    return np.concatenate(sides[0]), np.concatenate(sides[1])


def positive_first(clips: Clips, chosen: Ints) -> Ints | None:
    """The recordings with one that holds both classes in front; None if none does.

    A clip of a few seconds can hold positives alone: other rows need 3 s of future.
    """
    positives = clips.positives[chosen]
    holding = np.flatnonzero((positives > 0) & (positives < clips.rows[chosen]))
    if len(holding) == 0:
        return None
    first = holding[0]
    return np.concatenate([chosen[first : first + 1], np.delete(chosen, first)])


def validation(clips: Clips, chosen: Ints, share: float, seed: int) -> Ints:
    """About a share of the chosen recordings, by whole groups where there are at least four.

    The unit with the first recording, which holds both classes, always stays in training. Where
    another unit holds an event, validation gets one.
    """
    units = [unit for unit in _units(clips, chosen) if chosen[0] not in unit]
    mixed = [
        units[k] for k in stream(seed, len(chosen), "study.validation").permutation(len(units))
    ]
    eventful = [k for k, unit in enumerate(mixed) if clips.events[unit].sum() > 0]
    if eventful:
        mixed.insert(0, mixed.pop(eventful[0]))
    taken: list[Ints] = []
    while mixed and (not taken or sum(map(len, taken)) < share * len(chosen)):
        taken.append(mixed.pop(0))
    return np.concatenate(taken) if taken else chosen[:0]


def parts(clips: Clips, chosen: Ints, count: int, seed: int) -> list[Ints]:
    """The chosen recordings in disjoint parts, each with about as many units of every site.

    Units are whole groups where there are at least four; a site of fewer units than parts is
    missing in some.
    """
    draw = stream(seed, len(chosen), "study.parts")
    dealt: list[list[Ints]] = [[] for _ in range(count)]
    units = _units(clips, chosen)
    mixed = [units[k] for k in draw.permutation(len(units))]
    for k, unit in enumerate(sorted(mixed, key=lambda u: int(clips.site[u[0]]))):
        dealt[k % count].append(unit)
    return [np.concatenate(part) for part in dealt if part]


def _units(clips: Clips, chosen: Ints) -> list[Ints]:
    """The chosen recordings by group, or one by one where there are fewer than four groups."""
    groups = clips.group[chosen]
    distinct = list(dict.fromkeys(groups.tolist()))
    if len(distinct) < 4:
        return [chosen[k : k + 1] for k in range(len(chosen))]
    return [chosen[groups == g] for g in distinct]
