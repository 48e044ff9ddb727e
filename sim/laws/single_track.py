"""The dynamic single-track model: a car that can skid."""

from __future__ import annotations

import math

from sim.base.jit import njit
from sim.laws.friction import GRAVITY
from sim.laws.tyre import brush, brush_slip

CORNERING = 21.92  # [1/rad], force per load: CommonRoad's tyre, p_ky1
SUBSTEP_S = 0.01  # errs by less than 1e-7 m in 0.6 s of swerving (see the tests)
LOW_SPEED = 2.0  # [m/s]; slip is measured against no less: damping C g / v <= 108 / s

State = tuple[float, float, float, float, float, float]
"""x, y, yaw, along, across, yaw rate, or their time derivatives."""


@njit
def rates(state: State, pull: float, steer: float, wheelbase: float, mu: float) -> State:
    """Time derivatives.

    Args:
        state: Position [m], yaw [rad], speeds in the body's frame [m/s], yaw rate [rad/s].
        pull: Longitudinal slip of all tyres, as `brush` takes it.
        steer: delta [rad].
        wheelbase: l [m].
        mu: Friction.
    """
    _, _, yaw, along, across, turn = state
    cos, sin = math.cos(steer), math.sin(steer)
    nose, tail = across + 0.5 * wheelbase * turn, across - 0.5 * wheelbase * turn
    rolling, sliding = along * cos + nose * sin, nose * cos - along * sin
    fx, fy = brush(pull, CORNERING * sliding / max(abs(rolling), LOW_SPEED), mu)
    rear_x, rear_y = brush(pull, CORNERING * tail / max(abs(along), LOW_SPEED), mu)
    front_x, front_y = fx * cos - fy * sin, fx * sin + fy * cos
    return (
        along * math.cos(yaw) - across * math.sin(yaw),
        along * math.sin(yaw) + across * math.cos(yaw),
        turn,
        0.5 * GRAVITY * (front_x + rear_x) + across * turn,
        0.5 * GRAVITY * (front_y + rear_y) - along * turn,
        GRAVITY * (front_y - rear_y) / wheelbase,
    )


@njit
def ahead(state: State, rate: State, h: float) -> State:
    """The state after `h` [s] at these rates."""
    return (
        state[0] + h * rate[0],
        state[1] + h * rate[1],
        state[2] + h * rate[2],
        state[3] + h * rate[3],
        state[4] + h * rate[4],
        state[5] + h * rate[5],
    )


@njit
def runge_kutta(
    state: State, k1: State, pull: float, steer: float, wheelbase: float, mu: float, h: float
) -> State:
    """One classical step of order 4 from a state whose rates `k1` are known."""
    k2 = rates(ahead(state, k1, 0.5 * h), pull, steer, wheelbase, mu)
    k3 = rates(ahead(state, k2, 0.5 * h), pull, steer, wheelbase, mu)
    k4 = rates(ahead(state, k3, h), pull, steer, wheelbase, mu)
    state = ahead(ahead(state, k1, h / 6.0), k2, h / 3.0)
    return ahead(ahead(state, k3, h / 3.0), k4, h / 6.0)


@njit
def time_to_rest(state: State, rate: State, wheelbase: float, creep: float, h: float) -> float:
    """When within `h` a braking car comes to rest [s], or NaN; not while it slides sideways."""
    along, slows = state[3], rate[3]
    slide = abs(state[4]) + 0.5 * wheelbase * abs(state[5])
    if along * slows > 0.0 or abs(along) > h * abs(slows) or slide > creep:
        return math.nan
    return abs(along / slows) if along != 0.0 else 0.0


@njit
def single_track(
    yaw: float,
    along: float,
    across: float,
    yaw_rate: float,
    accel: float,
    steer: float,
    wheelbase: float,
    mu: float,
    dt: float,
) -> State:
    """Displacement and new state after `dt` of constant demand and steering angle.

        m (dvx/dt - vy r) = Fx,  m (dvy/dt + vx r) = Fy,  I dr/dt = l/2 (Fyf - Fyr)

    The centre of gravity is halfway and I = m l²/4, so the car is neutral; each axle carries
    half the weight, whatever it does, and half of the demand. Tyres: `brush`. A demand within
    the friction is met exactly straight ahead; turning takes its share of the force, and the
    drag of the turned front wheels is the driver's to make good.

    Under `LOW_SPEED` the slip is measured against that speed: the tyres become dampers so stiff
    that the car rolls where its wheels point, which is the kinematic model, and at rest nothing
    is divided by zero. Braking takes energy at every instant and ends at rest. Integrated by the
    classical Runge-Kutta method of order 4 in equal substeps of at most 10 ms; the last one
    before a halt ends at the halt.

    Args:
        yaw: psi [rad].
        along: vx, speed of the centre along the body [m/s].
        across: vy, speed to its left [m/s].
        yaw_rate: r [rad/s].
        accel: Wanted acceleration of the body along itself [m/s²]; negative brakes, against
            the motion.
        steer: delta, at the front axle [rad], left positive.
        wheelbase: l [m].
        mu: Friction, taken as at least 0.001.
        dt: Interval [s].

    Returns:
        dx [m], dy [m], yaw [rad], along [m/s], across [m/s], yaw rate [rad/s].

    Source: Rajamani, Vehicle Dynamics and Control, 2nd ed., section 2.3 (the equations);
    Althoff, Koschi and Manzinger, CommonRoad, IEEE IV 2017, vehicle models: tyre stiffness
    p_ky1 = 21.92, and I / (m lf lr) = 0.996 of vehicle 2; slip over a least speed as in Rill,
    Road Vehicle Dynamics, CRC Press 2012 (recalled), the 2 m/s are engineering.
    """
    mu = max(mu, 1e-3)
    force = accel / GRAVITY
    effort = brush_slip(force, mu)
    creep = mu * GRAVITY * SUBSTEP_S  # the speed that friction takes within a substep
    state = (0.0, 0.0, yaw, along, across, yaw_rate)
    steps = max(1, math.ceil(dt / SUBSTEP_S - 1e-9))
    h = dt / steps
    for _ in range(steps):
        pull = math.copysign(effort, state[3]) if force < 0.0 else effort
        rate = rates(state, pull, steer, wheelbase, mu)
        if force < 0.0 and abs(state[3]) <= creep:
            rest = time_to_rest(state, rate, wheelbase, creep, h)
            if not math.isnan(rest):
                x, y, yaw, _, _, _ = runge_kutta(state, rate, pull, steer, wheelbase, mu, rest)
                return x, y, yaw, 0.0, 0.0, 0.0
            # slides sideways: brake so much less that the substep does not end rolling back
            less = brush_slip(max(force, -mu) * abs(state[3]) / creep, mu)
            pull = math.copysign(less, state[3])
            rate = rates(state, pull, steer, wheelbase, mu)
        state = runge_kutta(state, rate, pull, steer, wheelbase, mu, h)
    return state
