"""Scenic, drawing and placing the five cars of the family `cut_out`.

What it does: draws the same 39 quantities (a mixture of uniform lengths for the histogram, normal
scores for lognormal ones), places five boxes, rejects scenes whose boxes overlap or that miss the
family's constraint. What it is spared: equilibrium gaps, orders, and arrays fit to be simulated.
"""

from __future__ import annotations

import random

import numpy as np
from scenic import scenarioFromString

from tools.bench.worker import Clock, Job, serve

SCENES = 100
PROGRAM = """
class Car:
    width: 1.8
    length: Discrete({Range(3.6, 4.8): 0.65, Range(4.8, 5.4): 0.25, Range(5.4, 16.0): 0.1})
    headway: TruncatedNormal(0.3, 0.45, -0.7, 1.4)
    reaction: TruncatedNormal(0.07, 0.49, -1.2, 1.1)
    brake_comfort: TruncatedNormal(0.7, 0.4, -0.2, 1.5)
    brake_max: TruncatedNormal(1.7, 0.25, 1.1, 2.2)
    eagerness: Range(0, 1)
    lapses: Range(0, 1)

speed = Range(4, 25)
beyond = Range(8, 147)
across = Range(0.1, 2.9)
start = Range(1.5, 4)
param start = start
ego = new Car at (0, 400)
lead = new Car at (0, 420 + 1.4 * speed)
new Car at (0, 440 + 1.4 * speed + beyond + speed * start)
new Car at (0, 380 - 1.4 * speed)
new Car at (3.6, 370 - 1.4 * speed)
require beyond > speed * (2.1 / across + 0.6)
"""


def scenes() -> Job:
    """Scenes drawn one by one, as Scenic does."""
    scenario = scenarioFromString(PROGRAM)

    def job(clock: Clock) -> float:
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002 - the generators that Scenic draws from
        with clock:
            for _ in range(SCENES):
                scenario.generate()
        return SCENES

    return job


if __name__ == "__main__":
    serve({"scenes": scenes})
