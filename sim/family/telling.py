"""What goes wrong inside a family's own file, told in one line with file and line."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np

from sim.base.errors import UserError, expected
from sim.family.core import Draws, Family
from sim.world.episode import Episode
from sim.world.scene import Scene
from sim.world.strict import strictly


@contextmanager
def told_at(home: Path) -> Iterator[None]:
    """Errors raised inside are told with the place in `home`, a file or folder, that led there."""
    try:
        yield
    except (Exception, SystemExit) as error:
        why = str(error.msg if isinstance(error, SyntaxError) else error)
        if not isinstance(error, UserError):
            why = f"{type(error).__name__}: {why}"
        raise UserError(f"{_place(error, home)}: {why}") from error


def scene_of(family: Family, draws: Draws) -> Scene:
    """The scenes that a family builds of its draws.

    Raises:
        UserError: Its `build` fails or returns anything but a scene for each draw; told with
            the line of the family's file.
    """
    with told_at(Path(type(family).build.__code__.co_filename)):
        with np.errstate(all="ignore"):  # the engine tells what came of it, with the line
            scene: object = family.build(draws)
        if not isinstance(scene, Scene):
            raise expected(f"{family.name}.build", "a Scene", scene)
        if scene.n != len(draws):
            raise expected(
                f"{family.name}.build", f"a Scene(len(draws), ...): {len(draws)}", scene.n
            )
        return scene


def episode_of(family: Family, draws: Draws, *, seed: int = 0) -> Episode:
    """The episodes that a family builds of its draws.

    Raises:
        UserError: As `scene_of`; or a scene cannot be, told with the line that made it so.
    """
    scene = scene_of(family, draws)
    try:
        return scene.episode(seed=seed)
    except UserError as error:
        with strictly():
            scene_of(family, draws)
        code = type(family).build.__code__  # no road user by itself, but an order, say
        raise UserError(f"{code.co_filename}:{code.co_firstlineno}: {error}") from None


def _place(error: BaseException, home: Path) -> str:
    """The last line of `home` on the way to an error, not that of what it called."""
    if isinstance(error, SyntaxError) and error.filename:
        return f"{error.filename}:{error.lineno}"
    frames = traceback.extract_tb(error.__traceback__)
    for frame in reversed(frames):
        path = Path(frame.filename)
        if home == path or home in path.parents:
            return f"{path}:{frame.lineno}"
    return str(home)
