"""commonroad-drivability-checker: `raytrace` against oriented boxes.

What it does: the segments in which one ray crosses obstacles (joined, its faster mode). Only the
call is measured: to find the nearest of the segments, which a range sensor needs, is left out.
It has no call for many rays.
"""

from __future__ import annotations

from commonroad_dc import pycrcc

from tools.bench.traffic import LENGTH_M, REACH_M, WIDTH_M, boxes, directions
from tools.bench.worker import Clock, Job, serve

SCENES = 60


def rays() -> Job:
    """Rays of full scans in different scenes, one scan a scene."""
    checkers = []
    for seed in range(SCENES):
        checker = pycrcc.CollisionChecker()
        for x, y in boxes(seed):
            checker.add_collision_object(pycrcc.RectOBB(0.5 * LENGTH_M, 0.5 * WIDTH_M, 0.0, x, y))
        checkers.append(checker)
    ends = [(REACH_M * x, REACH_M * y) for x, y in directions()]

    def job(clock: Clock) -> float:
        hits = 0
        with clock:
            for checker in checkers:
                for x, y in ends:
                    hits += bool(checker.raytrace(0.0, 0.0, x, y, True))
        if not hits:
            raise RuntimeError("no ray hit anything")
        return len(checkers) * len(ends)

    return job


if __name__ == "__main__":
    serve({"rays": rays})
