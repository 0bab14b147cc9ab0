"""The departments of the imagined district, and the systems by which they send events.

The integration follows the two modes of one-window platforms: with landed data (数据落地) a case
is declared and handled on the platform and its events come within seconds; with backflow (数据
回流) the department has a system of its own, which hands its events over later. Which department
has which, and its mixture of lags, are assumptions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

AREA: Final = "440306"
SERVICE_BUREAU: Final = f"{AREA}-ZSJ"
"""政务服务数据管理局: runs the halls and the one-window platform."""

WINDOW_PLATFORM: Final = f"/{AREA}/ycsl"
ONLINE_PLATFORM: Final = f"/{AREA}/wsbs"
QUEUE_SYSTEM: Final = f"/{AREA}/pdjh"
RATING_SYSTEM: Final = f"/{AREA}/hcp"
HOTLINE: Final = f"/{AREA}/12345"
CATALOGUE: Final = f"/{AREA}/sxk"
STAFF_SYSTEM: Final = f"/{AREA}/rsgl"
SUPERVISION: Final = f"/{AREA}/dzjc"
INTERMEDIARY_MARKET: Final = f"/{AREA}/zjcs"

PLATFORMS: Final = (
    WINDOW_PLATFORM,
    ONLINE_PLATFORM,
    QUEUE_SYSTEM,
    RATING_SYSTEM,
    HOTLINE,
    CATALOGUE,
    STAFF_SYSTEM,
    SUPERVISION,
    INTERMEDIARY_MARKET,
)
"""Systems of the whole district; all of them are landed."""


@dataclass(frozen=True, slots=True)
class Department:
    """A department with its system. `lags` are the shares of its cases that come within
    minutes, with the nightly batch, or after 3 to 20 days; None for landed data.
    `organisations` is the share of its applicants that are none of them natural persons."""

    key: str
    name: str
    organisations: float
    lags: tuple[float, float, float] | None = None

    @property
    def code(self) -> str:
        """What actors and hand-offs name."""
        return f"{AREA}-{self.key.upper()}"

    @property
    def source(self) -> str:
        """The name of its system."""
        return f"/{AREA}/{self.key}"

    @property
    def integration(self) -> Literal["landed", "backflow"]:
        """How its system hands events over."""
        return "landed" if self.lags is None else "backflow"


DEPARTMENTS: Final = (
    Department("scjg", "市场监督管理局", 0.85, (0.80, 0.18, 0.02)),
    Department("gaj", "公安分局", 0.05, (0.10, 0.82, 0.08)),
    Department("rsj", "人力资源局", 0.35),
    Department("mzj", "民政局", 0.10),
    Department("zjj", "住房和建设局", 0.75),
    Department("wjj", "卫生健康局", 0.40),
    Department("jyj", "教育局", 0.15),
    Department("zrj", "规划和自然资源局", 0.45, (0.20, 0.60, 0.20)),
    Department("hbj", "生态环境局", 0.95, (0.50, 0.38, 0.12)),
    Department("jtj", "交通运输局", 0.60),
    Department("swj", "水务局", 0.90),
    Department("yjj", "应急管理局", 0.90),
)
