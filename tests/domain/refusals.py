from typing import Any

import pytest

from domain.errors import EventRefused, Fault
from domain.reading import read_event


def refused(event: Any, *, simulated: bool = False) -> dict[str, Fault]:
    """The faults of an event that has to be refused, by path; no path has two."""
    with pytest.raises(EventRefused) as caught:
        read_event(event, simulated=simulated)
    faults = {fault.path: fault for fault in caught.value.faults}
    assert len(faults) == len(caught.value.faults)
    return faults
