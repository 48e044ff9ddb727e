"""From an idea to a number on the command line: families and scenario files that users write."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.cli.main import main
from sim.family import FAMILIES, load_concrete, load_families
from sim.family.discover import FOLDERS
from sim.family.terms import OUTCOMES
from sim.sampling import episodes_of, run_family

Run = Callable[..., tuple[int, str, str]]

WET = "closecall: logical/1\nname: wet\nbase: slow_lead\n"
SHARED = set(load_families())


@pytest.fixture
def run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Iterator[Run]:
    """The command line in a folder of its own: exit code, standard output, standard error."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sim.cli.main._tell_of_compiling", lambda: None)  # or not, by chance
    monkeypatch.delenv(FOLDERS, raising=False)
    Path("kept").touch()
    Path("wet.yaml").write_text(WET)

    def call(*words: str) -> tuple[int, str, str]:
        code = main(words)
        captured = capfd.readouterr()
        return code, captured.out, captured.err

    yield call
    assert Path("kept").is_file()  # no file that was read has run
    for name in set(FAMILIES) - SHARED:  # those of this test's own folder
        del FAMILIES._things[name]


def mistake(answer: tuple[int, str, str]) -> str:
    """The one line that a mistake is told in."""
    code, _, err = answer
    assert code == 2
    assert err.startswith("closecall: ")
    assert err.count("\n") == 1
    return err


def test_a_new_family_stands_in_every_verb(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    code, out, err = run("new", "brake_check")
    assert (code, out) == (0, "families/brake_check.py\n")
    assert f"export {FOLDERS}=families" in err
    assert f"export {FOLDERS}=families" in mistake(run("describe", "brake_check"))
    monkeypatch.setenv(FOLDERS, "families")
    assert "brake_check" in run("list")[1]
    assert "headway * speed > 10" in run("describe", "brake_check")[1]
    code, out, _ = run("check", "brake_check", "n=60")
    assert code == 0
    assert out.count("  ok") == 8
    assert "called 'brake_check' already" in mistake(run("new", "brake_check"))


def test_a_variant_of_plain_data_stands_where_a_name_does(run: Run) -> None:
    assert run("new", "late", "--yaml", "base=slow_lead")[:2] == (0, "late.yaml\n")
    assert "a variant of slow_lead" in run("describe", "late.yaml")[1]
    before = Path("late.yaml").read_text()
    assert "a file that is not there yet" in mistake(run("new", "late", "--yaml"))
    assert Path("late.yaml").read_text() == before
    Path("it's, a b.yaml").write_text(WET)
    code, out, _ = run("preview", "it's, a b.yaml", "n=2", "out=a sheet's, b")
    assert (code, out) == (0, "a sheet's, b/wet.png\n")
    code, _, _ = run("generate", "-m", "scenario=wet.yaml,slow_lead", "n=2", "out=both")
    assert code == 0
    told = [pd.read_parquet(f"both/{k}/episodes")["family"].iloc[0] for k in (0, 1)]
    assert told == ["wet", "slow_lead"]


def test_sensitivity_writes_what_it_prints(run: Run) -> None:
    code, out, _ = run("sensitivity", "wet.yaml", "n=8", "base=1", "out=s")
    assert code == 0
    table = pd.read_csv("s/indices.csv")
    assert set(table["quantity"]) == {q.name for q in load_families()["slow_lead"]().quantities} | {
        "(noise in the run)"
    }
    assert all(name in out for name in table["quantity"])
    assert out.endswith("s/sensitivity.png\n")
    assert Path("s/sensitivity.png").stat().st_size > 10_000


def test_an_estimate_and_a_way_into_danger_that_replays(run: Run) -> None:
    code, _, err = run("estimate", "wet.yaml", "of=event", "max_calls=300", "seed=2", "out=e")
    assert code == 0, err
    found = json.loads(Path("e/estimate.json").read_text())
    assert 0.0 < found["low"] <= found["probability"] <= found["high"] < 1.0
    rows = pd.read_csv("e/failures.csv")
    assert {"episode", "log_weight", "speed_mps"} <= set(rows)
    case = load_concrete("e/mode_1.yaml")
    assert (case.name, case.family.name) == ("wet", "slow_lead")
    assert run("replay", "e/mode_1.yaml", "record=way.png")[:2] == (0, "way.png\n")


def test_an_episode_frozen_from_a_run_is_the_episode(run: Run) -> None:
    assert run("generate", "scenario=wet.yaml", "n=3", "seed=4", "out=runs")[0] == 0
    freeze = "replay", "runs", "episode=wet-4-0000001", "freeze=case.yaml"
    assert run(*freeze)[:2] == (0, "case.yaml\n")
    assert "a new file" in mistake(run(*freeze))
    case = load_concrete("case.yaml")
    again = run_family(
        case.family, episodes_of(case.family, case.draws, seed=case.seed, start=case.episode)
    )
    tracks = pd.read_parquet("runs/tracks")
    tracks = tracks[tracks["episode_id"] == "wet-4-0000001"]
    for column in ("x_m", "speed_mps", "accel_mps2"):
        assert np.array_equal(tracks[column].to_numpy(), again.tracks[column].to_numpy())
    assert run("replay", "case.yaml", "record=case.png")[:2] == (0, "case.png\n")


HUGE = "9" * 400
FILES = {
    "code in a condition": ("constraints: [\"__import__('os').remove('kept')\"]", "call at"),
    "code as a tag": ("title: !!python/object/apply:os.remove [kept]", "tags are not allowed"),
    "a place to import from": ("_target_: os.remove", "unknown name '_target_'"),
    "something to look up": ("title: '${oc.env:HOME}'", "got '${'"),
    "what a terminal obeys": ('title: "\\x1b[2J"', "no control characters"),
    "a number beyond all": (f"distributions: {{speed: {HUGE}}}", "less than 2^63"),
    "a band beyond all": (f"expect: {{danger: [0, {HUGE}]}}", "less than 2^63"),
    "a number that is none": ("distributions: {speed: 1e400}", "a finite number, got inf"),
    "a digit run into a word": ("constraints: ['speed > 3and speed < 9']", "invalid decimal"),
    "one of a single one": ("constraints: ['speed[0] > 1']", "speed alone"),
    "crossed bounds": ("distributions: {speed: [uniform, 5, 1]}", "low below high"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_wrong_is_told_with_its_line(run: Run, name: str) -> None:
    line, said = FILES[name]
    Path("bad.yaml").write_text(f"{WET}{line}\n")
    told = mistake(run("describe", "bad.yaml"))
    assert told.startswith("closecall: bad.yaml:4: ")
    assert said in told


def test_conditions_that_nothing_meets_leave_no_run_behind(run: Run) -> None:
    Path("bad.yaml").write_text(f"{WET}constraints: ['speed > 1e9']\n")
    for verb in ("preview", "estimate", "sensitivity"):
        told = mistake(run(verb, "bad.yaml", "out=p"))
        assert "'speed > 1e9' alone is met by 0.00%" in told
        assert not Path("p").exists()


SOURCE = (Path(__file__).parents[2] / "sim/cli/templates/family.py.txt").read_text()
BROKEN = {
    "syntax": ("def build(self", "def build(self,,", "SyntaxError", "def build(self,,"),
    "typo": ("    constraints = ", "    constraint = ", "did you mean 'constraints'", "@register"),
    "nan": ("s=100.0, speed=", "s=100.0, speed=float('nan') * ", "finite numbers", "ego = "),
    "course": ("car(ahead_of=ego", "car(course=7, ahead_of=ego", "course", "lead = "),
    "no text": ('("headway * speed > 10",)', '"headway * speed > 10"', "a comma also", "@register"),
    "misspelt": ("headway * speed", "headway * sped", "did you mean 'speed'", "@register"),
    "band": ("(0.3, 0.6)", "0.4", "danger: expected two shares", "@register"),
    "seconds": ("seconds = 12.0", "seconds = 12.05", "whole tenths of a second", "@register"),
    "tags": ("tags = (", 'tags = "rear-end"  # (', "a tuple of words", "@register"),
    "path": ('@register("{name}")', '@register("../x")', "small letters", "@register"),
    "no family": ("(Family)", "", "a subclass of Family", "@register"),
    "reserved": ("    speed: Dist", "    variant: Dist", "be called 'variant'", "@register"),
    "outcome": ("    speed: Dist", "    min_ttc_s: Dist", "be called 'min_ttc_s'", "@register"),
    "unit": ('unit="mps"', 'unit="kmh"', "unknown name 'kmh'", "speed: Dist"),
    "crossed": ("Uniform(15.0, 35.0)", "Uniform(35.0, 15.0)", "low below high", "Uniform(35.0"),
    "exit": ("ROAD = ", "raise SystemExit(3)\nROAD = ", "SystemExit: 3", "raise SystemExit"),
    "trait": ("traits = {", 'traits = {"hedway": 1.0, ', "unknown name 'hedway'", "ego = "),
    "quantity": ("draws.decel)", "draws.decell)", "no quantity 'decell'", "draws.decell"),
    "forgotten": ("        return scene\n", "", "build: expected a Scene, got None", None),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_family_that_is_wrong_is_told_with_its_line(
    run: Run, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new, said, place = BROKEN[name]
    assert old in SOURCE
    text = SOURCE.replace(old, new).replace("{name}", "mine").replace("{type}", "Mine")
    path = tmp_path / "own" / "mine.py"
    path.parent.mkdir()
    path.write_text(text)
    monkeypatch.setenv(FOLDERS, "own")
    told = mistake(run("preview", "mine", "n=2", "out=p"))
    assert said in told
    rows = enumerate(text.splitlines(), start=1)
    line = "" if place is None else f":{next(k for k, row in rows if place in row)}"
    assert told.startswith(f"closecall: {path}{line}: ")


@pytest.mark.parametrize(
    "noise",
    [
        "np.random.default_rng().random(len(draws))",
        "(np.random.rand() < 0.5)",
        "(draws.speed > np.mean(draws.speed))",
    ],
)
def test_a_family_that_draws_by_itself_is_found_out(
    run: Run, monkeypatch: pytest.MonkeyPatch, noise: str
) -> None:
    text = SOURCE.replace("{name}", "mine").replace("{type}", "Mine")
    text = f"import numpy as np\n{text}".replace("gap = 2.0 +", f"gap = {noise} +")
    Path("own").mkdir()
    Path("own/mine.py").write_text(text)
    monkeypatch.setenv(FOLDERS, "own")
    told = mistake(run("check", "mine", "n=20"))
    assert "an episode is the same alone and among others" in told


def test_a_tag_finds_families(run: Run) -> None:
    code, out, _ = run("list", "tag=nominal")
    assert code == 0
    assert "ordinary_urban" in out
    assert "cut_in" not in out
    assert "wrong_way" in run("list", "tag=[night, wet]")[1]


def test_outcomes_and_quantities_cannot_be_confused() -> None:
    for family in load_families().values():
        assert not {q.name for q in family().quantities} & OUTCOMES.keys()


MISTAKES = {
    "a path as a name": (["new", "../x"], "small letters"),
    "a digit first": (["new", "1abc"], "small letters"),
    "no name": (["new"], "name: a value is needed"),
    "a base that is none": (["new", "ab", "--yaml", "base=nope"], "unknown name 'nope'"),
    "a base that is a file": (["new", "ab", "--yaml", "base=wet.yaml"], "not on a variant"),
    "a base of no variant": (["new", "ab", "base=cut_in"], "base: only a variant has one"),
    "a name of other letters": (["new", "ünïcode"], "small letters"),
    "a tag that is none": (["list", "tag=nihgt"], "did you mean 'night'"),
    "tags that exclude": (["list", "tag=[nominal, regression]"], "that one family has together"),
    "a site for a list": (
        ["calibrate", "cut_in", "logs=.", "train_sites=us101"],
        "train_sites: expected a list such as [us101], got 'us101'",
    ),
    "a pin that cannot be": (["describe", "cut_in", "scenario.speed=-40"], "scenario.speed: Users"),
    "a search without end": (["ways", "cut_in", "budget=1000000000"], "at most 1,000,000"),
    "an estimate without end": (["estimate", "cut_in", "max_calls=1000000000"], "at most 10,000"),
    "a check without end": (["check", "cut_in", "n=1000000000"], "at most 20,000"),
    "a run without end": (["generate", "n=1000000000"], "at most 10,000,000"),
    "a study without end": (["study", "study.resamples=1000000000"], "at most 100,000"),
    "a form that no family has": (
        ["study", "study=smoke", "label.form=rear_end", "study.families=[pedestrian_crossing]"],
        "study.families: expected a family whose danger is rear_end",
    ),
    "a file in the way": (["new", "ab", "out=wet.yaml"], "a file that is not there yet"),
    "no folder can be made": (["new", "ab", "out=kept/x.py"], "kept"),
    "a variant's name from a path": (["preview", "wet.yaml", "scenario.variant.name=../x"], "name"),
    "nothing to look up": (["describe", "cut_in", "scenario.speed=${nope}"], "nope"),
    "no power of two": (["sensitivity", "cut_in", "n=100"], "a power of two"),
    "no such danger": (
        ["estimate", "cut_in", "of=doom", "out=e"],
        "expected 'event' or 'contact', got 'doom'",
    ),
    "another level": (["replay", "wet.yaml", "record=x.png"], "expected concrete/1"),
    "a folder of nothing": (["shrink", "."], "a folder that closecall generate wrote"),
    "nothing there": (["coverage", "nowhere"], "a folder that closecall generate wrote"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistakes_are_told_in_one_line(run: Run, name: str) -> None:
    words, said = MISTAKES[name]
    assert said in mistake(run(*words))


def test_a_run_that_lost_something_is_no_whole_run(run: Run) -> None:
    generate = "generate", "scenario=wet.yaml", "n=4", "shard=2", "out=runs"
    assert run(*generate)[0] == 0
    lost = Path("runs/episodes/part-00001.parquet")
    was = lost.read_bytes()
    lost.unlink()
    assert "episodes/part-00001.parquet" in mistake(run("coverage", "runs", "out=c"))
    assert run(*generate)[0] == 0
    assert lost.read_bytes() == was
    for table in ("tracks", "outcomes", "episodes"):
        path = Path(f"runs/{table}/part-00001.parquet")
        was = path.read_bytes()
        for part in (b"", was[: len(was) // 2]):
            path.write_bytes(part)
            told = mistake(run("coverage", "runs", "out=c"))
            assert told.startswith(f"closecall: {path}: cannot be read as Parquet")
        path.write_bytes(was)
    rows = pd.read_parquet("runs/outcomes/part-00001.parquet")
    pd.concat([rows] * 9).to_parquet("runs/outcomes/part-00001.parquet")
    assert f"rows: expected at most {len(rows)}, got" in mistake(run("coverage", "runs", "out=c"))
    assert not Path("c").exists()


def test_what_a_stranger_put_into_a_run_is_told(run: Run) -> None:
    assert run("generate", "scenario=wet.yaml", "n=2", "out=runs")[0] == 0
    path = Path("runs/outcomes/part-00000.parquet")
    was = pd.read_parquet(path)
    for name, value, said in (
        ("kind", "\x1b[2J", "unknown kind in row 0"),
        ("delta_v_mps", "fast", "delta_v_mps is not numeric"),
        ("track_id", 7, "track_id: expected a 0, the ego, once in each episode"),
    ):
        was.assign(**{name: value}).to_parquet(path)
        assert said in mistake(run("coverage", "runs", "out=c"))
    was.to_parquet(path)
    path = Path("runs/episodes/part-00000.parquet")
    was = pd.read_parquet(path)
    for name, value, said in (
        ("q.speed_mps", float("nan"), "finite numbers in q.speed_mps"),
        ("q.speed_mps", "fast", "finite numbers in q.speed_mps"),
        ("episode_id", "same", "one stands twice"),
        ("log_weight", "x", "log_weight: expected real numbers"),
    ):
        was.assign(**{name: value}).to_parquet(path)
        assert said in mistake(run("coverage", "runs", "out=c"))
    was.assign(episode_id=["\x1b[2Ja", "b"]).to_parquet(path)
    told = mistake(run("shrink", "runs", "episode=c"))
    assert "\\x1b[2Ja" in told
    assert "an id that ends in -NUMBER" in mistake(run("shrink", "runs", "episode=b"))


def test_an_unfinished_run_says_so_and_one_counts_once(run: Run) -> None:
    assert run("generate", "scenario=wet.yaml", "n=40", "shard=20", "out=runs")[0] == 0
    assert "none counts twice" in mistake(run("coverage", "runs", "also=[runs]", "out=c"))
    Path("link").symlink_to("runs")
    assert "none counts twice" in mistake(run("coverage", "runs", "also=[link]", "out=c"))
    path = Path("runs/manifest.json")
    manifest = json.loads(path.read_text()) | {"complete": False, "files": []}
    path.write_text(json.dumps(manifest))
    for table in ("episodes", "tracks", "outcomes"):
        Path(f"runs/{table}/part-00001.parquet").unlink()
    code, _, err = run("coverage", "runs", "out=c")
    assert code == 0
    assert err == "closecall: runs: an unfinished run, 20 of 40 episodes are there\n"


MANIFESTS = [
    ('"family": "slow_lead"', '"family": "nope"', "unknown name 'nope'"),
    ('"family": "slow_lead"', '"family": ["slow_lead"]', "unknown name"),
    ('"n": 1,', '"n": null,', "n: expected a whole number of at least 1, got None"),
    ('"n": 1,', '"n": Infinity,', "n: expected a whole number of at least 1, got inf"),
    ('"n": 1,', '"n": 1000000000000,', "at most 10,000,000"),
    ('"seconds": ', '"seconds": 1e9, "y": ', "seconds: expected whole tenths of a second"),
    ('"schema": 1', '"schema": 7', "schema: expected 1, got 7"),
    ('"sampler": {', '"sampler": 3, "x": {', "configuration: expected"),
    ('"seconds": ', '"seconds": "x", "y": ', "seconds: expected a finite time"),
    ('"name": "wet"', '"constraints": ["kept()"], "name": "wet"', "call at column 1"),
    ('"schema"', "[" * 100_000, "cannot be read as JSON"),
    ('"schema"', "", "cannot be read as JSON"),
]


def test_a_manifest_that_is_wrong_is_told(run: Run) -> None:
    assert run("generate", "scenario=wet.yaml", "n=1", "out=runs")[0] == 0
    path = Path("runs/manifest.json")
    was = path.read_text()
    for old, new, said in MANIFESTS:
        assert old in was
        path.write_text(was.replace(old, new, 1))
        told = mistake(run("shrink", "runs"))
        assert told.startswith(f"closecall: {path}: ")
        assert said in told
    held = json.loads(was)
    for _ in range(300):
        spec = held["configuration"]["quantities"]["speed"]
        held["configuration"]["quantities"]["speed"] = ["truncated", spec, 0, 50]
    path.write_text(json.dumps(held))
    assert "speed: expected at most 4 in one another" in mistake(run("shrink", "runs"))
