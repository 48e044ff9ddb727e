"""Features that users bring: functions of what an ego sensed up to a row, checked to look back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.base.plugins import Plugins, in_one_line
from sim.base.registry import Registry
from sim.features.schema import FEATURES, THREAT_FEATURES, Feature
from sim.sensing import Observation
from sim.sensing.lists import Detections

Ints = NDArray[np.int64]
Matrix = NDArray[np.float32]

Function = Callable[[Observation, Ints, Ints], Any]
"""Of observation, rows `at` (n,) and frames of past that each may use `past` (n,)."""

GROUP = "closecall.features"
"""The entry points by which installed packages announce features."""

CHECKED = 3
"""Rows of each part of a Log whose features are computed again from their own window alone."""


@dataclass(frozen=True)
class OwnFeature:
    """A function that gives one or more columns.

    Attributes:
        function: From (observation, at, past) to (n,) or (n, k) finite numbers or NaN.
        columns: The k columns.
    """

    function: Function
    columns: tuple[Feature, ...]

    def __call__(self, seen: Observation, at: Ints, past: Ints) -> Matrix:
        """(n, k) values of rows `at` (n,).

        Raises:
            UserError: The function fails, or returns another shape or infinite numbers.
        """
        told = f"feature {self.columns[0].name}"
        try:
            with np.errstate(all="ignore"):  # what is infinite is told below
                found = np.asarray(self.function(seen, at, past), dtype=np.float32)
        except Exception as error:
            raise UserError(f"{told}: {in_one_line(error)}") from error
        shape = (len(at), len(self.columns))
        values = found[:, None] if found.ndim == 1 else found
        if values.shape != shape:
            raise expected(told, f"an array of shape {shape}", found.shape)
        if np.isinf(values).any():
            raise expected(told, "finite numbers, or NaN where there is none", np.inf)
        return values


OWN: Registry[OwnFeature] = Registry("feature")
"""Features made known by `feature`, by the names of their functions, and by entry points."""


def feature(
    *names: str, unit: str | Sequence[str], description: str = ""
) -> Callable[[Function], OwnFeature]:
    """A decorator that registers a function of the sensed window under the function's name.

    Args:
        names: Of its columns, one or more; a name ends in its unit, as in `gap_m`.
        unit: Of all columns, or one each; "1" for counts and flags.
        description: One line.

    Raises:
        UserError: There is no name, or not a unit for each.
    """
    units = (unit,) * len(names) if isinstance(unit, str) else tuple(unit)
    if not names or len(units) != len(names):
        raise expected("feature", "a name for each column and a unit for each name", names)
    columns = tuple(Feature(n, u, description) for n, u in zip(names, units))

    def enter(function: Function) -> OwnFeature:
        return OWN.register(function.__name__)(OwnFeature(function, columns))

    return enter


def _accept(where: str, found: object) -> OwnFeature:
    """A plain function gives one column without a unit, called as it is."""
    if isinstance(found, OwnFeature):
        return found
    if not callable(found) or isinstance(found, type):
        raise expected(where, "a function of (observation, at, past)", found)
    name = str(getattr(found, "__name__", "own"))
    return OwnFeature(found, (Feature(name, "1", ""),))


PLUGINS = Plugins(OWN, GROUP, _accept)


def chosen(names: Iterable[str]) -> tuple[OwnFeature, ...]:
    """The features of these names: registered, of entry points, or `module:function`.

    Raises:
        UserError: There is none of a name, or two columns have the same name.
    """
    found = tuple(PLUGINS.resolve(name, where="window.extra") for name in names)
    taken = {f.name for f in (*FEATURES, *THREAT_FEATURES)}
    for column in (c for own in found for c in own.columns):
        if column.name in taken:
            raise expected("window.extra", "columns of names not yet taken", column.name)
        taken.add(column.name)
    return found


def own_features(own: Sequence[OwnFeature], seen: Observation, at: Ints, past: Ints) -> Matrix:
    """The columns (n, k) of all these features for rows `at` (n,) with `past` (n,) frames.

    Raises:
        UserError: A function fails, or a row's value depends on more than its window.
    """
    past = np.minimum(past, seen.past[at])
    some = np.unique(np.linspace(0, len(at) - 1, min(CHECKED, len(at))).astype(np.int64))
    parts = [np.empty((len(at), 0), dtype=np.float32)]
    for one in own:
        parts.append(one(seen, at, past))
        for i in some:
            alone = one(window_of(seen, at[i], past[i]), past[i : i + 1], past[i : i + 1])
            if not np.allclose(alone[0], parts[-1][i], rtol=1e-5, atol=1e-6, equal_nan=True):
                wanted = "a value of the row and the `past` frames before it alone"
                told = f"{alone[0].tolist()} from these, {parts[-1][i].tolist()} from all rows"
                raise UserError(f"feature {one.columns[0].name}: expected {wanted}, got {told}")
    return np.hstack(parts)


def window_of(seen: Observation, e: int, past: int) -> Observation:
    """Row `e` and the `past` rows before it as an observation of their own."""
    first, end = int(e) - int(past), int(e) + 1
    rows = ("row", "past", "speed", "accel", "yaw_rate", "clearance")
    cut: dict[str, Any] = {name: getattr(seen, name)[first:end] for name in rows}
    cut["past"] = np.arange(end - first)
    cut |= {name: _part(getattr(seen, name), first, end) for name in ("camera", "cloud")}
    return replace(seen, **cut, **_cut_lists(seen, first, end))


def _part(lists: Detections | None, first: int, end: int) -> Detections | None:
    return None if lists is None else replace(lists, **_cut_lists(lists, first, end))


def _cut_lists(lists: Observation | Detections, first: int, end: int) -> dict[str, Any]:
    """The detections of some rows; `start` counts from the first of them."""
    low, high = lists.start[first], lists.start[end]
    known = {f.name for f in fields(Detections)} & {f.name for f in fields(lists)} - {"start"}
    cut: dict[str, Any] = {name: getattr(lists, name)[low:high] for name in sorted(known)}
    return cut | {"start": lists.start[first : end + 1] - low}


def shipped(names: Iterable[str]) -> dict[str, bytes]:
    """What workers need for these features beyond what they find by name; for `install`.

    Raises:
        UserError: A feature registered at run time cannot be pickled.
    """
    return PLUGINS.shipped(names)


def install(shipped: Mapping[str, bytes]) -> None:
    """Make features known that another process registered at run time."""
    PLUGINS.install(shipped)
