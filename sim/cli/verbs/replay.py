"""Watch a log or a scenario in a window, or record it as a video or picture.

A concrete scenario file, as `estimate` and `shrink` write them, is simulated anew, bit for bit.
With freeze=FILE an episode of a generated run becomes such a file.

Keys in the window: space plays and pauses, , and . step, the mouse scrubs, F follows, H helps.

Examples:
  closecall replay runs/cut_in
  closecall replay recording.xml episode=USA_US101-3_1_T-1
  closecall replay runs/cut_in record=danger.mp4
  closecall replay runs/cut_in scores=runs/score record=danger.png
  closecall replay runs/cut_in episode=cut_in-0-0000012 freeze=case.yaml record=case.png
  closecall replay case.yaml record=case.mp4
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.base.document import is_scenario_file
from sim.base.errors import UserError, expected
from sim.cli.out import tell
from sim.family import Family, concrete_of, load_concrete, save_concrete
from sim.learn.scores import load_scores
from sim.logs import load_log
from sim.sampling import episodes_of, run_family
from sim.sampling.opened import open_run
from sim.view.ground import Ground
from sim.view.replay import replay
from sim.world.log import Log

POSITIONAL = "path"
PATHS = ("path", "record", "scores", "freeze")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall replay`.

    Attributes:
        path: A recording, a folder that `generate` or `import` wrote, or a concrete scenario.
        record: Write this .mp4, .gif or .png instead of opening a window.
        episode: The episode to show; null takes the most critical one.
        follow: Track id of the road user to follow; null takes the ego.
        scores: Folder or file that `closecall score` wrote, to show its alarms.
        seconds: Length of what is recorded [s]; null records from 3 s before the most
            critical moment to 3 s after it.
        fps: Frames a second of the video.
        freeze: Write `episode` of a generated run to this .yaml as a concrete scenario.
    """

    path: Path
    record: Path | None = None
    episode: str | None = None
    follow: int | None = None
    scores: Path | None = None
    seconds: float | None = None
    fps: int = 20
    freeze: Path | None = None


def run(settings: Settings, config: str) -> Path | None:
    """Replay; returns what was recorded, if anything was."""
    scores = load_scores(settings.scores) if settings.scores is not None else None
    if settings.freeze is not None:
        _freeze(settings, settings.freeze)
        if settings.record is None:
            return settings.freeze
    log, family = _opened(settings.path)
    return replay(
        log,
        episode=settings.episode,
        follow=settings.follow,
        scores=scores,
        record=settings.record,
        seconds=settings.seconds,
        fps=settings.fps,
        event=None if family is None else family.event,
        roads=None if family is None else lambda k: _ground(family, log, k),
    )


def _opened(path: Path) -> tuple[Log, Family | None]:
    """The log of a file or folder, and its family; a concrete scenario is run for it."""
    if is_scenario_file(path.name):
        frozen = load_concrete(path)
        tell(frozen.told())
        episode = episodes_of(frozen.family, frozen.draws, seed=frozen.seed, start=frozen.episode)
        return run_family(frozen.family, episode, seconds=frozen.seconds), frozen.family
    log = load_log(path)
    try:
        return log, open_run(path).family
    except UserError:  # no run of ours, or of a family that is not known here: shown without a road
        return log, None


def _ground(family: Family, log: Log, index: int) -> Ground:
    """The road of an episode, built again from what was drawn."""
    row = log.episodes.iloc[index]
    frozen = concrete_of(family, {str(key): value for key, value in row.items()})
    episode = episodes_of(family, frozen.draws, seed=frozen.seed, start=frozen.episode)
    return Ground.of(episode.road, int(episode.road_index[0]))


def _freeze(settings: Settings, out: Path) -> None:
    if settings.episode is None:
        raise expected("episode", "the episode to freeze", None)
    if not is_scenario_file(out.name) or out.exists():
        raise expected("freeze", "a new file that ends in .yaml", str(out))
    save_concrete(open_run(settings.path).freeze(settings.episode), out)
