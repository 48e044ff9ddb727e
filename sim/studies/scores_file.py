"""The scores of the judged arms as a file, so that others can compute every metric again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.base.store import write_atomically
from sim.features import FeatureTable
from sim.studies.data import StudyData
from sim.studies.jobs import Scored

SCORES_SCHEMA = pa.schema(
    [
        ("site", pa.dictionary(pa.int32(), pa.string())),
        ("recording", pa.dictionary(pa.int32(), pa.string())),
        ("ego_id", pa.int64()),
        ("t_s", pa.float64()),
        ("y", pa.bool_()),
        ("use", pa.bool_()),
        ("weight", pa.float64()),
        ("arm", pa.dictionary(pa.int32(), pa.string())),
        ("detector", pa.dictionary(pa.int32(), pa.string())),
        ("seed", pa.int64()),
        ("score", pa.float32()),
    ]
)
"""One row a scored row of the test recordings, arm, detector and seed. Metrics are computed from
the scores as they stand here, in float32."""


def write_scores(scores: Sequence[Scored], data: StudyData, path: Path) -> Path:
    """Write the scores of the judged arms at the largest fraction; returns the path.

    Args:
        scores: Of the rows in use of the test table.
        data: Holds that table.
        path: Of the Parquet file.
    """

    def write(part: Path) -> None:
        with pq.ParquetWriter(part, SCORES_SCHEMA, compression="zstd") as writer:
            for batch in _batches(scores, data):
                writer.write_batch(batch)

    return write_atomically(path, write)


def conflict_table(data: StudyData) -> pd.DataFrame:
    """The conflicts of the test recordings, with site and recording.

    Those that are `observable` can be caught; an alarm before any of them is not false.
    """
    site = dict(zip(data.test.episode_names, data.test.episode_site))
    named = data.test.events.rename(columns={"episode_id": "recording"}).reset_index(drop=True)
    named.insert(0, "site", [site[str(name)] for name in named["recording"]])
    return named


def _batches(scores: Sequence[Scored], data: StudyData) -> Iterator[pa.RecordBatch]:
    used = data.test.take(data.test.use)
    regime = {site.name: site.regime for site in data.sites}
    of_row = np.array([regime[name] for name in used.episode_site])[used.episode]
    shared = {name: _shared(used, np.flatnonzero(of_row == name)) for name in data.regimes}
    for scored in scores:
        at = np.flatnonzero(of_row == scored.regime)
        columns = [
            *shared[scored.regime],
            _constant(scored.arm, len(at)),
            _constant(scored.detector, len(at)),
            pa.array(np.full(len(at), scored.seed)),
            pa.array(scored.score[at]),
        ]
        yield pa.record_batch(columns, schema=SCORES_SCHEMA)


def _shared(rows: FeatureTable, at: NDArray[np.int64]) -> list[pa.Array]:
    """The columns that are alike for every arm."""
    episode = rows.episode[at].astype(np.int32)
    return [
        _coded(np.array(rows.episode_site, dtype=object), episode),
        _coded(np.array(rows.episode_names, dtype=object), episode),
        pa.array(rows.ego[at]),
        pa.array(rows.t[at].astype(np.float64)),
        pa.array(rows.y[at]),
        pa.array(rows.use[at]),
        pa.array(rows.weight[at].astype(np.float64)),
    ]


def _coded(names: NDArray[np.object_], index: NDArray[np.int32]) -> pa.DictionaryArray:
    known, code = np.unique(names.astype(str), return_inverse=True)
    indices = code.astype(np.int32)[index]
    return pa.DictionaryArray.from_arrays(pa.array(indices), pa.array(known.tolist()))


def _constant(value: str, count: int) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(count, np.int32)), pa.array([value]))
