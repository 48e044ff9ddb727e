"""What simulated edge cases are worth: arms trained alike and judged on recordings kept out."""

from sim.studies.arms import ARMS, Arm
from sim.studies.run import StudyResult, study
from sim.studies.settings import LogsSettings, StudySettings

__all__ = ["ARMS", "Arm", "LogsSettings", "StudyResult", "StudySettings", "study"]
