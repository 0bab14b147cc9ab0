from typing import Any

from domain.recorded import RecordedEvent


class History:
    """The stored events of one subject, in order: position = version = 1, 2, 3 …

    Times without a date are on 2 March 2026, times without an offset in Asia/Shanghai; an event
    is recorded at its time unless said otherwise.
    """

    def __init__(self, subject: str = "440306-20260302-000123", source: str = "/s") -> None:
        self.subject = subject
        self.source = source
        self.events: list[RecordedEvent] = []

    def add(
        self, type: str, time: str = "09:00", /, *, recorded: str | None = None, **data: Any
    ) -> "History":
        version = len(self.events) + 1
        if "from_" in data:
            data["from"] = data.pop("from_")
        event = {
            "id": f"e{version}",
            "source": self.source,
            "type": type,
            "subject": self.subject,
            "time": moment(time),
            "recordedat": moment(time if recorded is None else recorded),
            "data": data,
            "position": version,
            "version": version,
            "schemaversion": 1,
        }
        self.events.append(RecordedEvent.from_json(event))
        return self

    def ref(self, version: int) -> dict[str, str]:
        return {"source": self.source, "id": f"e{version}"}

    def correct(self, version: int, *, reason: str = "录入有误", **patch: Any) -> "History":
        return self.add("record.corrected", ref=self.ref(version), patch=patch, reason=reason)

    def retract(self, version: int) -> "History":
        return self.add("record.retracted", ref=self.ref(version), reason="误报")


def moment(text: str) -> str:
    """`09:00`, `03-04`, `03-04T09:00` or a full text, as a full RFC 3339 text."""
    if text[2:3] == ":":
        text = f"03-02T{text}"
    if text[2:3] == "-":
        text = f"2026-{text}"
    if "T" not in text:
        text = f"{text}T09:00"
    if text[-3:-2] == ":" and len(text) == len("2026-03-02T09:00"):
        text = f"{text}:00+08:00"
    return text
