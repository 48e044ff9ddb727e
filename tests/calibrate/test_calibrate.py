"""From recordings to a variant: what is used, kept out, written and refused."""

from __future__ import annotations

import contextlib
import dataclasses
import io
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from planted import STEP_S, Car, lane_change, speeding, steady, table

from sim.base.errors import UserError
from sim.calibrate import (
    MEASUREMENTS,
    Evidence,
    FitSettings,
    calibrate,
    events_of,
    evidence,
    measured,
    observe,
    seen_groups,
)
from sim.calibrate.evidence import is_plain, joined
from sim.cli.main import main
from sim.cli.verbs import calibrate as verb
from sim.family import Family, load_families, load_variant
from sim.logs import load_log
from sim.studies import LogsSettings
from sim.studies.recorded import recorded_sides

FRAMES = 90
ROADS = 8
FEW = FitSettings(draws=39)


def cut_in_road(random: np.random.Generator, roads: int = ROADS) -> list[Car]:
    """Egos far apart, each with somebody who cuts in: gap and both speeds known by their law."""
    cars: list[Car] = []
    t = STEP_S * np.arange(FRAMES)
    for k in range(roads):
        speed = random.uniform(12.0, 25.0)
        gap = min(60.0, 9.0 * np.exp(0.5 * random.normal()) + 0.3 * speed)
        slower = random.uniform(0.85, 0.98)
        left = lane_change(4.5, FRAMES, takes_s=random.uniform(2.5, 6.0))
        crosses = float(np.interp(-2.7, -left, t))
        start = gap + (1.0 - slower) * speed * crosses + 4.5
        s = 3000.0 * k
        width = float(random.uniform(1.7, 1.9))
        cars.append(steady(s, speed, FRAMES, length=4.5, width=1.8))
        cars.append(Car(s + start + slower * speed * t, left, length=4.5, width=width))
    return cars


def write(path: Path, cars: list[Car]) -> None:
    """A tidy recording."""
    path.parent.mkdir(parents=True, exist_ok=True)
    tracks = table(cars)
    tracks[["track_id", "t_s", "x_m", "y_m", "length_m", "width_m", "kind", "lane"]].assign(
        heading=tracks["yaw_rad"], speed=tracks["speed_mps"]
    ).to_parquet(path)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two sites of recordings with cut-ins."""
    folder = tmp_path_factory.mktemp("logs")
    random = np.random.default_rng(3)
    for site, count in (("east", 9), ("west", 2)):
        for k in range(count):
            write(folder / site / f"run_{k}.parquet", cut_in_road(random))
    return folder


def cut_in() -> Family:
    return load_families()["cut_in"]()


GROUPS = tuple(f"east/run_{k}" for k in range(9))


@pytest.fixture(scope="module")
def shown(root: Path) -> Evidence:
    return evidence(root, groups=GROUPS, events=events_of(cut_in()))


@pytest.mark.parametrize("name", sorted(load_families()))
def test_every_measured_quantity_has_a_measurement_in_its_unit(name: str) -> None:
    family = load_families()[name]()
    found = measured(family)
    assert found.keys() == {q.name for q in family.quantities if q.measured}
    for q in family.quantities:
        if q.measured:
            assert MEASUREMENTS[q.measured].unit == q.unit
            assert max(q.dist.support[0], MEASUREMENTS[q.measured].least) < q.dist.support[1]


def test_planted_cut_ins_are_fitted(shown: Evidence) -> None:
    found = calibrate(cut_in(), shown, FEW)
    fits = {each.quantity.name: each for each in found.fitted}
    assert {"gap", "across", "left_lane"} <= fits.keys()
    gap = fits["gap"]
    assert len(gap.values) + gap.outside == 9 * ROADS
    assert gap.bounds == (5.0, 60.0)
    assert gap.fit.unit == "group"
    assert gap.fit.units == 9
    median = gap.fit.quantiles[1]
    assert median[1] <= np.median(gap.values) <= median[2]
    assert np.median(gap.values) == pytest.approx(9.0 + 0.3 * 18.5, rel=0.15)
    assert fits["left_lane"].fit.quantiles[1][0] == pytest.approx(0.915, abs=0.03)
    left = {each.quantity.name: each.why for each in found.left}
    assert left["accepted"] == "no measurement"
    assert left["length"].startswith("vehicle_length: 0 events") or "all" in left["length"]


def test_correlated_quantities_become_correlations(shown: Evidence) -> None:
    random = np.random.default_rng(4)
    base = shown.tables["cut_ins"]
    z = random.normal(size=(len(base), 2))
    planted = base.assign(
        cut_in_gap=12.0 * np.exp(0.3 * z[:, 0]),
        cut_in_pace=0.8 + 0.05 * (0.7 * z[:, 0] + np.sqrt(0.51) * z[:, 1]),
        cut_in_lateral_speed=random.uniform(0.5, 1.7, len(base)),
    )
    changed = dataclasses.replace(shown, tables={**shown.tables, "cut_ins": planted})
    found = calibrate(cut_in(), changed, FEW)
    assert {frozenset((p.first, p.second)) for p in found.kept} == {frozenset(("gap", "left_lane"))}
    variant = found.variant("planted")
    (first, second, rho), *rest = variant.terms.correlations
    assert {first, second} == {"gap", "left_lane"}
    assert rho == pytest.approx(0.7, abs=0.15)
    assert not rest
    draws = variant.draw(random.random((4000, variant.dimensions)))
    assert np.corrcoef(np.log(draws.gap), draws.left_lane)[0, 1] == pytest.approx(rho, abs=0.06)


@dataclasses.dataclass(frozen=True)
class Ran:
    """What `closecall calibrate` left in a folder, and said."""

    out: Path
    said: str

    @property
    def bits(self) -> dict[str, bytes]:
        """All but the settings, which name the folders."""
        return {p.name: p.read_bytes() for p in self.out.iterdir() if p.name != "config.yaml"}


def run(**keys: Any) -> Ran:
    """What the verb does once its keys are read."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        settings = verb.Settings(scenario={"name": "cut_in"}, **{"draws": 39} | keys)
        return Ran(verb.run(settings, "").parent, said.getvalue())


@pytest.fixture(scope="module")
def ran(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    out = tmp_path_factory.mktemp("ran") / "out"
    return run(logs=root, train_sites=("east",), name="my_cut_in", out=out)


def test_recordings_outside_the_training_part_change_nothing(
    root: Path, ran: Ran, tmp_path: Path
) -> None:
    """The canary: marked recordings planted elsewhere leave every bit where it was."""
    planted = tmp_path / "planted"
    shutil.copytree(root, planted)
    for k in range(3):  # the same marked traffic again and again, before, among and after
        for site in ("aaa", "west", "zzz"):
            write(planted / site / f"canary_{k}.parquet", cut_in_road(np.random.default_rng(99)))
    keys = {"train_sites": ("east",), "name": "my_cut_in", "out": tmp_path / "out"}
    assert run(logs=planted, **keys).bits == ran.bits
    # and where the canary is let in, it sings
    usual = evidence(root, events=["cut_ins"]).tables["cut_ins"]
    let_in = evidence(planted, events=["cut_ins"]).tables["cut_ins"]
    assert len(let_in) == len(usual) + 9 * ROADS


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture, which takes 2 s."""
    monkeypatch.setattr(verb, "picture", lambda *_, **__: None)


@pytest.mark.usefixtures("undrawn")
def test_a_share_is_kept_out_as_the_study_keeps_it_out(root: Path, tmp_path: Path) -> None:
    part = run(logs=root, same_site_share=0.4, seed=5, out=tmp_path / "part")
    variant = load_variant(part.out / "cut_in_calibrated.yaml")
    sides = recorded_sides(LogsSettings(root=str(root), same_site_share=0.4), seed=5)
    groups = seen_groups(dict(variant.terms.fitted))
    assert groups == {recording.group for recording in sides.train}
    assert groups.isdisjoint({recording.group for recording in sides.test})


def test_the_variant_reads_back_and_says_what_it_rests_on(root: Path, ran: Ran) -> None:
    out, told = ran.out, ran.said
    assert "9 recordings in 9 groups of east" in told
    variant = load_variant(out / "my_cut_in.yaml")
    assert variant.terms.name == "my_cut_in"
    usual = cut_in().overrides
    changed = {name for name, spec in variant.overrides.items() if spec != usual[name]}
    fitted = variant.terms.fitted
    assert changed == set(fitted["quantities"]) >= {"gap", "across"}
    assert fitted["logs"]["recordings"] == 9
    assert seen_groups(dict(fitted)) == set(GROUPS)
    assert fitted["quantities"]["gap"]["n"] == 9 * ROADS - fitted["quantities"]["gap"]["outside"]
    assert (out / "my_cut_in.png").stat().st_size > 20_000
    text = (out / "my_cut_in.yaml").read_text()
    assert str(root) not in text
    plain = yaml.safe_load(text)
    assert (
        plain["fitted"]["logs"]["manifest_sha256"] == evidence(root, groups=GROUPS).manifest_sha256
    )
    draws = variant.draw(np.random.default_rng(0).random((500, variant.dimensions)))
    assert variant.build(draws) is not None


def test_the_manifest_knows_content_not_place(root: Path, tmp_path: Path) -> None:
    two = tmp_path / "elsewhere" / "east"
    two.mkdir(parents=True)
    for name in ("run_0", "run_1"):
        (two / f"{name}.parquet").write_bytes((root / "east" / f"{name}.parquet").read_bytes())
    here = evidence(root, groups=["east/run_0", "east/run_1"], events=["walkers"])
    there = evidence(two.parent, events=["walkers"])
    assert here.manifest_sha256 == there.manifest_sha256
    write(two / "run_1.parquet", [steady(0.0, 10.0, 40)])
    assert evidence(two.parent, events=["walkers"]).manifest_sha256 != here.manifest_sha256


def test_clips_in_which_everybody_brakes_are_left_out(tmp_path: Path) -> None:
    falling = 20.0 - 2.0 * STEP_S * np.arange(40)
    write(tmp_path / "odd" / "a.parquet", [speeding(40.0 * k, falling) for k in range(9)])
    one = [steady(40.0 * k, 12.0, 40) for k in range(8)]
    write(tmp_path / "odd" / "b.parquet", [*one, speeding(400.0, falling)])
    assert not is_plain(load_log(tmp_path / "odd" / "a.parquet"))
    found = evidence(tmp_path, events=["following"])
    assert [source.plain for source in found.sources] == [False, True]
    assert found.groups == ("odd/b",)


def test_a_vehicle_has_its_length_once_in_a_group() -> None:
    columns = {"episode_id": ["e", "f", "g"], "site": "s", "track_id": 4, "t_s": 0.0}
    seen = pd.DataFrame({**columns, "group": ["a", "a", "b"], "vehicle_length": 4.5})
    assert joined([seen], "vehicles")["group"].tolist() == ["a", "b"]


def nothing(tables: dict[str, pd.DataFrame] | None = None) -> Evidence:
    return Evidence({name: joined([], name) for name in events_of(cut_in())} | (tables or {}), ())


def events(**columns: object) -> pd.DataFrame:
    names = [f"e{k}" for k in range(40)]
    keys = {"episode_id": names, "site": "s", "group": names, "track_id": 0, "t_s": 0.0}
    blank = dict.fromkeys(joined([], "cut_ins").columns, np.nan)
    return pd.DataFrame({**blank, **keys, **columns})


def test_what_cannot_be_fitted_is_told() -> None:
    with pytest.raises(UserError, match=r"logs: expected events of at least one kind .*cut_ins"):
        calibrate(cut_in(), nothing(), FEW)
    alike = nothing({"cut_ins": events(cut_in_gap=12.0)})
    with pytest.raises(UserError, match="gap: cut_in_gap: all 40 values are 12"):
        calibrate(cut_in(), alike, FEW)
    blank = nothing({"cut_ins": events()})
    with pytest.raises(UserError, match="gap: cut_in_gap: 0 events inside the bounds"):
        calibrate(cut_in(), blank, FEW)
    values = np.random.default_rng(0).uniform(6.0, 30.0, 40)
    values[:4] = np.nan, np.inf, 70.0, 1.0
    found = calibrate(cut_in(), nothing({"cut_ins": events(cut_in_gap=values)}), FEW)
    assert [(f.quantity.name, len(f.values), f.outside) for f in found.fitted] == [("gap", 36, 2)]
    with pytest.raises(UserError, match="36 events inside the bounds, 2 outside"):
        calibrate(
            cut_in(),
            nothing({"cut_ins": events(cut_in_gap=values)}),
            FitSettings(least=37, draws=39),
        )
    pinned = cut_in().with_overrides({"gap": 9.0})
    with pytest.raises(UserError, match="gap: pinned"):
        calibrate(pinned, nothing({"cut_ins": events(cut_in_gap=values)}), FEW)


def test_units_and_names_of_measurements_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    def family(measured: str) -> Family:
        kind = cut_in()
        changed = [
            dataclasses.replace(q, measured=measured if q.name == "gap" else "")
            for q in kind.quantities
        ]
        object.__setattr__(kind, "quantities", tuple(changed))
        return kind

    with pytest.raises(UserError, match=r"cut_in.gap measured: expected a measurement in m, got"):
        measured(family("cut_in_ttc"))
    with pytest.raises(UserError, match=r"cut_in.gap: measurement: unknown name 'cut_in_gop', did"):
        measured(family("cut_in_gop"))
    with pytest.raises(UserError, match="expected a family with a quantity that is measured"):
        events_of(family(""))


@pytest.mark.usefixtures("undrawn")
def test_the_command_line(root: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    words = [f"logs={root}", "test_sites=[west]", "draws=39", f"out={tmp_path / 'o'}"]
    assert main(["calibrate", "cut_in", *words]) == 0
    told = capfd.readouterr()
    path = Path(told.out.strip().splitlines()[-1])
    assert path == tmp_path / "o" / "cut_in_calibrated.yaml"
    assert load_variant(path).terms.name == "cut_in_calibrated"
    assert "none is kept out" not in told.err
    assert main(["calibrate", "cut_in"]) == 2
    assert "logs: a value is needed" in capfd.readouterr().err


MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "no folder": ({"logs": Path("nowhere")}, "nowhere"),
    "no recordings": ({"logs": Path(".")}, "recordings: expected"),
    "too few asked for": ({"least": 1}, "least: expected"),
    "bad name": ({"name": "Cut-In"}, "name: expected small letters"),
    "taken name": ({"name": "ordinary"}, "name: expected a name that no"),
    "unknown criterion": ({"criterion": "hqc"}, "criterion: expected bic or aic"),
    "few drawings": ({"draws": 3}, "draws: expected"),
    "unknown site": ({"train_sites": ("eats",)}, "train_sites: unknown name 'eats', did you mean"),
    "no such group": ({"test_groups": ("north/1",)}, "north/1"),
    "too little": ({"train_sites": ("west",), "least": 200}, "nothing can be fitted"),
}


@pytest.mark.parametrize(("keys", "told"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes_leave_nothing_behind(
    keys: dict[str, Any], told: str, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError) as caught:
        run(**{"logs": root} | keys)
    assert told in str(caught.value)
    assert "logs." not in str(caught.value)  # no key of this verb
    assert "\n" not in str(caught.value)
    assert not list(tmp_path.iterdir())


@pytest.mark.usefixtures("undrawn")
def test_without_a_split_everything_is_used_and_that_is_said(
    root: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    found = run(logs=root, out=tmp_path / "all")
    assert "11 groups of recordings are used, none is kept out" in capfd.readouterr().err
    fitted = load_variant(found.out / "cut_in_calibrated.yaml").terms.fitted
    assert len(seen_groups(dict(fitted))) == 11


Reader = Callable[[str], Evidence]


@pytest.fixture(scope="module")
def recorded(recordings_root: Path) -> Reader:
    def read(site: str) -> Evidence:
        return evidence(recordings_root / "raw" / site)

    return read


def test_recordings_have_sane_values(recorded: Reader) -> None:
    freeway = recorded("us101")
    assert sum(not source.plain for source in freeway.sources) >= 10
    following = freeway.tables["following"]
    assert len(following) > 20
    # Treiber and Kesting 2013: time gaps of 0.8 to 2 s in dense traffic
    assert 0.8 < following["following_time_gap"].median() < 2.5
    lengths = freeway.tables["vehicles"]["vehicle_length"]
    assert 4.2 < lengths.median() < 5.2
    cut_ins = freeway.tables["cut_ins"]
    assert len(cut_ins) >= 5
    assert 5.0 < cut_ins["cut_in_gap"].median() < 40.0
    assert 0.3 < cut_ins["cut_in_lateral_speed"].median() < 1.5
    assert abs(freeway.tables["beside"]["left_pace"].median() - 1.0) < 0.15


def test_platoons_have_no_cut_ins_and_no_sizes(recorded: Reader) -> None:
    platoons = recorded("openacc")
    for name in ("cut_ins", "beside", "vehicles", "walkers"):
        assert len(platoons.tables[name]) == 0, name
    assert len(platoons.tables["following"]) > 100
    assert platoons.tables["lead_braking"]["braking_peak"].max() < 9.0


def test_walkers_of_a_campus(recordings_root: Path) -> None:
    found = evidence(recordings_root / "tidy" / "dut", events=["walkers"]).tables["walkers"]
    # about 1.3 to 1.5 m/s on level ground (scenarios: N(1.51, 0.25))
    assert len(found) > 200
    assert 1.1 < found["walking_speed"].median() < 1.7


def test_observe_is_blind_to_where_a_log_comes_from(root: Path) -> None:
    log = load_log(root / "east" / "run_0.parquet")
    renamed = dataclasses.replace(log, episodes=log.episodes.assign(source="simulated"))
    for name, seen in observe(log).items():
        pd.testing.assert_frame_equal(seen, observe(renamed)[name])
