"""Designs: what each promises to hold, told apart from the code that makes it."""

import dataclasses
import itertools
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest

from sim.base.errors import UserError
from sim.family import Terms, load_families
from sim.family.space import Axis, Space
from sim.sampling import SAMPLERS, Covering, Grid, LatinHypercube, Sampler
from sim.sampling.cells.bins import Bins, Combos
from sim.sampling.designs.greedy import greedy_rows
from sim.sampling.feasible import feasible_points

MIXED = (
    Axis("wet", "wet", edges=(0.7,)),
    Axis("speed", "speed"),
    Axis("kind", "kind", edges=(0.5, 0.9, 0.95)),
    Axis("gap", "gap"),
    Axis("pinned", "pinned", fixed=True),
    Axis("reaction_0", "reaction", each=2),
    Axis("reaction_1", "reaction", each=2),
)


def not_far_and_fast(u: np.ndarray) -> np.ndarray:
    """Speed and gap not both large, no kind 3 in the wet, and one reaction below the other."""
    odd = (u[:, 0] > 0.7) & (u[:, 2] > 0.95)
    return (u[:, 1] + u[:, 3] < 1.4) & ~odd & (u[:, 5] < u[:, 6] + 0.5)


FREE, BOUND = Space(MIXED), Space(MIXED, not_far_and_fast)


def held(points: np.ndarray, space: Space, levels: int, t: int) -> set[tuple[object, ...]]:
    """All combinations of t bins in some points, the slow way."""
    found = set()
    for point in points:
        cells = []
        for k in space.scene_wide:
            edges = list(space.axes[k].edges) or [i / levels for i in range(1, levels)]
            cells.append((space.axes[k].name, sum(point[k] > edge for edge in edges)))
        found |= set(itertools.combinations(cells, t))
    return found


def every(space: Space, levels: int, t: int) -> set[tuple[object, ...]]:
    sizes = [(space.axes[k].name, len(space.axes[k].edges) + 1) for k in space.scene_wide]
    cells = [[(n, c) for c in range(m if m > 1 else levels)] for n, m in sizes]
    rows = itertools.product(*cells)
    return {combo for row in rows for combo in itertools.combinations(row, t)}


@pytest.mark.parametrize("name", sorted(SAMPLERS))
@pytest.mark.parametrize("space", [FREE, BOUND], ids=["free", "bound"])
def test_points_go_by_number_with_weights_and_proposals(name: str, space: Space) -> None:
    sampler: Sampler = SAMPLERS[name]()
    whole, weight = sampler.ask(90, space, seed=5)
    source = sampler.proposals(90, space, seed=5)
    assert np.all((whole > 0) & (whole < 1))
    assert np.isfinite(weight).all()
    assert source.dtype == np.int64
    for start, n in ((0, 1), (1, 36), (37, 53)):
        part, part_weight = sampler.ask(n, space, seed=5, start=start)
        assert np.array_equal(part, whole[start : start + n])
        assert np.array_equal(part_weight, weight[start : start + n])
        assert np.array_equal(
            sampler.proposals(n, space, seed=5, start=start), source[start : start + n]
        )
    assert not np.array_equal(whole, sampler.ask(90, space, seed=6)[0])


@pytest.mark.parametrize("start", [0, 40, 130])
def test_a_latin_hypercube_has_one_point_in_each_part(start: int) -> None:
    points, weight = LatinHypercube(size=50).ask(200, Space.plain(4), seed=2, start=start)
    first = -start % 50
    for block in (points[first : first + 50], points[first + 50 : first + 100]):
        assert np.array_equal(np.sort((block * 50).astype(int), axis=0)[:, 2], np.arange(50))
    assert not weight.any()
    assert kstest(points[:, 0], "uniform").pvalue > 1e-3


def test_latin_hypercubes_estimate_sums_better_than_independent_points() -> None:
    sums = [
        LatinHypercube(size=100).ask(100, Space.plain(3), s)[0].sum(1).mean() for s in range(20)
    ]
    assert np.std(sums) < np.sqrt(3 / 12 / 100) / 20


def test_the_grid_holds_each_combination_once_in_order() -> None:
    grid = Grid(levels=3)
    assert grid.count(FREE) == 2 * 3 * 4 * 3
    points, _ = grid.ask(72, FREE, seed=1)
    rows = Bins.of(FREE, 3).rows(points)
    assert rows.tolist() == [
        list(r) for r in itertools.product(range(2), range(3), range(4), range(3))
    ]
    assert set(points[:, 1].round(12)) == {round(x, 12) for x in (1 / 6, 3 / 6, 5 / 6)}
    again, _ = grid.ask(72, FREE, seed=1, start=72)
    assert np.array_equal(points[:, :4], again[:, :4])
    assert not np.array_equal(points[:, 5], again[:, 5])


def test_weighted_grid_gives_the_nominal_expectation() -> None:
    """E[x 1{kind = 2} + 1{wet}] with x the speed's coordinate: 0.5 * 0.05 + 0.3."""
    points, log_weight = Grid(levels=5).ask(2 * 5 * 4 * 5, FREE, seed=1)
    kind = (points[:, 2] > 0.9) & (points[:, 2] < 0.95)
    value = points[:, 1] * kind + (points[:, 0] > 0.7)
    weight = np.exp(log_weight)
    assert weight.mean() == pytest.approx(1.0, rel=1e-12)
    assert (weight * value).mean() == pytest.approx(0.325, rel=1e-12)


def test_the_grid_leaves_out_what_constraints_forbid() -> None:
    n = Grid(levels=4).count(BOUND)
    points, _ = Grid(levels=4).ask(n, BOUND, seed=1)
    allowed = sum(  # wet, speed, kind, gap at the middle of their cells
        not (wet and kind == 3) and (speed + 0.5) / 4 + (gap + 0.5) / 4 < 1.4
        for wet, speed, kind, gap in itertools.product(range(2), range(4), range(4), range(4))
    )
    assert n == allowed
    assert len({tuple(row) for row in Bins.of(BOUND, 4).rows(points)}) == n


def test_a_weighted_grid_gives_the_expectation_given_the_constraints() -> None:
    """Its own weights do, with nothing corrected afterwards: `conditional`."""
    grid = Grid(levels=12)
    points, log_weight = grid.ask(grid.count(BOUND), BOUND, seed=1)
    nature = np.random.default_rng(2).random((200_000, 7))
    nature = nature[not_far_and_fast(nature)]
    weight = np.exp(log_weight)
    assert weight.mean() == pytest.approx(1.0, rel=1e-12)
    for value in (lambda u: u[:, 1], lambda u: u[:, 0] > 0.7, lambda u: u[:, 1] * u[:, 3]):
        assert (weight * value(points)).mean() == pytest.approx(value(nature).mean(), rel=0.04)


def test_constraints_between_road_users_weigh_a_grid_too() -> None:
    tight = "headway[0] > 0.4 + speed / 60"
    base = load_families()["tailgater"]()
    family = dataclasses.replace(base, variant=Terms(name="tight", constraints=(tight,)))
    grid = Grid(levels=6)
    points, log_weight = feasible_points(family, grid, grid.count(family.space), seed=1)
    nature = np.random.default_rng(2).random((40_000, family.dimensions))
    nature = nature[family.feasible(nature)]
    fast, weight = family.draw(nature).speed > 24.0, np.exp(log_weight)
    told = float((weight * (family.draw(points).speed > 24.0)).sum() / weight.sum())
    assert weight.mean() == pytest.approx(1.0, rel=1e-9)
    assert told == pytest.approx(fast.mean(), abs=0.015)


@pytest.mark.parametrize("strength", [1, 2, 3])
@pytest.mark.parametrize("seed", [1, 2])
def test_a_covering_design_holds_every_combination(strength: int, seed: int) -> None:
    design = Covering(strength=strength, levels=3)
    rows = design.design(FREE, seed)
    points, _ = design.ask(len(rows), FREE, seed)
    assert held(points, FREE, 3, strength) == every(FREE, 3, strength)
    largest = sorted((2, 3, 4, 3))[-strength:]
    assert len(rows) <= 1.9 * np.prod(largest)


@pytest.mark.parametrize("strength", [2, 3])
def test_a_covering_design_holds_all_that_constraints_allow(strength: int) -> None:
    design = Covering(strength=strength, levels=4)
    n = len(design.design(BOUND, 1))
    points, log_weight = design.ask(3 * n, BOUND, seed=1)
    assert not_far_and_fast(points).all()
    assert not log_weight.any()
    assert (design.proposals(n, BOUND, 1) == -1).all()
    wide = np.random.default_rng(9).random((20_000, 7))
    possible = held(wide[not_far_and_fast(wide)], BOUND, 4, strength)
    assert possible < every(BOUND, 4, strength)
    assert held(points[:n], BOUND, 4, strength) >= possible


def test_each_row_of_a_covering_design_is_a_fair_draw() -> None:
    """Over seeds row 3 is uniform over cells: its weighted mean is the nominal one."""
    value, weight = [], []
    for seed in range(400):
        points, log_weight = Covering(strength=1, levels=3).ask(4, FREE, seed)
        value.append((points[3, 2] > 0.95) + points[3, 1])
        weight.append(np.exp(log_weight[3]))
    product = np.array(weight) * np.array(value)
    assert np.mean(weight) == pytest.approx(1.0, abs=4 * np.std(weight) / 20)
    assert product.mean() == pytest.approx(0.05 + 0.5, abs=4 * product.std() / 20)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.lists(st.integers(1, 5), min_size=2, max_size=6), st.integers(1, 3), st.integers(0, 99))
def test_greedy_rows_hold_all_that_is_wanted(sizes: list[int], t: int, seed: int) -> None:
    t = min(t, len(sizes))
    combos, rng = Combos.of(sizes, t), np.random.default_rng(seed)
    wanted = rng.random(len(combos)) < 0.6
    rows = greedy_rows(combos, wanted, rng)
    seen = {c for row in rows for c in itertools.combinations(enumerate(row.tolist()), t)}
    columns, cells = combos.cells(np.flatnonzero(wanted))
    for names, values in zip(columns.tolist(), cells.tolist()):
        assert tuple(zip(names, values)) in seen
    assert np.all((rows >= 0) & (rows < np.array(sizes)))


def test_nothing_varies_yet_there_are_points() -> None:
    space = Space((Axis("a", "a", fixed=True), Axis("b_0", "b", each=2), Axis("b_1", "b", each=2)))
    for name in ("covering", "grid"):
        points, log_weight = SAMPLERS[name]().ask(5, space, seed=1)
        assert len(np.unique(points[:, 1])) == 5
        assert not log_weight.any()


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Covering(strength=4), "sampler.strength: expected 1, 2 or 3, got 4"),
        (lambda: Covering(levels=1), "sampler.levels: expected a whole number in 2-20, got 1"),
        (lambda: Covering(advice=Path("no.json")), "sampler.advice: expected a file of closecall"),
        (lambda: Grid(levels=0), "sampler.levels: expected a whole number in 1-1000, got 0"),
        (lambda: Grid(levels=200).count(FREE), "sampler.levels: 200 levels make 320,000 comb"),
        (lambda: LatinHypercube(size=0), "sampler.size: expected a whole number of at least 1"),
    ],
)
def test_impossible_settings(make: Callable[[], object], said: str) -> None:
    with pytest.raises(UserError, match=said):
        make()
