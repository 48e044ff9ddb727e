"""Recorded logs: readers of the formats they come in, and folders of them."""

from sim.logs.dropped import Dropped
from sim.logs.examine import Examined, Limits, examine
from sim.logs.findings import Finding, findings_text
from sim.logs.folder import Read, each_log, iter_logs, load_log, read
from sim.logs.imports import import_folder, import_summary
from sim.logs.recordings import Recording, recordings

__all__ = [
    "Dropped",
    "Examined",
    "Finding",
    "Limits",
    "Read",
    "Recording",
    "each_log",
    "examine",
    "findings_text",
    "import_folder",
    "import_summary",
    "iter_logs",
    "load_log",
    "read",
    "recordings",
]
