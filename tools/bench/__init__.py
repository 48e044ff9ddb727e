"""How fast Closecall is beside its peers, on one core and in the same minute.

`python -m tools.bench` installs the peers into environments of their own under `.bench/`, starts
a child for each and one for ours, and measures all of them in turn, round after round, so that a
slow minute of the machine falls on everybody. Children speak JSON lines (`worker`, `child`).

This module and what peers import (`worker`, `traffic`) need the standard library only.
"""
