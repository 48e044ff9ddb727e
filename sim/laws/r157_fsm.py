"""The fuzzy safety model: a defensive driver that brakes as hard as it is dangerous."""

from __future__ import annotations

from sim.base.jit import njit
from sim.laws.fuzzy import cfs, pfs
from sim.laws.r157_pedal import REACTION_S, press, slow

BRAKE_COMFORT, BRAKE_HARD = 4.0, 6.0  # m/s²
LEAD_BRAKE = 7.0  # m/s²
MARGIN_M, MARGIN_SAFE_M = 2.0, 2.0
LATERAL_SPARE_S = 0.1


@njit
def in_the_way(
    gap: float, lateral_gap: float, lateral_speed: float, closing: float, lengths: float
) -> bool:
    """Whether the other reaches the ego's way before the ego has passed it.

        y / w <= (g + l1 + l2) / c + 0.1 s

    True when it is there already (y <= 0), and when it comes nearer at equal speeds.

    Args:
        gap: g, bumper to bumper [m].
        lateral_gap: y, side to side [m].
        lateral_speed: w, towards the ego [m/s].
        closing: c, ego's speed minus the other's [m/s].
        lengths: l1 + l2, of both vehicles [m].

    Source: Mattas et al., Accident Analysis & Prevention (2022), PubMed 35700684
    (program: ec-jrc/JRC-FSM).
    """
    if lateral_gap <= 0.0:
        return True
    if lateral_speed <= 0.0:
        return False
    if closing == 0.0:
        return True
    return not lateral_gap / lateral_speed > (gap + lengths) / closing + LATERAL_SPARE_S


@njit
def fsm(
    gap: float,
    lateral_gap: float,
    lateral_speed: float,
    ego_speed: float,
    other_speed: float,
    ego_accel: float,
    lengths: float,
    wait: float,
    brake: float,
    dt: float,
) -> tuple[float, float, float]:
    """One step of the fuzzy driver: acceleration [m/s²], new `wait` and `brake`.

        danger <=> in the way and CFS + PFS > 0
        wanted = 4 + CFS (6 - 4) m/s² if CFS > 0, else 4 PFS m/s²
        in danger: nothing for 0.75 s, then min(wanted, brake that grows by 12.65 m/s³ to 0.774 g)

    Letting go is not limited. Out of danger the speed stays what it is; danger that returns
    finds the brake as it was.

    Args:
        gap: g, bumper to bumper [m].
        lateral_gap: Side to side [m].
        lateral_speed: The other's, towards the ego [m/s].
        ego_speed: v [m/s].
        other_speed: u [m/s].
        ego_accel: The ego's over the step before [m/s²].
        lengths: Of both vehicles together [m].
        wait: Reaction time left, 0.75 s at first [s]; each step in danger takes dt of it.
        brake: Deceleration of the step before, 0 at first [m/s²].
        dt: Step [s].

    Source: Mattas et al., Accident Analysis & Prevention (2022), PubMed 35700684
    (program: ec-jrc/JRC-FSM);
    the measures in `sim.laws.fuzzy`.
    """
    if not in_the_way(gap, lateral_gap, lateral_speed, ego_speed - other_speed, lengths):
        return 0.0, wait, brake
    critical = cfs(gap, ego_speed, other_speed, ego_accel, REACTION_S, BRAKE_COMFORT, BRAKE_HARD)
    proactive = pfs(
        gap,
        ego_speed,
        other_speed,
        REACTION_S,
        BRAKE_COMFORT,
        BRAKE_HARD,
        LEAD_BRAKE,
        MARGIN_M,
        MARGIN_SAFE_M,
    )
    if not critical + proactive > 0.0:
        return 0.0, wait, brake
    if wait > 0.0:
        return 0.0, wait - dt, brake
    if critical > 0.0:
        wanted = BRAKE_COMFORT + critical * (BRAKE_HARD - BRAKE_COMFORT)
    else:
        wanted = proactive * BRAKE_COMFORT
    harder = min(press(brake, dt), wanted)
    return slow(harder, ego_speed, dt), wait, harder
