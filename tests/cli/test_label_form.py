"""Which form of conflict `closecall featurize` counts when none is given."""

from __future__ import annotations

import pytest
from random_traffic import following

from sim.cli.verbs.featurize import LabelOfRun, label_of
from sim.world.log import Log


def of_family(name: str) -> Log:
    log = following(40.0, 15.0, 10.0, frames=5)
    return Log.of(log.episodes.assign(family=name), log.tracks)


@pytest.mark.parametrize(
    ("family", "given", "form", "says"),
    [
        ("pedestrian_jaywalk", "auto", "crossing", "label.form=crossing, the event of pedestrian"),
        ("pedestrian_jaywalk", "rear_end", "rear_end", ""),
        ("pedestrian_jaywalk", "either", "either", ""),
        ("cut_in", "auto", "rear_end", ""),
        ("", "auto", "rear_end", ""),
        ("nowhere_known", "auto", "rear_end", ""),
    ],
)
def test_the_form_is_that_of_the_runs_family(
    family: str, given: str, form: str, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    label = label_of(LabelOfRun(form=given, ttc_s=2.0), of_family(family))  # type: ignore[arg-type]
    assert (label.form, label.ttc_s) == (form, 2.0)
    told = capsys.readouterr().err
    assert told.count("\n") == (1 if says else 0)
    assert says in told
