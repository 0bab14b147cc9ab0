"""Cases that are reopened because their decision held an error, and decided once more."""

from __future__ import annotations

from replay.simulation.case_file import CaseFile
from replay.simulation.ending import certify, close, decide
from replay.simulation.handling import step
from replay.simulation.phrases import APPROVED, REVIEWED
from replay.simulation.working_time import OFFICE_DAY

_REASONS = ("证照信息有误，重新制证", "审批依据引用错误，重新办理", "复核发现材料遗漏，重新审查")


def reopen(case: CaseFile) -> None:
    """重新办理 some days after the closing, up to the second closing."""
    result = case.result
    case.now = max(case.now, case.closed)
    case.work(OFFICE_DAY, 12 * OFFICE_DAY)
    reviewer = case.acting(case.team.reviewers).actor
    data = {"actor": reviewer, "reason": case.chance.among(_REASONS)}
    case.add("case.reopened", case.home, data)
    case.work(1_800, 2 * OFFICE_DAY)
    step(case, "review", 4, REVIEWED.text(case.draw), case.acting(case.team.reviewers).actor)
    case.work(1_800, OFFICE_DAY)
    approver = case.acting(case.team.heads)
    step(case, "approve", 5, APPROVED.text(case.draw), approver.actor)
    decide(case, approver, granted=True)
    case.work(300, 3_600)
    clerk = case.acting(case.team.clerks).actor
    if result == "issued":
        certify(case, clerk, "counter", edition=2)
    close(case, "issued" if result == "issued" else "completed", actor=clerk)
