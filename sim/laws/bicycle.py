"""Motion over one interval of constant acceleration and steering, exactly."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def travel(speed: float, accel: float, final: float, dt: float) -> tuple[float, float]:
    """Distance covered and speed after `dt` [m, m/s].

        x = v t + ½ a t²,  v' = v + a t,  until v' meets `final`, which is then held.

    Args:
        speed: v [m/s], not negative.
        accel: a [m/s²].
        final: The speed at which the acceleration ends [m/s]: 0 stops inside the step.
        dt: Interval [s].
    """
    new = speed + accel * dt
    crosses = (accel < 0.0 and speed >= final > new) or (accel > 0.0 and speed <= final < new)
    if not crosses:
        return (speed + 0.5 * accel * dt) * dt, new
    until = (final - speed) / accel
    return 0.5 * (speed + final) * until + final * (dt - until), final


@njit
def bicycle(
    yaw: float, distance: float, steer: float, wheelbase: float
) -> tuple[float, float, float]:
    """Displacement of the centre and turn of the kinematic single-track model.

        beta = atan(½ tan(delta)),  kappa = cos(beta) tan(delta) / l
        a chord of 2 sin(½ kappa D) / kappa in direction psi + beta + ½ kappa D

    which is exact for a constant steering angle, whatever the speed does meanwhile.

    Args:
        yaw: psi [rad].
        distance: D, path length of the centre [m].
        steer: delta, at the front axle [rad], left positive.
        wheelbase: l [m], the centre halfway.

    Returns:
        dx [m], dy [m], new yaw [rad].

    Source: Rajamani, Vehicle Dynamics and Control, 2nd ed., section 2.2.
    """
    if steer == 0.0 and yaw == 0.0:
        return distance, 0.0, 0.0
    tangent = math.tan(steer)
    beta = math.atan(0.5 * tangent)
    half = 0.5 * distance * math.cos(beta) * tangent / wheelbase
    # sin(h)/h; under 1e-4 its series is exact to 1e-17
    chord = distance * (math.sin(half) / half if abs(half) > 1e-4 else 1.0 - half * half / 6.0)
    course = yaw + beta + half
    return chord * math.cos(course), chord * math.sin(course), yaw + 2.0 * half
