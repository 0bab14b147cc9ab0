"""Numbers of valid form that no real person, organisation or telephone has.

Identity numbers begin with 999306 and social credit numbers hold the area 990306: no area has
these codes. Mobile numbers begin with 100, which is no operator's prefix.
"""

from __future__ import annotations

from typing import Final

_MASK: Final = (1 << 64) - 1
_IDENTITY_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_WEIGHTS: Final = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_CREDIT_DIGITS: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BUREAU_WEIGHTS: Final = (3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_PREFIX: Final = "91990306"


def scattered(number: int) -> int:
    """64 bits that look drawn by chance and depend on `number` alone (splitmix64)."""
    mixed = (number + 0x9E3779B97F4A7C15) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * 0x94D049BB133111EB) & _MASK
    return mixed ^ (mixed >> 31)


def identity_number(bits: int) -> str:
    """An 18-digit identity number (GB 11643) with its check digit."""
    year, bits = 1950 + bits % 55, bits // 55
    month, bits = 1 + bits % 12, bits // 12
    day, bits = 1 + bits % 28, bits // 28
    body = f"999306{year}{month:02d}{day:02d}{bits % 1000:03d}"
    total = sum(int(c) * w for c, w in zip(body, _IDENTITY_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def credit_number(bits: int, prefix: str = _CREDIT_PREFIX) -> str:
    """An 18-character unified social credit number (GB 32100) with both its check characters."""
    digits = f"{bits % 100_000_000:08d}"
    total = sum(int(c) * w for c, w in zip(digits, _BUREAU_WEIGHTS, strict=True))
    body = f"{prefix}{digits}{'0123456789X'[(11 - total % 11) % 11]}"
    total = sum(_CREDIT_DIGITS.index(c) * w for c, w in zip(body, _CREDIT_WEIGHTS, strict=True))
    return body + _CREDIT_DIGITS[(31 - total % 31) % 31]


def mobile_number(bits: int) -> str:
    """An 11-digit number in the form of a mobile number."""
    return f"100{bits % 100_000_000:08d}"
