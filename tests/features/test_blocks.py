"""A sample of quiet driving: the rows of the whole, of which each stands for its share."""

import numpy as np
import pytest
from marks import compiled

from sim.features import FeatureTable, LabelSettings, featurize
from sim.features.blocks import BLOCK_S, block_numbers
from sim.logs.field import FieldSettings, drives, record

SHARE = 0.25
SETTINGS = FieldSettings(sites=("quarter_a",), train_hours=2.0, minutes_low=3.0, minutes_high=3.0)


@pytest.fixture(scope="module")
def both() -> tuple[FeatureTable, FeatureTable]:
    """All rows of a drive and a sample of them."""
    log = record(drives(SETTINGS)[0], SETTINGS)
    label = LabelSettings(form="either")
    whole, part = (
        featurize(log, label=label, egos="all", stride_s=0.2, quiet_share=share, seed=0)
        for share in (1.0, SHARE)
    )
    return whole, part


def keys(table: FeatureTable) -> list[tuple[int, int]]:
    return list(zip(table.ego.tolist(), table.frame.tolist(), strict=True))


@compiled
def test_rows_are_those_of_the_whole(both: tuple[FeatureTable, FeatureTable]) -> None:
    whole, part = both
    number = {key: k for k, key in enumerate(keys(whole))}
    at = [number[key] for key in keys(part)]
    assert 0.2 < len(part) / len(whole) < 0.6
    np.testing.assert_array_equal(part.X, whole.X[at])
    np.testing.assert_array_equal(part.y, whole.y[at])
    assert len(part.events) == len(whole.events)


@compiled
def test_what_is_before_a_conflict_stays_and_the_rest_stands_for_all(
    both: tuple[FeatureTable, FeatureTable],
) -> None:
    whole, part = both
    assert whole.y.sum() > 0
    assert part.y.sum() == whole.y.sum()
    assert (part.weight[part.y] == 1.0).all()
    quiet = part.weight[part.weight != 1.0]
    assert len(np.unique(quiet)) == 1
    assert quiet[0] == pytest.approx(1.0 / SHARE, rel=0.3)
    assert part.weight.sum() == pytest.approx(len(whole))


def test_numbers_of_blocks_are_their_own_and_uniform() -> None:
    t = np.arange(0.0, 30_000.0, BLOCK_S / 3.0)
    zeros = np.zeros(len(t), np.int64)
    quiet = np.zeros(len(t), np.bool_)
    number = block_numbers(["a"], 0, zeros, zeros, t, quiet)
    blocks = number.reshape(-1, 3)
    assert (blocks == blocks[:, :1]).all()
    assert len(np.unique(blocks[:, 0])) == len(blocks)
    assert abs(np.mean(blocks[:, 0] < SHARE) - SHARE) < 3.0 * np.sqrt(0.19 / len(blocks))
    for other in (
        block_numbers(["b"], 0, zeros, zeros, t, quiet),
        block_numbers(["a"], 1, zeros, zeros, t, quiet),
        block_numbers(["a"], 0, zeros, zeros + 1, t, quiet),
    ):
        assert abs(np.corrcoef(number[::3], other[::3])[0, 1]) < 0.1


def test_a_block_with_one_busy_row_stays_whole_and_its_neighbours_do_not() -> None:
    t = np.arange(0.0, 60.0, 5.0)
    zeros = np.zeros(len(t), np.int64)
    busy = t == 20.0
    number = block_numbers(["a"], 0, zeros, zeros, t, busy)
    np.testing.assert_array_equal(number < 0.0, (t >= 15.0) & (t < 30.0))
