"""The road users of a film at a moment, drawn from above."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pygame
from numpy.typing import NDArray

from sim.view import paint
from sim.view.camera import Camera
from sim.view.film import Film
from sim.view.partner import partner, time_to, touched
from sim.world.log import LOG_STEP_S

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

LEAST_PX = 8.0
"""Nobody is drawn smaller than this [px]."""
TRAIL_S = 3.0
TRAIL_STEP = 2


@dataclass(frozen=True)
class Pose:
    """The N road users of a frame, moved on towards the next frame.

    Attributes:
        row: (N,), their rows in the film.
        x, y: (N,), centre [m].
        yaw: (N,) [rad].
    """

    row: Ints
    x: Floats
    y: Floats
    yaw: Floats

    @classmethod
    def at(cls, film: Film, t_s: float) -> Pose:
        """Where everyone is at a time; between frames on the straight line."""
        s = film.slice_at(t_s)
        found = film.rows_at(s)
        row = np.arange(found.start, found.stop)
        rows = film.rows
        ahead = np.where(rows.after[row] >= 0, rows.after[row], row)
        share = float(np.clip(t_s / LOG_STEP_S - film.frames[s], 0.0, 1.0))
        turn = np.remainder(rows.yaw[ahead] - rows.yaw[row] + np.pi, 2.0 * np.pi) - np.pi
        return cls(
            row=row,
            x=rows.x[row] + share * (rows.x[ahead] - rows.x[row]),
            y=rows.y[row] + share * (rows.y[ahead] - rows.y[row]),
            yaw=rows.yaw[row] + share * turn,
        )

    def place(self, row: int) -> int:
        """The place of a row of the film among these, -1 where it is not in the frame."""
        at = row - int(self.row[0]) if len(self.row) else -1
        return at if 0 <= at < len(self.row) else -1


def draw(surface: pygame.Surface, film: Film, camera: Camera, pose: Pose, ego: int) -> None:
    """Ground, paths, trails and boxes; `ego` is the track that is followed."""
    surface.fill(paint.GROUND)
    grid(surface, camera)
    if film.road is not None:
        film.road.draw(surface, camera)
    else:
        worn(surface, film, camera)
    seen = np.flatnonzero(camera.sees(pose.x, pose.y, 15.0))
    s = film.slice_at(float(film.rows.frame[pose.row[0]]) * LOG_STEP_S)
    ego_row = film.row_of(s, ego)
    other_row = partner(film, ego_row)
    trails(surface, film, camera, pose, seen, ego_row)
    if other_row >= 0:
        link(surface, film, camera, pose, ego_row, other_row)
    boxes(surface, film, camera, pose, seen, {ego_row: paint.EGO, other_row: paint.LEAD})


def grid(surface: pygame.Surface, camera: Camera, step_m: float = 20.0) -> None:
    """Lines every 20 m, so that speed shows where the log knows no road."""
    while step_m * camera.scale < 40.0:
        step_m *= 5.0
    reach = 0.5 * float(np.hypot(camera.width, camera.height)) / camera.scale
    ends = np.array([-reach, reach])
    x, y = (
        np.arange(np.ceil((centre - reach) / step_m), (centre + reach) / step_m) * step_m
        for centre in (camera.x, camera.y)
    )
    upright = camera.pixels(np.stack([x, x], axis=1), camera.y + ends)
    level = camera.pixels(camera.x + ends, np.stack([y, y], axis=1))
    for a, b in np.concatenate([upright, level]).tolist():
        pygame.draw.line(surface, paint.GRID, a, b)


def worn(surface: pygame.Surface, film: Film, camera: Camera) -> None:
    """Where road users go in this episode, which draws the road that a log does not have."""
    pieces = film.worn
    near = pieces[camera.sees(pieces[:, 0], pieces[:, 1], 30.0)]
    starts, ends = camera.pixels(near[:, 0], near[:, 1]), camera.pixels(near[:, 2], near[:, 3])
    for a, b in zip(starts.tolist(), ends.tolist()):
        pygame.draw.aaline(surface, paint.WORN, a, b)


def trails(
    surface: pygame.Surface, film: Film, camera: Camera, pose: Pose, seen: Ints, ego_row: int
) -> None:
    """Where each has been in the last 3 s."""
    back = [pose.row[seen]]
    for _ in range(round(TRAIL_S / LOG_STEP_S)):
        back.append(np.where(back[-1] >= 0, film.rows.before[back[-1]], -1))
    chain = np.stack(back[::TRAIL_STEP], axis=1)
    points = camera.pixels(film.rows.x[chain], film.rows.y[chain])
    points[:, 0] = camera.pixels(pose.x[seen], pose.y[seen])
    for row, trail, known in zip(pose.row[seen], points, chain >= 0):
        colour = paint.mixed(paint.GROUND, _colour(film, int(row), ego_row), 0.55)
        paint.path(surface, trail[: int(known.sum())], colour, 2 if row == ego_row else 1)


def _colour(film: Film, row: int, ego_row: int) -> paint.Colour:
    if row == ego_row:
        return paint.EGO
    return paint.KIND_COLOURS[int(film.rows.kind[row])]


def link(
    surface: pygame.Surface, film: Film, camera: Camera, pose: Pose, ego_row: int, other_row: int
) -> None:
    """A line from the ego to the other, with the time to collision.

    From front to rear to a lead, between the centres to anybody else.
    """
    ends = np.array([pose.place(ego_row), pose.place(other_row)])
    follows = film.lead[ego_row] == other_row
    time = time_to(film, ego_row, other_row)
    colour = paint.time_colour(time, film.event.ttc_s)
    reach = 0.5 * film.rows.length[[ego_row, other_row]] * np.array([1.0, -1.0]) * follows
    x = pose.x[ends] + reach * np.cos(pose.yaw[ends])
    y = pose.y[ends] + reach * np.sin(pose.yaw[ends])
    points = camera.pixels(x, y)
    pygame.draw.line(surface, colour, points[0].tolist(), points[1].tolist(), 2)
    if np.isfinite(time) and not touched(film, ego_row):
        middle = points.mean(axis=0)
        paint.words(
            surface, f"{time:.1f} s", (middle[0], middle[1] - 8), colour=colour, anchor="midbottom"
        )


def boxes(
    surface: pygame.Surface,
    film: Film,
    camera: Camera,
    pose: Pose,
    seen: Ints,
    chosen: dict[int, paint.Colour],
) -> None:
    """Oriented boxes in the colour of their kind, a notch for the front, alarms in red."""
    rows = film.rows
    last = np.isin(pose.row[seen], list(chosen))
    seen = seen[np.lexsort((-rows.length[pose.row[seen]], last))]  # the smaller of them on top
    row = pose.row[seen]
    x, y, yaw = pose.x[seen], pose.y[seen], pose.yaw[seen]
    points = camera.seen_boxes(x, y, yaw, rows.length[row], rows.width[row], LEAST_PX)
    for i, box in zip(row.tolist(), points):
        colour = chosen.get(i) or paint.KIND_COLOURS[int(rows.kind[i])]
        paint.polygon(surface, box, colour)
        glass = box[[0, 3]] + 0.22 * (box[[1, 2]] - box[[0, 3]])
        dark = paint.mixed(colour, paint.GROUND, 0.65)
        pygame.draw.line(surface, dark, glass[0].tolist(), glass[1].tolist(), 2)
        if film.alarm[i]:
            middle = box.mean(axis=0)
            paint.outline(surface, middle + 1.25 * (box - middle), paint.ALARM, 3)
