"""Fit a family's distributions to recorded logs, with how well they fit.

Events are measured in the recordings (steady following, cut-ins, brakings, ...), and each
quantity that names a measurement is fitted to it by maximum likelihood. Writes the calibrated
variant, `NAME_calibrated.yaml`, a picture, and a manifest of the recordings used. Without a key
that keeps recordings out (the study's own: train_sites and so on) all of them are used, so
nothing in the folder can serve to test with.

With `leads=FILE`, a table of what leads did before real crashes and near-crashes, the family's
braking is fitted to that instead; and with `families=[...]` as well, a mix of these families is
fitted, so that leads in their near-crashes are like the recorded ones. Writes `NAME.yaml` with the
share of each family.

Examples:
  closecall calibrate cut_in logs=recordings 'train_sites=[us101,lankershim]' out=runs/cut_in
  closecall calibrate ordinary logs=recordings same_site_share=0.3 seed=1
  closecall calibrate lead_brakes leads=incidents.csv
  closecall calibrate leads=incidents.csv 'families=[lead_brakes,red_queue,tailgater]' n=1000
  closecall generate scenario=runs/cut_in/cut_in_calibrated.yaml n=1000
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.base.errors import UserError, expected
from sim.base.store import sha256, write_json, write_text
from sim.calibrate import (
    SEVERITIES,
    Calibration,
    Evidence,
    FitSettings,
    calibrate,
    calibration_text,
    events_of,
    evidence,
    fit_mix,
    lead_evidence,
    mix_text,
    read_lead_profiles,
    save_mix,
    simulate_near_crashes,
)
from sim.calibrate.fit import Criterion
from sim.cli.out import result_folder, save_config
from sim.config.build import build_family
from sim.family import Family, load_families, save_variant
from sim.family.terms import NAME
from sim.logs import recordings
from sim.report.calibration import picture
from sim.sampling.limits import MOST_IN_SHARD, check_whole
from sim.studies import LogsSettings
from sim.studies.recorded import recorded_sides

POSITIONAL = "scenario"
PATHS = ("logs", "leads", "out")


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Keys of `closecall calibrate`.

    Attributes:
        scenario: The family or scenario file.
        logs: Folder of recordings; each file's parent folder is its site.
        leads: CSV of leads before crashes and near-crashes, instead of logs.
        severity: Which of its events: near_crash, crash or all.
        families: Of the mix that is fitted to leads; empty fits the scenario.
        n: Episodes of each family of a mix.
        train_sites, train_groups, test_sites, test_groups, same_site_share: As in `closecall
            study logs.*`: what is for testing there is not read here.
        name: Of the variant; null takes the family's with `_calibrated`; of a mix, `mix`.
        least: With fewer events a quantity stays as it is, or a family is left out of a mix.
        criterion: By which one of several laws is chosen: bic or aic.
        draws: Of p-values and intervals.
        seed: Of these drawings, and of the split where there is a same_site_share.
        out: New folder; null makes one below `runs/`.
    """

    scenario: dict[str, Any]
    logs: Path | None = None
    leads: Path | None = None
    severity: str = "near_crash"
    families: tuple[str, ...] = ()
    n: int = 1000
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
        if self.logs is None and self.leads is None:
            raise UserError("logs: a value is needed, or leads in its place")
        if self.logs is not None and self.leads is not None:
            raise expected("leads", "no logs beside them", str(self.logs))
        if self.families and self.leads is None:
            raise expected("families", "leads=FILE to fit a mix to", self.families)
        if len(set(self.families)) < len(self.families):
            raise expected("families", "each family once", self.families)
        for name in self.families:
            load_families()[name]  # refuses what there is not
        if self.severity not in SEVERITIES:
            raise expected("severity", f"one of {', '.join(SEVERITIES)}", self.severity)
        check_whole("n", self.n, least=1, most=MOST_IN_SHARD)
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
    """Calibrate; returns the variant's or the mix's file."""
    if settings.families:
        return _mix(settings, config)
    family = build_family(settings.scenario)
    found = calibrate(family, _evidence(settings, family), settings.fit())
    out = result_folder(settings.out, "calibrate")
    save_config(out, config)
    name = settings.name or f"{family.terms.name}_calibrated"
    write_json({"recordings": found.evidence.manifest}, out / "manifest.json")
    text = calibration_text(found)
    _tell(text, out)
    picture(found, out / f"{name}.png", title=f"{family.terms.name}, calibrated")
    return _save(found, name, out)


def _evidence(settings: Settings, family: Family) -> Evidence:
    events = events_of(family)
    if settings.leads is not None:
        return lead_evidence(settings.leads, settings.severity)
    assert settings.logs is not None
    return evidence(settings.logs, groups=_groups(settings, settings.logs), events=events)


def _mix(settings: Settings, config: str) -> Path:
    """Fit a mix of families to recorded leads; returns its file."""
    assert settings.leads is not None
    recorded = read_lead_profiles(settings.leads, settings.severity)
    kinds = load_families()
    simulated = {
        name: simulate_near_crashes(kinds[name](), n=settings.n, seed=settings.seed)
        for name in settings.families
    }
    mix = fit_mix(recorded, simulated, least=settings.least)
    out = result_folder(settings.out, "calibrate")
    save_config(out, config)
    _tell(mix_text(mix), out)
    name = settings.name or "mix"
    fitted: dict[str, Any] = {"leads": settings.leads.name, "sha256": sha256(settings.leads)}
    fitted |= {"severity": settings.severity, "n": settings.n, "seed": settings.seed}
    return save_mix(mix, out / f"{name}.yaml", name=name, fitted=fitted)


def _tell(text: str, out: Path) -> None:
    write_text(text + "\n", out / "calibration.txt")
    print(text)
    sys.stdout.flush()


def _save(found: Calibration, name: str, out: Path) -> Path:
    comment = "Written by `closecall calibrate`: distributions fitted to recordings."
    return save_variant(found.variant(name), out / f"{name}.yaml", comment=comment)


def _groups(settings: Settings, root: Path) -> tuple[str, ...]:
    """The groups that may be read: all but those the study would test on."""
    named = (settings.train_sites, settings.train_groups, settings.test_sites, settings.test_groups)
    if not any(named) and settings.same_site_share == 0.0:
        every = {recording.group for recording in recordings(root)}
        told = f"all {len(every)} groups of recordings are used, none is kept out to test on"
        print(f"calibrate: {told}", file=sys.stderr)
        return tuple(sorted(every))
    try:
        train = recorded_sides(_logs(settings, root), settings.seed).train
    except UserError as error:  # names a study's keys, which stand below `logs` there
        raise UserError(str(error).removeprefix("logs.")) from None
    return tuple(sorted({recording.group for recording in train}))


def _logs(settings: Settings, root: Path) -> LogsSettings:
    return LogsSettings(
        root=str(root),
        train_sites=settings.train_sites,
        train_groups=settings.train_groups,
        test_sites=settings.test_sites,
        test_groups=settings.test_groups,
        same_site_share=settings.same_site_share,
    )
