"""A driver that brakes whenever the distances of responsibility-sensitive safety are broken."""

from __future__ import annotations

from sim.base.jit import njit
from sim.laws.r157_pedal import REACTION_S, press, slow

ACCEL_MAX = 3.0  # m/s², assumed of the ego during its reaction time
BRAKE_RSS = 6.0  # m/s², assumed of both afterwards
LATERAL_ACCEL = 1.0  # m/s², assumed of the other towards the ego, and of its return
LATERAL_MARGIN_M = 0.3  # mu, room for small lateral fluctuations


@njit
def rss_distance(ego_speed: float, other_speed: float) -> float:
    """Safe longitudinal gap [m]: v tau + a tau² / 2 + (v + a tau)² / (2 b) - u² / (2 b).

    tau 0.75 s, a 3 m/s², b 6 m/s² of either; may be negative, when no gap is needed.

    Source: Shalev-Shwartz et al., arXiv:1708.06374, safe longitudinal distance.
    """
    tau = REACTION_S
    faster = ego_speed + ACCEL_MAX * tau
    stop = 0.5 * (faster * faster - other_speed * other_speed) / BRAKE_RSS
    return (ego_speed + 0.5 * ACCEL_MAX * tau) * tau + stop


@njit
def rss_lateral_distance(lateral_speed: float) -> float:
    """Safe lateral gap [m]: mu + (2 w + a tau) tau / 2 + (w + a tau)² / (2 a).

    mu 0.3 m, tau 0.75 s, a 1 m/s²; the ego keeps its lane, the other drifts at w >= 0.

    Source: Shalev-Shwartz et al., arXiv:1708.06374, safe lateral distance with one side moving.
    """
    tau = REACTION_S
    later = lateral_speed + LATERAL_ACCEL * tau
    drift = 0.5 * (lateral_speed + later) * tau
    return LATERAL_MARGIN_M + drift + 0.5 * later * later / LATERAL_ACCEL


@njit
def rss(
    gap: float,
    lateral_gap: float,
    lateral_speed: float,
    ego_speed: float,
    other_speed: float,
    wait: float,
    brake: float,
    dt: float,
) -> tuple[float, float, float]:
    """One step of the RSS driver: acceleration [m/s²], new `wait` and `brake`.

        danger <=> g < rss_distance and y < rss_lateral_distance
        in danger: nothing for 0.75 s, then braking that grows by 12.65 m/s³ up to 0.774 g

    Out of danger the speed stays what it is; danger that returns finds the brake as it was.

    Args:
        gap: g, bumper to bumper [m].
        lateral_gap: y, side to side [m].
        lateral_speed: The other's, towards the ego [m/s].
        ego_speed: v [m/s].
        other_speed: u [m/s].
        wait: Reaction time left, 0.75 s at first [s]; each step in danger takes dt of it.
        brake: Deceleration of the step before, 0 at first [m/s²].
        dt: Step [s].

    Source: Shalev-Shwartz et al., arXiv:1708.06374; parameters and the foot of Mattas et al.,
    Accident Analysis & Prevention (2022), PubMed 35700684 (program: ec-jrc/JRC-FSM).
    """
    near = gap < rss_distance(ego_speed, other_speed)
    if not near or not lateral_gap < rss_lateral_distance(lateral_speed):
        return 0.0, wait, brake
    if wait > 0.0:
        return 0.0, wait - dt, brake
    harder = press(brake, dt)
    return slow(harder, ego_speed, dt), wait, harder
