"""A law says of one road user what the measure says of many: the undefined cases too."""

import itertools
import math

import numpy as np
import pytest

from sim import criticality
from sim.laws import drac, fuzzy, ttc

NAN, INF = math.nan, math.inf
GAPS = (-1.0, 0.0, 1e-9, 10.0, 40.0, INF, NAN)
SPEEDS = (0.0, 10.0, 20.0, NAN)
ACCELS = (-12.0, -3.0, 0.0, 2.0, NAN)
REACTS = (1.0, 4.0, 8.0)


@pytest.mark.parametrize(
    ("law", "measure", "accels"),
    [
        (ttc.ttc, criticality.ttc, None),
        (drac.drac, criticality.drac, None),
        (drac.required_deceleration, criticality.required_deceleration, ACCELS),
    ],
)
def test_law_and_measure_are_one(law, measure, accels) -> None:  # type: ignore[no-untyped-def]
    cells = itertools.product(GAPS, SPEEDS, SPEEDS, *([accels] if accels else []))
    told = np.array([*cells])
    np.testing.assert_array_equal(measure(*told.T), [law(*cell) for cell in told.tolist()])
    assert (np.isnan(measure(*told.T)) == np.isnan(told).any(axis=1)).all()


def test_fuzzy_laws_and_measures_are_one() -> None:
    cells = np.array([*itertools.product(GAPS, SPEEDS, SPEEDS)])
    proactive = criticality.pfs(*cells.T, *REACTS, 7.0, 3.0)
    law = [fuzzy.pfs(*cell, *REACTS, 7.0, 0.0, 3.0) for cell in cells.tolist()]
    np.testing.assert_array_equal(proactive, law)
    felt = np.array([*itertools.product(GAPS, SPEEDS, SPEEDS, ACCELS)])
    critical = criticality.cfs(*felt.T, *REACTS)
    np.testing.assert_array_equal(critical, [fuzzy.cfs(*c, *REACTS) for c in felt.tolist()])


def test_undefined_and_contact_are_as_stated_in_the_laws_too() -> None:
    assert math.isnan(ttc.ttc(10.0, NAN, 0.0))
    assert math.isnan(drac.drac(10.0, NAN, 0.0))
    assert fuzzy.pfs(0.0, 0.0, 30.0, *REACTS, 7.0, 0.0, 0.0) == 1.0
    assert fuzzy.cfs(0.0, 10.0, 20.0, 0.0, *REACTS) == 1.0
