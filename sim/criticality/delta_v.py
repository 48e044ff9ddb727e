"""Change of speed in a contact."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from sim.criticality.arrays import Floats, floats, positive


def delta_v(
    ego_speed: ArrayLike, lead_speed: ArrayLike, ego_mass: ArrayLike, lead_mass: ArrayLike
) -> Floats:
    """Change of the ego's speed in an inelastic contact [m/s], 0 or positive.

        |v - u| m_lead / (m_ego + m_lead)

    Both speeds along one line, negative against it: a head-on contact has them of opposite
    signs. An infinite mass is a wall; two of them give NaN. NaN where an argument is.

    Args:
        ego_speed: v [m/s].
        lead_speed: u, of what the ego hits or is hit by [m/s].
        ego_mass: [kg].
        lead_mass: [kg].

    Raises:
        UserError: A mass is not positive.

    Source: Shelby, Delta-V as a measure of traffic conflict severity, TRB 2011.

    >>> delta_v(20.0, [10.0, -20.0, 0.0], 1500.0, [1500.0, 1500.0, np.inf])
    array([ 5., 20., 20.])
    """
    ego = positive("ego_mass", ego_mass, "kg")
    lead = positive("lead_mass", lead_mass, "kg")
    v, u, ego, lead = floats(ego_speed, lead_speed, ego, lead)
    with np.errstate(invalid="ignore"):  # two infinite masses: no number
        return np.asarray(np.abs(v - u) / (1.0 + ego / lead))
