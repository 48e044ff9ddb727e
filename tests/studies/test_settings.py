"""Settings that cannot be meant are refused by name."""

from __future__ import annotations

import pytest

from sim.base.errors import UserError
from sim.studies.settings import LogsSettings, StudySettings


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"fractions": (0.5, 0.25)}, "study.fractions"),
        ({"fractions": (0.5, 1.5)}, "study.fractions"),
        ({"seeds": -1}, "study.seeds"),
        ({"alphas": (0.0,)}, "study.alphas"),
        ({"budgets_per_h": (-1.0,)}, "study.budgets_per_h"),
        ({"detectors": ("hgbb",)}, "did you mean 'hgb'"),
        ({"detectors": ()}, "study.detectors"),
        ({"spot_arms": ("reel",)}, "did you mean 'real'"),
        ({"stride_s": 0.25}, "study.stride_s"),
        ({"stride_s": float("nan")}, "study.stride_s"),
        ({"validation_share": 0.9}, "study.validation_share"),
        ({"resamples": 3}, "study.resamples"),
    ],
)
def test_impossible_study_settings(values: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        StudySettings(**values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"train_root": "a"}, "logs.test_root"),
        ({"test_root": "a"}, "logs.train_root"),
        ({"root": "a", "train_root": "b", "test_root": "c"}, "logs.root"),
        ({"kind": "recorded"}, "logs.root"),
        ({"kind": "field", "root": "a"}, "logs.kind"),
        ({"root": "a", "same_site_share": 1.5}, "logs.same_site_share"),
    ],
)
def test_impossible_logs_settings(values: dict[str, object], message: str) -> None:
    with pytest.raises(UserError, match=message):
        LogsSettings(**values)  # type: ignore[arg-type]


def test_what_is_left_open_fits_the_form_of_conflict() -> None:
    one, both = (StudySettings().resolved(form) for form in ("rear_end", "either"))
    assert (one.seeds, one.episodes_per_family, one.spot_detectors) == (3, 500, ("extra_trees",))
    assert (both.seeds, both.episodes_per_family, both.spot_detectors) == (2, 200, ())
    assert (one.positives_max, one.negatives_max) == (8000, 6000)
    given = StudySettings(seeds=5, fractions=(0.5, 1.0), spot_detectors=(), positives_max=300)
    kept = given.resolved("rear_end")
    assert (kept.seeds, kept.fractions, kept.spot_detectors) == (5, (0.5, 1.0), ())
    assert kept.positives_max == 300
    assert kept.resolved("either") == kept
