"""Field-style logs: what stands for recorded driving where no recordings are at hand.

They are simulated, by the same engine as the scenarios, and every report has to say so. What
they are: minutes of many vehicles on several sites, with drivers unlike those of the scenario
families (another car-following law, traits that go together, longer tails), where danger is
never ordered by a script but comes of lapses of attention, late merging, waves and queues,
about as often as in recordings. What they are not: recorded. No detector's score here says
how it does on a real road; they only let the study's machinery be run, and its arms be
compared, where logs and scenarios are known not to share a law. Status of the numbers: see
`people` and `sites`; most are engineering.
"""

from sim.logs.field.drive import episode, record
from sim.logs.field.plan import Drive, drives
from sim.logs.field.settings import FieldSettings
from sim.logs.field.site import Site
from sim.logs.field.sites import SITES
from sim.logs.field.stage import conditions_of

__all__ = [
    "SITES",
    "Drive",
    "FieldSettings",
    "Site",
    "conditions_of",
    "drives",
    "episode",
    "record",
]
