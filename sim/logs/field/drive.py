"""One drive: a site, those who are there, and the minutes in which something may go wrong."""

from __future__ import annotations

from sim.logs.field.plan import Drive, lasts
from sim.logs.field.settings import FieldSettings
from sim.logs.field.stage import episode as staged
from sim.world.episode import Episode
from sim.world.log import LOG_STEP_S, Log
from sim.world.rollout import simulate

WARM_UP_S = 60.0  # the log begins when traffic has forgotten how it was put on the road
CLEARED_S = 75.0  # and, at most so much later, when no wreck stands there (towed after 60 s)


def episode(drive: Drive, settings: FieldSettings) -> Episode:
    """The drive as it is simulated, warm-up included."""
    return staged(drive, settings, WARM_UP_S + CLEARED_S + lasts(drive, settings))


def record(drive: Drive, settings: FieldSettings) -> Log:
    """Make the log of one drive; the same bits for the same settings, site and number."""
    lasting = lasts(drive, settings)
    log = simulate(episode(drive, settings), seconds=WARM_UP_S + CLEARED_S + lasting)
    first = _beginning(log)
    return _cut(log, drive, first, first + round(lasting / LOG_STEP_S))


def _beginning(log: Log) -> int:
    """The first frame after the warm-up in which nobody is there who has had contact."""
    first, last = round(WARM_UP_S / LOG_STEP_S), round((WARM_UP_S + CLEARED_S) / LOG_STEP_S)
    ends = log.outcomes
    struck = ends[ends["collided"] & (ends["contact_s"] < last * LOG_STEP_S)]
    gone = log.tracks[log.tracks["track_id"].isin(struck["track_id"])].groupby("track_id")["frame"]
    left = gone.max()
    begins = (struck.set_index("track_id")["contact_s"] / LOG_STEP_S).astype(int)
    for frame in range(first, last):
        if not any(begins[who] <= frame <= left[who] for who in left.index):
            return frame
    return last


def _cut(log: Log, drive: Drive, first: int, last: int) -> Log:
    """Frames `first` to `last`, counted from 0 again, under the drive's own name.

    What became of slot 0 is left out: a drive has no ego of its own.
    """
    tracks = log.tracks[log.tracks["frame"].between(first, last)].copy()
    tracks["frame"] -= first
    tracks["t_s"] = tracks["frame"] * LOG_STEP_S
    tracks["episode_id"] = drive.episode_id
    kept = ["source", "site", "family", "seed"]
    episodes = log.episodes[kept].assign(episode_id=drive.episode_id, group=drive.group)
    return Log.of(episodes, tracks)
