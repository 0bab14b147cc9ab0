"""XES documents for tests, as text."""


def event(
    name: str | None = "审核", time: str | None = "2026-03-02T09:30:00+08:00", more=""
) -> str:
    name_part = "" if name is None else f'<string key="concept:name" value="{name}"/>'
    time_part = "" if time is None else f'<date key="time:timestamp" value="{time}"/>'
    return f"<event>{name_part}{time_part}{more}</event>"


def trace(name: str | None, *events: str, more: str = "") -> str:
    name_part = "" if name is None else f'<string key="concept:name" value="{name}"/>'
    return f"<trace>{name_part}{more}{''.join(events)}</trace>"


def log(*traces: str, head: str = "") -> str:
    return f"<log>{head}\n" + "\n".join(traces) + "\n</log>"
