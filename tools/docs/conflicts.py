"""The part of the features' page on conflicts and the table of them."""

from __future__ import annotations

COUNTED = (
    "A row is positive where a conflict of its ego starts 0.5 to 3 s later "
    "(`label.from_s`, `until_s`). `label.form` says which count: `rear_end` those with "
    "the lead, `crossing` those in the plane, `either` both. `closecall featurize` "
    "takes that of the run's families where none is given, and says so."
)

CONTACT = (
    "Contact is a conflict in every form: where the boxes of two road users come to "
    "overlap, it is the conflict of each vehicle touched at its front or side (who is "
    "hit from behind is not to foresee it). A conflict of the form with the same "
    "partner that leads into the contact is that conflict; else it starts when the "
    "contact became imminent, with the time to collision of the boxes below "
    "`label.ttc_2d_s`. No row less than `until_s` before such a contact is a used "
    "negative."
)

COLUMNS = (
    (
        "`episode_id`, `ego_id`, `other_id`",
        "",
        "whose",
    ),
    (
        "`kind`",
        "",
        "by which measure it was found: lead, crossing or encroachment",
    ),
    (
        "`start_s`, `end_s`",
        "s",
        "first and last frame in conflict or contact",
    ),
    (
        "`min_ttc_s`, `min_pet_s`",
        "s",
        "least time to collision (0 in contact) and post-encroachment time",
    ),
    (
        "`lead_time_s`, `observable`",
        "s",
        "how early a row could warn, and whether one could",
    ),
    (
        "`severity`",
        "",
        "conflict, serious or crash",
    ),
    (
        "`category`",
        "",
        "of the other's kind: pedestrian, cyclist, object; else crossing (by encroachment, "
        "or courses over 0.5 rad apart), cut_in (it came from the side in the 2 s before) "
        "or lead",
    ),
    (
        "`drac_mps2`",
        "m/s²",
        "largest deceleration required before contact, NaN where none",
    ),
    (
        "`speed_mps`",
        "m/s",
        "of the ego at the start",
    ),
)
"""Name, unit and meaning of the columns of `events`."""
