"""Folders of episodes: whole, taken up after an interruption, and never mixed up."""

import dataclasses
import inspect
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.base.errors import UserError
from sim.base.store import sha256
from sim.cli.verbs.generate import Settings
from sim.family import load_families, source_hash
from sim.sampling import Importance, Sobol, folder, generate, sample
from sim.world.log import TRACK_COLUMNS

RUN: dict[str, Any] = {
    "n": 40,
    "seed": 4,
    "seconds": 3.0,
    "shard": 16,
    "jobs": 1,
    "progress": False,
}


def hashes(out: Path) -> dict[str, str]:
    return {p.relative_to(out).as_posix(): sha256(p) for p in sorted(out.rglob("*.*"))}


def interrupt(*_: object) -> None:
    raise KeyboardInterrupt


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return generate("cut_in", out=tmp_path_factory.mktemp("whole") / "run", **RUN)


def test_a_folder_holds_what_its_manifest_says(whole: Path) -> None:
    manifest = json.loads((whole / "manifest.json").read_text())
    assert manifest["complete"] is True
    assert manifest["seed"] == 4
    assert [f["rows"] for f in manifest["files"][:3]] == [16, 16, 8]
    for file in manifest["files"]:
        assert sha256(whole / file["path"]) == file["sha256"]
        assert len(pd.read_parquet(whole / file["path"])) == file["rows"]
    assert {f["path"] for f in manifest["files"]} | {"manifest.json"} == set(hashes(whole))
    tracks = pd.read_parquet(whole / "tracks")
    assert list(tracks) == list(TRACK_COLUMNS)
    episodes = pd.read_parquet(whole / "episodes")
    assert episodes["episode_id"].tolist() == [f"cut_in-4-{k:07d}" for k in range(40)]
    assert set(tracks["episode_id"].astype(str)) == set(episodes["episode_id"])
    assert tracks["t_s"].max() == pytest.approx(3.0)


def test_shards_do_not_change_the_episodes(whole: Path, tmp_path: Path) -> None:
    other = generate("cut_in", out=tmp_path / "run", **(RUN | {"shard": 7, "jobs": 2}))
    for table in ("episodes", "tracks"):
        a, b = (pd.read_parquet(at / table) for at in (whole, other))
        pd.testing.assert_frame_equal(a.astype({"episode_id": str}), b.astype({"episode_id": str}))


@pytest.mark.parametrize("stop", ["before the second shard", "between two files", "before the end"])
def test_an_interrupted_run_ends_with_the_same_bytes(
    whole: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stop: str
) -> None:
    fuse = {"before the second shard": 2, "between two files": 3, "before the end": 6}[stop]
    written = []

    def failing(frame: pd.DataFrame, path: Path) -> Path:
        if len(written) == fuse:
            raise KeyboardInterrupt
        written.append(path)
        return real(frame, path)

    real = folder.write_parquet
    out = tmp_path / "run"
    with monkeypatch.context() as patch:
        patch.setattr(folder, "write_parquet", failing)
        if fuse == 6:
            patch.setattr(folder, "describe_file", interrupt)
        with pytest.raises(KeyboardInterrupt):
            generate("cut_in", out=out, **RUN)
    assert json.loads((out / "manifest.json").read_text())["complete"] is False
    (out / "tracks" / ".part-00002.parquet.99.partial").write_bytes(b"half a file")
    generate("cut_in", out=out, **RUN)
    assert hashes(out) == hashes(whole)


def test_a_finished_run_is_confirmed_and_a_damaged_one_mended(whole: Path, tmp_path: Path) -> None:
    out = generate("cut_in", out=tmp_path / "run", **RUN)
    before = {p: p.stat().st_mtime_ns for p in out.rglob("*.*")}
    generate("cut_in", out=out, **RUN)
    assert {p: p.stat().st_mtime_ns for p in out.rglob("*.*")} == before
    (out / "tracks" / "part-00001.parquet").write_bytes(b"PAR1 no more")
    (out / "episodes" / "part-00002.parquet").unlink()
    generate("cut_in", out=out, **RUN)
    assert hashes(out) == hashes(whole)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n": 41}, "n is 40 there and 41 here"),
        ({"seed": 5}, "seed is 4 there and 5 here"),
        ({"sampler": Sobol()}, "sampler is {'name': 'iid'"),
    ],
)
def test_another_run_does_not_fit_the_folder(
    whole: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(UserError) as caught:
        generate("cut_in", out=whole, **(RUN | changes))
    assert "holds another run" in str(caught.value)
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_changed_distribution_is_another_run(whole: Path) -> None:
    kind = load_families()["cut_in"]().with_overrides({"speed": 20})
    with pytest.raises(UserError, match="quantities is"):
        generate(kind, out=whole, **RUN)


def test_another_code_of_a_family_is_another_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "source_hash", lambda _: "one")
    generate("cut_in", out=tmp_path / "run", **(RUN | {"n": 2}))
    monkeypatch.setattr(folder, "source_hash", lambda _: "other")
    with pytest.raises(UserError, match="holds another run: the code of cut_in was another one"):
        generate("cut_in", out=tmp_path / "run", **(RUN | {"n": 2}))


def test_another_engine_is_another_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generate("cut_in", out=tmp_path / "run", **(RUN | {"n": 2}))
    monkeypatch.setattr(folder, "code_digest", lambda _: "edited")
    with pytest.raises(UserError, match="the code of the simulator was another one"):
        generate("cut_in", out=tmp_path / "run", **(RUN | {"n": 2}))


def test_python_takes_up_what_the_verb_began() -> None:
    (of_the_verb,) = (f.default for f in dataclasses.fields(Settings) if f.name == "shard")
    assert inspect.signature(generate).parameters["shard"].default == of_the_verb


def test_the_code_of_a_family_is_its_file_and_those_it_builds_on() -> None:
    kinds = load_families()
    assert source_hash(kinds["cut_in"]) == source_hash(kinds["cut_in"])
    assert source_hash(kinds["cut_in"]) != source_hash(kinds["cut_out"])
    loose = type("Loose", (kinds["cut_in"],), {"__module__": "nowhere"})
    assert source_hash(loose) == source_hash(kinds["cut_in"])


def test_an_occupied_folder_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.tex").write_text("years of work")
    with pytest.raises(UserError, match="occupied folder"):
        generate("cut_in", out=tmp_path, **RUN)
    (tmp_path / "manifest.json").write_text('{"files": []}')
    with pytest.raises(UserError, match="another folder"):
        generate("cut_in", out=tmp_path, **RUN)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"n": 0}, "n: expected a whole number of at least 1, got 0"),
        ({"n": 2.5}, "n: expected a whole number of at least 1, got 2.5"),
        ({"seed": -1}, "seed: expected a whole number of at least 0, got -1"),
        ({"shard": 0}, "shard: expected a whole number of at least 1, got 0"),
        ({"seconds": float("nan")}, "seconds: expected a finite time of at least 1 s, got nan"),
        ({"seconds": 3.05}, "seconds: expected whole tenths of a second in 1-3600 s, got 3.05"),
        ({"seconds": 3601.0}, "seconds: expected whole tenths of a second in 1-3600 s, got 3601.0"),
        (
            {"n": 20_000_000},
            "n: expected a whole number of at least 1 and at most 10,000,000, got 20000000",
        ),
        (
            {"n": 1_000_000, "shard": 1},
            "shard: expected a whole number of at least 10, got 1",
        ),
        (
            {"shard": 70_000},
            "shard: expected a whole number of at least 1 and at most 65,536, got 70000",
        ),
    ],
)
def test_impossible_arguments_leave_no_folder(
    tmp_path: Path, changes: dict[str, object], said: str
) -> None:
    with pytest.raises(UserError) as caught:
        generate("cut_in", out=tmp_path / "run", **(RUN | changes))
    assert str(caught.value) == said
    assert not (tmp_path / "run").exists()


def test_importance_learns_once_and_writes_down_what(tmp_path: Path) -> None:
    sampler = Importance(pilot_rounds=2, pilot_size=60)
    outs = [
        generate("cut_in", out=tmp_path / str(shard), sampler=sampler, **(RUN | {"shard": shard}))
        for shard in (40, 16)
    ]
    a, b = (pd.read_parquet(at / "episodes") for at in outs)
    pd.testing.assert_frame_equal(a, b)
    assert a["log_weight"].std() > 0
    learnt = json.loads((outs[0] / "manifest.json").read_text())["learnt"]
    assert np.sum(learnt["share"]) == pytest.approx(1.0)


def test_an_episode_is_the_same_alone() -> None:
    alone = sample("cut_in", n=1, seed=4, start=17)
    among = sample("cut_in", n=40, seed=4)
    assert np.array_equal(alone.users.s[0], among.users.s[17])
    assert alone.episode_id.tolist() == [17]


def test_a_pilot_that_no_memory_holds_leaves_no_folder(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"^sampler.pilot_size: .* at most 65,536, got 1000000000$"):
        generate("cut_in", out=tmp_path / "run", **RUN, sampler=Importance(pilot_size=10**9))
    assert not (tmp_path / "run").exists()


def test_a_received_folder_leads_nowhere_else(whole: Path, tmp_path: Path) -> None:
    out, victim = tmp_path / "run", tmp_path / "victim"
    victim.mkdir()
    (victim / ".part-00000.parquet.1.partial").touch()
    out.mkdir()
    manifest = json.loads((whole / "manifest.json").read_text()) | {"complete": False}
    (out / "manifest.json").write_text(json.dumps(manifest))
    (out / "x").mkdir()
    (out / "x" / ".notes.partial").touch()
    (out / "episodes").symlink_to(victim)
    with pytest.raises(UserError, match=r"run: episodes: expected a folder, got 'a link to "):
        generate("cut_in", out=out, **RUN)
    assert [path.name for path in victim.iterdir()] == [".part-00000.parquet.1.partial"]
    (out / "episodes").unlink()
    generate("cut_in", out=out, **RUN)
    assert (out / "x" / ".notes.partial").is_file()


def test_the_shards_of_a_run_are_listed_once() -> None:
    run = folder.Run(load_families()["cut_in"](), Sobol(), 100_000, 0, 3.0, 1)
    assert run.shards is run.shards
    assert run.shards[-1] == (99_999, 1)
