"""What is measured against what, and what it should reach."""

from __future__ import annotations

from tools.bench.figures import Line, Side

STEPS_UNIT = "agent-steps/s"


def plan() -> list[Line]:
    """The lines of bench.json."""
    return [*engine_lines(), *use_lines(), *scene_lines(), *machine_lines(), *start_lines()]


def ours(job: str) -> Side:
    """A job of `ours`."""
    return Side("ours", job)


def engine_lines() -> list[Line]:
    """The simulation itself, in a batch."""

    def sumo(job: str, vehicles: int, name: str, least: float, hoped: float) -> Line:
        return Line(
            f"{vehicles} vehicles / SUMO, {name}",
            ours(f"{'engine' if job == 'plain' else job} {vehicles}"),
            Side("sumo", f"{job} {vehicles}"),
            STEPS_UNIT,
            least,
            hoped,
        )

    return [
        Line(
            "20 vehicles / highway-env, simulation only",
            ours("engine 20"),
            Side("highway", "plain 20"),
            STEPS_UNIT,
            600.0,
            1500.0,
        ),
        sumo("plain", 20, "plain", 10.0, 20.0),
        sumo("plain", 50, "plain", 6.0, 12.0),
        sumo("metrics", 20, "TTC, DRAC, PET within 50 m", 12.0, 30.0),
        sumo("metrics", 50, "TTC, DRAC, PET within 50 m", 12.0, 30.0),
        Line(
            "500 vehicles in one scene / 20 vehicles, both ours",
            ours("engine 500"),
            ours("engine 20"),
            STEPS_UNIT,
            0.5,
            1.0,
        ),
        Line(
            "two threads / one, both ours",
            Side("ours, two threads", "two threads"),
            Side("ours, two threads", "one thread"),
            "agent-steps/s by the wall clock",
            1.7,
            1.95,
            per="wall",
        ),
    ]


def use_lines() -> list[Line]:
    """The ways in which the simulation is used: episodes, single steps, sensors."""
    load = Side("sumo", "episodes")
    again = Side("sumo", "episodes reloaded")
    return [
        Line(
            "episodes of 10 vehicles for 20 s, with reset, in a batch / SUMO, load and run",
            ours("episodes"),
            load,
            "episodes/s",
            15.0,
            40.0,
        ),
        Line(
            "the same, one episode a call / SUMO, load and run",
            ours("episodes one by one"),
            load,
            "episodes/s",
        ),
        Line(
            "the same in a batch / SUMO, one scenario again and again from a saved state",
            ours("episodes"),
            again,
            "episodes/s",
        ),
        Line(
            "20 vehicles stepped from Python, state read / SUMO",
            ours("live"),
            Side("sumo", "read 20"),
            "steps/s",
            5.0,
            15.0,
        ),
        Line(
            "lidar rays on 20 boxes / commonroad-drivability-checker",
            ours("rays"),
            Side("crdc", "rays"),
            "rays/s",
            50.0,
            150.0,
        ),
    ]


def scene_lines() -> list[Line]:
    """Scenes of families, drawn and built but not run."""

    def drawn(cars: str) -> Line:
        name = f"scenes of {cars}, drawn and built / Scenic, five cars"
        return Line(name, ours(f"scenes, {cars}"), Side("scenic", "scenes"), "scenes/s")

    asked = 1000.0 * 132.0  # 132/s is Scenic's rate that the goal was set by, on another scene
    five = Line(
        "scenes of five cars", ours("scenes, five cars"), None, "scenes/s", asked, 10.0 * asked
    )
    return [five, drawn("five cars"), drawn("eleven cars"), drawn("two cars")]


def machine_lines() -> list[Line]:
    """What the machine could do at most."""
    loop = ours("plain loop")
    return [
        Line("engine, 20 vehicles / plain fused loop", ours("engine 20"), loop, STEPS_UNIT),
        Line("simulate to tables, the same / that loop", ours("tables 20"), loop, STEPS_UNIT),
        Line("copies of memory, read and written", ours("copies"), None, "GB/s"),
    ]


def start_lines() -> list[Line]:
    """Memory, compiling and the first start, each in a fresh process."""

    def fresh(
        name: str,
        job: str,
        unit: str,
        least: float | None = None,
        hoped: float | None = None,
        rounds: int = 5,
    ) -> Line:
        side = Side("cold", job)
        return Line(name, side, None, unit, least, hoped, per="value", ceiling=True, rounds=rounds)

    what = "resident memory above idle, 1,024 scenarios of 16 actors for 20 s"
    return [
        fresh(f"{what}, log in arrays", "arrays", "MB", 150.0, 80.0),
        fresh(f"{what}, log in tables", "tables", "MB"),
        fresh("first simulate of a process, compiled", "first, compiled", "s", rounds=1),
        fresh("first simulate of a process, from the cache", "first, cached", "s"),
        fresh("closecall list after installing", "list", "s", 15.0),
    ]
