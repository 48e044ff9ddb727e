"""Slow readable twins of the tyre and of the dynamic single-track model: slip angles, scipy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import solve_ivp
from scipy.optimize import brentq

STIFFNESS, G = 21.92, 9.81

Vector = NDArray[np.float64]


def brush(z: Vector, mu: float) -> Vector:
    """Fiala's polynomial along the slip."""
    size = float(np.linalg.norm(z))
    if size == 0.0:
        return 0.0 * z
    force = size - size**2 / (3.0 * mu) + size**3 / (27.0 * mu**2) if size < 3.0 * mu else mu
    return -force * z / size


def pull(force: float, mu: float) -> float:
    """Slip for a pure longitudinal force, by root finding."""
    if abs(force) >= mu:
        return -3.0 * force
    top = 3.0 * mu
    slip = brentq(lambda z: -brush(np.array([z, 0.0]), mu)[0] - abs(force), 0.0, top, xtol=1e-14)
    return -math.copysign(slip, force)


def single_track(
    state: Vector, accel: float, steer: float, wheelbase: float, mu: float, dt: float
) -> Vector:
    """x, y, yaw, along, across, yaw rate after `dt`; for speeds over 2 m/s, rolling forwards."""
    mass, half = 1234.0, 0.5 * wheelbase
    load, inertia = 0.5 * mass * G, mass * half**2
    zx = pull(accel / G, mu)
    turn_front = np.array([[math.cos(steer), -math.sin(steer)], [math.sin(steer), math.cos(steer)]])

    def derivative(_: float, q: Vector) -> list[float]:
        yaw, vx, vy, r = q[2:]
        alpha_front = steer - math.atan((vy + half * r) / vx)
        alpha_rear = -math.atan((vy - half * r) / vx)
        front = load * turn_front @ brush(np.array([zx, -STIFFNESS * math.tan(alpha_front)]), mu)
        rear = load * brush(np.array([zx, -STIFFNESS * math.tan(alpha_rear)]), mu)
        total = (front + rear) / mass
        return [
            vx * math.cos(yaw) - vy * math.sin(yaw),
            vx * math.sin(yaw) + vy * math.cos(yaw),
            r,
            total[0] + vy * r,
            total[1] - vx * r,
            half * (front[1] - rear[1]) / inertia,
        ]

    out = solve_ivp(derivative, (0.0, dt), state, method="DOP853", rtol=1e-11, atol=1e-12)
    return np.array(out.y[:, -1])
