"""Fit a family's distributions to recorded logs, with how well they fit.

Events are measured in the recordings (steady following, cut-ins, brakings, ...), and each
quantity that names a measurement is fitted to it by maximum likelihood. Writes the calibrated
variant, `NAME_calibrated.yaml`, a picture, and a manifest of the recordings used. Without a key
that keeps recordings out (the study's own: train_sites and so on) all of them are used, so
nothing in the folder can serve to test with.

Examples:
  closecall calibrate cut_in logs=recordings 'train_sites=[us101,lankershim]' out=runs/cut_in
  closecall calibrate ordinary logs=recordings same_site_share=0.3 seed=1
  closecall generate scenario=runs/cut_in/cut_in_calibrated.yaml n=1000
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.base.errors import UserError, expected
from sim.base.store import write_json, write_text
from sim.calibrate import (
    Calibration,
    FitSettings,
    calibrate,
    calibration_text,
    events_of,
    evidence,
)
from sim.calibrate.fit import Criterion
from sim.cli.out import result_folder, save_config
from sim.config.build import build_family
from sim.family import load_families, save_variant
from sim.family.terms import NAME
from sim.logs import recordings
from sim.report.calibration import picture
from sim.studies import LogsSettings
from sim.studies.recorded import recorded_sides

POSITIONAL = "scenario"
PATHS = ("logs", "out")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall calibrate`.

    Attributes:
        scenario: The family or scenario file.
        logs: Folder of recordings; each file's parent folder is its site.
        train_sites, train_groups, test_sites, test_groups, same_site_share: As in `closecall
            study logs.*`: what is for testing there is not read here.
        name: Of the variant; null takes the family's with `_calibrated`.
        least: With fewer events a quantity stays as it is.
        criterion: By which one of several laws is chosen: bic or aic.
        draws: Of p-values and intervals.
        seed: Of these drawings, and of the split where there is a same_site_share.
        out: New folder; null makes one below `runs/`.
    """

    scenario: dict[str, Any]
    logs: Path
    train_sites: tuple[str, ...] = ()
    train_groups: tuple[str, ...] = ()
    test_sites: tuple[str, ...] = ()
    test_groups: tuple[str, ...] = ()
    same_site_share: float = 0.0
    name: str | None = None
    least: int = 30
    criterion: Criterion = "bic"
    draws: int = 199
    seed: int = 0
    out: Path | None = None

    def __post_init__(self) -> None:
        self.fit()  # refuses what cannot be
        if self.name is not None and not NAME.fullmatch(self.name):
            raise expected("name", "small letters, digits and _, a letter first", self.name)
        if self.name in load_families():
            raise expected("name", "a name that no family has", self.name)

    def fit(self) -> FitSettings:
        """How quantities are fitted."""
        return FitSettings(
            least=self.least, criterion=self.criterion, draws=self.draws, seed=self.seed
        )


def run(settings: Settings, config: str) -> Path:
    """Calibrate; returns the variant's file."""
    family = build_family(settings.scenario)
    events = events_of(family)
    groups = _groups(settings)
    found = calibrate(family, evidence(settings.logs, groups=groups, events=events), settings.fit())
    out = result_folder(settings.out, "calibrate")
    save_config(out, config)
    name = settings.name or f"{family.terms.name}_calibrated"
    write_json({"recordings": found.evidence.manifest}, out / "manifest.json")
    text = calibration_text(found)
    write_text(text + "\n", out / "calibration.txt")
    print(text)
    sys.stdout.flush()
    picture(found, out / f"{name}.png", title=f"{family.terms.name}, calibrated")
    return _save(found, name, out)


def _save(found: Calibration, name: str, out: Path) -> Path:
    comment = "Written by `closecall calibrate`: distributions fitted to recordings."
    return save_variant(found.variant(name), out / f"{name}.yaml", comment=comment)


def _groups(settings: Settings) -> tuple[str, ...]:
    """The groups that may be read: all but those the study would test on."""
    named = (settings.train_sites, settings.train_groups, settings.test_sites, settings.test_groups)
    if not any(named) and settings.same_site_share == 0.0:
        every = {recording.group for recording in recordings(settings.logs)}
        told = f"all {len(every)} groups of recordings are used, none is kept out to test on"
        print(f"calibrate: {told}", file=sys.stderr)
        return tuple(sorted(every))
    try:
        train = recorded_sides(_logs(settings), settings.seed).train
    except UserError as error:  # names a study's keys, which stand below `logs` there
        raise UserError(str(error).removeprefix("logs.")) from None
    return tuple(sorted({recording.group for recording in train}))


def _logs(settings: Settings) -> LogsSettings:
    return LogsSettings(
        root=str(settings.logs),
        train_sites=settings.train_sites,
        train_groups=settings.train_groups,
        test_sites=settings.test_sites,
        test_groups=settings.test_groups,
        same_site_share=settings.same_site_share,
    )
