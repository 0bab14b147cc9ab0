"""What people write into opinions and reasons, put together from halves.

Every text is one of some dozens to some hundreds, as where people choose from templates and
change a few words; none names a person.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final

Draw = Callable[[], float]


class Phrases:
    """Texts of one kind: one of each part, one after the other."""

    __slots__ = ("_parts",)

    def __init__(self, *parts: str | Sequence[str]) -> None:
        self._parts = [part.split("|") if isinstance(part, str) else part for part in parts]

    def text(self, draw: Draw) -> str:
        """One of the texts."""
        return "".join([part[int(draw() * len(part))] for part in self._parts])


UNDERTAKEN: Final = Phrases(
    "经审查申请材料，|材料已核对，|经办初审，|已调阅系统数据比对，|经与申请人核实，|承办意见：|",
    "材料齐全|申请材料符合法定形式|所提交材料与系统数据一致|申请人具备申请条件|要件完整、内容属实|"
    "符合办理条件|信息核验无误|经比对无重复申请",
    "，拟同意|，建议予以办理|，呈审核|，请领导审核|，报科室负责人审核|。|，建议通过",
)
REVIEWED: Final = Phrases(
    "审核意见：|经复核，|审核无误，|同意承办意见，|核对材料原件后，|经科室研究，|",
    "符合规定条件|依据充分|程序合规|材料与承办意见相符|条件具备|事实清楚|适用依据正确",
    "，报批|，呈批|，同意上报审批|，建议批准|，拟准予|。|，请审批",
)
APPROVED: Final = Phrases(
    "同意。|准予办理。|批准。|同意审核意见。|符合条件，准予。|同意，请按程序出证。|经研究同意。|照办。",
    "|请及时送达。|请做好归档。|按规定办理。|请通知申请人领取。",
)
SURVEYED: Final = Phrases(
    "现场勘验：|经两人现场核查，|实地踏勘情况：|",
    "场地面积与申报一致|设施设备到位|布局与平面图相符|安全通道畅通|现场条件符合要求|卫生条件合格",
    "，未见异常|，予以通过|，具备条件|，建议通过",
)
REFUSED: Final = Phrases(
    "不符合准入条件：|经审查不予许可：|不予批准：|",
    "经营场所不符合规定|人员资质不满足要求|检测结果不合格|申请人在限制期内|选址不符合规划|"
    "申请内容超出规定范围|申报条件与核验结果不一致",
)
CORRECTION: Final = Phrases(
    "请补正：|需补充材料：|所交材料存在问题：|一次性告知：|",
    "复印件未加盖公章|照片不清晰|申请表填写不完整|证件已过有效期|签名与身份证不符|缺少附图|"
    "材料内容前后不一致|授权委托书未载明权限|版本不是最新格式|产权证明未提供",
    "|，请重新提交|，请在期限内补齐|，请更换后上传",
)
PREREVIEW: Final = Phrases(
    "上传件不清晰|附件缺页|必填项为空|文件格式不符|材料与事项不对应|日期填写错误",
    "|，请修改|，需重新上传",
)
DECLINED: Final = Phrases(
    "该事项依法不需要取得许可|不属于本机关职权范围|已取得有效证件，无需重复申请|"
    "应向上级机关申请|属于其他行政区域管辖|事项已取消",
    "|，已告知申请人|，建议向有权机关申请|，已出具告知书",
)
EXPERT: Final = Phrases(
    "项目技术复杂，|涉及公共安全，|方案存在专业争议，|依规定，|按评审要求，|",
    "需组织专家评审|需委托检测机构检测|须现场核验后方可决定|需征求公众意见并公示|"
    "须举行听证|需委托鉴定机构出具意见",
    "|，所需时间不计入期限|，已书面告知申请人",
)
EXPERT_RESULT: Final = Phrases(
    "评审通过|检测合格|核验属实|公示无异议|专家同意通过|鉴定意见符合要求|听证程序完成",
    "|，恢复计时|，材料已归档|，转入审批",
)
EXTENSION: Final = Phrases(
    "案情复杂，|材料数量较大，|需跨部门核实，|业务量集中，|系统对接延误，|",
    "十日内不能作出决定|在规定期限内难以办结|需进一步核查数据|需等待上级回复|会审意见尚未统一",
    "，申请延期|，报请延长办理期限|，拟延期办理",
)
WITHDRAWN: Final = Phrases(
    "申请人主动撤回|申请人变更经营计划|申请人不再需要|申请人填报有误|申请人拟更换场地|"
    "申请人要求终止办理|项目暂缓实施",
    "|，书面申请已存档|，电话确认|，本人确认",
)
RETURNED: Final = Phrases(
    "逾期未补正，|补正后仍不符合要求，|申请人未配合现场核查，|材料不真实，|联系不上申请人，|",
    "予以退件|退回申请人|作退件处理|按规定退回",
)
VOIDED: Final = Phrases(
    "录入错误|重复登记|事项选错|申请人信息录入有误|测试误入正式库", "，作废|，已重新登记|"
)
HANDED_OFF: Final = Phrases(
    "转业务科室办理|按职责分工流转|窗口受理后转后台审批|送承办科室", "|，请及时签收|，附材料清单"
)
CORRECTED_RECORD: Final = Phrases(
    "录入笔误|字段填写错误|材料份数登记有误|网点信息选错|系统同步字段映射错误|数据重报",
    "，更正|，经核实更正|，申请更正|",
)
RATED_WELL: Final = Phrases(
    "办事很快|窗口态度好|流程清楚|一次办成|工作人员耐心|网上办理方便|服务热情|指引到位",
    "，点赞|，谢谢|，满意|！|，很方便|",
)
RATED_BADLY: Final = Phrases(
    "等待时间太长|多次补材料|态度生硬|系统总出错|说法前后不一|超过承诺时间",
    "，希望改进|，不满意|，耽误事情|",
)
COMPLAINED: Final = Phrases(
    "反映|投诉|来电反映|来信反映",
    "办理时间过长|窗口工作人员态度差|多次要求补交材料|排队时间长|结果迟迟未送达|收费不清楚",
    "，要求答复|，希望核实|，请求处理",
)
ASKED: Final = Phrases(
    "咨询|来电咨询|想了解|询问",
    "办理进度|所需材料|办理地点和时间|网上如何申报|证件何时领取|收费标准|能否代办|预约方式",
    "||，已答复|，已告知",
)
SUPERVISED: Final = Phrases(
    "该办件已超过承诺时限，|经巡查发现办件超期，|群众反映办理迟缓，|",
    "请说明原因并限期办结|请三个工作日内反馈|请立即办理并报结果",
)
