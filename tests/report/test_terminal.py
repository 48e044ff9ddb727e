"""What the study prints: three lines on standard error, the path alone on standard output."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import report_example

from sim.cli.verbs import study
from sim.report import plots
from sim.report.findings import Findings
from sim.report.three_lines import three_lines
from sim.studies import StudyResult


def test_the_answer_is_on_standard_error_and_the_path_is_returned(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for chart in ("share_curve", "size_curve", "arms"):
        monkeypatch.setattr(plots, chart, lambda *_: None)
    monkeypatch.setattr(study, "write_scores", lambda *_: None)
    monkeypatch.setattr(study, "conflict_table", lambda _: pd.DataFrame({"start_s": [1.0]}))
    path = study._write(result(report_example.summary()), tmp_path, "seed: 0")
    printed = capsys.readouterr()
    assert printed.out == ""
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert printed.err.splitlines() == [*three_lines(Findings.of(summary))]
    assert path == tmp_path / "report.html"


def result(summary: dict[str, Any]) -> StudyResult:
    rows = pd.DataFrame({"arm": ["real"], "value": [0.5]})
    return StudyResult(rows, rows, rows, summary, {}, None)  # type: ignore[arg-type]


def test_lines_name_families_recipe_saturation_and_basis() -> None:
    helps, which, rests = three_lines(Findings.of(report_example.summary()))
    assert helps.startswith("Does simulation help? at new sites gain, average precision ")
    assert "stop and go (+28 %) and lead brakes (+11 %); 1 of 3 groups did not help" in which
    assert "Recipe at new sites and the same site: recordings with class weights" in which
    assert "at new sites saturates from 240 episodes a family on" in rests
    assert "rests on 146 conflicts (in 102 effective egos) in 10.3 hours" in rests
    assert "no size from 15 to 500 episodes a family is shown to help" in rests
    assert "\N{NO-BREAK SPACE}" not in helps + which + rests
