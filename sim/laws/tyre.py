"""The brush model of a tyre: slip in both directions becomes force within the friction circle."""

from __future__ import annotations

import math

from sim.base.jit import njit


@njit
def brush(along: float, across: float, mu: float) -> tuple[float, float]:
    """Force against the slip, per unit of load.

        z = |(zx, zy)|,  f = mu (1 - (1 - z / (3 mu))³) for z < 3 mu, else mu
        (fx, fy) = -f (zx, zy) / z

    Linear for small slip, f = z; all of the contact slides from z = 3 mu on.

    Args:
        along: zx, stiffness times longitudinal slip, as a force per load.
        across: zy, stiffness times the tangent of the slip angle, likewise.
        mu: Friction, positive.

    Source: Pacejka, Tire and Vehicle Dynamics, section 3.2 (isotropic brush model, combined
    slip); for zx = 0 Fiala's curve.
    """
    z = math.hypot(along, across)
    if z == 0.0:
        return 0.0, 0.0
    stick = max(1.0 - z / (3.0 * mu), 0.0)
    share = -mu * (1.0 - stick * stick * stick) / z
    return along * share, across * share


@njit
def brush_slip(force: float, mu: float) -> float:
    """The slip that gives this force per load when nothing else slips: `brush` inverted.

        z = -sign(f) 3 mu (1 - cbrt(1 - |f| / mu))  for |f| < mu, else -3 f

    A demand beyond the friction slips the more, the more it exceeds it: a full braking on ice
    leaves less of the force to the side than the least that would do.

    Args:
        force: f, wanted, per unit of load.
        mu: Friction, positive.

    Source: the curve of `brush`; what lies beyond the friction is engineering, for 0.85 the
    slip of 12 % at which anti-lock brakes work.
    """
    if abs(force) >= mu:
        return -3.0 * force
    stick = math.pow(1.0 - abs(force) / mu, 1.0 / 3.0)
    return -math.copysign(3.0 * mu * (1.0 - stick), force)
