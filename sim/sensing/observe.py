"""What the sensors of chosen egos report of a Log: the only thing that features may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sim.base.jit import njit
from sim.base.rng import mix, normal, purpose
from sim.sensing.bind import scan_of
from sim.sensing.by_sensor import Egos, World, by_camera, by_cloud, by_radar, world_of
from sim.sensing.lidar import beam_angles, scan
from sim.sensing.lists import Detections
from sim.sensing.odometry import causal_motion
from sim.sensing.settings import SensorSettings
from sim.sensing.static import Occluders, static_of
from sim.world.rows import Rows

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Keys = NDArray[np.uint64]


@dataclass(frozen=True)
class Observation:
    """E ego rows, sorted by episode, ego and frame, and what each of them sensed.

    Attributes:
        row: (E,) row of the ego in `Rows`.
        past: (E,) frames just before this one that the same ego also observed, without a gap;
            row e - k is k frames earlier for k <= past.
        speed, accel, yaw_rate: (E,) odometry [m/s], [m/s²], [rad/s].
        clearance: (E, K) lidar [m]: the reach where a beam is free, NaN where lost.
        angle: (K,) its beams, right to left [rad].
        start: (E + 1,): detections of row e are start[e]:start[e + 1].
        track, kind, reason, target: (D,) sensor's track id (-1 clutter), kind, why missed
            (code of `Reason`, 0 detected), row of the object (-1 clutter; for audits only).
        range, range_rate, bearing, lateral: (D,) [m], [m/s], [rad], [m].
        camera, cloud: Object lists of the camera and the lidar, None where there is none.
    """

    row: Ints
    past: Ints
    speed: Floats
    accel: Floats
    yaw_rate: Floats
    clearance: Floats
    angle: Floats
    start: Ints
    track: Ints
    kind: Ints
    reason: Ints
    target: Ints
    range: Floats
    range_rate: Floats
    bearing: Floats
    lateral: Floats
    camera: Detections | None = None
    cloud: Detections | None = None

    def __len__(self) -> int:
        return len(self.row)


def ego_order(rows: Rows) -> Ints:
    """All rows sorted by episode, track and frame, (R,)."""
    return np.lexsort((rows.frame, rows.track, rows.episode)).astype(np.int64)


@dataclass(frozen=True)
class Sensors:
    """Sensors bound to one Log: rows, filtered motion and random keys, made once.

    Attributes:
        rows: The Log's rows.
        settings: The outfit.
        motion: Filtered speed, acceleration and yaw rate, (R,) each.
        episode_key: (episodes,) random key of each episode, from its name alone.
        world: The traffic now and when it was sensed, and what stands beside it.
    """

    rows: Rows
    settings: SensorSettings
    motion: tuple[Floats, Floats, Floats]
    episode_key: Keys
    world: World

    @classmethod
    def of(
        cls,
        rows: Rows,
        settings: SensorSettings,
        *,
        seed: int,
        names: Sequence[str],
        occluders: Occluders | None = None,
    ) -> Sensors:
        """Bind an outfit to rows; `names` are the episode ids in the Log's order.

        Args:
            rows: Of the Log.
            settings: The outfit.
            seed: Of all that is random.
            names: The episode ids.
            occluders: Boxes (M, 5) of x, y [m], yaw [rad], length, width [m] that stand beside
                the road: for all episodes, or for some by their id. They hide road users and
                return rays; no list holds them.

        Raises:
            UserError: An occluder is none, or its episode is not in the Log.
        """
        root = mix(np.uint64(seed), np.uint64(purpose("sensing")))
        hashes = np.array([purpose(str(name)) for name in names], dtype=np.uint64)
        motion = causal_motion(rows, settings.speed_filter_s)
        return cls(
            rows=rows,
            settings=settings,
            motion=motion,
            episode_key=_fold(np.full(len(hashes), root, np.uint64), hashes),
            world=world_of(rows, motion[0], settings, static_of(occluders, names)),
        )

    def observe(self, ego_row: Ints, *, keep_missed: bool = False) -> Observation:
        """What the egos of these rows sense, each from its own frame alone.

        Args:
            ego_row: (E,) rows sorted as by `ego_order`; features need all frames of an ego.
            keep_missed: Whether to list what was in range and not detected, with the reason.
                In range is who is so now or was when the scan was made.
        """
        rows, settings = self.rows, self.settings
        track = rows.track[ego_row].astype(np.uint64)
        ego_key = _fold(self.episode_key[rows.episode[ego_row]], track)
        row_key = _fold(ego_key, rows.frame[ego_row].astype(np.uint64))
        egos, world = Egos(ego_row, ego_key, row_key), self.world
        angle = beam_angles(settings.lidar_beams, settings.lidar_field_of_view_rad)
        then = world.past[settings.lidar_latency_s]
        clearance = scan(ego_row, row_key, then, world.static, angle, scan_of(settings))
        deviation = np.array(
            [settings.speed_noise_mps, settings.accel_noise_mps2, settings.yaw_rate_noise_radps]
        )
        own = _odometry(ego_row, row_key, *self.motion, deviation)
        start, codes, values = by_radar(world, egos, settings, keep_missed)
        return Observation(
            row=ego_row,
            past=_past(rows, ego_row),
            speed=own[0],
            accel=own[1],
            yaw_rate=own[2],
            clearance=clearance,
            angle=angle,
            start=start,
            track=codes[:, 0],
            kind=codes[:, 1],
            reason=codes[:, 2],
            target=codes[:, 3],
            range=values[:, 0],
            range_rate=values[:, 1],
            bearing=values[:, 2],
            lateral=values[:, 3],
            camera=by_camera(world, egos, settings, keep_missed),
            cloud=by_cloud(world, egos, settings, keep_missed),
        )


def observe(
    rows: Rows,
    settings: SensorSettings,
    *,
    seed: int,
    names: Sequence[str],
    keep_missed: bool = True,
    occluders: Occluders | None = None,
) -> Observation:
    """What every row of a Log senses as an ego; see `Sensors` to go through a Log in parts."""
    sensors = Sensors.of(rows, settings, seed=seed, names=names, occluders=occluders)
    return sensors.observe(ego_order(rows), keep_missed=keep_missed)


def _past(rows: Rows, ego_row: Ints) -> Ints:
    joined = np.zeros(len(ego_row), dtype=bool)
    joined[1:] = rows.before[ego_row[1:]] == ego_row[:-1]
    index = np.arange(len(ego_row))
    first = np.maximum.accumulate(np.where(joined, 0, index))
    return (index - first).astype(np.int64)


@njit
def _fold(key: Keys, word: Keys) -> Keys:
    out = np.empty_like(key)
    for i in range(len(key)):
        out[i] = mix(key[i], word[i])
    return out


@njit
def _odometry(
    ego_row: Ints, row_key: Keys, speed: Floats, accel: Floats, yaw_rate: Floats, noise: Floats
) -> Floats:
    out = np.empty((3, len(ego_row)))
    for e in range(len(ego_row)):
        r = ego_row[e]
        key = mix(row_key[e], np.uint64(0x0D0))
        out[0, e] = speed[r] + noise[0] * normal(key, np.uint64(0))
        out[1, e] = accel[r] + noise[1] * normal(key, np.uint64(1))
        out[2, e] = yaw_rate[r] + noise[2] * normal(key, np.uint64(2))
    return out
