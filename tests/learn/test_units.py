"""What is exchangeable: recordings, egos or blocks, inside what is held fixed."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from feature_tables import make_table

from sim.learn import alarms
from sim.learn.bootstrap import unit_weights
from sim.learn.exam import Exam
from sim.learn.units import BLOCK_S, MAX_UNITS, Units, collapsed, merged, support_of


def exam(recordings: int, egos: int, seconds: float = 20.0, **how: int | None) -> Exam:
    return Exam.of(make_table(site="a", recordings=recordings, egos=egos, seconds=seconds, **how))


@pytest.mark.parametrize(
    ("recordings", "egos", "groups", "kind", "units", "strata"),
    [
        (10, 3, None, "recording", 10, 1),
        (30, 1, 10, "recording", 10, 1),  # whole groups
        (12, 1, 3, "recording", 12, 3),  # inside their groups
        (9, 5, None, "ego", 45, 9),
        (1, 20, None, "ego", 20, 1),
        (1, 19, None, "block", 19, 1),
        (3, 1, None, "block", 3, 1),  # strata of one unit are joined
    ],
)
def test_units_follow_the_number_of_recordings_and_egos(
    recordings: int, egos: int, groups: int | None, kind: str, units: int, strata: int
) -> None:
    found = exam(recordings, egos, groups=groups)
    assert (found.unit_kind, found.units, len(np.unique(found.stratum))) == (kind, units, strata)
    for h in np.unique(found.stratum):
        assert (found.stratum == h).sum() >= 2
    np.testing.assert_allclose(found.hours.sum(), len(found) * found.stride_s / 3600.0)


def test_a_few_egos_that_drive_for_hours_are_cut_into_blocks() -> None:
    table = make_table(site="a", recordings=1, egos=25, seconds=1300.0)
    few = table.take((table.ego < 2) | (table.t < 10.0))
    assert Exam.of(table).unit_kind == "ego"
    found = Exam.of(few)
    assert found.unit_kind == "block"
    for unit in range(found.units):
        rows = np.flatnonzero(found.unit == unit)
        assert len(np.unique(found.ego[rows])) == 1
        seconds = found.t[rows[-1]] - found.t[rows[0]]
        short = (found.ego == found.ego[rows[0]]).sum() * 0.2 < BLOCK_S
        assert short or BLOCK_S - 2.0 <= seconds < 2 * BLOCK_S  # rows after a conflict are not used


def test_an_event_and_an_alarm_belong_to_the_block_in_which_they_start() -> None:
    table = make_table(site="a", recordings=1, egos=2, seconds=300.0, conflict_share=0.0)
    event = ("a-0", 0, 1, "lead", 121.0, 122.0, 1.5, 3.0, "conflict", True, np.nan)
    table.events.loc[0] = (*event, "lead", 2.0, 12.0)
    found = Exam.of(table)
    assert found.unit_kind == "block"
    mine = found.unit[(found.ego == 0) & (np.abs(found.t - 121.0) < 0.05)]
    assert found.event_unit[0] == mine[0] == 2
    # over the threshold from 59.6 s in the first block to 62 s in the second: one alarm
    high = (found.ego == 1) & (found.t > 59.5) & (found.t < 62.0)
    counts = alarms.count(found, high.astype(float), carried=0.5)
    false = counts.false_alarms[:, counts.carried]
    assert false.sum() == 1
    assert np.flatnonzero(false)[0] == found.unit[(found.ego == 1)][0]


def test_one_recording_has_intervals() -> None:
    found = exam(1, 40)
    assert unit_weights(found, 50, 0, "a")[1:].std() > 0.5


def test_merged_units_are_few_alike_and_keep_their_strata() -> None:
    stratum = np.repeat([0, 1], [4500, 30])
    units = Units("ego", np.arange(len(stratum)), stratum)
    fewer = merged(units)
    assert len(fewer.stratum) <= MAX_UNITS
    np.testing.assert_array_equal(fewer.stratum[fewer.unit], stratum)
    sizes = np.bincount(fewer.unit)
    assert sizes.min() >= 2
    assert sizes.max() <= 3
    small = Units("ego", np.arange(9), np.zeros(9, dtype=np.int64))
    assert merged(small) is small


def test_strata_of_one_unit_are_joined() -> None:
    np.testing.assert_array_equal(collapsed(np.array([0, 0, 1, 2])), [0, 0, 1, 1])
    np.testing.assert_array_equal(collapsed(np.array([0, 0, 0, 1, 1, 2])), [0, 0, 0, 1, 1, 1])
    np.testing.assert_array_equal(collapsed(np.array([0])), [0])


def test_support_is_that_of_clusters_not_of_chance() -> None:
    rng = np.random.default_rng(0)
    assert support_of(np.array([], dtype=np.int64)).units == 0.0
    assert support_of(np.arange(7)).units == 7.0
    assert support_of(np.zeros(50, dtype=np.int64)).units == pytest.approx(1.0, abs=0.03)
    chance = [support_of(rng.integers(10, size=20)).units for _ in range(200)]
    assert 7.5 < np.mean(chance) < 10.0  # of ten equal units; Kish's number is 6.7


def test_a_joined_exam_counts_what_its_parts_count() -> None:
    table = make_table(site="a", recordings=5, egos=30, conflict_share=0.4)
    parts = [Exam.of(table, np.array([0, 1])), Exam.of(table, np.array([2, 3, 4]))]
    both = Exam.joined(parts)
    assert both.unit_kind == "ego"
    assert both.units == sum(part.units for part in parts)
    assert len(np.unique(both.stratum)) == 5
    np.testing.assert_array_equal(both.row, Exam.of(table).row)
    scores = table.X[:, 0].astype(float)
    whole = alarms.count(both, scores[both.row], carried=1.5)
    found = [alarms.count(part, scores[part.row], carried=1.5) for part in parts]
    for name in ("false_alarms", "lead_s"):
        each = [getattr(c, name)[:, c.carried] for c in found]
        np.testing.assert_array_equal(getattr(whole, name)[:, whole.carried], np.hstack(each))
    mixed = Exam.joined([parts[0], replace(parts[1], unit_kind="block")])
    assert mixed.unit_kind == "mixed"


def test_exams_of_different_stride_are_not_joined() -> None:
    part = exam(1, 30)
    with pytest.raises(ValueError, match="one stride"):
        Exam.joined([part, replace(part, stride_s=0.4)])


def test_only_some_events_leave_rows_hours_and_excuses_as_they_are() -> None:
    whole = exam(3, 12)
    asked = np.arange(whole.events) % 2 == 0
    part = whole.only(asked)
    assert part.events == asked.sum()
    np.testing.assert_array_equal(part.near, whole.near)
    np.testing.assert_array_equal(part.y | (part.ignored & whole.y), whole.y)
    assert not (part.y & part.ignored).any()
    other = whole.only(~asked)
    np.testing.assert_array_equal(part.y | other.y, whole.y)


def test_effective_hours_are_those_scored() -> None:
    table = make_table(site="a", recordings=1, egos=30)
    whole = Exam.of(table)
    assert whole.effective_hours == pytest.approx(whole.hours.sum())
    # one stretch in a hundred that stands for nine in ten of the hours
    weight = np.where(np.arange(len(table)) < len(table) // 100, 900.0, 1.0)
    heavy = Exam.of(replace(table, weight=weight))
    assert heavy.effective_hours < 0.02 * whole.hours.sum()
    assert heavy.hours.sum() > 9 * whole.hours.sum()
