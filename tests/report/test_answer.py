"""The sentences claim what the comparisons show and nothing else."""

from __future__ import annotations

from typing import Any

import pytest

from sim.base.errors import UserError
from sim.report.answer import answer, regime_sentence
from sim.report.findings import BASE_ARM, MAIN_ARM, Findings, best_physics
from sim.report.three_lines import three_lines
from sim.report.verdict import MIN_EVENTS, judge

METRIC = "average_precision"
SHUFFLED = "best_simulated_shuffled"


def score(arm: str, mean: float, regime: str, **more: Any) -> dict[str, Any]:
    row = {"arm": arm, "detector": "hgb", "fraction": 1.0, "regime": regime, "site": "pooled"}
    part = {"kind": None, "slice": None, "metric": METRIC}
    return {
        **row,
        **part,
        "mean": mean,
        "low": mean - 0.05,
        "high": mean + 0.05,
        "seeds": 5,
        **more,
    }


def versus(
    baseline: str, value: float, half: float | None, regime: str, **more: Any
) -> dict[str, Any]:
    row = {"arm": MAIN_ARM, "baseline": baseline, "detector": "hgb", "fraction": 1.0}
    tags = {"regime": regime, "site": "pooled", "metric": METRIC, "kind": None, "slice": None}
    ends: dict[str, float | None] = dict.fromkeys(("low", "high", "detectable"))
    if half is not None:
        ends = {"low": value - half, "high": value + half, "detectable": 1.4 * half}
    return {**row, **tags, "difference": value, **ends, **more}


def study(
    new: dict[str, float],
    same: dict[str, float],
    *,
    half: float | None = 0.05,
    events: int = 120,
    fell_back: bool = False,
    extra: list[dict[str, Any]] | None = None,
    scores: list[dict[str, Any]] | None = None,
) -> Findings:
    """A study whose arm with simulation differs from each baseline by the given value."""
    results, comparisons = scores or [], []
    regimes = {"new_site": new, "same_site": same}
    for regime, differences in regimes.items():
        if not differences:
            continue
        gain = differences.get(BASE_ARM, 0.0)
        for arm, mean in ((BASE_ARM, 0.3), (MAIN_ARM, 0.3 + gain)):
            for detector in ("hgb", "chosen"):
                results.append(score(arm, mean, regime, detector=detector))
            results.append(score(arm, mean, regime, site=f"{regime}-town"))
        for baseline, value in differences.items():
            comparisons.append(versus(baseline, value, half, regime))
            if baseline == BASE_ARM:
                comparisons.append(versus(baseline, value, half, regime, detector="chosen"))
            if baseline.startswith("physics"):
                level = 0.3 + gain - value
                results.append(score(baseline, level, regime, detector="none", fraction=None))
    return Findings.of(
        {
            "schema": 2,
            "logs": logs(events),
            "results": results,
            "comparisons": comparisons + (extra or []),
            "recipes": [recipe(regime, fell_back) for regime, d in regimes.items() if d],
        }
    )


def logs(events: int) -> dict[str, Any]:
    seen = {
        "recordings": 9,
        "hours": 4.0,
        "effective_hours": 4.0,
        "events": events,
        "unit": "ego",
        "units": 300,
        "units_with_events": 50.0,
        "kinds": {"lead": events - 8, "crossing": 8},
        "averaged": True,
    }
    regimes = ("new_site", "same_site")
    return {
        "kind": "recorded",
        "train": {**seen, "recordings": 40, "hours": 20.0, "events": 170},
        "test": {f"{r}-town": seen for r in regimes},
        "pooled": dict.fromkeys(regimes, seen),
    }


def recipe(regime: str, fell_back: bool) -> dict[str, Any]:
    place = {"arm": MAIN_ARM, "fraction": 1.0, "detector": "hgb", "regime": regime}
    simulated = {"weight": 0.0 if fell_back else 10.0, "balance": "half", "egos": "first"}
    rest = {"cure": "class_weight", "capacity": "large", "families": "all", "fusion": None}
    return {**place, **simulated, **rest, "validated_on_conflicts": 40, "fell_back": fell_back}


def all_of(value: float) -> dict[str, float]:
    return dict.fromkeys((BASE_ARM, SHUFFLED, "physics_ttc"), value)


def test_clear_gain_names_what_it_beats_and_on_what_it_rests() -> None:
    findings = study(all_of(0.2), all_of(0.2))
    new, same, basis = (s.replace("\N{NO-BREAK SPACE}", " ") for s in answer(findings))
    assert judge(findings, "new_site").ruling == "gain"
    assert "At new sites (new_site-town; 120 conflicts (in 50 effective egos) in 4.0 hours)" in new
    assert "raised average precision from 0.300 to 0.500" in new
    assert "(+0.200, 95 % interval +0.150 to +0.250): a gain" in new
    assert "shown to be above shuffled simulation and the best physics score (1/TTC)" in new
    assert "not " not in new
    assert same.startswith("At the same site")
    assert "recorded logs" in basis
    assert "40 recordings (20.0 hours, 170 conflicts)" in basis
    assert "smallest detectable effect is 0.070 at new sites" in basis
    assert "one detector was tried" in basis


def test_no_gain_says_what_would_have_shown() -> None:
    findings = study(all_of(0.01), {}, half=0.03)
    new = answer(findings)[0]
    assert judge(findings, "new_site").ruling == "no gain"
    assert ": no gain, where one of 0.042 would have shown; not shown to be above" in new
    assert "a gain" not in new


def test_coarse_test_is_not_identified() -> None:
    findings = study(all_of(0.1), {}, half=0.2)
    assert judge(findings, "new_site").ruling == "not identified"
    assert "not identified, because the interval holds zero" in answer(findings)[0]


def test_without_an_interval_nothing_is_claimed_and_none_is_printed() -> None:
    findings = study(all_of(0.4), {}, half=None)
    assert judge(findings, "new_site").ruling == "not identified"
    new = answer(findings)[0]
    assert "too few independent units hold conflicts for an interval" in new
    assert "(+0.400)" in new
    assert "nan" not in " ".join((*answer(findings), *three_lines(findings))).lower()


def test_a_fall_back_is_told_and_is_no_gain() -> None:
    findings = study({BASE_ARM: 0.0}, {}, half=0.0, fell_back=True)
    assert judge(findings, "new_site").ruling == "no gain"
    new = answer(findings)[0]
    assert "validation saw no gain, so the arm with simulation is the one without" in new
    assert "would have shown" not in new
    helps, which, _ = three_lines(findings)
    assert "no gain (validation saw none, so none is added)" in helps
    assert "no simulation" in which


def test_gain_not_above_shuffled_simulation_is_not_the_simulations() -> None:
    findings = study({**all_of(0.2), SHUFFLED: 0.02}, {})
    new = answer(findings)[0]
    assert judge(findings, "new_site").ruling == "gain not above controls"
    assert "a gain that cannot be attributed to what was simulated" in new
    assert "not shown to be above shuffled simulation" in new


def test_physics_may_win_without_taking_the_gain_away_but_is_named() -> None:
    findings = study({**all_of(0.2), "physics_ttc": -0.2}, {})
    assert judge(findings, "new_site").ruling == "gain"
    assert "below the best physics score (1/TTC)" in answer(findings)[0]


@pytest.mark.parametrize(("events", "ruling"), [(4, "not identified"), (MIN_EVENTS, "gain")])
def test_too_few_events_claim_nothing(events: int, ruling: str) -> None:
    findings = study(all_of(0.4), {}, events=events)
    assert judge(findings, "new_site").ruling == ruling
    few = f"{events} conflicts are fewer than the {MIN_EVENTS} needed"
    assert (few in answer(findings)[0]) == (ruling == "not identified")


def test_a_kind_rests_on_its_own_conflicts() -> None:
    kinds = [
        versus(BASE_ARM, 0.3, 0.05, "new_site", kind=kind, detector="chosen")
        for kind in ("lead", "crossing")
    ]
    findings = study(all_of(0.01), {}, half=0.02, extra=kinds)
    assert judge(findings, "new_site").ruling == "no gain"
    lead = judge(findings, "new_site", kind="lead")
    assert lead.ruling == "gain"
    assert "112 conflicts with the lead in 4.0 hours" in regime_sentence(findings, lead)
    crossing = judge(findings, "new_site", kind="crossing")
    assert (crossing.ruling, crossing.exposure.events) == ("not identified", 8)


def test_a_difference_below_the_detectable_is_not_claimed() -> None:
    findings = study({BASE_ARM: 0.06}, {}, half=0.05)
    assert judge(findings, "new_site").ruling == "not identified"
    assert "smaller than what the test can rely on" in answer(findings)[0]


def test_loss_is_told() -> None:
    findings = study(all_of(-0.2), {})
    new = answer(findings)[0]
    assert judge(findings, "new_site").ruling == "loss"
    assert "lowered" in new
    assert "a loss" in new


def test_missing_arms_are_named_and_not_assumed_beaten() -> None:
    new = answer(study({BASE_ARM: 0.2}, {}))[0]
    assert "not compared with shuffled simulation and physics" in new


def test_without_the_main_comparison_there_is_no_answer() -> None:
    findings = study({SHUFFLED: 0.2}, {})
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
        versus(BASE_ARM, value, 0.05, "new_site", detector=name)
        for name, value in (("logistic", 0.0), ("extra_trees", 0.01))
    ]
    learned = [score(BASE_ARM, 0.3, "new_site", detector=d) for d in ("logistic", "extra_trees")]
    findings = study(all_of(0.2), {}, extra=others, scores=learned)
    assert judge(findings, "new_site").ruling == "not identified"
    assert "it holds for 1 of 3 detectors only" in answer(findings)[0]


def test_a_failed_control_is_told() -> None:
    halves = versus("real_half_b", 0.2, 0.05, "new_site", arm="real_half_a")
    assert "A/A control failed" in answer(study(all_of(0.2), {}, extra=[halves]))[2]


def test_best_physics_is_the_highest_mean() -> None:
    findings = study({**all_of(0.1), "physics_drac": 0.3, "physics_thw": 0.0}, {})
    assert best_physics(findings, METRIC, "new_site") == "physics_thw"


def test_three_lines_answer_the_three_questions() -> None:
    helps, which, rests = three_lines(study(all_of(0.2), all_of(0.0)))
    assert "at new sites gain, average precision 0.300 without, 0.500 with" in helps
    assert "at the same site not identified" in helps
    assert "simulation at 10 times the recorded weight" in which
    assert "rests on 120 conflicts (in 50 effective egos) in 4.0 hours" in rests
    assert all("\n" not in line for line in (helps, which, rests))


@pytest.mark.parametrize("summary", [{"schema": 1}, {"schema": 2}, {}])
def test_another_schema_is_told_in_one_line(summary: dict[str, Any]) -> None:
    with pytest.raises(UserError) as caught:
        Findings.of(summary)
    assert "\n" not in str(caught.value)
