"""Tests the regression that turns features into a probability."""

from math import exp, isclose
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from faqbot.confidence import GENERAL, Logistic, fit
from faqbot.ranking import FEATURES


def test_a_known_regression_is_found_again() -> None:
    chance = Random(3)
    truth = Logistic(-0.5, {"a": 2.0, "b": -1.0})
    rows = [
        {"a": chance.gauss(0, 1), "b": 1 + chance.gauss(0, 1)} for _ in range(20_000)
    ]
    outcomes = [chance.random() < truth.probability(row) for row in rows]
    found = fit(rows, outcomes, ["a", "b"])
    assert abs(found.weights["a"] - 2.0) < 0.1
    assert abs(found.weights["b"] + 1.0) < 0.1


def test_probabilities_match_the_share_that_was_right() -> None:
    chance = Random(4)
    rows = [{"a": chance.random()} for _ in range(5000)]
    outcomes = [chance.random() < row["a"] for row in rows]
    model = fit(rows, outcomes, ["a"])
    mean = sum(model.probability(row) for row in rows) / len(rows)
    assert isclose(mean, sum(outcomes) / len(outcomes), abs_tol=1e-3)


def test_a_feature_that_never_varies_gets_no_weight() -> None:
    rows = [{"a": float(n % 7), "b": 1.0} for n in range(50)]
    model = fit(rows, [row["a"] > 3 for row in rows], ["a", "b"])
    assert model.weights["b"] == 0.0


def test_perfect_separation_still_gives_finite_weights() -> None:
    rows = [{"a": float(n)} for n in range(20)]
    model = fit(rows, [n >= 10 for n in range(20)], ["a"])
    assert 0 < model.weights["a"] < 100
    assert model.probability({"a": 19.0}) > 0.9 > 0.1 > model.probability({"a": 0.0})


@given(
    st.floats(-1e6, 1e6),
    st.dictionaries(st.sampled_from(FEATURES), st.floats(-1e6, 1e6)),
)
def test_a_probability_is_one_whatever_the_features(
    bias: float, features: dict[str, float]
) -> None:
    model = Logistic(bias, dict.fromkeys(FEATURES, 1.5))
    assert 0.0 <= model.probability(features) <= 1.0


def test_contributions_add_up_to_the_log_odds() -> None:
    model = Logistic(0.3, {"a": 2.0, "b": -1.0})
    features = {"a": 0.5, "b": 0.25}
    odds = model.bias + sum(model.contributions(features).values())
    assert isclose(model.probability(features), 1 / (1 + exp(-odds)))


def test_the_general_weights_know_every_feature() -> None:
    for numbers in (GENERAL.best, GENERAL.among):
        assert set(Logistic.from_dict(numbers).weights) == set(FEATURES)


def test_a_regression_survives_being_written_as_a_mapping() -> None:
    model = Logistic(0.3, {"a": 2.0})
    assert Logistic.from_dict(model.to_dict()) == model
