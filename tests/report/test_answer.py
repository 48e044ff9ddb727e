"""The three sentences claim what the comparisons show and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from sim.base.errors import UserError
from sim.report.answer import answer
from sim.report.findings import Findings, best_physics
from sim.report.verdict import judge

METRIC = "recall_at_30_fah"
CONTROLS = ("real_sim_shuffled", "real_class_weight", "real_oversample")


def score(arm: str, mean: float, regime: str, **more: Any) -> dict[str, Any]:
    row = {"arm": arm, "detector": "hgb", "fraction": 1.0, "regime": regime, "site": "macro"}
    ends = {"metric": METRIC, "mean": mean, "low": mean - 0.05, "high": mean + 0.05, "seeds": 5}
    return {**row, **ends, **more}


def versus(baseline: str, value: float, half: float, regime: str, **more: Any) -> dict[str, Any]:
    row = {"arm": "real_sim_weighted", "baseline": baseline, "detector": "hgb", "fraction": 1.0}
    tags = {"regime": regime, "site": "macro", "metric": METRIC, "difference": value}
    ends = {"low": value - half, "high": value + half, "detectable": 1.4 * half}
    return {**row, **tags, **ends, **more}


def study(
    new: dict[str, float],
    same: dict[str, float],
    *,
    half: float = 0.05,
    events: int = 120,
    extra: list[dict[str, Any]] | None = None,
) -> Findings:
    """A study whose weighted simulation differs from each baseline by the given value."""
    results, comparisons = [], []
    for regime, differences in (("new_site", new), ("same_site", same)):
        if not differences:
            continue
        real = differences.get("real", 0.0)
        for arm, mean in (("real", 0.3), ("real_sim_weighted", 0.3 + real)):
            results += [score(arm, mean, regime), score(arm, mean, regime, site=f"{regime}-town")]
        for baseline, value in differences.items():
            comparisons.append(versus(baseline, value, half, regime))
            if baseline.startswith("physics"):
                level = 0.3 + real - value
                results.append(score(baseline, level, regime, detector="none", fraction=None))
    test = {
        f"{r}-town": {"recordings": 9, "hours": 4.0, "events": events}
        for r in ("new_site", "same_site")
    }
    train = {"recordings": 40, "hours": 20.0, "events": 170}
    logs = {"kind": "recorded", "train": train, "test": test}
    return Findings.of(
        {
            "schema": 1,
            "logs": logs,
            "results": results,
            "comparisons": comparisons + (extra or []),
            "seconds": 1.0,
            "cpu_seconds": 1.0,
            "peak_mb": 1.0,
        }
    )


def all_of(value: float) -> dict[str, float]:
    return dict.fromkeys(("real", *CONTROLS, "physics_ttc"), value)


def test_clear_gain_names_what_it_beats() -> None:
    findings = study(all_of(0.2), all_of(0.2))
    new, same, basis = (s.replace("\N{NO-BREAK SPACE}", " ") for s in answer(findings))
    assert judge(findings, "new_site").ruling == "gain"
    assert "At new sites (new_site-town; 120 conflicts in 4.0 hours)" in new
    assert "from 30 % to 50 % (+20 points, 95 % interval +15 to +25): a gain" in new
    assert "shown to be above shuffled simulation, class weights, oversampling" in new
    assert "and the best physics score (1/TTC)" in new
    assert "not " not in new
    assert same.startswith("At the same site")
    assert "recorded logs" in basis
    assert "40 recordings (20.0 hours, 170 conflicts)" in basis
    assert "smallest detectable effect is 7.0 points at new sites" in basis
    assert "one detector was tried" in basis


def test_no_gain_says_what_would_have_shown() -> None:
    findings = study(all_of(0.01), all_of(0.01))
    new = answer(findings)[0]
    assert judge(findings, "new_site").ruling == "no gain"
    assert ": no gain, where one of 7.0 points would have shown; not shown to be above" in new
    assert "a gain" not in new


def test_coarse_test_is_not_identified() -> None:
    findings = study(all_of(0.1), {}, half=0.2)
    assert judge(findings, "new_site").ruling == "not identified"
    assert "not identified, for the interval holds zero" in answer(findings)[0]


def test_gain_not_above_a_control_is_not_the_simulations() -> None:
    findings = study({**all_of(0.2), "real_class_weight": 0.02}, {})
    new = answer(findings)[0]
    assert judge(findings, "new_site").ruling == "gain not above controls"
    assert "a gain that cannot be put down to what was simulated" in new
    assert "not shown to be above class weights" in new


def test_physics_may_win_without_taking_the_gain_away_but_is_named() -> None:
    findings = study({**all_of(0.2), "physics_ttc": -0.2}, {})
    assert judge(findings, "new_site").ruling == "gain"
    assert "below the best physics score (1/TTC)" in answer(findings)[0]


def test_too_few_events_claim_nothing() -> None:
    findings = study(all_of(0.4), {}, events=9)
    assert judge(findings, "new_site").ruling == "not identified"
    assert "9 conflicts are fewer than the 16 needed" in answer(findings)[0]


def test_a_difference_below_the_detectable_is_not_claimed() -> None:
    findings = study({"real": 0.06}, {}, half=0.05)
    assert judge(findings, "new_site").ruling == "not identified"
    assert "smaller than what the test can rely on" in answer(findings)[0]


def test_loss_is_told() -> None:
    findings = study(all_of(-0.2), {})
    new = answer(findings)[0]
    assert judge(findings, "new_site").ruling == "loss"
    assert "lowered" in new
    assert "a loss" in new


def test_missing_arms_are_named_and_not_assumed_beaten() -> None:
    findings = study({"real": 0.2, "real_sim_shuffled": 0.2}, {})
    new = answer(findings)[0]
    assert "above shuffled simulation, not compared with class weights" in new
    assert "oversampling and physics" in new


def test_without_the_main_comparison_there_is_no_answer() -> None:
    findings = study({"real_sim_shuffled": 0.2}, {})
    assert judge(findings, "new_site").ruling == "not tested"
    assert "there is no answer" in answer(findings)[0]


@pytest.mark.parametrize(("new", "same"), [(all_of(0.2), {}), ({}, all_of(0.2))])
def test_one_regime_only(new: dict[str, float], same: dict[str, float]) -> None:
    sentences = answer(study(new, same))
    untested = sentences[1 if new else 0]
    tested = sentences[0 if new else 1]
    assert untested.endswith("nothing was tested in this study.")
    assert "a gain" in tested
    assert ("same site" in sentences[2]) is not bool(new)


def test_a_claim_must_hold_for_most_detectors() -> None:
    others = [
        versus("real", value, 0.05, "new_site", detector=name)
        for name, value in (("logistic", 0.0), ("extra_trees", 0.01))
    ]
    findings = study(all_of(0.2), {}, extra=others)
    learned = [score("real", 0.3, "new_site", detector=d) for d in ("logistic", "extra_trees")]
    summary = {**findings.summary, "results": [*findings.summary["results"], *learned]}
    findings = Findings.of(summary)
    assert judge(findings, "new_site").ruling == "not identified"
    assert "it holds for 1 of 3 detectors only" in answer(findings)[0]


def test_a_failed_control_is_told() -> None:
    halves = versus("real_half_b", 0.2, 0.05, "new_site", arm="real_half_a")
    assert "A/A control failed" in answer(study(all_of(0.2), {}, extra=[halves]))[2]


def test_best_physics_is_the_highest_mean() -> None:
    findings = study({**all_of(0.1), "physics_drac": 0.3, "physics_thw": 0.0}, {})
    assert best_physics(findings, METRIC, "new_site") == "physics_thw"


@pytest.mark.parametrize("summary", [{"schema": 2}, {"schema": 1}, {}])
def test_another_schema_is_told_in_one_line(summary: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        Findings.of(summary)
    assert "\n" not in str(caught.value)
