"""Import of XES event logs (1.0, 2.0 and IEEE 1849), streamed, as events ready to be appended."""

from replay.xes.fault import ImportFault
from replay.xes.log import read_log
from replay.xes.mapping import ActivityMapping

__all__ = ["ActivityMapping", "ImportFault", "read_log"]
