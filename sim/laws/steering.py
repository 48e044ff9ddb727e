"""Lane tracking: a steering angle that brings the centre of the box onto a line."""

from __future__ import annotations

import math

from sim.base.jit import njit

APPROACH_S = 1.0  # time constant of the lateral error
TURN_S = 0.3  # time constant of the heading: damping ½ sqrt(1.0 / 0.3) = 0.91
LATERAL_ACCEL_MAX = 3.0  # [m/s²], comfortable limit of ordinary driving
STEER_MAX = 0.6  # [rad]
SLOPE_MAX = 0.35  # sine of the heading across the lane: 20 degrees
SETTLED_M = 1e-4  # nearer than that and parallel: on the line


@njit
def steering(
    offset: float, yaw: float, speed: float, lateral_speed: float, wheelbase: float
) -> float:
    """Steering angle at the front axle [rad], left positive.

        v_y = clip(e / T_y, ±lateral_speed),  sin(psi_d) = v_y / v
        kappa = (psi_d - psi) / (v T_psi), |kappa| v² <= a_y,max,  tan(delta) = kappa l

    Args:
        offset: e, the line's lateral position minus the own [m], left positive.
        yaw: psi, heading relative to the line [rad].
        speed: v [m/s].
        lateral_speed: Largest speed across the lane [m/s].
        wheelbase: l [m].

    Source: cascaded lateral control as in Treiber and Kesting, Traffic Flow Dynamics, 2nd
    ed., section 14.5; the time constants are engineering.
    """
    if abs(offset) < SETTLED_M and abs(yaw) < SETTLED_M:
        return 0.0
    fast = max(speed, 1.0)  # under walking pace the gain would grow without bound
    across = min(max(offset / APPROACH_S, -lateral_speed), lateral_speed)
    heading = math.asin(min(max(across / fast, -SLOPE_MAX), SLOPE_MAX))
    bend = LATERAL_ACCEL_MAX / (fast * fast)
    kappa = min(max((heading - yaw) / (fast * TURN_S), -bend), bend)
    return min(max(math.atan(kappa * wheelbase), -STEER_MAX), STEER_MAX)
