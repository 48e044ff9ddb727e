"""Watch a Log: in a window, or recorded to a file where there is no display."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from difflib import get_close_matches
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd
import pygame

from sim.base.errors import UserError, expected
from sim.view import video, window
from sim.view.film import Film
from sim.view.ground import Ground
from sim.view.noted import danger
from sim.view.state import State, seek
from sim.world.log import Log

RECORD_S = 8.0
"""Length of a recording unless told otherwise [s]."""


def replay(
    log: Log,
    *,
    episode: str | None = None,
    scores: pd.DataFrame | None = None,
    record: Path | None = None,
    seconds: float | None = None,
    fps: float = 20.0,
    follow: int | None = None,
    event: str | None = None,
    roads: Callable[[int], Ground] | None = None,
) -> Path | None:
    """Show a Log, from 3 s before its moment of least margin.

    Args:
        log: One episode or many.
        episode: Id of the one to show first; the most dangerous one by default.
        scores: Of a detector: columns episode_id, ego_id, t_s, score and alarm.
        record: A file to make in place of the window: .mp4 or .gif, a video; .png, the moment
            of least margin.
        seconds: Length of the video, 8 by default, or how long the window stays [s].
        fps: Pictures a second.
        follow: Track to follow; by default the ego that came closest.
        event: What counts as danger; that of each episode's family by default.
        roads: Gives the road of an episode by its number, to be drawn below.

    Returns:
        The file that was made, None after a window.

    Raises:
        UserError: The Log is empty, the episode or track unknown, a setting out of range, or
            there is neither a display nor `record`.
    """
    if not 1 <= fps <= 120:
        raise expected("fps", "between 1 and 120 pictures a second", fps)
    if seconds is not None and not 0 < seconds <= 3600:
        raise expected("seconds", "more than 0 and at most 3600 s", seconds)
    target = None if record is None else video.checked(record)
    index = choose(log, episode, event)

    @lru_cache(maxsize=4)
    def film_of(place: int) -> Film:
        return Film.of(
            log,
            place,
            scores=scores,
            follow=follow if place == index else None,
            event=event,
            road=None if roads is None else roads(place),
        )

    film = film_of(index)
    if target is None:
        window.need_display()
        window.run(film_of, index, len(log), fps=fps, seconds=seconds)
        return None
    return recorded(film, target, seconds=seconds or RECORD_S, fps=fps)


def choose(log: Log, episode: str | None, event: str | None = None) -> int:
    """The row number of an episode by its id, or of the most dangerous one by an event.

    Raises:
        UserError: The Log holds no episode, or not this one.
    """
    if not len(log):
        raise UserError("replay: the log holds no episode")
    if episode is None:
        return int(np.argmin(danger(log, event)))
    ids = log.episodes["episode_id"].tolist()
    if episode in ids:
        return int(ids.index(episode))
    near = get_close_matches(episode, ids, n=1) or ids[:1]
    raise expected("episode", f"one of the {len(ids)} in the log, such as {near[0]!r}", episode)


def recorded(
    film: Film,
    path: Path,
    *,
    seconds: float,
    fps: float,
    size: tuple[int, int] = window.SIZE,
) -> Path:
    """Record a film, or for a .png its moment of least margin.

    Args:
        film: What to record.
        path: Ends in .mp4, .gif or .png.
        seconds: Length [s]; shorter where the film ends before.
        fps: Pictures a second.
        size: Of the picture [px]; made even, as H.264 asks for.
    """
    even = (size[0] // 2 * 2, size[1] // 2 * 2)
    if path.suffix.lower() == ".png":
        picture = pygame.Surface(even, depth=32)
        state = replace(State.start(film), t_s=film.worst_s)
        window.picture(picture, film, state)
        return video.save(picture, path)
    return video.write(pictures(film, seconds=seconds, fps=fps, size=even), path, fps=fps)


def pictures(
    film: Film, *, seconds: float, fps: float, size: tuple[int, int]
) -> Iterator[pygame.Surface]:
    """The pictures of a recording, all on one surface."""
    picture = pygame.Surface(size, depth=32)
    state = State.start(film)
    last = min(film.end_s, state.t_s + seconds)
    count = max(1, round((last - state.t_s) * fps))
    for k in range(count):
        window.picture(picture, film, seek(state, state.t_s + k / fps, film))
        yield picture
