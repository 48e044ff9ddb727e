"""What is measured in logs, one kind of event a file; importing this fills the registry."""

from importlib import import_module
from pkgutil import iter_modules

for module in iter_modules(__path__):
    import_module(f"{__name__}.{module.name}")
