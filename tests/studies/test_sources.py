"""From settings to tables: sides, regimes and simulated rows that all come from the same code."""

from __future__ import annotations

import numpy as np
import pytest
from feature_tables import make_table
from marks import compiled

from sim.base.errors import UserError
from sim.features import COLUMNS, LabelSettings, WindowSettings
from sim.logs.field import FieldSettings
from sim.sampling import Iid
from sim.sensing import SensorSettings
from sim.studies import simulated
from sim.studies.pool import Pool
from sim.studies.run import study
from sim.studies.settings import LogsSettings, StudySettings
from sim.studies.simulated import edge_families, episodes_of, nominal_families, simulated_rows
from sim.studies.sources import real_rows

FEW = FieldSettings(
    sites=("motorway_a", "street_b"),
    train_hours=4.0,
    test_hours=3.0,
    minutes_low=2.0,
    minutes_high=3.0,
)


def test_edge_families_are_all_but_ordinary_traffic() -> None:
    assert nominal_families() == ["ordinary"]
    assert "cut_in" in edge_families(())
    assert "ordinary" not in edge_families(())
    assert not {"ncap_ccrs", "r157_cut_in", "ordinary"} & {*edge_families((), "either")}
    assert edge_families(("cut_in",)) == ["cut_in"]
    with pytest.raises(UserError, match=r"study\.families: .*did you mean 'cut_in'"):
        edge_families(("cutin",))


def test_families_are_those_whose_danger_is_of_the_form_that_counts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def family(event: str, *tags: str) -> type:
        return type("Made", (), {"event": event, "tags": tags})

    known = {
        "lead": family("rear_end"),
        "side": family("crossing"),
        "motorway": family("rear_end", "nominal"),
        "town": family("crossing", "nominal"),
    }
    monkeypatch.setattr(simulated, "load_families", lambda: known)
    assert edge_families(()) == ["lead"]
    assert edge_families((), "crossing") == ["side"]
    assert edge_families((), "either") == ["lead", "side"]
    assert edge_families(("lead",), "crossing") == ["lead"]  # counts in the plane as well
    assert edge_families(("side", "lead")) == ["side", "lead"]
    with pytest.raises(UserError, match=r"a family whose danger is rear_end .* got \['side'\]"):
        edge_families(("side",))
    assert nominal_families("crossing") == ["town"]
    assert nominal_families("either") == ["motorway", "town"]
    del known["side"], known["town"]
    assert nominal_families("crossing") == ["motorway"]
    with pytest.raises(
        UserError, match=r"study\.families: expected a family whose danger is cross"
    ):
        edge_families((), "crossing")


@compiled
def test_simulated_rows_do_not_depend_on_the_workers() -> None:
    def table(workers: int) -> np.ndarray:
        rows = simulated_rows(
            {"queue_tail": 60},
            StudySettings(cache=False),
            sampler=Iid(),
            sensor=SensorSettings(),
            label=LabelSettings(),
            window=WindowSettings(),
            seed=1,
            pool=Pool(workers),
        ).first
        assert rows.columns == COLUMNS
        assert rows.y.any()
        assert set(rows.episode_source) == {"simulated"}
        return rows.X

    np.testing.assert_array_equal(table(1), table(2))


def test_negatives_of_all_egos_are_thinned_and_weigh_as_much_as_all() -> None:
    table = make_table(site="a", recordings=4, source="simulated")
    thinned = simulated._thinned(table)
    negative = table.use & ~table.y
    assert thinned.use.all()
    assert thinned.y.sum() == (table.use & table.y).sum() > 0
    assert (~thinned.y).sum() == -(-negative.sum() // simulated.NEGATIVE_STEP)
    np.testing.assert_allclose(thinned.weight[~thinned.y].sum(), table.weight[negative].sum())
    np.testing.assert_array_equal(thinned.weight[thinned.y], 1.0)
    order = np.lexsort((thinned.t, thinned.ego, thinned.episode))
    np.testing.assert_array_equal(order, np.arange(len(thinned)))
    np.testing.assert_array_equal(table.weight, 1.0)


def test_a_table_without_negatives_stays_what_it_is() -> None:
    table = make_table(site="a", recordings=2)
    only = table.take(table.use & table.y)
    np.testing.assert_array_equal(simulated._thinned(only).X, only.X)


@compiled
def test_field_drives_come_to_lie_on_their_sides() -> None:
    sides = real_rows(
        StudySettings(rows_max=6000),
        LogsSettings(),
        FEW,
        sensor=SensorSettings(),
        label=LabelSettings(),
        window=WindowSettings(),
        seed=0,
        pool=Pool(1),
    )
    assert sides.kind == "field"
    assert set(sides.train.episode_site) == {"motorway_a"}
    assert set(sides.test.episode_site) == {"motorway_a", "street_b"}
    assert not set(sides.train.episode_group) & set(sides.test.episode_group)
    assert sides.train.weight.max() > 1.0  # sampled: some blocks stand for others
    assert sides.shares[0] < 1.0


@compiled
def test_a_whole_study_of_a_few_drives() -> None:
    heard: set[str] = set()
    found = study(
        StudySettings(
            fractions=(1.0,),
            seeds=1,
            detectors=("logistic",),
            spot_detectors=(),
            families=("queue_tail", "stop_and_go"),
            episodes_per_family=50,
            ordinary_episodes=10,
            rows_max=8000,
            resamples=20,
        ),
        field=FEW,
        workers=1,
        report=lambda what, done, count: heard.add(what),
    )
    assert heard >= {"sensing", "simulating", "training", "variants"}
    assert {row["regime"] for row in found.summary["results"]} == {"same_site", "new_site"}
    assert found.summary["logs"]["kind"] == "field"
    assert set(found.models) == {
        f"{arm}.logistic"
        for arm in ("real", "real_sim_weighted", "sim_only", "best_recorded", "best_simulated")
    }


@compiled
def test_a_whole_study_of_both_forms_of_conflict() -> None:
    found = study(
        StudySettings(
            fractions=(1.0,),
            seeds=1,
            detectors=("logistic",),
            spot_detectors=(),
            families=("queue_tail", "pedestrian_crossing"),
            episodes_per_family=20,
            ordinary_episodes=5,
            rows_max=4000,
            resamples=10,
        ),
        field=FEW,
        label=LabelSettings(form="either"),
        workers=1,
    )
    assert found.summary["conflict"]["form"] == "either"
    assert found.summary["logs"]["kinds"]["train"]["lead"] > 0
    arms = {row["arm"] for row in found.summary["results"]}
    assert {"physics_ttc", "physics_ttc_2d", "physics_crossing"} <= arms
    assert "threat_inverse_ttc_per_s" in found.models["real.logistic"].columns


def test_a_mix_shares_out_as_many_episodes() -> None:
    alike = episodes_of(StudySettings(episodes_per_family=100), "rear_end")
    mixed = episodes_of(StudySettings(episodes_per_family=100, mix="near_crash"), "rear_end")
    assert {*alike.values()} == {100}
    assert sum(mixed.values()) == pytest.approx(sum(alike.values()), abs=len(mixed))
    assert len({*mixed.values()}) > 1
    assert min(mixed.values()) >= 1
    with pytest.raises(UserError, match=r"study\.families: expected nothing where study\.mix is"):
        StudySettings(mix="near_crash", families=("cut_in",))
    with pytest.raises(UserError, match="no_such_mix"):
        episodes_of(StudySettings(mix="no_such_mix"), "rear_end")
