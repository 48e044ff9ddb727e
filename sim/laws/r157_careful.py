"""The careful and competent human driver of UN R157 meets a cut-in."""

from __future__ import annotations

import math

from sim.base.jit import njit
from sim.laws.r157_pedal import press, slow

TTC_S = 2.0  # a cut-in is dangerous up to here
RELEASE = 0.4  # m/s²: the accelerator is let go during the reaction time
DISMISSED = math.inf  # the reaction time of who has judged the cut-in harmless


@njit
def careful(
    gap: float,
    lateral_gap: float,
    ego_speed: float,
    other_speed: float,
    wait: float,
    brake: float,
    dt: float,
) -> tuple[float, float, float]:
    """One step of the careful driver: acceleration [m/s²], new `wait` and `brake`.

        danger <=> y <= 0 and |g / (v - u)| <= 2 s
        in danger: -0.4 m/s² for 0.75 s, then braking that grows by 12.65 m/s³ up to 0.774 g

    The other is judged once it is in the way of the ego, side by side overlapping. Whenever it
    is there with a longer time to collision, the driver is done with it: it is ordinary
    following from then on, which this driver does not describe. `wait` is then `DISMISSED`.

    UN R157 lets the risk be perceived once the other has left its wander zone (0.375 m from the
    middle of its lane) and gone on for another 0.72 m. The authors' study of cut-ins, which is
    followed here, waits for the overlap instead.

    Args:
        gap: g, bumper to bumper [m].
        lateral_gap: y, side to side [m]; negative when the two overlap laterally.
        ego_speed: v [m/s].
        other_speed: u [m/s].
        wait: Reaction time left, 0.75 s at first [s]; each step in danger takes dt of it.
        brake: Deceleration of the step before, 0 at first [m/s²].
        dt: Step [s].

    Source: UN Regulation 157, annex 4, appendix 3; Mattas et al., Accident Analysis &
    Prevention (2022), PubMed 35700684, and the authors' public program (ec-jrc/JRC-FSM).
    """
    if lateral_gap > 0.0:
        return 0.0, wait, brake
    if not abs(gap) <= TTC_S * abs(ego_speed - other_speed) or ego_speed == other_speed:
        return 0.0, DISMISSED, brake
    if wait > 0.0:
        return slow(RELEASE, ego_speed, dt), wait - dt, RELEASE
    harder = press(brake, dt)
    return slow(harder, ego_speed, dt), wait, harder
