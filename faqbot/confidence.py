"""Turns what is known about the best candidate into a calibrated probability."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp

from .models import Calibration

RIDGE = 1.0
"""Pull of every standardised weight towards 0, in events of the fitting data."""
STEPS = 30
"""Most Newton steps; fitting on a base takes about eight."""
CONVERGED = 1e-9
"""Largest change of a weight that counts as none."""

BANDS = 10
"""Bands of confidence, all as wide, in which it is held against what was right."""
TWO_SIDED_95 = 1.959964
"""Standard deviations around the mean of a normal curve that hold 95 % of it."""

GENERAL = Calibration(
    base="any",
    answer=0.5,
    offer=0.4,
    best={
        "bias": -8.5,
        "evidence": 1.0,
        "scope": 0.5,
        "lead": 1.1,
        "share": 4.7,
        "near_sort": 1.5,
        "near_overlap": 0.3,
        "near_whole": 4.5,
        "far_sort": -1.2,
        "far_overlap": -5.2,
        "far_whole": 1.3,
        "unknown": -3.9,
        "length": 1.0,
        "topic_words": -2.8,
    },
    among={
        "bias": -8.1,
        "evidence": 1.4,
        "scope": 0.5,
        "lead": 0.4,
        "share": 3.7,
        "near_sort": 2.1,
        "near_overlap": 0.7,
        "near_whole": 5.6,
        "far_sort": -1.1,
        "far_overlap": -4.8,
        "far_whole": 1.1,
        "unknown": -3.9,
        "length": 0.9,
        "topic_words": -2.7,
    },
    alarm=0.85,
    danger={
        "bias": -5.5,
        "evidence": 4.4,
        "scope": -1.5,
        "lead": 0.7,
        "share": 2.1,
        "near_sort": 24.6,
        "near_overlap": 10.8,
        "near_whole": 29.4,
        "far_sort": -8.5,
        "far_overlap": -13.6,
        "far_whole": -45.2,
        "unknown": 2.1,
        "length": 0.7,
        "odds": 0.5,
        "confidence": -0.8,
    },
    advise=0.37,
    soon={
        "bias": -14.4,
        "evidence": 2.9,
        "scope": -1.7,
        "lead": -1.0,
        "share": 5.1,
        "near_sort": 20.3,
        "near_overlap": 16.3,
        "near_whole": 19.5,
        "far_sort": -6.8,
        "far_overlap": -11.2,
        "far_whole": -21.9,
        "unknown": -5.2,
        "length": 1.1,
        "odds": 0.5,
        "confidence": -0.1,
    },
)
"""How sure to be of a base that was never calibrated: fitted on many small bases by
`tests/benchmarks/general_weights.py`; `danger` and `soon` are those of the base that
ships, so that a change to a base does not switch them off."""


@dataclass(frozen=True, slots=True)
class Logistic:
    """A logistic regression: P = 1 / (1 + exp(-(bias + sum of weight x feature)))."""

    bias: float
    weights: Mapping[str, float]
    """Weight of each feature, by name."""

    @classmethod
    def from_dict(cls, numbers: Mapping[str, float]) -> "Logistic":
        """Return the regression written as one mapping, with its bias under "bias"."""
        weights = {name: value for name, value in numbers.items() if name != "bias"}
        return cls(numbers.get("bias", 0.0), weights)

    def to_dict(self) -> dict[str, float]:
        """Return the regression as one mapping, with its bias under "bias"."""
        return {"bias": self.bias, **self.weights}

    def probability(self, features: Mapping[str, float]) -> float:
        """Return the probability, 0 to 1; a feature that is missing counts as 0."""
        return _sigmoid(self.bias + sum(self.contributions(features).values()))

    def contributions(self, features: Mapping[str, float]) -> dict[str, float]:
        """Return what each feature adds to the log-odds."""
        return {
            name: weight * features.get(name, 0.0)
            for name, weight in self.weights.items()
        }


@dataclass(frozen=True, slots=True)
class Band:
    """Answers of about the same confidence, and how many of them were right."""

    low: float
    """Least confidence of the band."""
    high: float
    """Confidence under which it ends, but for 1, which belongs to the last."""
    count: int
    mean: float
    """Mean confidence."""
    right: float
    """Share that was right."""
    interval: tuple[float, float]
    """Where that share lies with a probability of 95 % (Wilson 1927)."""


def reliability(judged: Iterable[tuple[float, bool]]) -> list[Band]:
    """Return the bands of confidences and whether each was right; no empty one."""
    bands: list[list[tuple[float, bool]]] = [[] for _ in range(BANDS)]
    for sure, right in judged:
        bands[min(int(sure * BANDS), BANDS - 1)].append((sure, right))
    return [
        Band(
            place / BANDS,
            (place + 1) / BANDS,
            len(band),
            _mean([sure for sure, _ in band]),
            _mean([right for _, right in band]),
            wilson(sum(right for _, right in band), len(band)),
        )
        for place, band in enumerate(bands)
        if band
    ]


def calibration_error(bands: Sequence[Band]) -> float:
    """Return the expected calibration error, 0 to 1 (Naeini et al. 2015).

    It is the mean distance of confidence and share right, each band by its size.
    """
    total = sum(band.count for band in bands)
    return sum(band.count * abs(band.mean - band.right) for band in bands) / (
        total or 1
    )


def wilson(right: int, count: int) -> tuple[float, float]:
    """Return the interval in which a share lies with a probability of 95 %."""
    if not count:
        return 0.0, 1.0
    share, spread = right / count, TWO_SIDED_95**2 / count
    middle = (share + spread / 2) / (1 + spread)
    reach = (share * (1 - share) * spread + spread**2 / 4) ** 0.5 / (1 + spread)
    return max(0.0, middle - reach), min(1.0, middle + reach)


def fit(
    rows: Sequence[Mapping[str, float]],
    outcomes: Sequence[bool],
    names: Sequence[str],
) -> Logistic:
    """Return the regression that fits `outcomes` best, by Newton's method.

    Features are standardised while fitting, so that the ridge penalty treats all
    alike; the weights returned are for the features as they are. The same rows give
    the same weights.
    """
    means = {name: _mean([row[name] for row in rows]) for name in names}
    spreads = {
        name: _mean([(row[name] - means[name]) ** 2 for row in rows]) ** 0.5 or 1.0
        for name in names
    }
    table = [
        [1.0, *((row[name] - means[name]) / spreads[name] for name in names)]
        for row in rows
    ]
    weights = [0.0] * (len(names) + 1)
    for _ in range(STEPS):
        step = _newton_step(table, outcomes, weights)
        weights = [
            weight + change for weight, change in zip(weights, step, strict=True)
        ]
        if max(map(abs, step)) < CONVERGED:
            break
    scaled = {
        name: weight / spreads[name]
        for name, weight in zip(names, weights[1:], strict=True)
    }
    bias = weights[0] - sum(scaled[name] * means[name] for name in names)
    return Logistic(bias, scaled)


def _newton_step(
    table: list[list[float]], outcomes: Sequence[bool], weights: list[float]
) -> list[float]:
    size = len(weights)
    slope = [0.0] + [-RIDGE * weight for weight in weights[1:]]
    curve = [[0.0] * size for _ in range(size)]
    for place in range(1, size):
        curve[place][place] = RIDGE
    for row, outcome in zip(table, outcomes, strict=True):
        chance = _sigmoid(sum(map(float.__mul__, row, weights)))
        gap = outcome - chance
        bend = max(chance * (1 - chance), 1e-12)
        for i, value in enumerate(row):
            slope[i] += gap * value
            bent, line = bend * value, curve[i]
            for j in range(i, size):
                line[j] += bent * row[j]
    for i in range(size):
        for j in range(i):
            curve[i][j] = curve[j][i]
    return _solve(curve, slope)


def _solve(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Return x with matrix x = right, by elimination with row pivoting."""
    rows = [[*line, value] for line, value in zip(matrix, right, strict=True)]
    size = len(rows)
    for column in range(size):
        pivot = max(range(column, size), key=lambda line: abs(rows[line][column]))
        rows[column], rows[pivot] = rows[pivot], rows[column]
        head = rows[column]
        for line in rows[column + 1 :]:
            factor = line[column] / head[column]
            for place in range(column, size + 1):
                line[place] -= factor * head[place]
    found = [0.0] * size
    for place in reversed(range(size)):
        line = rows[place]
        known = sum(line[i] * found[i] for i in range(place + 1, size))
        found[place] = (line[size] - known) / line[place]
    return found


def _sigmoid(value: float) -> float:
    if value >= 0:
        return 1 / (1 + exp(-value))
    raised = exp(max(value, -700.0))
    return raised / (1 + raised)


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0
