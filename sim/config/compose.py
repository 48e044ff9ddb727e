"""Compose a verb's configuration from `conf/`, the registries and what the user typed."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import yaml
from hydra import compose, initialize_config_dir
from hydra.core.config_store import ConfigStore
from hydra.core.global_hydra import GlobalHydra
from hydra.core.override_parser.overrides_parser import OverridesParser
from hydra.core.override_parser.types import Override, QuotedString
from hydra.errors import HydraException
from omegaconf import DictConfig, OmegaConf
from omegaconf.errors import OmegaConfBaseException

import sim
from sim.base.document import is_scenario_file
from sim.base.errors import UserError, unknown
from sim.config.store import NEEDED, defaults_of, only, publish, publish_family, publish_file

SCENARIO = "scenario"
DETECTOR = "detector"


def conf_folder() -> Path:
    """Where the YAML lies: inside the installed package, or beside it in a checkout."""
    package = Path(sim.__file__).parent
    installed = package / "conf"
    return installed if installed.is_dir() else package.parent / "conf"


def compose_verb(verb: str, settings: type, overrides: Sequence[str]) -> DictConfig:
    """The whole configuration of one run.

    Args:
        verb: Names the root in `conf/`.
        settings: The verb's dataclass, for the defaults of its own keys.
        overrides: What the user typed, `key=value` each.

    Raises:
        UserError: An override cannot be read, or names a key or option that is not there.
    """
    defaults = defaults_of(settings)
    ConfigStore.instance().store(f"{verb}_defaults", defaults, provider="closecall")
    publish(_groups_of(verb))
    with only(_groups_of(verb)), _hydra() as hydra:
        typed = [_published(override) for override in _parse(overrides)]
        if DETECTOR in _groups_of(verb):
            typed = [one for override in typed for one in _own_detector(hydra, override)]
        if SCENARIO in _groups_of(verb):
            publish_family(_family_of(verb, typed))
        known = _groups_of(verb)
        groups = [o for o in typed if o.key_or_group in known and _is_group(hydra, o)]
        for override in groups:
            _check_option(hydra, override)
        base = _compose(verb, [_line(o) for o in groups])
        return _compose(verb, [_line(o) if o in groups else _checked(base, o) for o in typed])


def expand_sweep(overrides: Sequence[str]) -> list[list[str]]:
    """Every combination that a multirun asks for, in the order typed.

    >>> expand_sweep(["n=1,2", "seed=3"])
    [['n=1', 'seed=3'], ['n=2', 'seed=3']]
    """
    choices = []
    for override in _parse(overrides):
        if override.is_sweep_override():
            key = override.get_key_element()
            choices.append([f"{key}={value}" for value in override.sweep_string_iterator()])
        else:
            choices.append([_line(override)])
    return [list(chosen) for chosen in itertools.product(*choices)]


def as_yaml(config: DictConfig) -> str:
    """The configuration as the YAML that is shown and saved: a list on one line."""
    text: str = yaml.dump(_container(config), Dumper=_Dumper, sort_keys=False, allow_unicode=True)
    return text


def as_values(config: DictConfig) -> dict[str, Any]:
    """The configuration as plain Python values, without the keys that still need one."""
    return {key: value for key, value in _container(config).items() if value != NEEDED}


def _container(config: DictConfig) -> dict[str, Any]:
    try:
        values = OmegaConf.to_container(config, resolve=True)
    except OmegaConfBaseException as error:
        raise UserError(" ".join(str(error).split())) from None
    assert isinstance(values, dict)
    return {str(key): value for key, value in values.items()}


class _Dumper(yaml.SafeDumper):
    """Lists in flow style, as they are typed: gap: [lognormal, 9.57, 0.97]."""


_Dumper.add_representer(
    list, lambda dumper, value: dumper.represent_sequence("tag:yaml.org,2002:seq", value, True)
)


def _groups_of(verb: str) -> dict[str, str | None]:
    """The groups in the table of contents of a verb's root file, with their usual options."""
    root = yaml.safe_load((conf_folder() / f"{verb}.yaml").read_text(encoding="utf-8"))
    listed = root.get("defaults", [])
    return {group: usual for e in listed if isinstance(e, dict) for group, usual in e.items()}


def _family_of(verb: str, typed: Sequence[Override]) -> str:
    """The option of the group `scenario` that will be taken; its node has to be whole."""
    chosen = [str(o.value()) for o in typed if o.key_or_group == SCENARIO]
    return chosen[-1] if chosen else str(_groups_of(verb)[SCENARIO])


@contextmanager
def _hydra() -> Iterator[GlobalHydra]:
    with initialize_config_dir(str(conf_folder().resolve()), version_base="1.3"):
        yield GlobalHydra.instance()


def _parse(overrides: Sequence[str]) -> list[Override]:
    parser = OverridesParser.create()
    typed = []
    for text in overrides:
        try:
            override = parser.parse_override(text)
        except HydraException:
            raise UserError(
                f"{text!r}: expected key=value; quote a value that holds one of , ( ) [ ] {{ }} "
                "as \"key='value'\""
            ) from None
        if override.is_delete() or override.is_add():
            raise UserError(f"{text!r}: keys can be set, not added or removed; write key=value")
        typed.append(override)
    return typed


def _published(override: Override) -> Override:
    """`scenario=FILE` becomes the option that the file was published as."""
    if override.key_or_group != SCENARIO or override.is_sweep_override():
        return override
    value = override.value()
    text = str(value.text) if isinstance(value, QuotedString) else str(value)
    if not is_scenario_file(text):
        return override
    return _parse([f"{SCENARIO}={publish_file(text)}"])[0]


def _own_detector(hydra: GlobalHydra, override: Override) -> list[Override]:
    """`detector=NAME` of a detector without a YAML file names the only detector of the study."""
    chosen = override.value()
    if override.key_or_group != DETECTOR or not isinstance(chosen, str):
        return [override]
    options = hydra.config_loader().get_group_options(DETECTOR)
    if chosen in options:
        return [override]
    from sim.learn.detectors import names  # here, as it loads scikit-learn

    if ":" not in chosen and chosen not in names():
        known = sorted({*options, *names()})
        raise UserError(f"{unknown(DETECTOR, chosen, known)}, or module:function")
    return _parse([f"study.detectors=[{chosen}]", "study.spot_detectors=[]"])


def _line(override: Override) -> str:
    return str(override.input_line)


def _is_group(hydra: GlobalHydra, override: Override) -> bool:
    return bool(hydra.config_loader().get_group_options(override.key_or_group))


def _check_option(hydra: GlobalHydra, override: Override) -> None:
    group = override.key_or_group
    options = hydra.config_loader().get_group_options(group)
    chosen = override.value()
    if not isinstance(chosen, str) or chosen not in options:
        own = Path("families", f"{chosen}.py")
        if group == SCENARIO and own.is_file():
            told = "export CLOSECALL_FAMILIES=families lets every verb look there"
            raise UserError(f"scenario: {chosen!r} is no family; there is {own}: {told}")
        raise unknown(group, str(chosen), options)


def _checked(base: DictConfig, override: Override) -> str:
    """The override, if its key is there; an empty mapping is open for the user's own keys."""
    node: Any = base
    path = override.key_or_group.split(".")
    for depth, name in enumerate(path):
        if not isinstance(node, DictConfig) or name not in list(node):
            prefix = ".".join(path[:depth])
            known = [f"{prefix}.{key}" if prefix else str(key) for key in _names(node)]
            raise unknown("key", override.key_or_group, known)
        node = None if OmegaConf.is_missing(node, name) else node[name]
    if override.is_sweep_override():
        raise UserError(f"{_line(override)}: several values need -m, which runs them one by one")
    return f"++{_line(override)}" if node == {} else _line(override)


def _names(node: Any) -> list[str]:
    return [str(key) for key in node] if isinstance(node, DictConfig) else []


def _compose(verb: str, overrides: list[str]) -> DictConfig:
    try:
        return compose(verb, overrides=overrides)
    except (HydraException, OmegaConfBaseException) as error:
        raise UserError(" ".join(str(error).split())) from None
