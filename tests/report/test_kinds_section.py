"""The section by kind of danger: each kind has its row and sentence, and claims what it shows."""

from __future__ import annotations

import copy
from html.parser import HTMLParser
from typing import Any

import pytest
import report_example

from sim.report.findings import Findings
from sim.report.kind_chart import curve_table, draw_curves
from sim.report.kinds import JUDGED, kind_sentence, kinds, sentence
from sim.report.page import page
from sim.report.three_lines import three_lines

NOTHING = {"gain": None, "pays": "not measured", "pays_until": None, "saturates_at": None}
TRIED = {"tried": [0, 3, 10, 40], "pays_at": []}


def gain(value: float, half: float) -> dict[str, float]:
    ends = {"low": value - half, "high": value + half, "detectable": 1.4 * half}
    return {"difference": value, **ends}


def row(kind: str, best: dict[str, float] | None, **more: Any) -> dict[str, Any]:
    metrics = ("average_precision", "recall_at_30_fah_1s", JUDGED, "lead_time_s")
    return {
        "kind": kind,
        "regime": "new_site",
        "trained_conflicts": 40,
        "tested_conflicts": 60,
        "reason": None,
        "families": ["one", "two"],
        "best": {} if best is None else dict.fromkeys(metrics, best),
        "carried_by": None,
        "group": None,
        **NOTHING,
        **TRIED,
        **more,
    }


ROWS = [
    row(
        "lead",
        gain(0.2, 0.1),
        gain=gain(0.1, 0.2),
        pays="up to a point",
        pays_until=3,
        pays_at=[0, 3],
        saturates_at=10,
        carried_by="slow_lead",
        group={"name": "x<y", "difference": 0.1, "difference_low": 0.02, "difference_high": 0.18},
    ),
    row("cyclist", gain(0.0, 0.0), gain=gain(0.0, 0.1), pays="never"),
    row("object", None, tested_conflicts=7, reason="7 conflicts to be caught are fewer"),
]
CURVES = [
    {
        "kind": "lead",
        "regime": "new_site",
        "recorded_conflicts": n,
        "metric": JUDGED,
        "families": families,
        "labels": "best" if families == "all" else "kind",
        "without": 0.4,
        "with": 0.5,
        "difference": 0.1,
        "low": low,
        "high": 0.7,
        "detectable": 0.1,
    }
    for n, low in ((0, 0.05), (3, -0.6), (10, None))
    for families in ("all", "slow_lead")
]


@pytest.fixture
def summary() -> dict[str, Any]:
    return {**report_example.summary(), "kinds": copy.deepcopy(ROWS), "kind_curves": CURVES}


class Cells(HTMLParser):
    """The rows of all tables, a list of texts each; every tag that opens is closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.feed(text)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if "td" in self.open:
            self.rows[-1][-1] += f"{data} "


def test_every_kind_has_a_row_with_its_counts(summary: dict[str, Any]) -> None:
    found = [r for r in Cells(kinds(Findings.of(summary))).rows if r and r[0].strip()]
    chosen, own = found[: len(ROWS)], found[len(ROWS) :]
    assert [r[0].strip() for r in chosen] == ["with the lead", "with cyclists", "with objects"]
    assert [r[2].strip() for r in chosen] == ["60", "60", "7"]
    assert "sees" in chosen[0][3]
    assert chosen[0][-1].startswith("x<y")
    assert len(own) == len(ROWS)
    assert [cell.strip() for cell in own[0][2:]] == [
        *("up to 3 recorded conflicts", "10", "slow lead"),
    ]
    assert own[1][3].strip() == "not identified"
    assert "fewer" in own[2][2]


def test_a_sentence_claims_what_the_interval_shows() -> None:
    lead, cyclist, few = map(kind_sentence, ROWS)
    assert "simulation raises recall" in lead
    assert lead.endswith("helps up to 3 recorded conflicts.")
    assert "adds no simulation" in cyclist
    assert "at no number of recorded conflicts" in cyclist
    assert few == "Conflicts with objects: no answer, as 7 conflicts to be caught are fewer."
    open_ = kind_sentence(row("lead", gain(0.1, 0.2)))
    assert "is not shown to change" in open_
    assert "lowers" in kind_sentence(row("lead", gain(-0.2, 0.1)))


@pytest.mark.parametrize(
    ("at", "pays", "said"),
    [
        ([0], "up to a point", "helps with none recorded."),
        ([0, 3, 10], "up to a point", "helps up to 10 recorded conflicts."),
        ([3], "up to a point", "helps with 3 recorded, of 4 numbers tried."),
        ([3, 40], "throughout", "helps with 3 and 40 recorded, of 4 numbers tried."),
        ([0, 3, 10, 40], "throughout", "helps with all recorded, too."),
    ],
)
def test_numbers_at_which_it_helps_are_told(at: list[int], pays: str, said: str) -> None:
    one = row("lead", gain(0.1, 0.2), pays=pays, pays_at=at, pays_until=at[-1])
    assert kind_sentence(one).endswith(said)


def test_the_kinds_that_gain_are_named_once_for_each_reason() -> None:
    assert sentence(ROWS) == (
        "Simulation of the kind helps in conflicts with the lead (up to 3 recorded conflicts); "
        "the chosen recipe gains in conflicts with the lead."
    )
    assert sentence(ROWS[1:]) == "No kind is shown to gain from simulation."


def test_the_terminal_says_which_kinds_gain(summary: dict[str, Any]) -> None:
    assert (
        "By kind, at new sites: Simulation of the kind helps"
        in three_lines(Findings.of(summary))[0]
    )
    summary["kinds"] = ROWS[2:]
    assert "By kind" not in three_lines(Findings.of(summary))[0]


def test_the_section_comes_first_and_is_left_out_where_there_is_none(
    summary: dict[str, Any],
) -> None:
    titles = page(summary).split("<h2>")[1:]
    assert titles[0].startswith("By kind of danger</h2>")
    del summary["kinds"]
    assert "<h2>By kind of danger" not in page(summary)


def test_bars_are_the_level_without_and_the_interval_of_the_gain() -> None:
    table = curve_table(CURVES, "new_site", JUDGED)
    assert list(table["count"]) == [0, 0, 3, 3, 10, 10]
    bars = table[table["side"] == "with"]
    assert list(bars["low"])[:2] == pytest.approx([45.0, 0.0])
    assert list(bars["high"])[:2] == pytest.approx([100.0, 100.0])
    assert bars["low"].isna().iloc[2]
    assert table[table["side"] == "without"]["low"].isna().all()
    svg = draw_curves(CURVES, "new_site", JUDGED)
    assert svg is not None
    assert svg.count('aria-roledescription="rule mark"') == 2
    assert "recorded conflicts of the kind" in svg
    assert draw_curves(CURVES, "same_site", JUDGED) is None
