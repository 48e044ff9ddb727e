"""Every mistake of a user's ends with code 2 and one line that says what was expected."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from sim.cli.main import main

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Run:
    """The command line in an empty folder: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.cli.main._tell_of_compiling", lambda: None)  # or not, by chance
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("SDL_VIDEODRIVER", raising=False)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(words)
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    return call


MISTAKES: dict[str, tuple[list[str], str]] = {
    "misspelt verb": (["genrate"], "did you mean 'generate'"),
    "misspelt key": (["generate", "sceenario=cut_in"], "did you mean 'scenario'"),
    "misspelt nested key": (["study", "study.seed=3"], "did you mean 'study.seeds'"),
    "unknown family": (["generate", "scenario=cutin"], "did you mean 'cut_in'"),
    "unknown family to describe": (["describe", "cutin"], "did you mean 'cut_in'"),
    "unknown sampler": (["generate", "sampler=sobel"], "did you mean 'sobol'"),
    "unknown quantity": (["generate", "scenario.warp=3"], "scenario.warp"),
    "crossed bounds": (["generate", "scenario.speed=[uniform, 30, 10]"], "30"),
    "negative spread": (["generate", "scenario.speed=[normal, 30, -1]"], "-1"),
    "unknown distribution": (["generate", "scenario.speed=[gauss, 30, 1]"], "gauss"),
    "not a number of episodes": (["generate", "n=ten"], "n: expected a valid integer, got 'ten'"),
    "no episodes": (["generate", "n=0"], "n: expected a whole number of at least 1, got 0"),
    "negative seed": (["generate", "seed=-1"], "seed: expected"),
    "several values without -m": (["generate", "n=1,2"], "-m"),
    "words that are no override": (["generate", "cut_in"], "expected key=value"),
    "unbalanced bracket": (["generate", "scenario.speed=[uniform, 1"], "expected key=value"),
    "unknown option": (["generate", "--verbose"], "unknown name '--verbose'"),
    "field that does not exist": (["study", "field.gap=huge"], "'none', 'mild' or 'strong'"),
    "missing folder of logs": (["study", "logs.root=nowhere"], "nowhere"),
    "empty folder of logs": (["import", "empty", "out=x"], "empty"),
    "truncated XML": (["import", "cut.xml", "out=x"], "cut.xml"),
    "table without a column": (["import", "short.csv", "out=x"], "short.csv"),
    "positions that are no number": (["import", "nan.csv", "out=x"], "nan.csv"),
    "binary garbage": (["import", "noise.parquet", "out=x"], "noise.parquet"),
    "occupied folder": (["import", "good.csv", "out=full"], "full"),
    "folder for a file": (["import", "good.csv", "out=good.csv"], "good.csv"),
    "no display": (["replay", "good.csv"], "record="),
    "unknown video": (["replay", "good.csv", "record=x.doc"], "x.doc"),
    "missing log": (["replay", "missing.xml"], "missing.xml"),
    "missing model": (["score", "good.csv", "model=no.skops"], "no.skops"),
    "model that is none": (["score", "good.csv", "model=good.csv"], "good.csv"),
    "featurize nothing": (["featurize"], "path"),
}


def _prepare(folder: Path) -> None:
    table = pd.DataFrame(
        {
            "recording_id": "r",
            "track_id": [1] * 30 + [2] * 30,
            "frame": [*range(30), *range(30)],
            "t": [k * 0.1 for k in range(30)] * 2,
            "x": [k * 1.0 for k in range(30)] + [40 + k * 0.5 for k in range(30)],
            "y": 0.0,
            "vx": [10.0] * 30 + [5.0] * 30,
            "vy": 0.0,
            "heading": 0.0,
            "length": 4.5,
            "width": 1.8,
            "kind": "car",
            "lane": 1,
        }
    )
    table.to_csv(folder / "good.csv", index=False)
    table.drop(columns="x").to_csv(folder / "short.csv", index=False)
    table.assign(x=float("nan")).to_csv(folder / "nan.csv", index=False)
    (folder / "cut.xml").write_text('<?xml version="1.0"?>\n<commonRoad commonRoadVersion="2020a">')
    (folder / "noise.parquet").write_bytes(bytes(range(256)) * 4)
    (folder / "empty").mkdir()
    (folder / "full").mkdir()
    (folder / "full" / "precious.txt").write_text("keep me")


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_gets_one_line_and_code_2(name: str, run: Run, tmp_path: Path) -> None:
    words, told = MISTAKES[name]
    _prepare(tmp_path)
    code, out, err = run(*words)
    assert code == 2, err
    assert told in err
    assert err.startswith("closecall: ")
    assert err.count("\n") == 1
    assert "Traceback" not in err
    assert out == ""
    assert (tmp_path / "full" / "precious.txt").read_text() == "keep me"


@pytest.mark.parametrize(
    "words",
    [["--help"], ["--version"], ["list"], ["describe", "cut_in"], ["study", "--cfg", "job"]],
)
def test_what_is_right_ends_with_code_0(words: list[str], run: Run) -> None:
    code, out, err = run(*words)
    assert code == 0, err
    assert out
