"""Splits: nested, disjoint, from the inside, by whole groups."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.errors import UserError
from sim.studies import splits
from sim.studies.splits import Clips


def clips(seed: int, count: int, groups: int, eventful: float = 0.4) -> Clips:
    rng = np.random.default_rng(seed)
    positives = rng.integers(1, 20, count) * (rng.random(count) < eventful)
    positives[rng.integers(count)] = 5
    rows = positives + rng.integers(20, 200, count)
    group = rng.integers(groups, size=count)
    return Clips(group % 3, group, rows, positives, (positives + 4) // 5)


def few(rows: list[int], positives: list[int]) -> Clips:
    n, found = len(rows), np.array(positives)
    return Clips(np.zeros(n, int), np.arange(n), np.array(rows), found, np.minimum(found, 1))


@given(seed=st.integers(0, 500), count=st.integers(2, 60), groups=st.integers(1, 20))
def test_fractions_are_nested_and_as_large_as_they_say(seed: int, count: int, groups: int) -> None:
    c = clips(seed, count, groups)
    ordered = splits.order(c, seed)
    assert sorted(ordered) == list(range(count))
    assert c.positives[ordered[0]] > 0
    before: set[int] = set()
    for share in (0.05, 0.1, 0.25, 0.5, 1.0):
        chosen = splits.fraction(ordered, share)
        assert len(chosen) == min(count, max(2, round(share * count)))
        assert before <= set(chosen.tolist())
        before = set(chosen.tolist())
    assert len(splits.fraction(ordered, 2.0)) == count


@given(seed=st.integers(0, 500), count=st.integers(2, 60), groups=st.integers(1, 20))
def test_validation_lies_inside_and_never_takes_the_first(
    seed: int, count: int, groups: int
) -> None:
    c = clips(seed, count, groups)
    chosen = splits.fraction(splits.order(c, seed), 0.6)
    held = splits.validation(c, chosen, 0.25, seed)
    assert set(held.tolist()) < set(chosen.tolist())
    assert chosen[0] not in held
    kept = np.setdiff1d(chosen, held)
    if len(np.unique(c.group[chosen])) >= 4:
        assert not set(c.group[held].tolist()) & set(c.group[kept].tolist())
        others = [g for g in np.unique(c.group[chosen]) if g != c.group[chosen[0]]]
        if any(c.events[chosen][c.group[chosen] == g].sum() for g in others):
            assert c.events[held].sum() > 0
    else:
        assert len(held) >= 1


@given(seed=st.integers(0, 500), count=st.integers(2, 60), groups=st.integers(1, 20))
def test_halves_are_disjoint_and_share_the_positives(seed: int, count: int, groups: int) -> None:
    c = clips(seed, count, groups)
    a, b = splits.halves(c, np.arange(count), seed)
    assert sorted([*a, *b]) == list(range(count))
    if len(np.unique(c.group)) >= 4:
        assert not set(c.group[a].tolist()) & set(c.group[b].tolist())


def test_halves_differ_by_the_coin_alone() -> None:
    c = clips(3, 40, 40)
    share = [c.positives[splits.halves(c, np.arange(40), k)[0]].sum() for k in range(200)]
    assert np.mean(share) == pytest.approx(c.positives.sum() / 2, rel=0.05)
    assert len(set(share)) > 20


def test_a_clip_without_usable_rows_is_no_clip() -> None:
    c = few(rows=[9, 0, 9, 0], positives=[3, 0, 0, 0])
    assert splits.order(c, 0).tolist() == [0, 2]


def test_a_clip_of_positives_alone_is_not_put_first() -> None:
    c = few(rows=[9, 9], positives=[9, 3])
    assert splits.order(c, 0).tolist() == [1, 0]


@pytest.mark.parametrize(
    ("rows", "positives", "message"),
    [([5], [2], "at least 2 training recordings"), ([5, 5], [0, 0], "rows before a conflict")],
)
def test_too_little_to_train_on_is_said_in_one_line(
    rows: list[int], positives: list[int], message: str
) -> None:
    with pytest.raises(UserError, match=message):
        splits.order(few(rows, positives), 0)


@given(seed=st.integers(0, 500), count=st.integers(2, 60), groups=st.integers(1, 20))
def test_parts_hold_everything_once_and_whole_groups(seed: int, count: int, groups: int) -> None:
    c = clips(seed, count, groups)
    chosen = splits.order(c, seed)
    parts = splits.parts(c, chosen, 3, seed)
    assert sorted(np.concatenate(parts).tolist()) == sorted(chosen.tolist())
    if len(np.unique(c.group[chosen])) >= 4:
        of_part = [set(c.group[part].tolist()) for part in parts]
        assert sum(map(len, of_part)) == len(set().union(*of_part))
