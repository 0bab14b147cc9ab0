"""What the departments of the imagined district do for people: names of matters and materials.

The names are ordinary ones of the trade; which district offers which is invented. The letter after
a name is its nature: L licence, C confirmation, B benefit, P public service, O other power,
R reward, V levy.
"""

from __future__ import annotations

from typing import Final

MATTERS: Final = {
    "scjg": "食品经营许可L 药品经营许可L 医疗器械经营许可L 公司登记C 个体工商户登记C 合伙企业登记C "
    "特种设备使用登记L 小作坊登记C 计量器具型式批准L 检验检测机构资质认定L 广告发布登记O "
    "动产抵押登记P 企业档案查询P",
    "gaj": "户口登记C 居民身份证办理P 居住证办理C 出入境通行证签发L 旅馆业特种行业许可L "
    "公章刻制业许可L 爆破作业单位许可L 大型活动安全许可L 机动车登记C 驾驶证审验L "
    "犬只登记O 无犯罪记录证明P 保安员证核发L",
    "rsj": "人力资源服务许可L 劳务派遣经营许可L 职业培训学校设立审批L 特殊工时审批L "
    "技能提升补贴B 创业担保贷款贴息B 失业登记C 就业困难人员认定C 社会保险登记C "
    "社保待遇核定B 职称确认C 参保证明打印P 高校毕业生补贴B",
    "mzj": "社会团体登记L 民办非企业单位登记L 养老机构备案O 慈善组织认定C 最低生活保障B "
    "特困人员供养B 临时救助B 高龄津贴B 残疾人两项补贴B 婚姻登记C 收养登记C "
    "地名命名O 殡葬服务补贴B",
    "zjj": "建筑工程施工许可L 建筑业企业资质核准L 商品房预售许可L 房屋租赁登记备案O "
    "公共租赁住房申请B 消防设计审查L 消防验收备案O 竣工验收备案O 城市道路占用许可L "
    "燃气经营许可L 物业承接查验备案O 安全生产许可L 房屋专项维修资金P",
    "wjj": "医疗机构执业许可L 医师执业注册L 护士执业注册L 公共场所卫生许可L 放射诊疗许可L "
    "饮用水供水卫生许可L 母婴保健技术许可L 生育登记P 独生子女奖励R 职业病诊断机构备案O "
    "消毒产品生产许可L 诊所备案O 计划生育补助B",
    "jyj": "民办学校设立审批L 校外培训机构许可L 教师资格认定C 义务教育入学P 学籍变动O "
    "学生资助B 校车使用许可L 幼儿园设立审批L 民办园补贴B 普通话证书查询P "
    "教师奖励R 学历证明P 非学历教育备案O",
    "zrj": "建设用地规划许可L 建设工程规划许可L 不动产登记C 不动产查询P 土地出让审批L "
    "采矿权登记L 测绘资质审批L 地图审核L 临时用地审批L 规划条件核实C "
    "林木采伐许可L 古树迁移审批L 土地使用费征收V",
    "hbj": "环境影响评价审批L 排污许可L 辐射安全许可L 危险废物经营许可L 入河排污口审批L "
    "夜间施工证明P 环保设施验收备案O 突发事件预案备案O 清洁生产奖励R 固体废物转移审批L "
    "噪声排污申报V 环境监测证明P 拆除污染设施审批L",
    "jtj": "道路货物运输许可L 道路客运经营许可L 网约车经营许可L 出租车驾驶员证L "
    "机动车维修备案O 公路超限运输许可L 涉路施工许可L 港口经营许可L 船舶登记C "
    "驾培机构备案O 道路运输从业资格L 车辆年审P 新能源车补贴B",
    "swj": "取水许可L 水土保持方案审批L 排水许可L 河道管理范围建设许可L 供水设施改装审批L "
    "节水补贴B 用水计划核定O 水利工程开工备案O 洪水影响评价审批L 污水处理费征收V "
    "水资源费征收V 用水证明P 节水奖励R",
    "yjj": "危险化学品经营许可L 烟花爆竹零售许可L 非煤矿山安全许可L 安全评价机构资质L "
    "应急预案备案O 特种作业操作证L 安全培训机构备案O 重大危险源备案O 易制毒化学品备案O "
    "安全生产标准化评定C 安全生产奖励R 事故证明P 加油站经营许可L",
}
"""Thirteen matters of each department."""

NATURES: Final = {
    "L": ("licence", "01"),
    "V": ("levy", "04"),
    "B": ("benefit", "05"),
    "C": ("confirmation", "07"),
    "R": ("reward", "08"),
    "O": ("other_power", "10"),
    "P": ("public_service", "20"),
}
"""The nature of a letter with its code in GB/T 39046, table A.1."""

VARIANTS: Final = (
    ("新办", "new"),
    ("变更", "change"),
    ("延续", "renewal"),
    ("注销", "cancellation"),
    ("补办", "other"),
)
"""What may be done about a matter: its name and the type of application."""

MATERIALS: Final = (
    "申请表",
    "申请人身份证明",
    "营业执照",
    "法定代表人身份证明",
    "授权委托书",
    "场所使用证明",
    "平面布置图",
    "人员资格证书",
    "检测报告",
    "安全管理制度",
    "设备清单",
    "公司章程",
    "验资证明",
    "原许可证件",
    "承诺书",
    "技术方案",
    "征求意见材料",
    "近期照片",
    "银行账户信息",
    "户口簿",
    "健康证明",
    "环境评价文件",
    "产权证明",
    "合同文本",
)

LICENCE_KINDS: Final = ("营业执照", "居民身份证", "不动产权证书", "食品经营许可证", "户口簿")
PROVIDERS: Final = (
    ("公安部", "人口基础信息核验", "核验申请人身份"),
    ("市场监管总局", "企业基本信息查询", "核验主体资格"),
    ("人社部", "社会保险参保信息查询", "核验参保情况"),
    ("自然资源部", "不动产登记信息查询", "核验场所产权"),
    ("民政部", "婚姻登记信息核验", "核验婚姻状况"),
    ("税务总局", "纳税信用查询", "核验信用等级"),
)
"""Providers of shared data: who, by which interface, for what."""

INTERMEDIARY_SERVICES: Final = {
    "zjj": "施工图设计文件审查",
    "hbj": "环境影响报告编制",
    "zrj": "测绘",
    "swj": "水土保持方案编制",
    "yjj": "安全评价",
    "wjj": "放射卫生检测",
}
"""The service of an intermediary that a department's matters may need."""

SPECIAL_PROCEDURES: Final = {
    "zjj": ("expert_review", "inspection"),
    "hbj": ("expert_review", "publicity", "hearing"),
    "zrj": ("publicity", "expert_review", "hearing"),
    "swj": ("expert_review", "appraisal"),
    "yjj": ("inspection", "expert_review"),
    "wjj": ("inspection", "testing"),
    "scjg": ("inspection", "testing"),
    "jtj": ("inspection", "verification"),
    "gaj": ("verification", "appraisal"),
    "jyj": ("expert_review", "publicity"),
    "rsj": ("publicity", "verification"),
    "mzj": ("publicity", "verification"),
}
"""The special procedures that a department's items may list."""
