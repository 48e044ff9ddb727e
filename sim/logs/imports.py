"""`closecall import`: recordings of any known format into one folder of ours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sim.base.errors import expected
from sim.base.store import (
    MANIFEST,
    claim_folder,
    describe_file,
    read_json,
    software_version,
    write_json,
    write_parquet,
)
from sim.logs.dropped import Dropped
from sim.logs.findings import Finding, findings_text
from sim.logs.folder import Read, iter_logs
from sim.logs.recordings import Folder, find

EXAMINED = "examined.json"
"""Name of the file with an import's findings, each as `Finding.as_dict`."""


@dataclass(frozen=True)
class Imported:
    """What was read of one site.

    Attributes:
        recordings: How many.
        rows: Rows of road users kept.
        hours: Of road users, over all recordings [h].
        dropped: What was left out.
    """

    recordings: int = 0
    rows: int = 0
    hours: float = 0.0
    dropped: Dropped = field(default_factory=Dropped)

    def __add__(self, other: Imported) -> Imported:
        return Imported(
            self.recordings + other.recordings,
            self.rows + other.rows,
            self.hours + other.hours,
            self.dropped + other.dropped,
        )


def import_folder(
    root: Path,
    out: Path,
    *,
    sites: Sequence[str] = (),
    groups: Sequence[str] = (),
    columns: Mapping[str, str] | None = None,
    examine: bool = True,
) -> Path:
    """Read the recordings under `root` and write them to `out`, one shard each.

    Args:
        root: As for `recordings`, like `sites`, `groups` and `columns`.
        out: A new or empty folder.
        sites: Only these.
        groups: Only these.
        columns: Column map of tidy tables.
        examine: Whether what cannot be believed is left out.

    Returns:
        `out`, with `manifest.json`, `episodes/*.parquet`, `tracks/*.parquet` and, if examined,
        `examined.json`.

    Raises:
        UserError: A recording cannot be read, `out` is occupied, or the examination leaves
            nothing.
    """
    folder = find(root, sites=sites, groups=groups, columns=columns)
    claim_folder(out)
    files: list[dict[str, object]] = []
    totals: dict[str, Imported] = {}
    recorded: list[dict[str, object]] = []
    findings: list[Finding] = []
    for each in iter_logs(root, sites=sites, groups=groups, columns=columns, examine=examine):
        findings += each.findings
        if each.left_out:
            continue
        files += _write(each, out, len(recorded))
        recorded.append(_entry(each))
        site = each.recording.site
        totals[site] = totals.get(site, Imported()) + _imported(each)
    if not recorded and findings:
        told = f"none of {len(folder.recordings)}: {findings[0].reason}"
        raise expected("recordings", "one to believe (examine=false keeps all)", told)
    if examine:
        write_json({"findings": [each.as_dict() for each in findings]}, out / EXAMINED)
    write_json(_manifest(root, folder, files, recorded, totals), out / MANIFEST)
    return out


def import_summary(out: Path) -> str:
    """What an import read and left out, a line a site and a line a kind of finding."""
    manifest = read_json(out / MANIFEST)
    if manifest.get("kind") != "import":
        raise expected("manifest", "that of an import", manifest.get("kind"), where=str(out))
    lines = []
    for site, told in manifest["sites"].items():
        lines.append(
            f"{site}: {told['recordings']} recordings, {told['rows']:,} rows, "
            f"{told['hours']:.2f} road-user hours; left out or changed: "
            f"{Dropped(**told['dropped']).text()}"
        )
    lines += _examination(out)
    skipped = manifest["skipped"]
    if skipped:
        first = f"{skipped[0]['path']}: {skipped[0]['reason']}"
        lines.append(f"{len(skipped)} files skipped, as {first}")
    return "\n".join(lines)


def _examination(out: Path) -> list[str]:
    """One line a kind of finding; one in all where there is none."""
    if not (out / EXAMINED).is_file():
        return ["not examined"]
    findings = [Finding(**each) for each in read_json(out / EXAMINED)["findings"]]
    lines = findings_text(findings)
    return [f"examined, {line}" for line in lines] or ["examined, nothing found"]


def _write(each: Read, out: Path, number: int) -> list[dict[str, object]]:
    name = f"{number:05d}.parquet"
    files = []
    for kind, table in (("episodes", each.log.episodes), ("tracks", each.log.tracks)):
        path = write_parquet(table, out / kind / name)
        files.append(describe_file(path, out, len(table)))
    return files


def _entry(each: Read) -> dict[str, object]:
    return {
        "episode_id": each.recording.episode_id,
        "group": each.recording.group,
        "format": each.recording.format,
        "rows": len(each.log.tracks),
        "dropped": each.dropped.counts(),
    }


def _imported(each: Read) -> Imported:
    rows = len(each.log.tracks)
    return Imported(1, rows, rows * 0.1 / 3600.0, each.dropped)


def _manifest(
    root: Path,
    folder: Folder,
    files: list[dict[str, object]],
    recorded: list[dict[str, object]],
    totals: Mapping[str, Imported],
) -> dict[str, object]:
    sites = {
        site: {
            "recordings": told.recordings,
            "rows": told.rows,
            "hours": told.hours,
            "dropped": told.dropped.counts(),
        }
        for site, told in totals.items()
    }
    skipped = [{"path": str(s.path), "reason": s.reason} for s in folder.skipped]
    return {
        "schema": 1,
        "kind": "import",
        "version": software_version(),
        "root": str(root),
        "sites": sites,
        "recordings": recorded,
        "skipped": skipped,
        "files": files,
    }
