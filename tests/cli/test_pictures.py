"""What the verbs draw: the road of a run, the family's own event, the names of cases."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pygame
import pytest

from sim.base.errors import unknown
from sim.cli.verbs import replay as replay_verb
from sim.cli.verbs import shrink as shrink_verb
from sim.family import Family, concrete_of, load_families, save_concrete
from sim.sampling import generate, run_family, sample
from sim.view.ground import ASPHALT
from sim.view.noted import danger

CROSSING = "pedestrian_crossing"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "run"
    generate(CROSSING, n=8, seed=0, out=out, jobs=1, progress=False)
    return out


def asphalt(path: Path) -> int:
    pixels = pygame.surfarray.array3d(pygame.image.load(str(path)))
    return int((pixels == np.array(ASPHALT)).all(axis=2).sum())


def test_a_run_and_a_frozen_episode_are_drawn_on_their_road(folder: Path, tmp_path: Path) -> None:
    log, family = replay_verb._opened(folder)
    assert family is not None
    assert (family.name, family.event) == (CROSSING, "crossing")
    whole = replay_verb.Settings(path=folder, record=tmp_path / "run.png")
    assert asphalt(replay_verb.run(whole, "") or Path()) > 20_000
    worst = log.episodes.iloc[int(danger(log, family.event).argmin())].to_dict()
    case = save_concrete(concrete_of(family, worst), tmp_path / "case.yaml")
    frozen = replay_verb.Settings(path=case, record=tmp_path / "case.png")
    assert asphalt(replay_verb.run(frozen, "") or Path()) > 20_000


def test_a_run_of_a_family_that_is_gone_is_shown_without_a_road(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = {name: cls for name, cls in load_families().items() if name != CROSSING}
    monkeypatch.setattr("sim.sampling.opened.load_families", lambda: _Lacking(known))
    assert replay_verb._opened(folder)[1] is None
    settings = replay_verb.Settings(path=folder, record=tmp_path / "bare.png")
    assert asphalt(replay_verb.run(settings, "") or Path()) < 500


class _Lacking(dict[str, type[Family]]):
    def __missing__(self, name: str) -> type[Family]:
        raise unknown("family", name, self)


def test_cases_have_their_roads_the_family_s_event_and_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    family = load_families()[CROSSING]()
    log = run_family(family, sample(family, n=2, seed=0))
    first, second = (concrete_of(family, log.episodes.iloc[k].to_dict()) for k in range(2))
    told: dict[str, Any] = {}
    draw = shrink_verb.contact_sheet

    def sheet(*args: Any, **more: Any) -> Path:
        told.update(more)
        return draw(*args, **more)

    monkeypatch.setattr(shrink_verb, "contact_sheet", sheet)
    shrunk = SimpleNamespace(ordinary=first, after=first, before=second)
    shrink_verb._draw(shrunk, tmp_path / "cases.png")  # type: ignore[arg-type]
    assert told["event"] == "crossing"
    assert told["names"] == ["ordinary", "case", "before"]
    assert "from ordinary to deadly" not in told["note"]
    assert asphalt(tmp_path / "cases.png") > 5_000
