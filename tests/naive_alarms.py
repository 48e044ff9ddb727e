"""The rules of alarms in plain Python, one threshold and one ego at a time."""

from __future__ import annotations

from collections.abc import Sequence

Row = tuple[float, float]  # time [s], score


def alarmed_times(rows: Sequence[Row], threshold: float, stride: float, hold: float) -> list[float]:
    """Times at which the score has been over the threshold for `hold` seconds, unbroken."""
    out = []
    for i in range(len(rows)):
        over, k = 0.0, i
        while k >= 0 and rows[k][1] > threshold:
            over += stride
            if k == 0 or rows[k][0] - rows[k - 1][0] > 1.5 * stride:
                break
            k -= 1
        if over >= hold - 1e-9:
            out.append(rows[i][0])
    return out


def false_alarms(times: Sequence[float], starts: Sequence[float], refractory: float) -> int:
    """Alarms, each with all that follows within the refractory time, far from any conflict."""
    groups: list[list[float]] = []
    for t in times:
        if groups and t - groups[-1][0] < refractory - 1e-6:
            groups[-1].append(t)
        else:
            groups.append([t])
    return sum(not any(near(t, starts) for t in group) for group in groups)


def near(t: float, starts: Sequence[float]) -> bool:
    """Whether a conflict starts 0 to 3 s later."""
    return any(-1e-6 <= start - t <= 3.0 + 1e-6 for start in starts)


def lead(times: Sequence[float], start: float) -> float:
    """From the first alarm 3 to 0.5 s before the start to the start, 0 if there is none."""
    inside = [start - t for t in times if 0.5 - 1e-6 <= start - t <= 3.0 + 1e-6]
    return max(inside, default=0.0)
