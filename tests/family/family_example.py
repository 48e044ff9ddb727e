"""A scenario file that says all that one can say."""

GOOD = """\
closecall: logical/1
name: wet_cut_in
base: cut_in
title: A cut-in on a wet road
distributions:
  gap: [lognormal, 7.0, 0.6]
  speed: [given, start, [3], [[uniform, 5, 10], 20]]
correlations: [[across, gap, 0.4]]
constraints: ["gap > 0.2 * speed", "headway[0] < 3.5"]
expect:
  danger: [0.1, 0.9]
  always: ["min_ttc_s >= 0"]
  never: ["collided and gap > 60"]
fitted: {on: [us101], n: 31, ks: {p: 0.4}}
"""
