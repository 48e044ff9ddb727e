"""The form of conflict that a verb chooses by itself where none is given."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Literal

from sim.features import Form, LabelSettings

AUTO = "auto"


@dataclass(frozen=True, kw_only=True)
class LabelOfRun(LabelSettings):
    """Keys of `label`: those of `LabelSettings`, with one more form.

    Attributes:
        form: One of `LabelSettings`, or `auto`: in `featurize` that of the event of the families
            that made the log, `rear_end` or `crossing`; in `study` `either` for field-style logs;
            `rear_end` for recordings and for families of both.
    """

    # wider than its parent's: `label_of` makes one of those of it before anything reads it
    form: Literal["auto", "rear_end", "crossing", "either"] = "auto"  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.of("rear_end")  # refuses what the others would

    def of(self, form: Form) -> LabelSettings:
        """The label's settings with a form."""
        values = {item.name: getattr(self, item.name) for item in fields(LabelSettings)}
        return LabelSettings(**values | {"form": form})
