"""Write the pages that the code itself knows best, and the pictures.

Into `docs/`: a contact sheet and a description of every family, all features with their units,
the help of every verb, the tables within the other pages, and a picture of every road. Run it
after a change to any of them and commit what it wrote.
"""

from __future__ import annotations

import sys

from tools.docs import pages
from tools.docs.examples import DOCS


def main() -> int:
    """Write all pages; returns 0."""
    written = [pages.families(), pages.features(), pages.verbs()]
    for path in (*written, *pages.tables(), *pages.pictures()):
        print(path.relative_to(DOCS.parent))
    return 0


if __name__ == "__main__":
    sys.exit(main())
