"""Traffic without a simulator: users on three lanes whose speeds wander, so that some conflict."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sim.world.log import Log


def random_log(seed: int, *, episodes: int = 2, users: int = 10, frames: int = 90) -> Log:
    """Episodes of vehicles and one pedestrian with smooth random speeds and drifts."""
    rng = np.random.default_rng(seed)
    names = [f"random-{seed}-{i}" for i in range(episodes)]
    tracks = [_episode(rng, name, users, frames) for name in names]
    head = pd.DataFrame({"episode_id": names, "source": "recorded", "site": "random"})
    head["group"] = names
    return Log.of(head, pd.concat(tracks, ignore_index=True))


def log_of(rows: list[dict[str, object]]) -> Log:
    """A Log of one episode from a few rows; what a row leaves out is a standing car."""
    usual: dict[str, object] = {
        "episode_id": "e",
        "frame": 0,
        "kind": "car",
        "x_m": 0.0,
        "y_m": 0.0,
        "yaw_rad": 0.0,
        "speed_mps": 0.0,
        "accel_mps2": np.nan,
        "length_m": 4.0,
        "width_m": 2.0,
        "lane": -1,
    }
    table = pd.DataFrame([usual | row for row in rows])
    table["t_s"] = table["frame"] * 0.1
    head = pd.DataFrame({"episode_id": table["episode_id"].unique()})
    return Log.of(head, table)


def following(
    gap: float, speed: float, lead_speed: float, *, frames: int = 60, brake: float = 0.0
) -> Log:
    """Car 0 behind car 1 [m], [m/s]; the lead brakes from the second second on [m/s²]."""
    t = 0.1 * np.arange(frames)
    braking = np.clip(t - 2.0, 0.0, lead_speed / brake if brake else None) if brake else 0.0 * t
    lead = lead_speed * t - 0.5 * brake * braking**2 - brake * braking * (t - 2.0 - braking).clip(0)
    rows: list[dict[str, object]] = []
    for k in range(frames):
        u = lead_speed - brake * float(braking[k])
        rows.append({"track_id": 0, "frame": k, "x_m": speed * t[k], "speed_mps": speed})
        rows.append({"track_id": 1, "frame": k, "x_m": gap + 4.0 + lead[k], "speed_mps": u})
    return log_of(rows)


def _episode(rng: np.random.Generator, name: str, users: int, frames: int) -> pd.DataFrame:
    t = 0.1 * np.arange(frames)
    parts = []
    for user in range(users):
        first = int(rng.integers(0, frames // 3)) if user % 3 == 2 else 0
        wave = rng.normal(0.0, 2.0, 3) @ np.sin(
            np.outer(rng.uniform(0.3, 1.5, 3), t) + rng.uniform(0.0, 6.0, (3, 1))
        )
        speed = np.maximum(rng.uniform(6.0, 12.0) + wave, 0.0)
        drift = 0.8 * np.sin(rng.uniform(0.2, 0.8) * t + rng.uniform(0.0, 6.0))
        length = 12.0 if user == 1 else 4.5
        way = np.concatenate([[0.0], np.cumsum(0.05 * (speed[1:] + speed[:-1]))])
        y = 3.5 * (user % 3) + drift
        part = pd.DataFrame(
            {
                "episode_id": name,
                "frame": np.arange(frames),
                "t_s": t,
                "track_id": user,
                "kind": ("car", "truck", "car")[min(user, 2)],
                "x_m": 16.0 * (user // 3) + rng.uniform(-3.0, 3.0) + way,
                "y_m": y,
                "yaw_rad": np.arctan2(np.gradient(y, 0.1), np.maximum(speed, 1.0)),
                "speed_mps": speed,
                "accel_mps2": np.gradient(speed, 0.1),
                "length_m": length,
                "width_m": 2.5 if user == 1 else 1.8,
                "lane": user % 3,
            }
        )
        parts.append(part[part["frame"] >= first])
    walker = parts[0].assign(track_id=users, kind="pedestrian", y_m=-4.0, length_m=0.5, width_m=0.5)
    walker["x_m"] = 30.0 + 1.3 * walker["t_s"]
    walker["speed_mps"] = 1.3
    return pd.concat([*parts, walker.assign(yaw_rad=0.0)])
