"""Draws that give the same values everywhere: under any hash seed, on any platform.

Only `random.Random.random` is used, the one method whose sequence Python promises to keep. Tables
of distributions are rounded to six significant digits, so that the last bits in which the C
libraries' exponentials differ do not show.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from itertools import accumulate
from math import exp
from random import Random
from statistics import NormalDist
from typing import Final, Generic, TypeVar

T = TypeVar("T")

_STREAM: Final = 1 << 80
_PLACE: Final = 1 << 40


class Chance:
    """One sequence of draws. `draw()` gives a float in [0, 1)."""

    __slots__ = ("_random", "draw")

    def __init__(self, seed: int, stream: int = 0, place: int = 0) -> None:
        self._random = Random()
        self.draw = self._random.random
        self.begin(seed, stream, place)

    def begin(self, seed: int, stream: int, place: int = 0) -> None:
        """Starts the sequence of that stream and place anew, whatever was drawn before.

        What happens at one place so depends on no other place: a change of one case changes no
        other. `seed` is at least 0, `stream` and `place` lie below 2^40.
        """
        self._random.seed(seed * _STREAM + stream * _PLACE + place)

    def below(self, count: int) -> int:
        """An integer from 0 to `count` - 1, all equally likely."""
        return int(self.draw() * count)

    def between(self, low: int, high: int) -> int:
        """An integer from `low` to `high`, both included."""
        return low + int(self.draw() * (high - low + 1))

    def low(self) -> float:
        """A share in [0, 1), small ones likelier: the square of a draw."""
        share = self.draw()
        return share * share

    def among(self, values: Sequence[T]) -> T:
        """One of the values, all equally likely."""
        return values[int(self.draw() * len(values))]

    def shuffled(self, values: Iterable[T]) -> list[T]:
        """The values in an order of chance."""
        keyed = [(self.draw(), place, value) for place, value in enumerate(values)]
        return [value for _, _, value in sorted(keyed, key=lambda entry: entry[:2])]


class Weighted(Generic[T]):
    """Values, each as likely as its weight."""

    __slots__ = ("_bounds", "_values")

    def __init__(self, weights: Mapping[T, float] | Iterable[tuple[T, float]]) -> None:
        pairs = list(weights.items() if isinstance(weights, Mapping) else weights)
        total = sum(weight for _, weight in pairs)
        self._values = [value for value, _ in pairs]
        bounds = accumulate(weight / total for _, weight in pairs)
        self._bounds = [round(bound, 12) for bound in bounds][:-1]

    def at(self, share: float) -> T:
        """The value at that share, in [0, 1), of the whole weight."""
        value: T = self._values[bisect(self._bounds, share)]
        return value


class Quantiles:
    """A distribution by its quantiles, linear between them."""

    __slots__ = ("_last", "_points")

    def __init__(self, points: Sequence[float]) -> None:
        self._points = [*points, points[-1]]
        self._last = len(points) - 1

    def at(self, share: float) -> float:
        """The quantile of that share, in [0, 1)."""
        place = share * self._last
        index = int(place)
        low = self._points[index]
        return low + (self._points[index + 1] - low) * (place - index)


def log_normal(median: float, sigma: float, low: float, high: float) -> Quantiles:
    """The log-normal distribution of that median, cut off below `low` and above `high`."""
    normal = NormalDist()
    shares = ((place + 0.5) / 400 for place in range(400))
    values = (median * exp(sigma * normal.inv_cdf(share)) for share in shares)
    return Quantiles([float(f"{min(max(value, low), high):.6g}") for value in values])


def zipf(count: int, exponent: float) -> list[float]:
    """The weights of the ranks 1 to `count`, falling with the power `exponent` of the rank."""
    return [float(f"{rank**-exponent:.6g}") for rank in range(1, count + 1)]
