"""Up to a crash the replay says that it is coming, and with whom."""

import numpy as np
import pytest
from marks import compiled

from sim.family import load_families
from sim.sampling import run_family, sample
from sim.view.film import Film
from sim.view.partner import closing, partner, time_to
from sim.world.log import LOG_STEP_S

FAMILIES = ("cut_in", "lane_drift", "merge_squeeze", "lead_brakes", "left_turn_gap", "debris")
TURNING = ("left_turn_gap",)
"""Who turns may graze whom a straight line misses."""


@compiled
@pytest.mark.parametrize("name", FAMILIES)
def test_the_panel_counts_down_to_the_contact(name: str) -> None:
    """At 0.3 s before contact it is closing in, by about as much, on the one who is hit."""
    log = run_family(load_families()[name](), sample(name, n=200, seed=4))
    ends = log.outcomes[log.outcomes["track_id"] == 0].reset_index(drop=True)
    seen = straight = 0
    for index in np.flatnonzero(ends["collided"])[:25]:
        film = Film.of(log.episode(int(index)), 0)
        contact, struck = float(ends["contact_s"][index]), int(ends["other_id"][index])
        rows = film.rows
        at = rows.frame == int(np.floor((contact - 0.25) / LOG_STEP_S))
        row = film.row_of(int(rows.slice_of[at][0]), 0)
        other = partner(film, row)
        assert other >= 0, "no lead"
        assert rows.track[other] == struck
        left = contact - LOG_STEP_S * rows.frame[row]
        told = time_to(film, row, other)
        if name in TURNING and not np.isfinite(told):
            assert closing(film, row, other), "not closing"
        else:
            assert told == pytest.approx(left, abs=0.25), "not closing"
        straight += bool(np.isfinite(told))
        seen += 1
    assert straight >= max(2, 0.6 * seen)
