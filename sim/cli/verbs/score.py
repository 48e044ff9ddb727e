"""Let a saved detector score a log: a score and an alarm for each row, and a list of the alarms.

Writes `scores.parquet` and `alarms.parquet`; `closecall replay PATH scores=DIR` shows them.

Examples:
  closecall score recordings/us101 model=runs/study/models/real_sim_weighted.hgb.skops out=runs/s
  closecall score drive.xml model=detector.skops threshold=0.4
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from sim.base.errors import UserError, expected
from sim.base.store import write_parquet
from sim.cli.out import result_folder, save_config
from sim.features import THREAT_FEATURES, LabelSettings, WindowSettings, featurize
from sim.learn.model import Model, load
from sim.learn.scores import SCORES_FILE, alarm_table, score_table
from sim.logs import each_log
from sim.sensing import SensorSettings

POSITIONAL = "path"
PATHS = ("path", "model", "out")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall score`.

    Attributes:
        path: A recording, a folder of them, or one that `generate` or `import` wrote.
        model: A detector that a study saved, *.skops.
        trusted: Types that a detector of your own consists of (`lightgbm.basic.Booster`); they
            may run code, so only for files whose author you trust.
        threshold: Alarm threshold; null takes the one carried over from validation.
        seed: Of the sensors' noise.
        out: New folder; null makes one below `runs/`.
        sensor, label, window: As in `closecall featurize`.
    """

    path: Path
    model: Path
    trusted: tuple[str, ...] = ()
    threshold: float | None = None
    seed: int = 0
    out: Path | None = None
    sensor: SensorSettings = field(default_factory=SensorSettings)
    label: LabelSettings = field(default_factory=LabelSettings)
    window: WindowSettings = field(default_factory=WindowSettings)

    def __post_init__(self) -> None:
        if self.seed < 0:
            raise expected("seed", "a whole number, at least 0", self.seed)
        if self.threshold is not None and not 0 <= self.threshold <= 1:
            raise expected("threshold", "a probability in [0, 1]", self.threshold)


def run(settings: Settings, config: str) -> Path:
    """Score; returns the folder."""
    model = load(settings.model, trusted=settings.trusted)
    threshold = model.threshold if settings.threshold is None else settings.threshold
    if math.isnan(threshold):
        raise UserError(f"threshold: {settings.model} carries none, so one is needed")
    parts = [
        score_table(
            model,
            featurize(
                log,
                sensor=settings.sensor,
                label=_label(settings.label, model),
                window=settings.window,
                seed=settings.seed,
                unlabelled=True,
            ),
            threshold,
        )
        for log in each_log(settings.path)
    ]
    out = result_folder(settings.out, "score")
    save_config(out, config)
    scores = pd.concat(parts, ignore_index=True)
    write_parquet(scores, out / SCORES_FILE)
    write_parquet(alarm_table(scores), out / "alarms.parquet")
    return out


def _label(label: LabelSettings, model: Model) -> LabelSettings:
    """The label whose rows tell what the model was trained on."""
    plane = any(feature.name in model.columns for feature in THREAT_FEATURES)
    return replace(label, form="either") if plane and not label.in_plane else label
