"""What the viewer shows, and how a command changes it: state in, state out."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.view.camera import Camera
from sim.view.film import Film
from sim.view.stage import Pose
from sim.world.log import LOG_STEP_S

SPEEDS = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0)
JUMP_S = 1.0
SCALE = 1.0 / 160.0
"""At zoom 1 the picture is 160 m wide."""

LEAD_IN_S = 3.0
"""A film starts this long before its moment of least margin [s]."""

AHEAD = 0.16
"""The followed road user stands this share of the width behind the middle."""


@dataclass(frozen=True)
class State:
    """One view of one film.

    Attributes:
        t_s: Time shown [s].
        ego: Track that is followed or marked.
        playing: Whether time runs.
        speed: Of time, as a place in `SPEEDS`.
        follow: Whether the camera moves with the ego; else it stands over the scene.
        zoom: Of the camera.
        help: Whether the keys are listed.
    """

    t_s: float
    ego: int
    playing: bool = True
    speed: int = SPEEDS.index(1.0)
    follow: bool = True
    zoom: float = 1.0
    help: bool = False

    @classmethod
    def start(cls, film: Film, *, playing: bool = True) -> State:
        """Three seconds before the moment of least margin, on its ego."""
        t_s = max(film.begin_s, film.worst_s - LEAD_IN_S)
        return cls(t_s=t_s, ego=film.ego, playing=playing)


def command(state: State, name: str, film: Film) -> State:
    """The state after one of the viewer's commands, which are those of `KEYS`."""
    if name == "play":
        again = state.t_s >= film.end_s and not state.playing
        return replace(state, playing=not state.playing, t_s=film.begin_s if again else state.t_s)
    if name in ("step", "step back"):
        way = LOG_STEP_S if name == "step" else -LOG_STEP_S
        return replace(seek(state, _on_frame(state.t_s) + way, film), playing=False)
    if name in ("forward", "back"):
        return seek(state, state.t_s + (JUMP_S if name == "forward" else -JUMP_S), film)
    if name in ("faster", "slower"):
        speed = state.speed + (1 if name == "faster" else -1)
        return replace(state, speed=min(max(speed, 0), len(SPEEDS) - 1))
    if name in ("closer", "wider"):
        zoom = state.zoom * (1.25 if name == "closer" else 0.8)
        return replace(state, zoom=min(max(zoom, 0.05), 8.0))
    if name == "next user":
        return replace(state, ego=_next_user(state, film))
    if name == "worst":
        return replace(seek(state, film.worst_s, film), ego=film.ego)
    if name == "follow":
        return replace(state, follow=not state.follow)
    if name == "help":
        return replace(state, help=not state.help)
    raise ValueError(f"no such command: {name}")


def seek(state: State, t_s: float, film: Film) -> State:
    """The state at another time, within the film."""
    return replace(state, t_s=float(np.clip(t_s, film.begin_s, film.end_s)))


def tick(state: State, elapsed_s: float, film: Film) -> State:
    """The state after some time has passed outside; it stops at the end of the film."""
    if not state.playing:
        return state
    t_s = state.t_s + elapsed_s * SPEEDS[state.speed]
    return replace(seek(state, t_s, film), playing=t_s < film.end_s)


def _on_frame(t_s: float) -> float:
    return round(t_s / LOG_STEP_S) * LOG_STEP_S


def _next_user(state: State, film: Film) -> int:
    """The next track that is there at this time."""
    here = film.rows.track[film.rows_at(film.slice_at(state.t_s))]
    later = here[here > state.ego]
    return int(later[0] if len(later) else here[0])


def camera(state: State, film: Film, pose: Pose, size: tuple[int, int]) -> Camera:
    """Over the followed ego, which sees more ahead than behind, or over the whole scene."""
    width, height = size
    scale = state.zoom * SCALE * width
    row = film.row_of(film.slice_at(state.t_s), state.ego)
    place = pose.place(row) if row >= 0 else -1
    if state.follow and place >= 0:
        ahead = AHEAD * width / scale
        x = pose.x[place] + ahead * np.cos(pose.yaw[place])
        y = pose.y[place] + ahead * height / width * np.sin(pose.yaw[place])
        return Camera(float(x), float(y), scale, width, height)
    low_x, high_x, low_y, high_y = film.bounds
    fit = min(width / (high_x - low_x + 20.0), height / (high_y - low_y + 20.0), 12.0)
    middle = 0.5 * (low_x + high_x), 0.5 * (low_y + high_y)
    return Camera(*middle, fit * state.zoom, width, height)
