"""SUMO's input: one straight edge and the cars on it."""

from __future__ import annotations

from tools.bench.traffic import (
    ACCEL_MAX,
    BRAKE_COMFORT,
    HEADWAY_S,
    LANE_WIDTH_M,
    LANES,
    LENGTH_M,
    MIN_GAP_M,
    ROAD_M,
    WIDTH_M,
    cars,
)


def network() -> str:
    """The road as netconvert would write it; lane 0 is the right one, limit 60 m/s."""
    lanes = "".join(
        f'<lane id="e_{k}" index="{k}" speed="60" length="{ROAD_M}" width="{LANE_WIDTH_M}" '
        f'shape="0,{y:.2f} {ROAD_M},{y:.2f}"/>'
        for k, y in enumerate((k + 0.5 - LANES) * LANE_WIDTH_M for k in range(LANES))
    )
    names = " ".join(f"e_{k}" for k in range(LANES))
    foot = -LANES * LANE_WIDTH_M
    return (
        '<net version="1.20">'
        f'<location netOffset="0,0" convBoundary="0,0,{ROAD_M},0" '
        f'origBoundary="0,0,{ROAD_M},0" projParameter="!"/>'
        f'<edge id="e" from="a" to="b" priority="1">{lanes}</edge>'
        '<junction id="a" type="dead_end" x="0" y="0" incLanes="" intLanes="" '
        f'shape="0,0 0,{foot:.2f}"/>'
        f'<junction id="b" type="dead_end" x="{ROAD_M}" y="0" incLanes="{names}" intLanes="" '
        f'shape="{ROAD_M},{foot:.2f} {ROAD_M},0"/>'
        "</net>"
    )


def routes(vehicles: int, seed: int) -> str:
    """The cars, each of a type of its own for its desired speed; positions are of the front."""
    types, entries = [], []
    for k, car in enumerate(cars(vehicles, seed)):
        types.append(
            f'<vType id="t{k}" carFollowModel="IDM" laneChangeModel="LC2013" tau="{HEADWAY_S}" '
            f'accel="{ACCEL_MAX}" decel="{BRAKE_COMFORT}" minGap="{MIN_GAP_M}" '
            f'length="{LENGTH_M}" width="{WIDTH_M}" maxSpeed="{car.desired_speed:.3f}" '
            'speedFactor="1" speedDev="0"/>'
        )
        speed = min(car.speed, car.desired_speed)  # SUMO refuses to enter faster
        entries.append(
            f'<vehicle id="v{k}" type="t{k}" route="r" depart="0" departLane="{car.lane}" '
            f'departPos="{car.s + 0.5 * LENGTH_M:.2f}" departSpeed="{speed:.3f}" '
            'insertionChecks="none"/>'
        )
    route = '<route id="r" edges="e"/>'
    return f"<routes>{route}{''.join(types)}{''.join(entries)}</routes>"
