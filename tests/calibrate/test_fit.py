"""Fits: the parameters come back, their intervals cover them, and p-values mean what they say."""

from __future__ import annotations

import itertools
import math
import re

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import integrate, optimize, stats

from sim.base.dist import (
    Beta,
    Choice,
    Dist,
    Empirical,
    Exponential,
    LogNormal,
    Normal,
    Truncated,
    TruncNormal,
    Uniform,
    parse,
)
from sim.base.errors import UserError
from sim.calibrate.candidates import fitted_laws, laws
from sim.calibrate.fit import Draws, fit
from sim.calibrate.fitness import fitness, intraclass, statistics
from sim.calibrate.intervals import Units, interval
from sim.calibrate.laws import BetaLaw, ExponentialLaw, Law, LogNormalLaw, NormalLaw, UniformLaw
from sim.calibrate.tables import choice, histogram

Floats = NDArray[np.float64]

KNOWN: dict[str, tuple[Law, Dist, tuple[float, ...]]] = {
    "normal": (NormalLaw(-np.inf, np.inf), Normal(3.0, 2.0), (3.0, 2.0)),
    "normal cut below": (NormalLaw(2.0, np.inf), Truncated(Normal(3, 2), 2, 60), (3.0, 2.0)),
    "normal cut": (NormalLaw(0.4, 0.99), Truncated(Normal(0.8, 0.12), 0.4, 0.99), (0.8, 0.12)),
    "lognormal": (LogNormalLaw(0.0, np.inf), LogNormal(2.0, 0.5), (2.0, 0.5)),
    "lognormal cut": (
        LogNormalLaw(5.0, 60.0),
        Truncated(LogNormal(9.57, 0.97), 5, 60),
        (9.57, 0.97),
    ),
    "lognormal shifted": (
        LogNormalLaw(0.5, 4.0, 0.26),
        Truncated(LogNormal(1.3, 0.45, 0.26), 0.5, 4),
        (1.3, 0.45),
    ),
    "exponential": (ExponentialLaw(2.0, np.inf), Exponential(0.6, 2.0), (0.6,)),
    "exponential cut": (ExponentialLaw(0.0, 3.0), Truncated(Exponential(1.5), 0, 3), (1.5,)),
    "beta": (BetaLaw(0.02, 0.6), Beta(1.5, 2.5, 0.02, 0.6), (1.5, 2.5)),
}


def numbers(dist: Dist) -> list[object]:
    """The parameters that were fitted, as they are written."""
    spec = dist.of.spec if isinstance(dist, Truncated) else dist.spec
    return [] if isinstance(dist, Empirical | Uniform) else spec[1:3]  # type: ignore[index]


def drawn(dist: Dist, n: int, seed: int = 0) -> Floats:
    return dist.ppf(np.random.default_rng(seed).random(n))


def alone(n: int) -> Units:
    """Every value a unit of its own."""
    return Units(np.arange(n), n, "event")


@pytest.mark.parametrize(("law", "dist", "true"), KNOWN.values(), ids=KNOWN)
def test_parameters_come_back(law: Law, dist: Dist, true: tuple[float, ...]) -> None:
    x = drawn(dist, 200_000, 1)
    assert law.holds(x)
    p = law.fit(law.terms(x).mean(axis=0)[None])[0]
    np.testing.assert_allclose(p, true, rtol=0.05)
    assert law.dist(p).support[0] == dist.support[0]


@pytest.mark.parametrize(("law", "dist", "true"), KNOWN.values(), ids=KNOWN)
def test_no_other_parameters_are_likelier(law: Law, dist: Dist, true: tuple[float, ...]) -> None:
    x = drawn(dist, 60, 2)
    means = law.terms(x).mean(axis=0)[None]
    p = law.fit(means)
    loss = float(law.loss(p, means)[0])
    # the law's own density says the same as the likelihood by its sums
    assert loss == pytest.approx(-float(law.dist(p[0]).log_pdf(x).mean()), abs=1e-8)

    def referee(q: Floats) -> float:
        try:
            return -float(law.dist(q).log_pdf(x).mean())
        except UserError:
            return 1e9

    options = {"xatol": 1e-6, "fatol": 1e-11}
    found = optimize.minimize(referee, 1.15 * p[0], method="Nelder-Mead", options=options)
    assert loss <= found.fun + 1e-9
    np.testing.assert_allclose(p[0], found.x, rtol=2e-4)


@pytest.mark.parametrize(("law", "dist", "true"), KNOWN.values(), ids=KNOWN)
def test_distribution_functions_are_those_of_the_distribution(
    law: Law, dist: Dist, true: tuple[float, ...]
) -> None:
    x = np.sort(drawn(dist, 50, 3))
    p = np.array([true])
    np.testing.assert_allclose(law.cdf(x[None], p)[0], dist.cdf(x), atol=1e-9)
    u = np.linspace(0.001, 0.999, 50)
    np.testing.assert_allclose(law.ppf(u, p)[0], dist.ppf(u), rtol=1e-6)
    np.testing.assert_allclose(law.cdf(law.ppf(u[None], p), p)[0], u, atol=1e-9)


def test_many_samples_are_fitted_as_each_alone() -> None:
    law, dist, _ = KNOWN["lognormal cut"]
    x = dist.ppf(np.random.default_rng(4).random((30, 80)))
    together = law.fit(law.terms(x).mean(axis=1))
    single = [law.fit(law.terms(row).mean(axis=0)[None])[0] for row in x]
    np.testing.assert_allclose(together, single, rtol=1e-4)


def test_a_normal_without_bounds_has_its_textbook_fit() -> None:
    x = drawn(Normal(3, 2), 40)
    found = fit(x, alone(40), Normal(0, 1))
    law = next(c for c in found.candidates if c.name == "normal")
    assert law.dist.spec[1:] == pytest.approx([x.mean(), x.std()], rel=1e-5)  # type: ignore[index]
    total = stats.norm(x.mean(), x.std()).logpdf(x).sum()
    assert law.log_likelihood == pytest.approx(total)
    assert law.aic == pytest.approx(4.0 - 2.0 * total)
    assert law.bic == pytest.approx(2.0 * math.log(40) - 2.0 * total)


def test_a_sample_that_hugs_a_bound_ends_at_the_edge_and_says_so() -> None:
    law = NormalLaw(1.0, np.inf)
    for dist, strained in (
        (LogNormal(0.2, 1.5, 1.0), True),
        (Truncated(Normal(1, 2), 1, 99), False),
    ):
        x = drawn(dist, 400)
        means = law.terms(x).mean(axis=0)
        assert law.strained(law.fit(means[None])[0], means) is strained


COVER: dict[str, tuple[Dist, int]] = {
    "truncated lognormal": (Truncated(LogNormal(9.57, 0.6), 5, 60), 250),
    "truncated normal": (Truncated(Normal(1.0, 0.2), 0.6, 1.5), 150),
    "beta": (Beta(2.0, 4.0, 0.0, 0.8), 150),
}


@pytest.mark.parametrize(("dist", "n"), COVER.values(), ids=COVER)
def test_intervals_cover(dist: Dist, n: int) -> None:
    low, high = dist.support
    name = dist.spec[1][0] if isinstance(dist, Truncated) else "beta"  # type: ignore[index]
    law = next(each for each in laws(dist, low, high) if each.name == name)
    true = dist.spec[1][1:] if isinstance(dist, Truncated) else dist.spec[1:3]  # type: ignore[index]
    caught = np.zeros(len(law.parameters))
    for seed in range(100):
        x = drawn(dist, n, 1000 + seed)
        p = law.fit(law.terms(x).mean(axis=0)[None])[0]
        units = alone(n)
        again = law.fit(units.means(law.terms(x), units.draws(seed, "cover", 99)))
        for k, value in enumerate(p.tolist()):
            ends = interval(value, again[:, k], n, positive=law.positive[k])
            caught[k] += ends[0] <= true[k] <= ends[1]
    # 95 of 100 are due; 4 sigma of a binomial is 8.7
    assert (caught >= 87).all(), caught


def test_intervals_widen_where_values_of_a_recording_go_together() -> None:
    random = np.random.default_rng(6)
    hits = {"group": 0, "event": 0}
    law = NormalLaw(-np.inf, np.inf)
    for seed in range(100):
        group = np.repeat(np.arange(20), 15)
        x = random.normal(0.0, 1.0, 20)[group] + random.normal(0.0, 0.5, 300)
        for units in (Units(group, 20, "group"), alone(300)):
            p = law.fit(law.terms(x).mean(axis=0)[None])[0]
            again = law.fit(units.means(law.terms(x), units.draws(seed, "wide", 99)))
            low, high = interval(float(p[0]), again[:, 0], units.count)
            hits[units.name] += low <= 0.0 <= high
    assert hits["group"] >= 87
    assert hits["event"] < 60


def test_units_are_the_largest_that_are_many() -> None:
    episode = np.array([f"e{k // 3}" for k in range(60)], dtype=object)
    assert Units.of_values(np.array([f"g{k // 6}" for k in range(60)]), episode).name == "group"
    few = Units.of_values(np.array([f"g{k // 30}" for k in range(60)]), episode)
    assert (few.name, few.count) == ("recording", 20)
    one = np.full(60, "one", dtype=object)
    assert Units.of_values(one, one).name == "event"


def test_p_values_are_uniform_under_the_law_itself() -> None:
    dist = Truncated(LogNormal(9.57, 0.6), 5, 60)
    law = LogNormalLaw(5.0, 60.0)
    p_values = []
    for seed in range(100):
        x = drawn(dist, 80, 500 + seed)
        p = law.fit(law.terms(x).mean(axis=0)[None])[0]
        p_values.append(
            list(fitness(law, p, x, alone(80), seed=seed, key="null", draws=99).p_value.values())
        )
    for name, column in zip(("ks", "ad", "cvm"), np.array(p_values).T):
        assert stats.kstest(column, "uniform").pvalue > 0.01, name
    # the tabled p-value of a law fitted to the same sample is no such thing
    x = drawn(dist, 80, 7)
    p = law.fit(law.terms(x).mean(axis=0)[None])[0]
    assert stats.kstest(x, law.dist(p).cdf).pvalue > 0.5


def test_values_that_are_alike_within_groups_do_not_condemn_the_law() -> None:
    """20 groups of 15: as independent ones they rejected the true law in 40 of 60 samples."""
    law, groups = NormalLaw(-100.0, 100.0), Units(np.repeat(np.arange(20), 15), 20, "group")
    told = {"alone": 0, "groups": 0}
    for seed in range(40):
        rng = np.random.default_rng([9, seed])
        x = 5.0 + rng.normal(size=20)[groups.of] + 0.5 * rng.normal(size=300)
        p = law.fit(law.terms(x).mean(axis=0)[None])[0]
        for name, units in (("alone", alone(300)), ("groups", groups)):
            told[name] += fitness(law, p, x, units, seed=seed, key="null", draws=99).p <= 0.05
    assert told["groups"] <= 6  # 2 are expected; more than 6 come once in 300 times
    assert told["alone"] > 15


def test_the_intraclass_correlation_is_the_one_drawn() -> None:
    rng = np.random.default_rng(3)
    groups = Units(np.repeat(np.arange(400), rng.integers(1, 12, 400)), 400, "group")
    z = np.sqrt(0.3) * rng.normal(size=400)[groups.of] + np.sqrt(0.7) * rng.normal(
        size=len(groups.of)
    )
    assert intraclass(z, groups) == pytest.approx(0.3, abs=0.06)
    assert intraclass(rng.normal(size=len(groups.of)), groups) < 0.06
    assert intraclass(z, alone(len(z))) == 0.0


def test_p_values_are_small_under_another_law() -> None:
    x = drawn(Exponential(1.0, 5.0), 300)
    law = NormalLaw(5.0, 60.0)
    two = np.concatenate([drawn(Normal(10, 0.5), 100, 1), drawn(Normal(20, 0.5), 100, 2)])
    for sample in (two, np.tile(x[:10], 20)):
        p = law.fit(law.terms(sample).mean(axis=0)[None])[0]
        assert fitness(law, p, sample, alone(200), seed=0, key="wrong").p <= 0.02


def test_statistics_agree_with_scipy() -> None:
    u = np.random.default_rng(8).random((1, 60)) ** 1.2
    ks, ad, cvm = statistics(u)[0]
    assert ks == pytest.approx(stats.kstest(u[0], "uniform").statistic)
    assert cvm == pytest.approx(stats.cramervonmises(u[0], "uniform").statistic)
    # A² is n times the integral of (F_n - u)² / (u (1 - u)); Anderson and Darling 1952
    edges = np.concatenate([[0.0], np.sort(u[0]), [1.0]])
    total = sum(
        integrate.quad(lambda t, k=k: (k / 60 - t) ** 2 / (t * (1 - t)), a, b)[0]
        for k, (a, b) in enumerate(itertools.pairwise(edges))
    )
    assert ad == pytest.approx(60 * total, rel=1e-6)


def test_the_best_law_is_found() -> None:
    for name in ("normal cut", "lognormal cut", "exponential cut", "beta"):
        _, dist, _ = KNOWN[name]
        found = fit(drawn(dist, 3000, 11), alone(3000), dist, draws=Draws(times=39))
        assert found.best.name == name.split()[0]
        assert found.fitness is not None
        assert found.fitness.p > 0.01
        assert found.candidates[0] is found.best
        assert sorted(c.bic for c in found.candidates) == [c.bic for c in found.candidates]
        middle = found.quantiles[1]
        assert middle[1] <= float(dist.ppf([0.5])[0]) <= middle[2]


def test_two_humps_need_a_table() -> None:
    x = np.concatenate([drawn(Normal(8, 0.4), 300, 1), drawn(Normal(20, 1), 300, 2)])
    found = fit(x, alone(600), Uniform(4, 33))
    assert found.best.name == "empirical"
    assert found.fitness is None
    assert found.parameters == {}
    assert found.distance < 0.1
    assert found.best.dist.ppf([0.5])[0] == pytest.approx(np.median(x), abs=1.5)


def test_uniform_is_told_by_its_bounds_alone() -> None:
    found = fit(drawn(Uniform(1, 2), 400), alone(400), Uniform(1, 2))
    assert found.best.dist == Uniform(1, 2)
    assert (found.best.numbers, found.parameters) == (0, {})
    assert UniformLaw(1.0, 2.0).holds(np.array([1.5]))
    assert not UniformLaw(1.0, np.inf).holds(np.array([1.5]))


def test_forms_and_shifts_of_the_family_stay() -> None:
    x = drawn(TruncNormal(12, 3, 5, 20), 800)
    assert isinstance(fit(x, alone(800), TruncNormal(10, 1, 5, 20)).best.dist, TruncNormal)
    prior = Truncated(LogNormal(1.3, 0.45, 0.26), 0.5, 4.0)
    names = [law.name for law in laws(prior, 0.5, 4.0)]
    assert names.count("lognormal") == 2
    assert all(
        c.candidate.dist.support[1] == 4.0 for c in fitted_laws(drawn(prior, 90), prior, 0.5, 4.0)
    )


def test_whatever_is_fitted_can_be_written_and_read() -> None:
    for name, (_, dist, _) in KNOWN.items():
        found = fit(drawn(dist, 300), alone(300), dist, draws=Draws(times=39))
        for each in found.candidates:
            assert parse(each.dist.spec) == each.dist, name
            assert all(len(x) <= 8 for x in re.findall(r"[\d.]+", str(numbers(each.dist)))), name


def test_shares_of_a_choice() -> None:
    x = np.array([1.0] * 30 + [3.0] * 10)
    found = fit(x, alone(40), Choice((1, 2, 3)))
    assert found.best.dist == Choice((1, 3), (0.75, 0.25))
    assert choice(x, (1.0, 3.0)).weights == (0.75, 0.25)


def test_histograms_hold_the_sample() -> None:
    x = drawn(LogNormal(5, 0.5), 500)
    table = histogram(x)
    assert isinstance(table, Empirical)
    assert table.support == (x.min(), x.max())
    counts = np.histogram(x, table.values)[0]
    np.testing.assert_allclose(table.weights, counts / 500, atol=1e-6)
    widths = np.diff(table.values)
    assert widths.min() >= 0.99 * np.ptp(x) / 40
    assert histogram(np.repeat([1.0, 2.0, 3.0], 20)) is None


@pytest.mark.parametrize("bad", [[1.0, np.nan, 2.0], [1.0, 2.0, 9.0], [2.0, 2.0, 2.0], [1.5]])
def test_samples_that_cannot_be_fitted(bad: list[float]) -> None:
    with pytest.raises(UserError, match="values: expected"):
        fit(np.array(bad), alone(len(bad)), Uniform(1, 5))


def test_the_same_sample_gives_the_same_fit() -> None:
    x = drawn(Truncated(LogNormal(9.57, 0.6), 5, 60), 200)
    one, two = (fit(x, alone(200), Uniform(5, 60), draws=Draws(3, "gap", 99)) for _ in range(2))
    assert one == two
    other = fit(x, alone(200), Uniform(5, 60), draws=Draws(4, "gap", 99))
    assert other.best == one.best
    assert other.parameters != one.parameters
