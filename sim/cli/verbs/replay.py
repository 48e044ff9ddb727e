"""Watch a log in a window, or record it as a video or picture.

Keys in the window: space plays and pauses, , and . step, the mouse scrubs, F follows, H helps.

Examples:
  closecall replay runs/cut_in
  closecall replay recording.xml episode=USA_US101-3_1_T-1
  closecall replay runs/cut_in record=danger.mp4
  closecall replay runs/cut_in scores=runs/score record=danger.png
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.learn.scores import load_scores
from sim.logs import load_log
from sim.view.replay import replay

POSITIONAL = "path"
PATHS = ("path", "record", "scores")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall replay`.

    Attributes:
        path: A recording, or a folder that `generate` or `import` wrote.
        record: Write this .mp4, .gif or .png instead of opening a window.
        episode: The episode to show; null takes the most critical one.
        follow: Track id of the road user to follow; null takes the ego.
        scores: Folder or file that `closecall score` wrote, to show its alarms.
        seconds: Length of what is recorded [s]; null records from 3 s before the most
            critical moment to 3 s after it.
        fps: Frames a second of the video.
    """

    path: Path
    record: Path | None = None
    episode: str | None = None
    follow: int | None = None
    scores: Path | None = None
    seconds: float | None = None
    fps: int = 20


def run(settings: Settings, config: str) -> Path | None:
    """Replay; returns what was recorded, if anything was."""
    scores = load_scores(settings.scores) if settings.scores is not None else None
    return replay(
        load_log(settings.path),
        episode=settings.episode,
        follow=settings.follow,
        scores=scores,
        record=settings.record,
        seconds=settings.seconds,
        fps=settings.fps,
    )
