"""Minutes of statistics: controls that need more logs than the tests can wait for."""

from __future__ import annotations

import pytest

from sim.logs.field import FieldSettings
from sim.report.findings import Findings
from sim.report.verdict import judge
from sim.studies import StudySettings, study


@pytest.mark.soak
def test_where_field_and_families_share_a_law_and_logs_abound_no_gain_is_claimed() -> None:
    result = study(
        StudySettings(fractions=(1.0,), seeds=3),
        field=FieldSettings(gap="none", train_hours=500.0, test_hours=4000.0),
    )
    verdict = judge(Findings.of(result.summary), "same_site")
    assert verdict.ruling != "gain", verdict
