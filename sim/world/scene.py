"""The shell in which scenarios are written: put road users on a road, say when they do what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.base.errors import UserError, expected, unknown
from sim.world.columns import order_columns, trait_columns, user_columns
from sim.world.drivers import Drivers, law_id
from sim.world.episode import Episode
from sim.world.kinds import KIND_NAMES, Kind
from sim.world.road import Road
from sim.world.script import Script
from sim.world.state import MASSES_KG, SIZES_M, Users
from sim.world.strict import is_strict
from sim.world.when import When, instant

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Actor:
    """A road user of a scene, in all of its n scenarios.

    Attributes:
        slot: Its place in the arrays; 0 is the ego.
        s, length: (n,) [m], from which the places of others may be told.
        course, lane: (n,), likewise.
    """

    slot: int
    s: Floats
    length: Floats
    course: NDArray[Any]
    lane: NDArray[Any]


class Scene:
    """n scenarios of one make; every number may be one for all or an array of n.

    The first user put on the road is the ego.

    >>> import numpy as np
    >>> from sim.world.road import straight
    >>> scene = Scene(2, straight(lanes=2))
    >>> ego = scene.car(lane=0, s=100.0, speed=30.0, headway=1.2)
    >>> lead = scene.car(lane=0, ahead_of=ego, gap=np.array([20.0, 40.0]), speed=30.0, law="free")
    >>> scene.when(lead, time_s=2.0).brake(6.0)
    >>> scene.when(ego, ttc_s=3.0, to=lead).lane(1, lateral_speed=1.5)
    >>> episode = scene.episode(seed=1)
    >>> len(episode), episode.users.s.tolist()
    (2, [[100.0, 124.5], [100.0, 144.5]])
    """

    def __init__(self, n: int, road: Road, road_index: ArrayLike | None = None) -> None:
        """Start with n empty scenarios on one road, on n, or on some of which each takes one.

        Args:
            n: How many.
            road: The roads, of one make.
            road_index: (n,) which of them each scenario is on. A few roads that are built
                once cost nothing; a junction of its own for each scenario costs 3 ms.

        Raises:
            UserError: n is not positive, the number of roads is neither 1 nor n where no index
                is given, or an index is none of a road's.
        """
        if n < 1 or n != int(n):
            raise expected("n", "at least 1 scenario", n, where="Scene")
        if road_index is None and len(road) not in (1, n):
            raise expected("road", f"1 road or {n}", len(road), where="Scene")
        self.n = n
        self.road = road
        usual = np.arange(n) if len(road) > 1 else np.zeros(n)
        self.road_index = self._row("road_index", usual if road_index is None else road_index)
        if not np.isin(self.road_index, np.arange(len(road))).all():
            wanted = f"whole numbers below {len(road)}"
            raise expected("road_index", wanted, self.road_index, where="Scene")
        self._users: list[dict[str, NDArray[Any]]] = []
        self._drivers: list[dict[str, NDArray[Any]]] = []
        self._orders: list[dict[str, NDArray[Any]]] = []

    def user(
        self,
        *,
        lane: ArrayLike | None = None,
        course: ArrayLike | None = None,
        speed: ArrayLike,
        s: ArrayLike | None = None,
        ahead_of: Actor | None = None,
        behind: Actor | None = None,
        gap: ArrayLike | None = None,
        d: ArrayLike = 0.0,
        kind: ArrayLike = Kind.CAR,
        length: ArrayLike | None = None,
        width: ArrayLike | None = None,
        mass: ArrayLike | None = None,
        enter_s: ArrayLike = 0.0,
        leave_s: ArrayLike = np.inf,
        present: ArrayLike = True,
        **traits: ArrayLike,
    ) -> Actor:
        """Put one more road user on the road.

        Args:
            lane: Lane number, 0 the rightmost; that of the other user if it is placed by one,
                0 if not.
            course: Number of its course on the road, likewise.
            speed: [m/s]; also the desired speed where the law is "free" and none is given.
            s: Centre of the box along the road [m]; or instead
            ahead_of: another user, with
            gap: the distance between the bumpers [m], or
            behind: another user, likewise.
            d: Distance kept from the lane's centre [m], left positive.
            kind: What it is, a code of `Kind`; decides the size where none is given.
            length: [m].
            width: [m].
            mass: [kg]; usual for its kind where none is given.
            enter_s: When it comes [s], 0 for there from the start. Later ones wait until there
                is room behind who is ahead and before who follows; `closecall check` tells of it.
            leave_s: When it vanishes, if not at the road's end before [s].
            present: Whether it is there at all, in each scenario.
            traits: Those of `Drivers`, where they are not the default.

        Raises:
            UserError: A trait is unknown, an array has not n entries, or the place is not
                given in exactly one way.
        """
        if not np.isin(kind, list(SIZES_M)).all():
            raise unknown("kind", str(kind), KIND_NAMES, where="Scene")
        kind = np.asarray(kind, np.int64)
        long, wide = np.array([SIZES_M[k] for k in Kind]).T[:, kind]
        length = self._row("length", long if length is None else length)
        place = self._place(length, s, ahead_of, behind, gap)
        known = [trait.name for trait in fields(Drivers)]
        for name in traits:
            if name not in known:
                raise unknown("driver's trait", name, known, where="Scene")
        traits["law"] = law_id(traits.get("law", 0))
        own_way = np.asarray(traits["law"]) == law_id("free")
        if "desired_speed" not in traits and own_way.any():
            usual = Drivers.__dataclass_fields__["desired_speed"].metadata["default"]
            traits["desired_speed"] = np.where(own_way, speed, usual)
        user = {"present": present, "enter_s": enter_s, "leave_s": leave_s}
        other = ahead_of or behind
        if course is None:
            course = 0 if other is None else other.course
        if lane is None:
            lane = 0 if other is None else other.lane
        user |= {"course": course, "lane": lane, "s": place, "d": d, "speed": speed}
        user |= {"length": length, "kind": kind}
        user["mass"] = np.array([MASSES_KG[k] for k in Kind])[kind] if mass is None else mass
        user["width"] = wide if width is None else width
        self._users.append({name: self._row(name, value) for name, value in user.items()})
        self._drivers.append({name: self._row(name, value) for name, value in traits.items()})
        if is_strict():
            self._check_last()
        row = self._users[-1]
        return Actor(len(self._users) - 1, place, length, row["course"], row["lane"])

    def car(self, **places: Any) -> Actor:
        """A car; arguments as in `user`."""
        return self.user(kind=Kind.CAR, **places)

    def truck(self, **places: Any) -> Actor:
        """A truck: longer, and slower to gain speed; arguments as in `user`."""
        return self.user(kind=Kind.TRUCK, **{"accel_max": 0.7, **places})

    def motorcycle(self, **places: Any) -> Actor:
        """A motorcycle; arguments as in `user`."""
        return self.user(kind=Kind.MOTORCYCLE, **places)

    def bicycle(self, **places: Any) -> Actor:
        """A cyclist, at 15 km/h unless told; arguments as in `user`."""
        usual = {"speed": 4.2, "desired_speed": 4.2, "accel_max": 0.8, "brake_comfort": 1.5}
        usual |= {"changes_lanes": 0, "lateral_speed": 0.6, "min_gap": 1.0}
        return self.user(kind=Kind.BICYCLE, **{**usual, **places})

    def pedestrian(self, **places: Any) -> Actor:
        """Somebody on foot, who walks at 1.4 m/s unless told; arguments as in `user`."""
        usual = {"law": "walk", "speed": 1.4, "desired_speed": 1.4, "critical_gap_s": 0.0}
        return self.user(kind=Kind.PEDESTRIAN, **{**usual, "changes_lanes": 0, **places})

    def parked(self, **places: Any) -> Actor:
        """A car that stands, wherever `d` puts it; arguments as in `user`."""
        return self.user(kind=Kind.CAR, **{"speed": 0.0, "held": 1, **places})

    def obstacle(self, **places: Any) -> Actor:
        """Something that lies in the road; arguments as in `user`."""
        return self.user(kind=Kind.OBJECT, **{"speed": 0.0, "held": 1, **places})

    def when(
        self,
        actor: Actor,
        *,
        time_s: ArrayLike | None = None,
        gap_m: ArrayLike | None = None,
        ttc_s: ArrayLike | None = None,
        to: Actor | None = None,
        of: Actor | None = None,
        at_m: ArrayLike | None = None,
        before_s: ArrayLike = 0.0,
        delay_s: ArrayLike = 0.0,
    ) -> When:
        """Begin an order: say when, then what (`brake`, `speed`, `lane`, `offset`, `go`).

        Args:
            actor: Who obeys.
            time_s: At this time [s], or
            gap_m: when the gap to another falls below this [m], or
            ttc_s: when the time to collision with another falls below this [s].
            to: The other.
            at_m: when the centre of a user is this far along its own course [m], or
            before_s: so long before that, at its speed of then [s].
            of: That user; the actor itself unless given.
            delay_s: From that instant to the action [s].

        Raises:
            UserError: Not exactly one condition is given, or `to` is missing.
        """
        told = {"time_s": time_s, "gap_m": gap_m, "ttc_s": ttc_s, "at_m": at_m}
        trigger, threshold = instant(told, before_s, other=to is not None)
        other = (of or actor) if at_m is not None else to
        return When(
            self.order,
            {
                "actor": actor.slot,
                "other": -1 if other is None else other.slot,
                "trigger": trigger,
                "threshold": threshold,
                "lead_s": before_s,
                "delay_s": delay_s,
            },
        )

    def episode(
        self,
        *,
        seed: int = 0,
        episode_id: ArrayLike | None = None,
        family: str = "scene",
        site: str = "",
        source: str = "simulated",
        log_weight: ArrayLike = 0.0,
        quantities: Mapping[str, Floats] | None = None,
    ) -> Episode:
        """The scenarios as arrays; arguments as in `Episode`, ids 0 to n - 1 unless given.

        Raises:
            UserError: Nobody is on the road, or an attribute is out of range.
        """
        if not self._users:
            raise UserError("Scene: no road user was put on the road")
        ids = np.arange(self.n) if episode_id is None else np.asarray(episode_id, dtype=np.int64)
        shape = (self.n, len(self._users))
        return Episode(
            road=self.road,
            road_index=self.road_index.astype(np.int64),
            users=Users(**user_columns(self._users)),
            drivers=Drivers.of(shape, **trait_columns(self._drivers, self.n)),
            script=Script(**order_columns(self._orders, self.n)),
            seed=seed,
            episode_id=ids,
            family=family,
            site=site,
            source=source,
            log_weight=np.array(np.broadcast_to(np.asarray(log_weight, float), (self.n,))),
            quantities=dict(quantities or {}),
        )

    def _check_last(self) -> None:
        alone = Scene(self.n, self.road, self.road_index)
        alone._users, alone._drivers = self._users[-1:], self._drivers[-1:]
        alone.episode()

    def order(self, **columns: ArrayLike) -> None:
        """Append one order; `when` is the readable way."""
        self._orders.append({name: self._row(name, value) for name, value in columns.items()})

    def _place(
        self,
        length: Floats,
        s: ArrayLike | None,
        ahead_of: Actor | None,
        behind: Actor | None,
        gap: ArrayLike | None,
    ) -> Floats:
        if sum(way is not None for way in (s, ahead_of, behind)) != 1:
            raise UserError("Scene: place: expected one of s, ahead_of, behind")
        if s is not None:
            return self._row("s", s)
        if gap is None:
            raise UserError("Scene: place: expected gap= with ahead_of or behind")
        way = 1.0 if ahead_of is not None else -1.0
        other = ahead_of or behind
        assert other is not None
        return other.s + way * (self._row("gap", gap) + 0.5 * (length + other.length))

    def _row(self, name: str, value: ArrayLike) -> NDArray[Any]:
        array = np.asarray(value)
        if array.shape not in ((), (1,), (self.n,)):
            raise expected(name, f"a number or {self.n} of them", array.shape, where="Scene")
        if array.shape == (self.n,):
            return array.copy()
        return np.broadcast_to(array, (self.n,))  # stacked later: copies now were 1/5 of building
