"""Which recordings come to lie on which side."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.studies.recorded import Sides, recorded_sides
from sim.studies.settings import LogsSettings


def write_recording(folder: Path, name: str) -> None:
    """A tidy file of one car at constant speed for 3 s."""
    folder.mkdir(parents=True, exist_ok=True)
    frame = np.arange(31)
    pd.DataFrame(
        {
            "recording_id": name,
            "track_id": 1,
            "frame": frame,
            "t": frame * 0.1,
            "x": 10.0 * frame * 0.1,
            "y": 0.0,
            "vx": 10.0,
            "vy": 0.0,
            "heading": 0.0,
            "length": 4.5,
            "width": 1.8,
            "kind": "car",
            "lane": -1,
        }
    ).to_parquet(folder / f"{name}.parquet")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("logs")
    for site, count in (("east", 5), ("west", 4), ("north", 2)):
        for k in range(count):
            write_recording(folder / "deep" / site, f"{site}_{k}")
    return folder


def names(side: tuple[object, ...]) -> list[str]:
    return sorted(recording.name for recording in side)  # type: ignore[attr-defined]


def sides(root: Path, **values: object) -> Sides:
    return recorded_sides(LogsSettings(root=str(root), **values), 0)  # type: ignore[arg-type]


def test_sites_of_each_side(root: Path) -> None:
    found = sides(root, train_sites=("east", "west"), test_sites=("north",))
    assert len(found.train) == 9
    assert names(found.test) == ["north_0", "north_1"]


def test_what_is_not_asked_for_goes_to_the_other_side(root: Path) -> None:
    assert len(sides(root, test_sites=("north",)).train) == 9
    assert len(sides(root, train_sites=("north",)).test) == 9


def test_groups_by_pattern_leave_the_rest_of_the_same_sites_to_test(root: Path) -> None:
    found = sides(
        root,
        train_groups=("east/east_[0-2]", "west/west_0"),
        test_sites=("east", "west"),
    )
    assert names(found.train) == ["east_0", "east_1", "east_2", "west_0"]
    assert names(found.test) == ["east_3", "east_4", "west_1", "west_2", "west_3"]


def test_a_share_of_the_training_sites_is_kept_out(root: Path) -> None:
    found = sides(root, train_sites=("east", "west"), test_sites=("north",), same_site_share=0.4)
    assert len(found.train) == 3 + 2
    assert {r.site for r in found.test} == {"east", "west", "north"}
    assert not {r.group for r in found.train} & {r.group for r in found.test}


def test_two_folders_and_what_lies_in_both(root: Path, tmp_path: Path) -> None:
    write_recording(tmp_path / "east", "east_0")
    write_recording(tmp_path / "south", "south_0")
    found = recorded_sides(LogsSettings(train_root=str(root), test_root=str(tmp_path)), 0)
    assert names(found.test) == ["east_0", "south_0"]
    assert found.left_out == 1
    assert "east_0" not in names(found.train)
    findings: list[dict[str, object]] = []
    read = [(log.episodes["episode_id"][0], side) for log, side in found.logs(findings)]
    assert len(read) == 12
    assert ("east/east_0", "test") in read
    assert sum(side == "train" for _, side in read) == 10
    assert not findings


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "logs.test_sites: expected at least one of east, north, west"),
        ({"test_sites": ("norht",)}, "did you mean 'north'"),
        ({"train_groups": ("east/x*",)}, "logs.train_groups: expected a pattern"),
        ({"train_sites": ("east",), "test_sites": ("east",)}, "no recording is left to test on"),
    ],
)
def test_sides_that_cannot_be(root: Path, values: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        sides(root, **values)


def test_an_empty_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="expected"):
        sides(tmp_path, test_sites=("a",))
