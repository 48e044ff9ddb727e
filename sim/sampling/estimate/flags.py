"""What a user should know before using a number, each by name and in words."""

from __future__ import annotations

from enum import StrEnum


class Flag(StrEnum):
    """A finding that lowers trust in an estimate, or explains it. Compares as its name."""

    NOTHING_FAILED = "nothing_failed"
    EVERYTHING_FAILED = "everything_failed"
    TARGET_MISSED = "target_missed"
    SKEWED_WEIGHTS = "skewed_weights"
    METHODS_DISAGREE = "methods_disagree"
    ROUNDS_DISAGREE = "rounds_disagree"
    UNCOVERED = "uncovered"
    FELL_BACK = "fell_back"
    FEW_REPLICAS = "few_replicas"

    @property
    def words(self) -> str:
        """What it means, in a sentence."""
        return _WORDS[self]


_WORDS = {
    Flag.NOTHING_FAILED: "No point failed: the probability is known only to lie below `high`.",
    Flag.EVERYTHING_FAILED: "Each point failed: the probability is known only to lie above `low`.",
    Flag.TARGET_MISSED: "The budget ended before the wanted precision was reached.",
    Flag.SKEWED_WEIGHTS: "A few weights carry much of the importance estimate.",
    Flag.METHODS_DISAGREE: "Importance sampling and subset simulation differ by more than chance.",
    Flag.ROUNDS_DISAGREE: "Independent rounds of importance sampling differ by more than chance.",
    Flag.UNCOVERED: "The search found failures where importance sampling hardly looked.",
    Flag.FELL_BACK: "Importance sampling was not trusted; the number is from another method.",
    Flag.FEW_REPLICAS: "The interval stands on fewer than four independent runs.",
}
