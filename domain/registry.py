"""The closed registry of event types. A stored name is looked up here and imports nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from domain.errors import UnknownEventType
from domain.events import (
    authority,
    bundle,
    catalogue,
    clock,
    closing,
    commitment,
    complaint,
    correction,
    decision,
    delivery,
    fee,
    finding,
    intake,
    intermediary,
    person,
    queue,
    rating,
    record,
    remedy,
    review,
    sharing,
    source,
    supervision,
    task,
    trial,
    warning,
)
from domain.events.rules import Rule, named_event, reasoned_result, whole_shares
from domain.events.values import EventData
from domain.subjects import ANY_SUBJECT, SubjectKind

CASE: Final = frozenset((SubjectKind.CASE,))
ITEM: Final = frozenset((SubjectKind.ITEM,))
HALL: Final = frozenset((SubjectKind.HALL,))
SOURCE: Final = frozenset((SubjectKind.SOURCE,))
OFFICER: Final = frozenset((SubjectKind.OFFICER,))
TICKET: Final = frozenset((SubjectKind.TICKET,))
WINDOW: Final = frozenset((SubjectKind.WINDOW, SubjectKind.HALL))
BUNDLE: Final = frozenset((SubjectKind.BUNDLE,))
AGENCY: Final = frozenset((SubjectKind.AGENCY,))
TASK: Final = frozenset((SubjectKind.TASK,))
PERSON: Final = frozenset((SubjectKind.PERSON,))
HOLD: Final = frozenset((SubjectKind.PERSON, SubjectKind.CASE))
AUDIT: Final = frozenset((SubjectKind.AUDIT,))
SUPERVISION: Final = frozenset((SubjectKind.CASE, SubjectKind.AUDIT))
INQUIRY: Final = frozenset((SubjectKind.CALL, SubjectKind.CASE))
OPINION: Final = frozenset(
    (
        SubjectKind.CASE,
        SubjectKind.TICKET,
        SubjectKind.HALL,
        SubjectKind.CALL,
        SubjectKind.WINDOW,
    )
)


@dataclass(frozen=True, slots=True)
class EventType:
    """One type of event: its stable name, its Chinese name, the model of its `data`, the version
    of that model, the kinds of subject that it may have, and the rules about its data that no
    field of the model states alone."""

    name: str
    chinese: str
    model: type[EventData]
    subjects: frozenset[SubjectKind] = CASE
    rules: tuple[Rule, ...] = ()
    schemaversion: int = 1


_TYPES: Final = (
    EventType("item.published", "事项发布", catalogue.ItemPublished, ITEM),
    EventType("hall.published", "大厅", catalogue.HallPublished, HALL),
    EventType("source.registered", "来源登记", source.SourceRegistered, SOURCE),
    EventType("source.outage", "停机", source.SourceOutage, SOURCE),
    EventType("duty.recorded", "值班/休假", authority.DutyRecorded, OFFICER),
    EventType("case.received", "收件", intake.CaseReceived),
    EventType("case.prereviewed", "预审", intake.CasePrereviewed),
    EventType("case.taken", "签收", intake.CaseTaken),
    EventType("correction.requested", "补正告知", correction.CorrectionRequested),
    EventType("correction.received", "补正收件", correction.CorrectionReceived),
    EventType("case.accepted", "受理", intake.CaseAccepted),
    EventType("gap.filled", "容缺补齐", intake.GapFilled),
    EventType("case.declined", "不受理/不予受理", intake.CaseDeclined),
    EventType("case.handed_off", "转办/流转", review.CaseHandedOff),
    EventType("step.started", "环节开始", review.StepStarted),
    EventType("step.completed", "环节完成", review.StepCompleted),
    EventType("branch.opened", "并联开始", review.BranchOpened),
    EventType("branch.returned", "并联反馈", review.BranchReturned),
    EventType("clock.suspended", "特别程序开始", clock.ClockSuspended),
    EventType("clock.resumed", "特别程序结束", clock.ClockResumed),
    EventType("deadline.extension_requested", "报延", clock.DeadlineExtensionRequested),
    EventType("deadline.extended", "延期", clock.DeadlineExtended),
    EventType("decision.made", "审批决定", decision.DecisionMade),
    EventType("decision.revoked", "撤销许可", decision.DecisionRevoked),
    EventType("certificate.issued", "制证/出证", delivery.CertificateIssued),
    EventType("result.dispatched", "寄出", delivery.ResultDispatched),
    EventType("result.delivered", "送达、领取", delivery.ResultDelivered),
    EventType("case.closed", "办结", closing.CaseClosed, rules=(reasoned_result,)),
    EventType("case.reopened", "重新办理", closing.CaseReopened),
    EventType("case.withdrawn", "撤回", closing.CaseWithdrawn),
    EventType("case.voided", "作废", closing.CaseVoided),
    EventType("trial.opened", "模拟审批开始", trial.TrialOpened),
    EventType("trial.concluded", "模拟审批结论", trial.TrialConcluded),
    EventType("trial.converted", "模拟审批转正式", trial.TrialConverted),
    EventType("bundle.opened", "一件事", bundle.BundleOpened, BUNDLE),
    EventType("agent.assigned", "代办", review.AgentAssigned),
    EventType("commitment.signed", "告知承诺", commitment.CommitmentSigned),
    EventType("commitment.checked", "事后核查", commitment.CommitmentChecked),
    EventType("fee.charged", "收费", fee.FeeCharged),
    EventType("licence.used", "电子证照使用", sharing.LicenceUsed),
    EventType("licence.rejected", "电子证照不予采用", sharing.LicenceRejected),
    EventType("share.called", "数据共享", sharing.ShareCalled),
    EventType("intermediary.engaged", "中介选取", intermediary.IntermediaryEngaged),
    EventType("intermediary.reported", "中介成果", intermediary.IntermediaryReported),
    EventType("intermediary.sanctioned", "中介处理", intermediary.IntermediarySanctioned, AGENCY),
    EventType("ticket.issued", "取号", queue.TicketIssued, TICKET),
    EventType("ticket.called", "叫号", queue.TicketCalled, TICKET),
    EventType("ticket.served", "服务", queue.TicketServed, TICKET),
    EventType("ticket.abandoned", "过号", queue.TicketAbandoned, TICKET),
    EventType("window.opened", "开窗", queue.WindowOpened, WINDOW),
    EventType("window.closed", "关窗", queue.WindowClosed, WINDOW),
    EventType("rating.submitted", "评价", rating.RatingSubmitted, OPINION),
    EventType("rating.rectified", "差评整改", rating.RatingRectified, OPINION),
    EventType("complaint.filed", "投诉", complaint.ComplaintFiled, OPINION),
    EventType("complaint.resolved", "投诉办结", complaint.ComplaintResolved, OPINION),
    EventType("inquiry.logged", "12345 来电", complaint.InquiryLogged, INQUIRY),
    EventType("inquiry.dispatched", "12345 转办", complaint.InquiryDispatched, INQUIRY),
    EventType("inquiry.closed", "12345 办结", complaint.InquiryClosed, INQUIRY),
    EventType("record.corrected", "更正", record.RecordCorrected, ANY_SUBJECT, (named_event,)),
    EventType("record.retracted", "撤回记录", record.RecordRetracted, ANY_SUBJECT, (named_event,)),
    EventType("authority.granted", "授权", authority.AuthorityGranted, OFFICER),
    EventType("authority.ended", "授权终止", authority.AuthorityEnded, OFFICER),
    EventType("warning.raised", "预警/黄牌/红牌", warning.WarningRaised),
    EventType("warning.answered", "预警反馈", warning.WarningAnswered),
    EventType("warning.appealed", "申诉", warning.WarningAppealed),
    EventType("warning.revoked", "撤牌", warning.WarningRevoked),
    EventType("supervision.opened", "督办", supervision.SupervisionOpened, SUPERVISION),
    EventType("supervision.closed", "督办办结", supervision.SupervisionClosed, SUPERVISION),
    EventType(
        "responsibility.assigned",
        "责任划分(建议)",
        supervision.ResponsibilityAssigned,
        rules=(whole_shares,),
    ),
    EventType("finding.recorded", "疑点登记", finding.FindingRecorded, AUDIT),
    EventType("finding.explained", "疑点说明", finding.FindingExplained, AUDIT),
    EventType("finding.closed", "疑点办结", finding.FindingClosed, AUDIT),
    EventType("task.opened", "监督任务", task.TaskOpened, TASK),
    EventType("task.closed", "监督任务结束", task.TaskClosed, TASK),
    EventType("access.logged", "查阅留痕", task.AccessLogged, AUDIT),
    EventType("contact.logged", "过问登记", task.ContactLogged, AUDIT),
    EventType("person.erased", "个人信息删除", person.PersonErased, PERSON),
    EventType("person.restricted", "个人信息限制处理", person.PersonRestricted, PERSON),
    EventType("hold.placed", "个人信息保全", person.HoldPlaced, HOLD),
    EventType("hold.lifted", "个人信息保全解除", person.HoldLifted, HOLD),
    EventType("remedy.filed", "复议/诉讼", remedy.RemedyFiled),
    EventType("remedy.decided", "复议/诉讼结果", remedy.RemedyDecided),
)

EVENT_TYPES: Final[Mapping[str, EventType]] = MappingProxyType({kind.name: kind for kind in _TYPES})


def event_type(name: str) -> EventType:
    """The type called `name`; raises UnknownEventType if this program does not know it."""
    try:
        return EVENT_TYPES[name]
    except KeyError:
        raise UnknownEventType(name) from None
