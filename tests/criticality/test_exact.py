"""Exact answers of the definitions, worked by hand."""

import math

import numpy as np
import pytest

from sim.criticality import (
    btn,
    cfs,
    contact_severity,
    cpi,
    delta_v,
    drac,
    dst,
    encroachment_time,
    jerk,
    lateral_required,
    madr_exceedance,
    pedestrian_fatality_risk,
    pedestrian_injury_risk,
    pet,
    pfs,
    psd,
    required_deceleration,
    rss_lateral,
    rss_longitudinal,
    severe_injury_risk,
    stn,
    tet,
    tit,
    ttb,
    ttk,
    ttr,
    tts,
)
from sim.world.kinds import Kind

EXACT = {"rel": 1e-9, "abs": 1e-12}


def test_rss_from_the_published_formulas() -> None:
    assert rss_longitudinal(20.0, 10.0, 1.0, 2.0, 4.0, 8.0) == pytest.approx(75.25, **EXACT)
    assert rss_longitudinal(10.0, 30.0, 1.0, 2.0, 4.0, 8.0) == 0.0
    # each: 1*1 + 1 + (1+2)²/(2*3) = 3.5 and 0.5*1 + 1 + (0.5+2)²/6 = 2.5416667
    want = 0.4 + 3.5 + 1.5 + 6.25 / 6.0
    assert rss_lateral(1.0, 0.5, 1.0, 2.0, 3.0, 0.4) == pytest.approx(want, **EXACT)
    assert rss_lateral(-3.0, -3.0, 1.0, 0.0, 8.0, 0.4) == 0.4


def test_a_vehicle_that_rss_calls_unable_to_reverse_its_way_has_no_safe_gap() -> None:
    assert np.isnan(rss_longitudinal([-1.0, 1.0], [1.0, -1.0], 1.0, 2.0, 4.0, 8.0)).all()


def test_the_truncated_normal_of_braking_rates() -> None:
    got = madr_exceedance([5.0, 6.0, 7.0, 8.0])
    np.testing.assert_allclose(got, [0.0055906, 0.0388702, 0.1492598, 0.3736060], atol=5e-8)
    ends = madr_exceedance([-1.0, 0.0, 4.23, 12.68, 20.0, np.inf])
    assert ends.tolist() == pytest.approx([0.0, 0.0, 0.0, 1.0, 1.0, 1.0], abs=1e-15)


def test_madr_is_the_share_of_drawn_vehicles() -> None:
    rng = np.random.default_rng(4)
    drawn = rng.normal(8.45, 1.40, 400_000)
    drawn = drawn[(drawn > 4.23) & (drawn < 12.68)]
    for d in (6.0, 8.0, 10.0):
        assert madr_exceedance(d) == pytest.approx((drawn <= d).mean(), abs=0.004)


def test_crash_potential_weighs_by_time() -> None:
    p = float(madr_exceedance(8.0))
    assert cpi([8.0, 0.0, 0.0, 0.0], 0.1) == pytest.approx(p / 4.0, **EXACT)
    assert cpi([8.0, 0.0], [0.3, 0.1]) == pytest.approx(0.75 * p, **EXACT)
    assert np.isnan(cpi(np.empty((2, 0)), 0.1)).all()


@pytest.mark.parametrize("dt", [0.1, 0.01, 0.001])
def test_a_time_to_collision_that_falls_linearly_to_nothing(dt: float) -> None:
    n = round(3.0 / dt)
    middles = 3.0 - dt * (np.arange(n) + 0.5)
    assert tet(middles, dt, 1.5) == pytest.approx(1.5, **EXACT)
    assert tit(middles, dt, 1.5) == pytest.approx(1.125, **EXACT)
    ends = 3.0 - dt * np.arange(n + 1)  # other samples: within one step, as documented
    assert tet(ends, dt, 1.5) == pytest.approx(1.5, abs=1.001 * dt)
    assert tit(ends, dt, 1.5) == pytest.approx(1.125, abs=1.5 * dt)


def test_exposure_is_the_sum_of_the_definition() -> None:
    series = np.array([[1.0, 1.5, 1.6, np.inf], [0.0, 0.5, 2.0, 2.0]])
    np.testing.assert_allclose(tet(series, 0.2, 1.5), [0.4, 0.4], rtol=1e-12)
    np.testing.assert_allclose(tit(series, 0.2, 1.5), [0.1, 0.5], rtol=1e-12)
    np.testing.assert_allclose(tet(series, 0.2, [1.2, 2.0]), [0.2, 0.8], rtol=1e-12)
    np.testing.assert_allclose(tet(series, [0.1, 0.2, 0.3, 0.4], 1.5), [0.3, 0.3], rtol=1e-12)
    assert np.isnan(tet(np.empty((3, 0)), 0.1, 1.5)).all()


def test_threat_numbers() -> None:
    need = required_deceleration(30.0, 20.0, 10.0, -3.0)
    assert btn(need, 7.0) == pytest.approx(2.0 / 3.0, **EXACT)
    assert lateral_required(1.8, 3.0) == pytest.approx(0.4, **EXACT)
    assert stn(lateral_required(1.8, 3.0), 4.0) == pytest.approx(0.1, **EXACT)
    assert lateral_required([1.0, 1.0, -1.0, -1.0], [np.inf, 0.0, 2.0, 0.0]).tolist() == [
        0.0,
        np.inf,
        0.0,
        np.inf,
    ]


def test_last_moments_and_their_limits() -> None:
    assert ttb(30.0, 20.0, 10.0, 8.0) == pytest.approx(3.0 - 10.0 / 16.0, **EXACT)
    assert tts(30.0, 20.0, 10.0, 1.8, 4.0) == pytest.approx(3.0 - math.sqrt(0.9), **EXACT)
    assert ttk(60.0, 10.0, 4.0, 2.5) == pytest.approx(0.0, abs=1e-12)
    assert ttr(ttb(30.0, 20.0, 10.0, 8.0), tts(30.0, 20.0, 10.0, 1.8, 4.0)) == pytest.approx(2.375)
    # not approaching: never; contact: too late, and 0 without any closing speed
    assert ttb(30.0, 10.0, [10.0, 20.0], 8.0).tolist() == [np.inf, np.inf]
    assert ttb(-1.0, 20.0, [10.0, 30.0], 5.0).tolist() == [-1.0, 0.0]
    assert tts(30.0, 10.0, 10.0, 1.8, 4.0) == np.inf
    assert tts(30.0, 20.0, 10.0, [0.0, -1.0], 4.0).tolist() == [3.0, 3.0]
    assert tts(0.0, 20.0, 10.0, 2.0, 4.0) == -1.0
    assert ttk([0.0, -2.0], 0.0, 1.0, 2.0).tolist() == [np.inf, np.inf]
    assert ttk(20.0, [0.0, 5.0], np.inf, 2.0).tolist() == [np.inf, np.inf]
    assert ttk(4.0, 0.0, [0.0, -3.0], 2.0).tolist() == [-2.0, -2.0]


def test_times_at_a_crossing() -> None:
    assert encroachment_time(2.0, 3.5) == 1.5
    assert encroachment_time(2.0, np.inf) == np.inf
    assert pet(3.5, [4.25, 3.0]).tolist() == [0.75, -0.5]
    assert np.isnan(pet([np.inf, 1.0], [2.0, np.inf])).all()
    assert np.isnan(encroachment_time(np.inf, np.inf))


def test_stopping_distances() -> None:
    assert psd(30.0, 20.0, 8.0) == pytest.approx(1.2, **EXACT)
    assert psd([0.0, -1.0, 5.0, 0.0], [10.0, 10.0, 0.0, 0.0], 8.0).tolist() == [0, 0, np.inf, 0]
    assert dst(30.0, 20.0, 10.0, 1.0) == pytest.approx(100.0 / 40.0, **EXACT)
    g, v, u = np.random.default_rng(3).uniform([-2.0, 0.0, 0.0], [60.0, 30.0, 30.0], (500, 3)).T
    np.testing.assert_array_equal(dst(g, v, u, 0.0), drac(g, v, u))
    assert dst([10.0, 9.0, 0.0], 20.0, 10.0, 1.0).tolist() == [np.inf] * 3
    assert dst(5.0, [10.0, 9.0], 10.0, 1.0).tolist() == [0.0, 0.0]


def test_after_the_deceleration_to_safety_time_the_ego_follows_at_that_time() -> None:
    g, v, u, t_s = 40.0, 25.0, 12.0, 1.5
    b = float(dst(g, v, u, t_s))
    t = (v - u) / b
    left = g + u * t - (v * t - 0.5 * b * t * t)
    assert left / u == pytest.approx(t_s, **EXACT)


def test_inelastic_contacts_share_momentum() -> None:
    assert delta_v(20.0, 10.0, 1500.0, 1500.0) == pytest.approx(5.0, **EXACT)
    assert delta_v(10.0, 20.0, 1500.0, 1500.0) == pytest.approx(5.0, **EXACT)
    v, u, m, k = 17.0, -9.0, 1200.0, 9000.0
    common = (m * v + k * u) / (m + k)
    assert delta_v(v, u, m, k) == pytest.approx(abs(v - common), **EXACT)
    assert delta_v(u, v, k, m) == pytest.approx(abs(u - common), **EXACT)
    assert delta_v(14.0, 0.0, 1500.0, np.inf) == 14.0
    assert delta_v(14.0, 0.0, np.inf, 1500.0) == 0.0
    assert np.isnan(delta_v(14.0, 0.0, np.inf, np.inf))


def test_severity_logits_are_in_kilometres_an_hour() -> None:
    for risk, a, b in (
        (pedestrian_fatality_risk, -5.725, 0.0890),
        (pedestrian_injury_risk, -4.621, 0.0876),
    ):
        p = risk(np.array([0.0, 10.0, -10.0]))
        np.testing.assert_allclose(np.log(p / (1.0 - p)), a + b * np.array([0.0, 36.0, 36.0]))
    v = np.linspace(0.0, 30.0, 50)
    assert (pedestrian_fatality_risk(v) < pedestrian_injury_risk(v)).all()
    for kind in Kind:
        risk_of = severe_injury_risk(kind, v, 0.5 * v)
        assert np.isnan(risk_of).all() if kind is Kind.OBJECT else (np.diff(risk_of) > 0).all()
    # who is hurt by what: a pedestrian by the speed, others by their own delta-v
    assert not np.isnan(severe_injury_risk(Kind.PEDESTRIAN, 5.0, np.nan))
    assert not np.isnan(severe_injury_risk(Kind.BICYCLE, np.nan, 5.0))


def test_a_contact_hurts_the_lighter_and_the_unprotected_more() -> None:
    v = 50.0 / 3.6
    walker, car = (
        contact_severity(*kinds, v)
        for kinds in ((Kind.PEDESTRIAN, Kind.CAR), (Kind.CAR, Kind.PEDESTRIAN))
    )
    assert walker.delta_v + car.delta_v == pytest.approx(v, **EXACT)
    assert walker.delta_v == pytest.approx(v * 1500.0 / 1575.0, **EXACT)
    assert walker.death == pedestrian_fatality_risk(v)
    assert walker.severe_injury == pedestrian_injury_risk(v)
    assert car.severe_injury < 0.01 < walker.severe_injury
    assert np.isnan(car.death)
    debris = contact_severity(Kind.CAR, Kind.OBJECT, v)
    assert debris.delta_v == pytest.approx(v * 50.0 / 1550.0, **EXACT)
    table = contact_severity(np.arange(6)[:, None], np.arange(6), [[v]])
    assert table.delta_v.shape == table.death.shape == (6, 6)
    assert np.isnan(table.severe_injury).all(axis=1).tolist() == [False] * 5 + [True]
    for odd in (contact_severity(17, Kind.CAR, v), contact_severity(Kind.CAR, Kind.CAR, np.nan)):
        assert np.isnan([odd.delta_v, odd.severe_injury, odd.death]).all()


def test_fuzzy_safety_between_the_two_stopping_distances() -> None:
    # v tau + v²/2b - u²/2b_lead: 20 with the largest, 45 with the comfortable deceleration
    gaps = np.array([-1.0, 20.0, 32.5, 45.0, 60.0])
    got = pfs(gaps, 20.0, 20.0, 1.0, 4.0, 8.0, 8.0)
    np.testing.assert_allclose(got, [1.0, 1.0, 0.5, 0.0, 0.0], atol=1e-12)
    np.testing.assert_allclose(pfs(45.0, 20.0, 20.0, 1.0, 4.0, 8.0, 8.0, 25.0), 0.5)
    # closing 10: way 10, then 100/16 or 100/8
    got = cfs([16.25, 19.375, 22.5], 20.0, 10.0, 0.0, 1.0, 4.0, 8.0)
    np.testing.assert_allclose(got, [1.0, 0.5, 0.0], atol=1e-12)
    assert cfs(5.0, 10.0, [10.0, 12.0], 0.0, 1.0, 4.0, 8.0).tolist() == [0.0, 0.0]
    # slows by 3 while it reacts, from 2 faster than the lead: 4/6 m are enough
    assert cfs([0.6, 0.7], 12.0, 10.0, -3.0, 1.0, 4.0, 8.0).tolist() == [1.0, 0.0]


def test_jerk_of_a_parabola_is_its_slope() -> None:
    t = 0.1 * np.arange(8)
    got = jerk(np.stack([2.0 * t, t**2]), 0.1)
    np.testing.assert_allclose(got[0], 2.0)
    np.testing.assert_allclose(got[1, 1:-1], 2.0 * t[1:-1])
    assert np.isnan(jerk([1.0], 0.1)).all()
    assert np.isnan(jerk([0.0, 1.0, np.nan, 1.0, 2.0], 1.0)).tolist() == [
        False,
        True,
        True,
        True,
        False,
    ]
