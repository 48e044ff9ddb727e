"""What the examination of a recording found, and what it left out for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal

Covers = Literal["recording", "track", "rows"]
RECORDING: Covers = "recording"
TRACK: Covers = "track"
ROWS: Covers = "rows"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One reason not to believe a recording or a part of it.

    Attributes:
        recording: Its episode id.
        check: Short name of the check, a key of `examine.CHECKS`.
        value: What was measured.
        limit: What it may at most be, in the same unit.
        reason: The same in a sentence.
        covers: What is left out: the recording, a track, or rows of a track.
        rows: Rows left out for it; 0 where they stay and it is only reported.
        track: The road user's id; None where the recording is meant.
    """

    recording: str
    check: str
    value: float
    limit: float
    reason: str
    covers: Covers
    rows: int
    track: int | None = None

    def as_dict(self) -> dict[str, str | float | int | None]:
        """As in `summary.json` and `examined.json`."""
        return asdict(self)


def findings_text(findings: Sequence[Finding]) -> list[str]:
    """One line a kind of finding, with counts.

    >>> one = Finding(recording="a/b", check="speed", value=3.7, limit=2.0, reason="",
    ...               covers="track", rows=17, track=4)
    >>> findings_text([one, one])
    ['speed: 2 in 1 recordings, 34 rows left out']
    """
    lines = []
    for check in dict.fromkeys(each.check for each in findings):
        of = [each for each in findings if each.check == check]
        names = len({each.recording for each in of})
        rows = sum(each.rows for each in of)
        whole = sum(each.covers == RECORDING for each in of)
        what = f", {whole} of them left out" if whole else ""
        lines.append(f"{check}: {len(of)} in {names} recordings{what}, {rows:,} rows left out")
    return lines
