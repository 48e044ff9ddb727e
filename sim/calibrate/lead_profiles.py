"""What the lead did in the last seconds before a crash or a near-crash: recorded and simulated."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.base.errors import UserError, expected
from sim.features.lead import leads
from sim.features.settings import LabelSettings
from sim.world.log import LOG_STEP_S, Log
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

PAST_S = 5.0
"""How much of the past a profile holds [s], as in the QUADRIS tables."""
FRAMES = round(PAST_S / LOG_STEP_S) + 1
PEAK_FRAMES = 10
"""Over which the hardest braking is taken: 1 s."""
NEAR_TTC_S = 1.5
"""A time to collision below this is a near-crash [s]."""
AFTER_S = 3.0
"""The least distance comes this long after at most [s]."""
CONTACT_M = 0.05
COLUMNS = ("Type", "v_c", "a_1", "a_2", "tau_s", "tau_1", "tau_2", "weight")
SEVERITIES = {"near_crash": ("Near-crash",), "crash": ("Crash",), "all": ("Near-crash", "Crash")}
"""Severity to the values of the column `Type`."""
MARGINALS: dict[str, tuple[str, Callable[[Floats], Floats]]] = {
    "speed": ("m/s", lambda v: v[:, 0]),
    "final_speed": ("m/s", lambda v: v[:, -1]),
    "peak": ("m/s²", lambda v: (v[:, :-PEAK_FRAMES] - v[:, PEAK_FRAMES:]).max(axis=1)),
    "drop": ("m/s", lambda v: v[:, 0] - v[:, -1]),
}
"""What is compared of a profile: unit, and from speeds (E, FRAMES) to numbers (E,). The peak is
the largest mean deceleration over 1 s."""


@dataclass(frozen=True)
class LeadProfiles:
    """Speeds of E leads in the `PAST_S` before the end of an event.

    Attributes:
        speed: (E, FRAMES) every 0.1 s, the end last [m/s].
        weight: (E,) how many events each stands for.
    """

    speed: Floats
    weight: Floats

    def __len__(self) -> int:
        return len(self.weight)

    def marginal(self, name: str) -> Floats:
        """(E,) one number of each, by a key of `MARGINALS`."""
        return MARGINALS[name][1](self.speed)


def read_lead_profiles(path: Path | str, severity: str = "near_crash") -> LeadProfiles:
    """Leads of recorded events, from a table of piecewise linear speeds.

    A row holds, going backwards from the impact or the least distance: `tau_s` [s] at the speed
    `v_c` [m/s], `tau_1` [s] at the acceleration `a_1` [m/s²], `tau_2` [s] at `a_2`; further back
    the speed is held. Source of the form: Wu, Flannagan, Sander and Bärgman, IEEE 10474582.

    Args:
        path: A CSV with the columns `COLUMNS`.
        severity: A key of `SEVERITIES`.

    Raises:
        UserError: No such file, a column is missing, a value is impossible, or nothing is left.
    """
    if severity not in SEVERITIES:
        raise expected("severity", f"one of {', '.join(SEVERITIES)}", severity)
    table = _table(Path(path))
    rows = table[table["Type"].isin(SEVERITIES[severity])]
    if rows.empty:
        raise expected(
            "leads",
            f"rows of Type {' or '.join(SEVERITIES[severity])}",
            "none",
            where=_shown(path),
        )
    back = np.arange(FRAMES)[::-1] * LOG_STEP_S
    v_c, a_1, a_2, t_s, t_1, t_2 = (
        rows[name].to_numpy(np.float64)[:, None]
        for name in ("v_c", "a_1", "a_2", "tau_s", "tau_1", "tau_2")
    )
    first = np.clip(back - t_s, 0.0, t_1)
    second = np.clip(back - t_s - t_1, 0.0, t_2)
    speed = v_c - a_1 * first - a_2 * second
    return LeadProfiles(np.maximum(speed, 0.0), rows["weight"].to_numpy(np.float64))


def simulated_lead_profiles(log: Log, ttc_s: float = NEAR_TTC_S) -> LeadProfiles:
    """Leads in the near-crashes of a simulated Log's egos, one an episode at most.

    The event is the first time to collision below `ttc_s`; it ends at the least distance to that
    lead within `AFTER_S`, or at contact. Where the episode is younger than `PAST_S` the lead is
    taken to have gone on before at its first speed.
    """
    rows = Rows.of(log)
    lead, gap = leads(rows, LabelSettings())
    ego = np.flatnonzero(rows.track == _egos(rows)[rows.episode])
    ego = ego[np.lexsort((rows.frame[ego], rows.episode[ego]))]
    bounds = np.searchsorted(rows.episode[ego], np.arange(len(log.episodes) + 1))
    found = [
        profile
        for a, b in itertools.pairwise(bounds)
        if (profile := _profile(rows, ego[a:b], lead, gap, ttc_s)) is not None
    ]
    speed = np.array(found) if found else np.empty((0, FRAMES))
    return LeadProfiles(speed, np.ones(len(found)))


def _profile(rows: Rows, ego: Ints, lead: Ints, gap: Floats, ttc_s: float) -> Floats | None:
    """Speeds of the lead (FRAMES,) before the end of an ego's first near-crash, if it has one."""
    who, far = lead[ego], gap[ego]
    closing = np.where(who >= 0, rows.speed[ego] - rows.speed[who], 0.0)
    with np.errstate(invalid="ignore"):
        near = np.flatnonzero((who >= 0) & (closing > 0.0) & (far < ttc_s * closing))
    if not len(near):
        return None
    begin = int(near[0])
    window = slice(begin, begin + round(AFTER_S / LOG_STEP_S) + 1)
    other = who[window]
    same = np.logical_and.accumulate((other >= 0) & (rows.track[other] == rows.track[other[0]]))
    apart = far[window][same]
    touched = np.flatnonzero(apart < CONTACT_M)
    last = int(touched[0]) if len(touched) else int(np.argmin(apart)) + 1
    row = int(other[max(last - 1, 0)])
    past = [row]
    while len(past) < FRAMES and rows.before[past[-1]] >= 0:
        past.append(int(rows.before[past[-1]]))
    speeds = rows.speed[past[::-1]]
    missing = np.full(FRAMES - len(past), speeds[0])
    return np.concatenate([missing, speeds])


def _egos(rows: Rows) -> Ints:
    """(B,) lowest track of each episode."""
    least = np.full(int(rows.episode.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    np.minimum.at(least, rows.episode, rows.track)
    return least


def _table(path: Path) -> pd.DataFrame:
    try:
        table = pd.read_csv(path, keep_default_na=False)
    except (OSError, ValueError) as error:  # pandas' own errors of reading are ValueErrors
        why = "no such file" if isinstance(error, FileNotFoundError) else str(error).split("\n")[0]
        raise UserError(f"{_shown(path)}: cannot be read as CSV ({why})") from None
    missing = [name for name in COLUMNS if name not in table]
    if missing:
        raise expected(
            "columns", ", ".join(COLUMNS), f"no {', '.join(missing)}", where=_shown(path)
        )
    for name in COLUMNS[1:]:
        values = pd.to_numeric(table[name], errors="coerce")
        least = -np.inf if name in ("a_1", "a_2") else 0.0
        bad = np.flatnonzero(~(np.isfinite(values) & (values >= least)))
        if len(bad):
            wanted = "a number" if least < 0 else "a number of at least 0"
            raise expected(
                name, wanted, table[name].iloc[bad[0]], where=f"{_shown(path)}, row {bad[0] + 1}"
            )
        table[name] = values
    return table


def _shown(path: Path | str) -> str:
    """A path as messages show it."""
    return Path(path).as_posix()
