"""The constant-acceleration heuristic: the braking that is needed if the leader goes on so."""

from __future__ import annotations

from sim.base.jit import njit


@njit
def cah(gap: float, speed: float, lead_speed: float, lead_accel: float) -> float:
    """Largest constant acceleration that leads to no crash [m/s²].

        v² a_l / (u² - 2 s a_l)       if a_l < 0 and u (v - u) < -2 s a_l: the leader stops first
        a_l - max(0, v - u)² / (2 s)  otherwise: speeds meet at contact

    The leader keeps its acceleration, until it stands; there is neither gap to keep nor
    reaction time. Both cases agree where they meet.

    Args:
        gap: s, bumper to bumper [m]; under 1 cm taken as 1 cm, infinite on an empty road.
        speed: v [m/s].
        lead_speed: u [m/s], not negative.
        lead_accel: a_l [m/s²].

    Source: Kesting, Treiber and Helbing, Phil. Trans. R. Soc. A 368 (2010) 4585, section 2
    (arXiv:0912.3613), where a_l < 0 is not asked for: behind a leader that is faster and
    accelerates, which never stops, the first case would allow less than a_l; and behind one
    that stands it would be 0/0.
    """
    s = min(max(gap, 0.01), 1e6)  # an empty road: 1000 km are as good as infinity
    if lead_accel < 0.0 and lead_speed * (speed - lead_speed) < -2.0 * s * lead_accel:
        return speed * speed * lead_accel / (lead_speed * lead_speed - 2.0 * s * lead_accel)
    closing = max(speed - lead_speed, 0.0)
    return lead_accel - 0.5 * closing * closing / s
