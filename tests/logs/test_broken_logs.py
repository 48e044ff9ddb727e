"""Every broken file is told in one line that names it; none ends in another exception."""

from __future__ import annotations

import numpy as np
import pytest

from sim.base.errors import UserError
from sim.logs import load_log, read

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    "<commonRoad>&b;</commonRoad>"
)
OUTSIDE = (
    '<?xml version="1.0"?><!DOCTYPE z [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
    "<commonRoad>&a;</commonRoad>"
)


def _told(path, **how) -> str:
    with pytest.raises(UserError) as caught:
        read(path, **how)
    told = str(caught.value)
    assert "\n" not in told
    assert path.name in told or "columns" in told
    return told


def _broken_xml(text: str) -> dict[str, str]:
    return {
        "truncated": text[: len(text) // 2],
        "bomb": BOMB,
        "outside": OUTSIDE,
        "not_commonroad": '<?xml version="1.0"?><kml>commonRoad</kml>',
        "no_obstacle": '<commonRoad timeStepSize="0.1"/>',
        "no_step": text.replace('timeStepSize="0.1"', ""),
        "zero_step": text.replace('timeStepSize="0.1"', 'timeStepSize="0"'),
        "nan_position": text.replace("<x>0.0</x>", "<x>nan</x>"),
        "word_position": text.replace("<x>0.0</x>", "<x>here</x>"),
        "no_position": text.replace("<time><exact>3</exact></time>", ""),
        "no_shape": text.replace("shape>", "form>"),
        "no_size": text.replace("<length>4.5</length>", ""),
        "zero_size": text.replace("<length>4.5</length>", "<length>0</length>"),
        "far_future": text.replace("<exact>29</exact>", "<exact>99999999999</exact>"),
        "empty": "",
        "blank": " \n ",
        "garbage": "\x01\x02 no",
        "word_lanelet": text.replace("<x>-500.0</x>", "<x>left</x>"),
        "word_id": text.replace('dynamicObstacle id="1"', 'dynamicObstacle id="one"'),
    }


XML = sorted(_broken_xml(""))


@pytest.mark.parametrize("name", XML)
def test_broken_xml(name, commonroad, car, tmp_path):
    path = tmp_path / f"{name}.xml"
    path.write_text(_broken_xml(commonroad([car(1)]))[name])
    _told(path)


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_other_encodings_are_read_or_refused_in_one_line(encoding, commonroad, car, tmp_path):
    path = tmp_path / "a.xml"
    path.write_bytes(commonroad([car(1)]).replace('"T"', '"é"').encode(encoding))
    if encoding == "utf-16":
        assert len(read(path)[0].tracks) == 30
    else:
        _told(path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.drop(columns="x"), "also x"),
        (lambda t: t.drop(columns=["vx", "vy"]), "vx and vy"),
        (lambda t: t.drop(columns=["t", "frame"]), "t or frame"),
        (lambda t: t.assign(x=np.nan), "30 of 30 missing"),
        (lambda t: t.assign(x=t["x"].where(t["frame"] != 4)), "1 of 30 missing"),
        (lambda t: t.assign(y=np.inf), "30 of 30 missing"),
        (lambda t: t.assign(t=t["t"].where(t["frame"] != 9, 9e9)), "time that grows"),
        (lambda t: t.assign(t=-t["t"]), "time that grows"),
        (lambda t: t.drop(columns="frame").assign(t=t["t"] * 1e6), "at most 24 h"),
        (lambda t: t.assign(length=0.0), "sizes above 0"),
        (lambda t: t.assign(kind="hovercraft"), "hovercraft"),
        (lambda t: t.assign(track_id=0.5), "whole numbers"),
        (lambda t: t.assign(x=t["x"].astype(str).where(t["frame"] != 3, "far")), "row 5"),
        (lambda t: t.assign(recording_id=t["frame"].astype(str)), "one recording a file"),
        (lambda t: t.assign(x=t["x"] * 1e12), "within 1e8"),
        (lambda t: t.iloc[:5], "none"),
        (lambda t: t.iloc[:0], "at least one row"),
    ],
)
@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_broken_tidy_tables(suffix, change, says, tidy, car, folder):
    root = folder({f"a/run.{suffix}": change(tidy([car(1, speed=10.0)]))})
    assert says in _told(root / f"a/run.{suffix}")


def test_broken_tidy_text(tidy, car, folder):
    text = tidy([car(1)]).to_csv(index=False)
    twice = text.replace("frame,x,y", "frame,x,x")
    ragged = text + "1,2,3," * 20 + "\n"
    latin = text.replace("car", "é").encode("latin-1")
    root = folder({"twice.csv": twice, "ragged.csv": ragged, "quote.csv": text + '"'})
    (root / "latin.csv").write_bytes(latin)
    (root / "bytes.csv").write_bytes(b"track_id,x,y,frame\n\x00\xff\xfe\x01" * 9)
    for name in ("twice", "ragged", "quote", "latin", "bytes"):
        _told(root / f"{name}.csv")


def test_broken_parquet(tidy, car, folder):
    root = folder({"a.parquet": tidy([car(1)])})
    whole = (root / "a.parquet").read_bytes()
    for name, content in (("cut", whole[:-40]), ("bytes", b"\x00\x01" * 99), ("empty", b"")):
        (root / f"{name}.parquet").write_bytes(content)
        _told(root / f"{name}.parquet")
    (root / "hole.parquet").write_bytes(whole[:60] + b"\xff" * 200 + whole[260:])
    _told(root / "hole.parquet")


def test_wrong_column_maps(tidy, car, folder):
    path = folder({"a.csv": tidy([car(1)])}) / "a.csv"
    assert "did you mean 'x'" in _told(path, columns={"xx": "x"})
    assert "'lenght', did you mean 'length'" in _told(path, columns={"length": "lenght"})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda t: t.replace("Time,", "Clock,"), "Time"),
        (lambda t: t.replace("IVS", "gap"), "IVS"),
        (lambda t: t.replace("Speed", "v"), "Speed1"),
        (lambda t: t.replace("E2", "Speed1"), "Speed1 twice"),
        (lambda t: t.replace("480.3,", "480.1,"), "increase"),
        (lambda t: t.replace("480.3,", ","), "increase"),
        (lambda t: t.replace("480.3,", "99480.3,"), "increase"),
        (lambda t: t.replace("480.3,9.0", "480.3,fast"), "row"),
        (lambda t: t[: t.index("480.0")], "at least one row"),
        (lambda t: t[: t.index("480.3")], "a road user"),
        (lambda t: t.replace("9.0,", ","), "row"),
    ],
)
def test_broken_openacc(change, says, openacc, folder):
    text = openacc(np.full((30, 2), 9.0), np.full((30, 1), 20.0))
    root = folder({"a/run.csv": change(text)})
    assert says in _told(root / "a/run.csv")


def test_folders_and_nothing_where_a_file_is_wanted(tmp_path):
    (tmp_path / "a.csv").mkdir()
    assert "a folder" in _told(tmp_path / "a.csv")
    assert "nothing there" in _told(tmp_path / "b.csv")
    assert "*.txt" in _told(_write(tmp_path / "c.txt"))
    with pytest.raises(UserError, match="nothing there"):
        load_log(tmp_path / "no")


def _write(path):
    path.write_text("x")
    return path


def test_a_store_with_a_missing_half(tmp_path):
    (tmp_path / "tracks").mkdir()
    (tmp_path / "manifest.json").write_text("{}")
    with pytest.raises(UserError, match="at least one Parquet"):
        load_log(tmp_path)
    (tmp_path / "tracks" / "0.parquet").write_bytes(b"x")
    with pytest.raises(UserError, match=r"expected episodes/0\.parquet"):
        load_log(tmp_path)
