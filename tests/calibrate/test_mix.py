"""Leads before crashes, and mixes of families fitted to them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from planted import log, speeding

from sim.base.errors import UserError
from sim.calibrate import (
    MARGINALS,
    LeadProfiles,
    Simulated,
    fit_mix,
    lead_evidence,
    load_mix,
    read_lead_profiles,
    save_mix,
    shipped_mixes,
    simulate_near_crashes,
    simulated_lead_profiles,
)
from sim.calibrate.lead_evidence import systematic
from sim.calibrate.lead_profiles import FRAMES
from sim.calibrate.mix import distribution
from sim.cli.main import main
from sim.family import load_families, load_variant

Floats = NDArray[np.float64]
HEAD = "Id,Type,v_c,a_1,a_2,tau_s,tau_1,tau_2,weight"
ROWS = (
    "1,Near-crash,2,-4,-1,1,2,1.5,0.5",
    "2,Crash,0,0,0,5,0,0,1",
    "3,Near-crash,12,0,0,0,5,0,2",
)


def csv(tmp_path: Path, rows: tuple[str, ...] = ROWS, head: str = HEAD) -> Path:
    path = tmp_path / "incidents.csv"
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def braking(n: int, speed: tuple[float, float], decel: tuple[float, float], seed: int) -> Floats:
    """(n, FRAMES) speeds that are steady and then brake to the end, down to a stand."""
    random = np.random.default_rng(seed)
    v, a = random.uniform(*speed, (n, 1)), random.uniform(*decel, (n, 1))
    begin = random.uniform(0.0, 3.5, (n, 1))
    t = np.arange(FRAMES) * 0.1
    return np.maximum(v - a * np.maximum(t - begin, 0.0), 0.0)


def leads(*speeds: Floats) -> LeadProfiles:
    speed = np.concatenate(speeds)
    return LeadProfiles(speed, np.ones(len(speed)))


KINDS = {"hard": ((15.0, 30.0), (4.0, 8.0)), "town": ((3.0, 9.0), (1.0, 3.0)),
         "mild": ((12.0, 22.0), (0.5, 1.5))}  # fmt: skip


def made(n: int = 1500, rates: tuple[float, ...] = (0.5, 0.5, 0.5)) -> dict[str, Simulated]:
    return {
        name: Simulated(leads(braking(n, *ranges, seed=k)), round(n / rates[k]))
        for k, (name, ranges) in enumerate(KINDS.items())
    }


def blend(**counts: int) -> LeadProfiles:
    return leads(
        *(braking(n, *KINDS[name], seed=90 + k) for k, (name, n) in enumerate(counts.items()))
    )


def test_a_row_is_followed_backwards_from_the_end(tmp_path: Path) -> None:
    found = read_lead_profiles(csv(tmp_path))
    assert len(found) == 2
    assert found.weight.tolist() == [0.5, 2.0]
    back = found.speed[0][::-1]
    np.testing.assert_allclose(back[[0, 10, 20, 30, 45, 50]], [2, 2, 6, 10, 11.5, 11.5])
    np.testing.assert_allclose(found.speed[1], 12.0)
    assert [len(read_lead_profiles(csv(tmp_path), s)) for s in ("crash", "all")] == [1, 3]


def test_marginals_in_closed_form(tmp_path: Path) -> None:
    found = read_lead_profiles(csv(tmp_path))
    values = {name: found.marginal(name).tolist() for name in MARGINALS}
    assert values["speed"] == pytest.approx([11.5, 12.0])
    assert values["final_speed"] == pytest.approx([2.0, 12.0])
    assert values["peak"] == pytest.approx([4.0, 0.0])
    assert values["drop"] == pytest.approx([9.5, 0.0])


MISTAKES = {
    "a column that is missing": (ROWS, HEAD.replace("tau_1", "t"), "no tau_1"),
    "a word for a number": (("1,Crash,fast,0,0,5,0,0,1",), HEAD, "v_c: expected a number"),
    "a speed below 0": (("1,Crash,-2,0,0,5,0,0,1",), HEAD, "row 1: v_c"),
    "a weight below 0": ((ROWS[0], "1,Crash,2,0,0,5,0,0,-1"), HEAD, "row 2: weight"),
    "nothing of that severity": ((ROWS[1],), HEAD, "rows of Type Near-crash"),
}


@pytest.mark.parametrize("name", list(MISTAKES))
def test_tables_that_cannot_be(name: str, tmp_path: Path) -> None:
    rows, head, said = MISTAKES[name]
    with pytest.raises(UserError) as caught:
        read_lead_profiles(csv(tmp_path, rows, head))
    assert said in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_planted_near_crash_is_found_with_its_leads_past() -> None:
    t = np.arange(100) * 0.1
    lead = np.maximum(12.0 - 3.0 * np.maximum(t - 4.0, 0.0), 2.0)
    ego = np.maximum(12.0 - 7.0 * np.maximum(t - 6.0, 0.0), 1.0)
    cars = [speeding(0.0, ego), speeding(18.0, lead)]
    found = simulated_lead_profiles(log(cars))
    assert len(found) == 1
    apart = cars[1].s - cars[0].s
    end = int(np.argmin(apart))
    assert 60 < end < 80
    np.testing.assert_allclose(found.speed[0], lead[end - FRAMES + 1 : end + 1], atol=0.2)
    assert found.marginal("peak")[0] == pytest.approx(3.0, abs=0.05)


def test_before_the_log_begins_the_lead_went_at_its_first_speed() -> None:
    ego = np.full(40, 12.0)
    lead = np.maximum(12.0 - 6.0 * np.maximum(0.1 * np.arange(40) - 0.5, 0.0), 0.0)
    found = simulated_lead_profiles(log([speeding(0.0, ego), speeding(16.0, lead)]))
    assert len(found) == 1
    np.testing.assert_allclose(found.speed[0][:20], 12.0)
    assert found.marginal("final_speed")[0] < 8.0


def test_nobody_closing_in_is_no_event() -> None:
    cars = [speeding(0.0, np.full(60, 10.0)), speeding(30.0, np.full(60, 10.0))]
    assert len(simulated_lead_profiles(log(cars))) == 0


def test_a_known_mix_comes_back() -> None:
    mix = fit_mix(blend(hard=2000, town=6000, mild=2000), made())
    assert mix.near_crashes == pytest.approx({"hard": 0.2, "town": 0.6, "mild": 0.2}, abs=0.03)
    assert sum(mix.shares.values()) == pytest.approx(1.0)
    assert max(mix.ks.values()) < 0.05
    assert min(mix.ks_even.values()) > 0.1
    assert mix.energy < 0.02 * mix.energy_even


def test_episodes_make_up_for_how_often_a_family_is_near() -> None:
    mix = fit_mix(blend(hard=3000, town=3000), made(rates=(0.1, 0.4, 0.5)))
    ratio = mix.shares["hard"] / mix.shares["town"]
    near = mix.near_crashes["hard"] / mix.near_crashes["town"]
    assert near == pytest.approx(1.0, abs=0.1)
    assert ratio == pytest.approx(4.0 * near, rel=0.01)


def test_weights_count_as_copies() -> None:
    parts = made()
    town, hard = braking(400, *KINDS["town"], seed=50), braking(400, *KINDS["hard"], seed=51)
    weighed = LeadProfiles(np.concatenate([town, hard]), np.repeat([3.0, 1.0], 400))
    copied = leads(town, town, town, hard)
    one, other = fit_mix(weighed, parts), fit_mix(copied, parts)
    assert one.near_crashes == pytest.approx(other.near_crashes, abs=1e-6)


def test_no_other_mix_is_closer() -> None:
    """The minimum: shares moved towards any single family only come out farther."""
    real, parts = blend(hard=300, town=500, mild=200), made(400)
    best = fit_mix(real, parts)

    def energy(shares: dict[str, float]) -> float:
        total = 0.0
        for name in MARGINALS:
            values = real.marginal(name)
            spread = values.std()
            columns = {k: s.profiles.marginal(name) for k, s in parts.items()}
            both = np.concatenate([values, *columns.values()])
            at = np.linspace(both.min(), both.max(), 400)
            off = -distribution(values, np.ones(len(values)), at)
            off += sum(
                shares.get(k, 0.0) * distribution(c, np.ones(len(c)), at)
                for k, c in columns.items()
            )
            total += float((off**2).sum() * (at[1] - at[0]) / spread)
        return total

    least = energy(dict(best.near_crashes))
    assert least == pytest.approx(best.energy, rel=1e-6)
    for name in parts:
        moved = {k: 0.97 * best.near_crashes.get(k, 0.0) + 0.03 * (k == name) for k in parts}
        assert energy(moved) > least


def test_families_with_too_little_are_left_out_and_named() -> None:
    parts = made() | {"rare": Simulated(leads(braking(3, *KINDS["hard"], seed=9)), 500)}
    mix = fit_mix(blend(hard=500, town=500), parts)
    assert mix.left == {"rare": "3 near-crashes in 500 episodes"}
    assert "rare" not in mix.shares
    with pytest.raises(UserError, match="no family has 9999 near-crashes"):
        fit_mix(blend(hard=500, town=500), parts, least=9999)


def test_distribution_function() -> None:
    at = np.array([0.0, 1.0, 1.5, 2.0])
    found = distribution(np.array([2.0, 1.0]), np.array([3.0, 1.0]), at)
    np.testing.assert_allclose(found, [0.0, 0.25, 0.25, 1.0])


def test_a_family_gives_leads_and_the_same_ones_again() -> None:
    kind = load_families()["amber_stop"]()
    one, other = (simulate_near_crashes(kind, n=60, seed=2) for _ in range(2))
    assert 0.2 < one.rate < 0.95
    np.testing.assert_array_equal(one.profiles.speed, other.profiles.speed)
    assert (one.profiles.marginal("drop") > 1.0).mean() > 0.8


def mix_file(tmp_path: Path, change: Callable[[str], str] = lambda text: text) -> Path:
    path = tmp_path / "own.yaml"
    text = "closecall: mix/1\nname: own\nshares: {lead_brakes: 0.7, red_queue: 0.3}\n"
    path.write_text(change(text))
    return path


def test_a_mix_file_goes_back_and_forth(tmp_path: Path) -> None:
    assert load_mix(mix_file(tmp_path)) == pytest.approx({"lead_brakes": 0.7, "red_queue": 0.3})
    parts = {"lead_brakes": made()["hard"], "red_queue": made()["town"]}
    mix = fit_mix(blend(hard=200, town=200), parts)
    path = save_mix(mix, tmp_path / "new.yaml", name="new", fitted={"leads": "x.csv"})
    assert load_mix(path) == pytest.approx(mix.shares, abs=1e-3)


BAD = {
    "another kind": (("mix/1", "logical/1"), "closecall: expected mix/1"),
    "no such family": (("red_queue", "red_queu"), "did you mean 'red_queue'"),
    "not one": (("0.3", "0.4"), "shares that sum to 1"),
    "below 0": (("0.7", "-0.7"), "a share above 0"),
    "no number": (("0.7", "yes"), "a share above 0"),
    "a key too many": (("name: own", "name: own\nshare: 1"), "share"),
    "no shares": (("{lead_brakes: 0.7, red_queue: 0.3}", "{}"), "families and their shares"),
    "not finite": (("0.7", ".inf"), "a share above 0, got inf"),
}


@pytest.mark.parametrize("name", list(BAD))
def test_mix_files_that_cannot_be(name: str, tmp_path: Path) -> None:
    (old, new), said = BAD[name]
    with pytest.raises(UserError) as caught:
        load_mix(mix_file(tmp_path, lambda text: text.replace(old, new)))
    assert said in str(caught.value)
    assert "own.yaml" in str(caught.value)


def test_shipped_mixes_can_be_loaded_by_name() -> None:
    assert "near_crash" in shipped_mixes()
    for name in shipped_mixes():
        shares = load_mix(name)
        assert sum(shares.values()) == pytest.approx(1.0)
        assert all(load_families()[family].event == "rear_end" for family in shares)


def test_events_are_drawn_in_proportion_to_their_weight() -> None:
    weight = np.array([0.1, 4.0, 1.0, 1.0, 2.0])
    chosen = systematic(weight)
    assert len(chosen) == round(weight.sum() ** 2 / (weight**2).sum())
    many = systematic(np.ones(7))
    assert many.tolist() == list(range(7))


def test_leads_are_evidence_for_what_a_family_draws(tmp_path: Path) -> None:
    rows = tuple(f"{k},Near-crash,0,-{2 + 0.02 * k},0,0,3,0,1" for k in range(60))
    found = lead_evidence(csv(tmp_path, rows))
    peaks = found.tables["lead_braking"]["braking_peak"]
    np.testing.assert_allclose(peaks, 2.0 + 0.02 * np.arange(60))
    assert (found.tables["lead_braking"]["braking_kept"] == 0.0).all()
    assert all(len(t) == 0 for name, t in found.tables.items() if name != "lead_braking")


def test_the_command_fits_a_mix_and_a_family(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = tuple(f"{k},Near-crash,0,-{2 + 0.05 * k},0,0.5,3,0,1" for k in range(60))
    where = [f"leads={csv(tmp_path, rows)}", "least=20"]
    families = "families=[amber_stop,creeping_queue]"
    assert main(["calibrate", *where, families, "n=80", f"out={tmp_path / 'mix'}"]) == 0
    assert "KS, fitted" in capsys.readouterr().out
    assert set(load_mix(tmp_path / "mix" / "mix.yaml")) <= {"amber_stop", "creeping_queue"}
    assert main(["calibrate", "lead_brakes", *where, f"out={tmp_path / 'one'}"]) == 0
    variant = load_variant(tmp_path / "one" / "lead_brakes_calibrated.yaml")
    assert "decel" in variant.replaced
    assert "speed" not in variant.replaced


COMMANDS = {
    "both": (["leads=x.csv", "logs=y"], "leads: expected no logs beside them"),
    "a mix without leads": (["logs=y", "families=[lead_brakes]"], "families: expected leads=FILE"),
    "no file": (["leads=nowhere.csv"], "nowhere.csv: cannot be read as CSV (no such file)"),
    "no family": (["leads=x.csv", "families=[red_quee]"], "did you mean 'red_queue'"),
    "twice the same": (["leads=x.csv", "families=[red_queue,red_queue]"], "families: expected"),
    "no episodes": (["leads=x.csv", "families=[red_queue]", "n=0"], "n: expected"),
    "a severity that is none": (["leads=x.csv", "severity=bad"], "severity: expected one of"),
}


@pytest.mark.parametrize("name", list(COMMANDS))
def test_commands_that_cannot_be(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    words, said = COMMANDS[name]
    assert main(["calibrate", *words]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 1
