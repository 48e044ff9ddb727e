"""Where does a ray first meet an oriented box?"""

from __future__ import annotations

import numpy as np

from sim.base.jit import njit


@njit
def ray_box(
    dx: float,
    dy: float,
    cx: float,
    cy: float,
    c: float,
    s: float,
    length: float,
    width: float,
) -> float:
    """Distance from the origin along a unit vector to a box, inf if it passes by [m].

    The slab test in the box's own frame; 0 if the origin lies inside.

    Args:
        dx: Direction of the ray, eastward.
        dy: The same, northward.
        cx: Centre of the box [m].
        cy: The same, northward [m].
        c: Cosine of the box's heading.
        s: Its sine.
        length: Along the heading [m].
        width: Across it [m].

    Source: Kay and Kajiya, SIGGRAPH 1986, section 2.2, with the two slabs of a rectangle.
    """
    near, far = -np.inf, np.inf
    for axis in range(2):
        if axis == 0:
            o, d, half = -(cx * c + cy * s), dx * c + dy * s, 0.5 * length
        else:
            o, d, half = cx * s - cy * c, -dx * s + dy * c, 0.5 * width
        if abs(d) < 1e-12:
            if abs(o) > half:
                return np.inf
            continue
        t1, t2 = (-half - o) / d, (half - o) / d
        near, far = max(near, min(t1, t2)), min(far, max(t1, t2))
    if near > far or far < 0.0:
        return np.inf
    return max(near, 0.0)
