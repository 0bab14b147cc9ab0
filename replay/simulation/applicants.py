"""Who applies: invented persons and organisations, some of them again and again.

An applicant is a function of the seed and its number alone, so none has to be remembered.
"""

from __future__ import annotations

from math import sqrt
from typing import Any, Final

from replay.simulation.numbers import credit_number, identity_number, mobile_number, scattered

_FAMILY: Final = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡"
_GIVEN: Final = "伟芳娜敏静强磊军洋勇艳杰娟涛明超秀霞平刚桂华建文辉力宁飞玲丹鑫浩宇梓涵欣怡晨"
_PLACES: Final = ("云岭", "海湾", "新桥", "福山", "鹏城", "宝田", "松岗", "沙井", "南港", "西乡")
_WORDS: Final = "瑞泰恒信嘉达盛华宏远鼎新博润启航佳禾金源广汇众诚兴隆创联天成"
_TRADES: Final = (
    "餐饮",
    "科技",
    "贸易",
    "建筑工程",
    "物流",
    "医疗器械",
    "教育咨询",
    "环保",
    "电子",
)
_FORMS: Final = ("有限公司", "有限公司", "有限责任公司", "股份有限公司", "商行", "经营部")
_CREDIT: Final = "AABBBC"

_PERSONS_PER_CASE: Final = 0.8
_ORGANISATIONS_PER_CASE: Final = 0.25
_ORGANISATION: Final = 1 << 40


class Applicants:
    """The people and organisations of the district, as many as so many cases need.

    Assumption: 0.8 persons and 0.25 organisations for each case of a year, of whom the first ones
    apply more often than the last.
    """

    def __init__(self, seed: int, cases: int) -> None:
        self._seed = scattered(seed)
        self._persons = max(50, int(cases * _PERSONS_PER_CASE))
        self._organisations = max(20, int(cases * _ORGANISATIONS_PER_CASE))

    def person(self, share: float) -> dict[str, Any]:
        """The natural person at that share, in [0, 1), of the applications."""
        bits = scattered(self._seed + int(self._persons * share * sqrt(sqrt(share))))
        name = _FAMILY[bits % len(_FAMILY)] + _GIVEN[(bits >> 8) % len(_GIVEN)]
        if bits >> 16 & 3:
            name += _GIVEN[(bits >> 18) % len(_GIVEN)]
        return {
            "kind": "person",
            "name": name,
            "id_type": "居民身份证",
            "id_no": identity_number(bits >> 20),
            "phone": mobile_number(bits >> 8),
        }

    def organisation(self, share: float) -> dict[str, Any]:
        """The organisation at that share, in [0, 1), of the applications."""
        bits = scattered(
            self._seed + _ORGANISATION + int(self._organisations * share * sqrt(share))
        )
        words = _WORDS[bits % len(_WORDS)] + _WORDS[(bits >> 6) % len(_WORDS)]
        place = _PLACES[(bits >> 12) % len(_PLACES)]
        trade = _TRADES[(bits >> 18) % len(_TRADES)]
        return {
            "kind": "organisation",
            "name": f"{place}{words}{trade}{_FORMS[(bits >> 24) % len(_FORMS)]}",
            "id_type": "统一社会信用代码",
            "id_no": credit_number(bits >> 30),
            "phone": mobile_number(bits >> 16),
            "credit": _CREDIT[(bits >> 34) % len(_CREDIT)],
        }


def relative(share: float) -> str:
    """The name of somebody who acts for an applicant."""
    bits = scattered(int(share * 1_000_000))
    return _FAMILY[bits % len(_FAMILY)] + _GIVEN[(bits >> 8) % len(_GIVEN)]
