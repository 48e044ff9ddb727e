"""What reading left out or changed, counted by reason: nothing disappears in silence."""

from __future__ import annotations

from dataclasses import dataclass, fields


@dataclass(frozen=True, kw_only=True)
class Dropped:
    """Counts of rows by reason; a row is one road user at one moment.

    The first group is gone from the log, the second is in it but differs from the file.

    Attributes:
        missing: Rows without a position or a speed, as where a receiver lost its satellites.
        duplicates: Rows that stand twice, or repeat traffic of an earlier clip.
        overlaps: Rows of vehicles, and of those they intersect, by a fault of the recording.
        gaps: Rows of a follower whose recorded gap is below 1 m.
        jumps: Rows of a follower whose recorded gap jumps against both recorded speeds.
        short: Rows of tracks seen for less than 0.8 s.
        contacts: Rows in a crash: boxes closed in on one another and then intersect. The rows
            stay.
        clamped: Rows whose recorded acceleration stands at the converter's limit; the
            acceleration in a log is never the recorded one, so the rows stay.
        without_acceleration: Rows of clips that carry no recorded acceleration. In the
            CommonRoad form of US-101 these are not plain recordings: all vehicles brake, on
            average at 1.8 to 3.1 m/s² over the whole clip (elsewhere -0.2 to 0.4), and one
            vehicle drives differently in each clip that has it. Reading keeps the rows; the
            examination leaves these clips out.
        resampled: Rows interpolated because the file is not at 10 Hz.
        sized: Rows without a length or width, which have the usual one of their kind.
    """

    missing: int = 0
    duplicates: int = 0
    overlaps: int = 0
    gaps: int = 0
    jumps: int = 0
    short: int = 0
    contacts: int = 0
    clamped: int = 0
    without_acceleration: int = 0
    resampled: int = 0
    sized: int = 0

    def __add__(self, other: Dropped) -> Dropped:
        return Dropped(**{name: n + getattr(other, name) for name, n in self.counts().items()})

    def counts(self) -> dict[str, int]:
        """Count by reason, zeros included.

        >>> (Dropped(gaps=2) + Dropped(gaps=1, short=5)).text()
        '3 gaps, 5 short'
        """
        return {field.name: int(getattr(self, field.name)) for field in fields(self)}

    def text(self) -> str:
        """The counts that are not zero, in words; `nothing` when all are."""
        told = [f"{n:,} {name.replace('_', ' ')}" for name, n in self.counts().items() if n]
        return ", ".join(told) or "nothing"
