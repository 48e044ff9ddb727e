"""Lane tracking: a steering angle that brings the centre of the box onto a line."""

from __future__ import annotations

import math

from sim.base.jit import njit

APPROACH_S = 1.0  # time constant of the lateral error
TURN_S = 0.3  # time constant of the heading: damping ½ sqrt(1.0 / 0.3) = 0.91
LATERAL_ACCEL_MAX = 3.0  # [m/s²], comfortable limit of ordinary driving
STEER_MAX = 0.6  # [rad]
SLOPE_MAX = 0.35  # sine of the heading across the lane: 20 degrees
SLIP_MAX = 0.5  # sine of the side slip: the steering stops at 0.32
SETTLED_M = 1e-4  # nearer than that and parallel: on the line


@njit
def steering(
    offset: float,
    slant: float,
    speed: float,
    lateral_speed: float,
    wheelbase: float,
    bend: float,
) -> float:
    """Steering angle at the front axle [rad], left positive.

        sin(beta) = k l / 2: side slip of the centre on a circle of curvature k
        v_y = clip(e / T_y, ±lateral_speed),  sin(psi_d) = v_y / v
        kappa = (psi_d - psi - beta) / (v T_psi), |kappa| v² <= a_y,max
        tan(delta) = 2 tan(beta) + kappa l

    With e = 0 and psi = -beta, delta is the one that keeps `bicycle` on the circle exactly:
    cos(beta) tan(delta) / l = k. The limit of lateral acceleration is on what comes on top.

    Args:
        offset: e, the line's lateral position minus the own [m], left positive.
        slant: psi, heading relative to the line's tangent [rad].
        speed: v [m/s].
        lateral_speed: Largest speed across the lane [m/s].
        wheelbase: l [m].
        bend: k, curvature of the line [1/m], left positive.

    Source: cascaded lateral control as in Treiber and Kesting, Traffic Flow Dynamics, 2nd
    ed., section 14.5; the time constants are engineering. Feed-forward: the steady state of
    the kinematic single-track model, Rajamani, Vehicle Dynamics and Control, section 2.2.
    """
    if bend == 0.0 and abs(offset) < SETTLED_M and abs(slant) < SETTLED_M:
        return 0.0
    beta = math.asin(min(max(0.5 * bend * wheelbase, -SLIP_MAX), SLIP_MAX))
    fast = max(speed, 1.0)  # under walking pace the gain would grow without bound
    across = min(max(offset / APPROACH_S, -lateral_speed), lateral_speed)
    heading = math.asin(min(max(across / fast, -SLOPE_MAX), SLOPE_MAX))
    most = LATERAL_ACCEL_MAX / (fast * fast)
    kappa = min(max((heading - (slant + beta)) / (fast * TURN_S), -most), most)
    delta = math.atan(kappa * wheelbase + 2.0 * math.tan(beta))
    return min(max(delta, -STEER_MAX), STEER_MAX)
