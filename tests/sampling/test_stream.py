"""The importance stream of real families: mostly danger, honest weights, every draw accounted."""

import numpy as np
import pytest

from sim.family import EVENTS, load_families
from sim.sampling import Importance, egos, pilot, run_family, sample

SOME = ("lead_brakes", "debris")
ALL = [name for name, kind in load_families().items() if "nominal" not in kind.tags]


def check(name: str, n: int) -> None:
    family = load_families()[name]()
    sampler = pilot(family, Importance(), seed=6, seconds=family.seconds)
    episode = sample(family, n=n, seed=6, sampler=sampler)
    log = run_family(family, episode)
    ego = egos(log)
    event = EVENTS[family.event].margin(ego) <= 0
    assert event.mean() >= 0.5
    assert sampler.forecast == pytest.approx(event.mean(), abs=0.12)
    weight = np.exp(episode.log_weight)
    assert abs(weight.mean() - 1) <= 3 * weight.std() / np.sqrt(n) + 0.012  # 0.6 % a share, twice
    crude = sample(family, n=n, seed=7)
    nature = EVENTS[family.event].margin(egos(run_family(family, crude))) <= 0
    error = np.hypot((weight * event).std(), nature.std()) / np.sqrt(n)
    assert abs((weight * event).mean() - nature.mean()) <= 4 * error + 0.01
    assert np.array_equal(log.episodes["proposal"], episode.proposal)
    assert np.mean(episode.proposal == 0) == pytest.approx(0.1, abs=4 * np.sqrt(0.09 / n))
    assert (log.episodes["seed"] == 6).all()


@pytest.mark.parametrize("name", SOME)
def test_the_stream_is_dangerous_and_its_weights_are_honest(name: str) -> None:
    check(name, 600)


def test_a_pilot_that_met_too_little_danger_says_so() -> None:
    family = load_families()["ordinary"]()
    sampler = pilot(family, Importance(pilot_rounds=1, pilot_size=60), seed=6, seconds=4.0)
    assert "too rare in the pilot to forecast" in sampler.warning
    assert Importance().warning == ""


@pytest.mark.soak
@pytest.mark.parametrize("name", ALL)
def test_every_stream_is_dangerous_and_its_weights_are_honest(name: str) -> None:
    check(name, 2000)
