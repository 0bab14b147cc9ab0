"""The eventsourcing library's Application, repository and snapshots on the ledger.

The library's aggregate is our fold: a Case is rebuilt by `domain.case.evolve`, event by event, from
what the recorder reads. A stored topic never imports anything: it is looked up in the registry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from eventsourcing.application import Application
from eventsourcing.domain import DomainEventProtocol
from eventsourcing.persistence import (
    ApplicationRecorder,
    InfrastructureFactory,
    Mapper,
    StoredEvent,
)
from eventsourcing.postgres import PostgresFactory
from eventsourcing.utils import Environment, EnvType

from domain.case import Case, evolve
from domain.errors import EventRefused, Fault, UndecodableEvent
from domain.recorded import RecordedEvent
from domain.registry import event_type
from ledger.case_ledger import CaseLedger
from ledger.preparation import Preparation
from ledger.prepared import Refusal
from ledger.recorder import LedgerRecorder, TemplateEvent


@dataclass(frozen=True)
class CaseEvent:
    """A domain event of the library: an event of a case at a version of it.

    `event` is the CloudEvent as a source sends it; `recorded` is set on events that were read back.
    """

    originator_id: str
    originator_version: int
    event: Mapping[str, Any]
    recorded: RecordedEvent | None = None


@dataclass(frozen=True)
class CaseAggregate:
    """A case as the library handles it: `id` and `version` beside the folded state."""

    id: str
    version: int
    case: Case


class CaseMapper(Mapper[str]):
    """Turns a CloudEvent into a template of stored bytes, validated and sealed, and back."""

    def __init__(self, preparation: Preparation) -> None:
        self._preparation = preparation

    def to_stored_event(self, domain_event: DomainEventProtocol[str]) -> StoredEvent:
        """The event ready to be recorded. Raises EventRefused for one that cannot be taken."""
        event = cast(CaseEvent, domain_event)
        prepared = self._preparation.prepare([orjson.dumps(dict(event.event))])[0]
        if isinstance(prepared, Refusal):
            raise EventRefused(list(prepared.faults))
        if prepared.subject != event.originator_id:
            raise EventRefused([Fault("subject", event.originator_id, prepared.subject)])
        return TemplateEvent(
            originator_id=event.originator_id,
            originator_version=event.originator_version,
            topic=str(event.event["type"]),
            state=prepared.template[0],
            template=prepared.template,
            identity=prepared.identity,
            content=prepared.content,
        )

    def to_domain_event(self, stored_event: StoredEvent) -> CaseEvent:
        """The event read back. Raises UnknownEventType, UndecodableEvent."""
        event_type(stored_event.topic)
        try:
            recorded = RecordedEvent.from_json(orjson.loads(stored_event.state))
        except orjson.JSONDecodeError as error:
            raise UndecodableEvent(None, "bytes that are not JSON") from error
        return CaseEvent(
            str(stored_event.originator_id),
            stored_event.originator_version,
            recorded.attributes,
            recorded,
        )


def project_case(
    aggregate: CaseAggregate | None, domain_events: Iterable[CaseEvent]
) -> CaseAggregate | None:
    """The library's projector function: fold further events into a case; None without any."""
    for event in domain_events:
        assert event.recorded is not None
        before = Case(event.originator_id) if aggregate is None else aggregate.case
        case = evolve(before, event.recorded)
        aggregate = CaseAggregate(event.originator_id, event.originator_version, case)
    return aggregate


class LedgerFactory(PostgresFactory):
    """The library's infrastructure on an open ledger: its pool and its recorder."""

    application_recorder_class = LedgerRecorder

    def __init__(self, env: Environment, ledger: CaseLedger) -> None:
        InfrastructureFactory.__init__(self, env)
        self._ledger = ledger
        self.datastore = ledger.recorder.datastore

    def application_recorder(self) -> ApplicationRecorder:
        """The ledger's own recorder."""
        return self._ledger.recorder

    def close(self) -> None:
        """Nothing: the pool belongs to the ledger."""


class CaseApplication(Application[str]):
    """An eventsourcing Application whose aggregates are cases of an open ledger."""

    def __init__(self, ledger: CaseLedger, env: EnvType | None = None) -> None:
        self._ledger = ledger
        super().__init__(env)

    def construct_factory(self, env: Environment) -> InfrastructureFactory[Any]:
        """Infrastructure on the open ledger."""
        return LedgerFactory(env, self._ledger)

    def construct_mapper(self) -> Mapper[str]:
        """A mapper that validates and seals."""
        return CaseMapper(self._ledger.preparation)

    def case(self, number: str, version: int | None = None) -> Case:
        """The case, at a version of it if given. Raises the library's AggregateNotFoundError."""
        aggregate: CaseAggregate = self.repository.get(
            number, version=version, projector_func=project_case
        )
        return aggregate.case
