"""How narrowly those whose courses cross missed each other."""

from __future__ import annotations

from sim.base.jit import njit_borrowing
from sim.world.kernel.areas import drives_in
from sim.world.kernel.pairs import keep_pet
from sim.world.kernel.records import Cast, Way


@njit_borrowing
def note_passages(cast: Cast, way: Way, t: float, dt: float) -> None:
    """Keep who left an area when, and the time until the next one from aside entered it (PET)."""
    for k in range(cast.run.alive):
        i = cast.order[k]
        u = cast.users[i]
        went = u.s - u.old_s
        if went <= 0.0:
            continue
        for number in range(len(way.areas)):
            area = way.areas[number]
            if area.course != u.course or area.twin < 0 or not drives_in(area.lane, u):
                continue
            front, rear = u.old_s + 0.5 * u.length, u.old_s - 0.5 * u.length
            if front <= area.start < front + went:
                entered = t + dt * (area.start - front) / went
                other = cast.passages[area.twin]
                if other.who >= 0 and entered >= other.left:
                    pet = entered - other.left
                    keep_pet(u, pet)
                    keep_pet(cast.users[other.who], pet)
            if rear <= area.end < rear + went:
                cast.passages[number].left = t + dt * (area.end - rear) / went
                cast.passages[number].who = i
