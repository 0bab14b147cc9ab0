"""How the process looks for garbage: seldom, as most of what it allocates has no cycles."""

from __future__ import annotations

import gc


def collect_seldom() -> None:
    """What is loaded now is never looked at again for cycles; what comes after, every 50,000
    allocations. Called once by an entry point, after its imports."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
