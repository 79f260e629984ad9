"""``python -m sqlgen`` is ``sqlgen``."""

from __future__ import annotations

from sqlgen.cli import main

if __name__ == "__main__":
    main()
