"""Lanes of a CommonRoad map: which lanelet a point is in, counted from the right."""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lanelet:
    """One lanelet.

    Attributes:
        outline: (P, 2) its polygon: left bound forward, right bound back [m].
        lane: Lanes of the same direction to its right; 0 is the rightmost.
    """

    outline: Floats
    lane: int


def read_lanelets(root: Element) -> list[Lanelet]:
    """The lanelets of a CommonRoad document, in its order."""
    found = {}
    for element in root.iter("lanelet"):
        left, right = _bound(element, "leftBound"), _bound(element, "rightBound")
        if len(left) + len(right) >= 3:
            found[element.get("id")] = (np.concatenate([left, right[::-1]]), _right_of(element))
    right_of = {key: right for key, (_, right) in found.items()}
    return [Lanelet(outline, _count(key, right_of)) for key, (outline, _) in found.items()]


def landmarks(root: Element) -> dict[str, Floats]:
    """Of each lanelet, by id, (4, 2) first and last point of its left and right bound [m]."""
    found = {}
    for element in root.iter("lanelet"):
        left, right = _bound(element, "leftBound"), _bound(element, "rightBound")
        if len(left) and len(right):
            found[element.get("id") or ""] = np.stack([left[0], left[-1], right[0], right[-1]])
    return found


def lanes_at(x: Floats, y: Floats, lanelets: list[Lanelet]) -> NDArray[np.int32]:
    """(R,) lane of each point; -1 outside every lanelet, the first that holds it otherwise."""
    lane = np.full(len(x), -1, dtype=np.int32)
    for lanelet in lanelets:
        low, high = lanelet.outline.min(axis=0), lanelet.outline.max(axis=0)
        near = (lane < 0) & (x >= low[0]) & (x <= high[0]) & (y >= low[1]) & (y <= high[1])
        at = np.flatnonzero(near)
        if len(at):
            lane[at[_inside(x[at], y[at], lanelet.outline)]] = lanelet.lane
    return lane


def _inside(x: Floats, y: Floats, outline: Floats) -> NDArray[np.bool_]:
    """Even-odd rule: a ray towards +x crosses the outline an odd number of times."""
    ax, ay = outline[:, :1], outline[:, 1:]
    bx, by = np.roll(ax, -1), np.roll(ay, -1)
    crosses = (ay > y) != (by > y)
    height = np.where(by == ay, 1.0, by - ay)
    hits = crosses & (x < ax + (bx - ax) * (y - ay) / height)
    odd: NDArray[np.bool_] = hits.sum(axis=0) % 2 == 1
    return odd


def _bound(lanelet: Element, name: str) -> Floats:
    points = lanelet.findall(f"{name}/point")
    pairs = [(float(p.findtext("x") or 0.0), float(p.findtext("y") or 0.0)) for p in points]
    return np.array(pairs, dtype=float).reshape(-1, 2)


def _right_of(lanelet: Element) -> str | None:
    beside = lanelet.find("adjacentRight")
    if beside is None or beside.get("drivingDir") != "same":
        return None
    return beside.get("ref")


def _count(key: str | None, right_of: dict[str | None, str | None]) -> int:
    seen: set[str | None] = set()
    while (key := right_of.get(key)) is not None and key in right_of and key not in seen:
        seen.add(key)
    return len(seen)
