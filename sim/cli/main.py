"""The command `closecall VERB [key=value ...]`: find the verb, compose, run, mind the exit code.

Exit codes: 0 done, 2 the user's mistake told in one line, 1 a fault of ours, 130 interrupted.
"""

from __future__ import annotations

import ast
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

from sim.base.document import is_scenario_file
from sim.base.errors import UserError, safe, unknown
from sim.base.store import software_version

USAGE = """\
closecall: would simulated edge cases make your danger detector better?

Usage: closecall VERB [key=value ...]

{verbs}

closecall VERB --help      what a verb does, with examples and all its keys
closecall VERB --cfg job   the configuration that would run, without running it
closecall VERB -m k=1,2    run once for each combination of the values
closecall --version
"""


@dataclass(frozen=True)
class Call:
    """What was typed behind the verb, sorted into its parts."""

    overrides: list[str] = field(default_factory=list)
    positionals: list[str] = field(default_factory=list)
    show: bool = False
    sweep: bool = False


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line; returns the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if argv is None:
        warnings.showwarning = _warn
    try:
        return _dispatch(words)
    except UserError as error:
        return _complain(str(error), 2)
    except KeyboardInterrupt:
        return _complain("interrupted", 130)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        if error.filename is None and error.errno is None:
            raise
        place = f"{error.filename}: " if error.filename else ""
        return _complain(f"{place}{error.strerror or error}", 2)
    except Exception:
        traceback.print_exc()
        return _complain("this is a fault of Closecall's, not yours; please report it", 1)


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    """A warning in one line: the place in our code is nothing to the user."""
    print(f"closecall: warning: {' '.join(str(message).split())}", file=sys.stderr, flush=True)


def verb_names() -> list[str]:
    """All verbs, by their files."""
    folder = files("sim.cli.verbs")
    names = [Path(item.name).stem for item in folder.iterdir() if item.name.endswith(".py")]
    return sorted(name.rstrip("_") for name in names if name != "__init__")


def _dispatch(words: list[str]) -> int:
    if not words or words[0] in ("-h", "--help", "help"):
        print(USAGE.format(verbs=_summaries()), end="")
        return 0
    if words[0] in ("-V", "--version"):
        print(f"closecall {software_version()}")
        return 0
    verb = words[0]
    if verb not in verb_names():
        raise unknown("verb", verb, verb_names())
    if any(word in ("-h", "--help") for word in words):
        return _help(verb)
    module = _module(verb)
    call = _sort(words[1:], getattr(module, "SWITCHES", ()))
    return _run_sweep(verb, module, call) if call.sweep else _run_one(verb, module, call)


def _run_one(verb: str, module: ModuleType, call: Call) -> int:
    from sim.config.compose import as_values, as_yaml, compose_verb
    from sim.config.parse import parse

    config = compose_verb(verb, module.Settings, _overrides(module, call))
    if call.show:
        print(as_yaml(config), end="")
        return 0
    settings = parse(module.Settings, as_values(config))
    _tell_of_compiling()
    result = module.run(settings, as_yaml(config))
    if result is not None:
        sys.stderr.flush()
        print(result)
    return 0


@cache
def _tell_of_compiling() -> None:
    """Say once why the first run after an install is silent for so long."""
    from sim.base.jit import when_compiling

    when_compiling(_say_compiling)


@cache
def _say_compiling() -> None:
    print("closecall: compiling, once: about half a minute", file=sys.stderr, flush=True)


def _run_sweep(verb: str, module: ModuleType, call: Call) -> int:
    from sim.config.compose import expand_sweep

    combinations = expand_sweep(_overrides(module, call))
    for number, overrides in enumerate(combinations):
        parts = [_in_subfolder(text, number, len(combinations)) for text in overrides]
        print(f"[{number + 1}/{len(combinations)}] {' '.join(parts)}", file=sys.stderr)
        _run_one(verb, module, replace(call, overrides=parts, positionals=[]))
    return 0


def _in_subfolder(override: str, number: int, count: int) -> str:
    """Each run of a sweep writes to a folder of its own below `out`."""
    key, _, value = override.partition("=")
    if key != "out":
        return override
    value = value.strip("'\"")
    return f"out='{value}/{number:0{len(str(count - 1))}d}'"


def _sort(words: list[str], switches: Sequence[str] = ()) -> Call:
    overrides, positionals, flags = [], [], set()
    rest = iter(words)
    for word in rest:
        if word in ("-m", "--multirun"):
            flags.add("m")
        elif word in ("-c", "--cfg"):
            if next(rest, None) != "job":
                raise UserError(f"{word}: expected 'job', as in: closecall VERB --cfg job")
            flags.add("c")
        elif word.removeprefix("--") in switches and word.startswith("--"):
            overrides.append(f"{word[2:]}=true")
        elif word.startswith("-"):
            known = ["--help", "--cfg job", "-m", *(f"--{name}" for name in switches)]
            raise unknown("option", word, known)
        elif "=" in word and not Path(word).exists():
            overrides.append(word)
        else:
            positionals.append(word)
    return Call(overrides, positionals, "c" in flags, "m" in flags)


def _overrides(module: ModuleType, call: Call) -> list[str]:
    typed = [_quote_path(module, text) for text in call.overrides]
    if not call.positionals:
        return typed
    key = getattr(module, "POSITIONAL", None)
    if key is None or len(call.positionals) > 1:
        extra = call.positionals[-1]
        raise UserError(f"{extra!r}: expected key=value; see closecall VERB --help")
    return [_quote_path(module, f"{key}={call.positionals[0]}"), *typed]


def _quote_path(module: ModuleType, text: str) -> str:
    """Quote the values of path keys, so that any file name can be typed without thought."""
    key, _, value = text.partition("=")
    one = "," not in value or Path(value).is_file()  # else several of a sweep
    named = key == "scenario" and is_scenario_file(value) and one
    if not named and key not in getattr(module, "PATHS", ()):
        return text
    if value[:1] in ("'", '"') or value == "null":
        return text
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    return f"{key}='{escaped}'"


def _module(verb: str) -> ModuleType:
    name = verb if (files("sim.cli.verbs") / f"{verb}.py").is_file() else f"{verb}_"
    return import_module(f"sim.cli.verbs.{name}")


def _docstring(verb: str) -> str:
    # Read, not imported: the help page of all verbs would else load every library (3 s).
    folder = files("sim.cli.verbs")
    source = folder / f"{verb}.py"
    if not source.is_file():
        source = folder / f"{verb}_.py"
    return ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or ""


def _summaries() -> str:
    names = verb_names()
    width = max(map(len, names))
    return "\n".join(f"  {name:<{width}}  {_docstring(name).splitlines()[0]}" for name in names)


def _help(verb: str) -> int:
    from sim.config.compose import as_yaml, compose_verb

    print(f"closecall {verb}: {_docstring(verb)}\n\nKeys and their defaults:\n")
    text = as_yaml(compose_verb(verb, _module(verb).Settings, []))
    print("\n".join("  " + line for line in text.splitlines()))
    return 0


def _complain(message: str, code: int) -> int:
    line = safe(" ".join(message.split())) if code == 2 else message
    print(f"closecall: {line}", file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
