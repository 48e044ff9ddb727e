"""The picture of a calibration, whatever kind of law a quantity has, and the page about it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from sim.base.dist import Choice, Dist, Normal, Truncated, TruncNormal, Uniform
from sim.calibrate import EVENTS, MEASUREMENTS, Calibration, Evidence, Fitted, Source, fit
from sim.calibrate.fit import Draws
from sim.calibrate.intervals import Units
from sim.calibrate.text import calibration_text, measurements_text
from sim.family import load_families
from sim.report.calibration import picture

PRIORS: dict[str, Dist] = {
    "choice": Choice((1, 2, 3)),
    "truncnormal": TruncNormal(12, 3, 5, 20),
    "table": Uniform(0, 30),
    "unbounded": Normal(10, 2),
    "cut": Truncated(Normal(10, 4), 6, 30),
}


def sample(name: str, prior: Dist) -> np.ndarray:
    random = np.random.default_rng(1)
    if name == "table":
        return np.concatenate([random.normal(6, 0.5, 80), random.normal(20, 1, 120)])
    return prior.ppf(random.random(120))


@pytest.fixture(scope="module")
def found() -> Calibration:
    family = load_families()["cut_in"]()
    quantity = next(q for q in family.quantities if q.name == "gap")
    fitted = []
    for name, prior in PRIORS.items():
        x = sample(name, prior)
        units = Units(np.arange(len(x)) // 10, len(x) // 10, "group")
        got = fit(x, units, prior, draws=Draws(0, name, 39))
        about = replace(quantity, name=name, dist=prior)
        fitted.append(Fitted(about, MEASUREMENTS["cut_in_gap"], x, 3, prior.support, got))
    source = Source("a/1", "a", "a/1", "0" * 64, 1.5, True)
    return Calibration(family, tuple(fitted), (), (), (), Evidence({}, (source,)), {})


def test_every_kind_of_law_is_drawn(found: Calibration, tmp_path: Path) -> None:
    path = picture(found, tmp_path / "all.png", title="all kinds")
    assert path.read_bytes()[:4] == b"\x89PNG"
    assert path.stat().st_size > 30_000


def test_every_kind_of_law_is_told(found: Calibration) -> None:
    text = calibration_text(found)
    assert all(len(line) <= 110 for line in text.splitlines())
    for name in PRIORS:
        assert any(line.startswith(name) for line in text.splitlines())
    verdicts = {each.quantity.name: each.verdict for each in found.fitted}
    assert verdicts["choice"] == verdicts["table"] == "table"
    assert verdicts["truncnormal"] == "fits"


def test_the_page_lists_every_measurement() -> None:
    page = (Path(__file__).parents[2] / "docs" / "calibrate.md").read_text(encoding="utf-8")
    assert measurements_text() in page
    assert all(f"`{name}`" in page for name in (*EVENTS, *MEASUREMENTS))
