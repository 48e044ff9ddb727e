"""Small made-up Logs: a platoon whose lead brakes, beside a lane of others."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.world.log import Log, concat


def platoon(
    name: str = "brake-1-0000000",
    *,
    brake: float = 5.0,
    frames: int = 80,
    others: int = 6,
    source: str = "simulated",
    yaw: float = 0.0,
) -> Log:
    """Track 0 follows track 1, which brakes after 3 s; the rest drive on beside them."""
    t = np.arange(frames) * 0.1
    slowed = np.clip(t - 3.0, 0.0, 22.0 / max(brake, 1e-9))
    lead_speed = 22.0 - brake * slowed
    late = np.clip(t - 4.2, 0.0, 22.0 / max(0.8 * brake, 1e-9))
    ego_speed = 22.0 - 0.8 * brake * late
    tracks = [_track(0, t, ego_speed, 0.0, 0.0), _track(1, t, lead_speed, 32.0, 0.0)]
    for k in range(others):
        speed = np.full(frames, 20.0 + 1.5 * k)
        tracks.append(_track(2 + k, t, speed, -60.0 + 25.0 * k, 3.6 * (1 + k % 2)))
    table = pd.concat(tracks, ignore_index=True)
    c, s = np.cos(yaw), np.sin(yaw)
    x, y = table["x_m"].copy(), table["y_m"].copy()
    table["x_m"], table["y_m"], table["yaw_rad"] = c * x - s * y, s * x + c * y, yaw
    table["episode_id"] = name
    gap = tracks[1]["x_m"] - tracks[0]["x_m"] - 4.6
    closing = ego_speed - lead_speed
    ttc = np.where(closing > 0.0, gap / np.where(closing > 0.0, closing, 1.0), np.inf)
    crash = bool((gap <= 0).any())
    least = 0.0 if crash else float(ttc.min())
    episodes = pd.DataFrame(
        {
            "episode_id": [name],
            "source": [source],
            "site": ["brake"],
            "family": ["brake"],
            "outcome": ["crash" if crash else "near" if least < 3 else "ordinary"],
            "min_ttc_s": [least if source == "simulated" and np.isfinite(least) else np.nan],
            "collided": [crash and source == "simulated"],
        }
    )
    return Log.of(episodes, table)


def _track(track: int, t: np.ndarray, speed: np.ndarray, x: float, y: float) -> pd.DataFrame:
    way = np.concatenate([[0.0], np.cumsum(0.5 * (speed[1:] + speed[:-1]) * 0.1)])
    kind = "truck" if track == 3 else "motorcycle" if track == 4 else "car"
    length = {"truck": 12.0, "motorcycle": 2.2}.get(kind, 4.6)
    return pd.DataFrame(
        {
            "frame": np.arange(len(t)),
            "t_s": t,
            "track_id": track,
            "kind": kind,
            "x_m": x + way,
            "y_m": y,
            "yaw_rad": 0.0,
            "speed_mps": speed,
            "accel_mps2": np.gradient(speed, 0.1),
            "length_m": length,
            "width_m": 2.5 if kind == "truck" else 0.8 if kind == "motorcycle" else 1.8,
            "lane": round(y / 3.6),
        }
    )


def many(count: int = 16, *, source: str = "simulated") -> Log:
    """Platoons from a lead that does not brake to one that is run into."""
    brakes = np.linspace(0.0, 9.0, count)
    logs = [
        platoon(f"brake-1-{i:07d}", brake=float(b), source=source) for i, b in enumerate(brakes)
    ]
    return concat(logs)


def scores(log: Log, *, since_s: float = 4.0) -> pd.DataFrame:
    """A detector that raises the alarm for track 0 after some time, every 0.2 s."""
    mine = log.tracks[(log.tracks["track_id"] == 0) & (log.tracks["frame"] % 2 == 0)]
    late = mine["t_s"].to_numpy() >= since_s
    return pd.DataFrame(
        {
            "episode_id": mine["episode_id"].astype(str).to_numpy(),
            "ego_id": 0,
            "t_s": mine["t_s"].to_numpy(),
            "score": np.where(late, 0.9, 0.1),
            "alarm": late,
        }
    )
