"""The verbs of `closecall`: one a file, found by looking here.

A verb module offers `Settings` (a frozen dataclass, the verb's keys), `run(settings, config)`,
which returns the path of its main result or None, and, where the verb takes a name or path
without a key, `POSITIONAL`, the key that it fills. The first line of its docstring is its
summary, the rest its help.
"""
