"""OpenACC platoons: cars in single file on a test track, their gaps by satellite navigation.

Format and data: M. Makridis et al., "OpenACC. An open database of car-following experiments
to study the properties of commercial ACC systems", Transp. Res. C 125 (2021) 103047.

The cars drive on a winding circuit. Their places are rebuilt along a straight line: the
first car of a chain goes where its speed takes it, each other stands its recorded gap behind,
so that a gap and its rate of change are the recorded ones.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.logs.cells import numbers
from sim.logs.dropped import Dropped
from sim.logs.schema import Raw

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

MIN_GAP_M = 1.0
"""Satellite gaps below this are errors: they go down to -1.4 m with no contact."""
MAX_JUMP_MPS = 10.0
"""A gap that changes this much faster than both recorded speeds say has jumped."""
CHAIN_SPACING_M = 1_000.0
"""Lateral distance between chains: the track is a loop, so they have no order on it, and
nothing may sense one from the other."""
LENGTHS_M = {
    "TOYOTA_RAV4": 4.60,
    "MAZDA_3": 4.46,
    "AUDI_E_TRON": 4.90,
    "AUDI_A4": 4.73,
    "BMW_I3": 4.01,
    "MERCEDES_GLE450": 4.92,
    "JAGUAR_I_PACE": 4.68,
    "TESLA_MODELX": 5.04,
    "TESLA_MODEL3": 4.69,
    "TESLA_MODELS": 4.98,
}
"""Makers' figures; the gaps are bumper to bumper, so nothing hangs on them."""
OTHER_LENGTH_M = 4.7
WIDTH_M = 1.85

HEADER_LINES = 20
_SPEED = re.compile(r"Speed(\d+)$")
_WANTED = re.compile(r"(Time|Speed\d+|IVS\d+)$")


@dataclass(frozen=True)
class _Run:
    """T moments of N cars, first car first.

    Attributes:
        t: (T,) from the first row [s].
        car: (N,) number of each car in the file.
        length: (N,) [m].
        speed: (T, N) [m/s], NaN where missing.
        gap: (T, N) to the car before in the file [m], NaN where missing or first.
    """

    t: Floats
    car: list[int]
    length: Floats
    speed: Floats
    gap: Floats


def read_openacc(path: Path) -> Raw:
    """Read one run.

    Raises:
        UserError: The header lacks `Time`, a speed or every gap, a column is named twice,
            a value is no number, or time does not increase.
    """
    run = _run(path)
    chain = _chains(run)
    x, usable = _places(run, chain)
    near, jumps = _bad_gaps(run, chain)
    missing = ~usable
    near, jumps = near & usable, jumps & usable & ~near
    keep = usable & ~near & ~jumps
    moment, car = np.nonzero(keep)
    table = pd.DataFrame(
        {
            "track_id": np.array(run.car)[car],
            "t_s": run.t[moment],
            "x_m": x[keep],
            "y_m": chain[car] * CHAIN_SPACING_M,
            "yaw_rad": 0.0,
            "speed_mps": run.speed[keep],
            "length_m": run.length[car],
            "width_m": WIDTH_M,
            "kind": "car",
            "lane": chain[car],
        }
    )
    dropped = Dropped(missing=int(missing.sum()), gaps=int(near.sum()), jumps=int(jumps.sum()))
    return Raw(table, dropped)


def header_of(lines: list[str]) -> int | None:
    """Index of the line with the columns, among the first of a file; None if there is none."""
    for index, line in enumerate(lines[:HEADER_LINES]):
        names = [name.strip() for name in line.split(",")]
        if sum(bool(_SPEED.match(name)) for name in names) >= 1:
            return index
    return None


def _run(path: Path) -> _Run:
    lines = _first_lines(path)
    at = header_of(lines)
    if at is None:
        raise expected("header", "a line with Time, Speed1, ..., IVS1", lines[:1], where=str(path))
    names = [name.strip() for name in lines[at].rstrip("\r\n").split(",")]
    cars = _cars(names, path)
    frame = _frame(path, at)
    columns = {n: numbers(frame[n], where=path, row0=at + 2) for n in frame if isinstance(n, str)}
    t = columns["Time"]
    if len(t) == 0:
        raise expected("rows", "at least one row of one road user", 0, where=str(path))
    if not np.isfinite(t).all() or (np.diff(t) <= 0.0).any():
        bad = int(np.argmax(~np.isfinite(t) | (np.diff(t, prepend=-np.inf) <= 0.0)))
        raise expected(
            "Time", "seconds that increase", t[bad], where=f"{path}, line {at + 2 + bad}"
        )
    blank = np.full(len(t), np.nan)
    gaps = [blank] + [columns.get(f"IVS{car}", blank) for car in cars[:-1]]
    for index in range(1, len(cars)):
        if cars[index] != cars[index - 1] + 1:  # the car between has no data
            gaps[index] = blank
    brands = _brands(lines[:at])
    length = [LENGTHS_M.get(brands.get(car, ""), OTHER_LENGTH_M) for car in cars]
    speed = np.stack([columns[f"Speed{car}"] for car in cars], axis=1)
    return _Run(t - t[0], cars, np.array(length), speed, np.stack(gaps, axis=1))


def _first_lines(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig") as file:
            return [line for line, _ in zip(file, range(HEADER_LINES))]
    except UnicodeDecodeError as error:
        raise expected(
            "text", "UTF-8", f"a byte {error.object[error.start]:#x}", where=str(path)
        ) from error


def _cars(names: list[str], path: Path) -> list[int]:
    twice = {name for name in names if _WANTED.match(name) and names.count(name) > 1}
    if twice:
        raise expected("header", "each column once", sorted(twice)[0] + " twice", where=str(path))
    if "Time" not in names:
        raise expected("Time", "a column of seconds", names[0], where=str(path))
    if not any(name.startswith("IVS") for name in names):
        raise expected(
            "IVS", "a column IVSk with the gap behind car k [m]", "none", where=str(path)
        )
    return sorted(int(found[1]) for name in names if (found := _SPEED.match(name)))


def _frame(path: Path, at: int) -> pd.DataFrame:
    try:
        return pd.read_csv(
            path,
            skiprows=at,
            usecols=lambda name: bool(_WANTED.match(str(name).strip())),
            skipinitialspace=True,
            low_memory=False,
            encoding="utf-8-sig",
        ).rename(columns=str.strip)
    except (ValueError, pd.errors.ParserError) as error:  # bad text is a ValueError
        raise UserError(f"{path}: expected a table of OpenACC, {_one_line(error)}") from error


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _brands(lines: list[str]) -> dict[int, str]:
    for line in lines:
        name, *rest = (part.strip() for part in line.split(","))
        if name == "Vehicle_order":
            return dict(enumerate(rest, start=1))
    return {}


def _chains(run: _Run) -> NDArray[np.int64]:
    """(N,) chain of each car: a new one where most of the gaps to the car before are missing."""
    both = np.isfinite(run.speed[:, 1:]) & np.isfinite(run.speed[:, :-1])
    known = (np.isfinite(run.gap[:, 1:]) & both).sum(axis=0)
    broken = known < 0.5 * len(run.t)
    return np.concatenate([[0], np.cumsum(broken)]).astype(np.int64)


def _places(run: _Run, chain: NDArray[np.int64]) -> tuple[Floats, Bools]:
    """(T, N) centre along the line [m], and where it and the speed are known."""
    x = np.empty_like(run.speed)
    for car in range(x.shape[1]):
        if car == 0 or chain[car] != chain[car - 1]:
            x[:, car] = _driven(run.t, run.speed[:, car])
        else:
            half = (run.length[car - 1] + run.length[car]) / 2.0
            x[:, car] = x[:, car - 1] - half - run.gap[:, car]
    return x, np.isfinite(x) & np.isfinite(run.speed)


def _driven(t: Floats, speed: Floats) -> Floats:
    """Distance driven at `speed` [m], straight across moments without one."""
    known = np.isfinite(speed)
    if not known.any():
        return np.full(len(t), np.nan)
    filled = np.interp(t, t[known], speed[known])
    steps = np.diff(t) * (filled[1:] + filled[:-1]) / 2.0
    return np.concatenate([[0.0], np.cumsum(steps)])


def _bad_gaps(run: _Run, chain: NDArray[np.int64]) -> tuple[Bools, Bools]:
    """(T, N) followers whose gap is impossibly small, and whose gap has just jumped."""
    follows = np.concatenate([[False], chain[1:] == chain[:-1]])
    near = follows & (run.gap < MIN_GAP_M)
    opening = np.full_like(run.speed, np.nan)
    opening[:, 1:] = run.speed[:, :-1] - run.speed[:, 1:]
    excess = np.diff(run.gap, axis=0) / np.diff(run.t)[:, None] - opening[1:]
    jumps = np.zeros_like(near)
    jumps[1:] = follows & (np.abs(excess) > MAX_JUMP_MPS)
    return near, jumps
