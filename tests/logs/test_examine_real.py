"""The examination of real recordings: what is known to be wrong is found, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.logs import Read, iter_logs

BRAKING = {
    *("3_5", "4_2", "6_2", "7_2", "8_2", "8_3", "9_2", "10_2", "11_2", "12_2", "13_2", "13_3"),
    *("14_2", "14_3", "14_4"),
}
"""The clips of US-101 in which all vehicles brake: 15 of 26."""
WITHOUT_SIBLING = {"9_2", "14_2", "14_3", "14_4"}
"""Of them, those with no believed clip of their map beside them."""


def _read(folder: Path) -> list[Read]:
    if not folder.is_dir():
        pytest.skip(f"no {folder.name} in {folder.parent}")
    return list(iter_logs(folder, examine=True))


def _clips(reads: list[Read], check: str) -> set[str]:
    return {
        each.recording.name.removeprefix("USA_US101-").removesuffix("_T-1")
        for each in reads
        if any(f.check == check and f.covers == "recording" for f in each.findings)
    }


@pytest.mark.parametrize("form", ["raw", "tidy"])
def test_us101_loses_the_clips_that_all_brake(form, recordings_root):
    reads = _read(recordings_root / form / "us101")
    assert len(reads) == 26
    assert _clips(reads, "common_acceleration") == BRAKING
    left_out = {each.recording.name for each in reads if each.left_out}
    assert len(left_out) == 15
    found = [finding for each in reads if not each.left_out for finding in each.findings]
    assert found == []
    if form == "raw":  # tidy tables hold no map to compare clips by
        assert _clips(reads, "siblings") == BRAKING - WITHOUT_SIBLING


@pytest.mark.parametrize("form", ["raw", "tidy"])
def test_lankershim_loses_five_tracks_and_shows_no_crash(form, recordings_root):
    reads = _read(recordings_root / form / "lankershim")
    assert not any(each.left_out for each in reads)
    assert sum(each.dropped.contacts for each in reads) == 0
    assert sum(each.dropped.overlaps for each in reads) == 136
    speeds = {(f.recording[-7:], f.track): f for r in reads for f in r.findings if f.track}
    assert {number for (_, number), f in speeds.items() if f.check == "speed"} == {
        *(2764, 2765, 2798, 2813),
        2144,
    }
    assert not any(f.check in ("siblings", "common_acceleration") for f in speeds.values())


def test_a_crowd_around_cars_shows_no_crash(recordings_root):
    reads = _read(recordings_root / "tidy" / "dut")
    found = [finding for each in reads for finding in each.findings]
    assert {finding.check for finding in found} <= {"pause"}  # where cars overlap people
    assert sum(finding.rows for finding in found) < 100
    assert sum(each.dropped.contacts for each in reads) == 0
    assert 0 < sum(each.dropped.overlaps for each in reads) < 1_000


def test_pauses_of_platoons_are_reported_and_stay(recordings_root):
    reads = _read(recordings_root / "tidy" / "openacc")
    found = [finding for each in reads for finding in each.findings]
    assert {finding.check for finding in found} == {"pause"}
    assert sum(finding.rows for finding in found) == 0
    assert sum(each.dropped.contacts for each in reads) == 0


@pytest.mark.parametrize("site", ["astazero", "sdd"])
def test_more_recordings_show_no_crash(site, recordings_root):
    reads = _read(recordings_root.parent / "more_logs" / site)
    assert not any(each.left_out for each in reads)
    assert sum(each.dropped.contacts for each in reads) == 0
    assert {f.check for each in reads for f in each.findings} <= {"pause"}
