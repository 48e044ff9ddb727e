"""The last moment at which one manoeuvre still avoids contact; negative: too late."""

from __future__ import annotations

import functools

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import expected
from sim.criticality.arrays import Floats, floats, keep_nan, positive
from sim.criticality.ttc import ttc


def ttb(
    gap: ArrayLike, ego_speed: ArrayLike, lead_speed: ArrayLike, brake_max: ArrayLike
) -> Floats:
    """Time to brake [s]: until full braking just avoids contact, TTC - (v - u) / (2 b).

    The lead keeps its speed. Infinite when not approaching, 0 or negative in contact, NaN
    where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].
        brake_max: b, largest deceleration [m/s²].

    Raises:
        UserError: `brake_max` is not positive.

    Source: Hillenbrand, Spieker and Kroschel, IEEE Trans. ITS 7 (2006) 528.

    >>> ttb(30.0, [20.0, 10.0], 10.0, 8.0)
    array([2.375,   inf])
    """
    g, v, u, b = floats(gap, ego_speed, lead_speed, positive("brake_max", brake_max, "m/s²"))
    return np.asarray(ttc(g, v, u) - 0.5 * np.maximum(v - u, 0.0) / b)


def tts(
    gap: ArrayLike,
    ego_speed: ArrayLike,
    lead_speed: ArrayLike,
    clearance: ArrayLike,
    lateral_max: ArrayLike,
) -> Floats:
    """Time to steer [s]: until full lateral acceleration just passes, TTC - sqrt(2 w / a).

    Infinite when not approaching, 0 or negative in contact, TTC itself where no clearance is
    needed (w <= 0), NaN where an argument is.

    Args:
        gap: g, bumper to bumper [m].
        ego_speed: v [m/s].
        lead_speed: u [m/s].
        clearance: w, lateral way still to go to pass beside the lead [m].
        lateral_max: a, largest lateral acceleration [m/s²].

    Raises:
        UserError: `lateral_max` is not positive.

    Source: Hillenbrand, Spieker and Kroschel, IEEE Trans. ITS 7 (2006) 528.

    >>> tts(30.0, [20.0, 10.0], 10.0, 2.0, 4.0)
    array([ 2., inf])
    """
    a = positive("lateral_max", lateral_max, "m/s²")
    g, v, u, w, a = floats(gap, ego_speed, lead_speed, clearance, a)
    return np.asarray(ttc(g, v, u) - np.sqrt(2.0 * np.maximum(w, 0.0) / a))


def ttk(
    clear_distance: ArrayLike, ego_speed: ArrayLike, entry: ArrayLike, accel_max: ArrayLike
) -> Floats:
    """Time to kickdown [s]: until full acceleration just clears a crossing in time.

    From then on the ego gains ½ a t² over its constant speed, so TTK = T - sqrt(2 (D - v T)/a).

    Infinite where no acceleration is needed: the ego clears anyway (D <= v T), or the other
    never enters (T infinite). Not positive when the other has entered (T <= 0) before the ego
    is through. NaN where an argument is: without a crossing there is no D and no T.

    Args:
        clear_distance: D, way until the ego's rear is out of the conflict area [m].
        ego_speed: v [m/s].
        entry: T, time until the other enters the conflict area [s].
        accel_max: a, largest acceleration [m/s²]; no speed limit is assumed.

    Raises:
        UserError: `accel_max` is not positive.

    Source: Hillenbrand, Spieker and Kroschel, IEEE Trans. ITS 7 (2006) 528.

    >>> ttk(36.0, 10.0, [3.0, 4.0], 3.0)
    array([ 1., inf])
    """
    a = positive("accel_max", accel_max, "m/s²")
    way, v, time, a = floats(clear_distance, ego_speed, entry, a)
    time = np.maximum(time, 0.0)
    with np.errstate(invalid="ignore"):
        short = way - v * time
        last = time - np.sqrt(2.0 * np.maximum(short, 0.0) / a)
    free = (short <= 0.0) | np.isinf(time)
    return keep_nan(np.where(free, np.inf, last), way, v, time, a)


def ttr(*times: ArrayLike) -> Floats:
    """Time to react [s]: the last moment of the manoeuvre that can wait longest.

    Negative: too late for all of them. Infinite when one of them is never needed, NaN where an
    argument is; leave a manoeuvre out that the ego does not have.

    Args:
        *times: Of `ttb`, `tts`, `ttk` [s].

    Raises:
        UserError: No times are given.

    Source: Hillenbrand, Spieker and Kroschel, IEEE Trans. ITS 7 (2006) 528.

    >>> ttr([2.375, -1.0], [2.0, -0.5])
    array([ 2.375, -0.5  ])
    """
    if not times:
        raise expected("times", "at least one of TTB, TTS and TTK [s]", ())
    return np.asarray(functools.reduce(np.maximum, floats(*times)))
