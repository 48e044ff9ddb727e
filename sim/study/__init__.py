"""What simulated edge cases are worth: arms trained alike and judged on recordings kept out."""

from sim.study.arms import ARMS, Arm
from sim.study.run import StudyResult, study
from sim.study.settings import LogsSettings, StudySettings

__all__ = ["ARMS", "Arm", "LogsSettings", "StudyResult", "StudySettings", "study"]
