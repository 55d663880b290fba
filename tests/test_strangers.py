"""Holds what messages by strangers get: danger is heard, and nobody else alarmed.

Their writers knew of no rule and of no example. The messages measure; none of them
stands in the base. A floor only ever rises.
"""

from fractions import Fraction

import pytest
import yaml

from faqbot import FAQBot, Level

from .conftest import ROOT

URGENT = {Level.EMERGENCY, Level.URGENT}
# File; of how many messages one is asked, for time; least share of dangers that get an
# urgent reply, most of the others that do.
FIGURES = [
    # Written when the rules were finished, as it came out.
    ("held_out", 1, Fraction(99, 100), Fraction(1, 50)),
    ("unseen", 2, Fraction(347, 349), Fraction(5, 195)),
    # As people write to online doctors; some were looked at to mend grammar.
    ("letters", 2, Fraction(107, 108), Fraction(5, 200)),
    # Slang, despair half told and histories, of which nobody read what failed.
    ("strangers", 2, Fraction(193, 200), Fraction(6, 221)),
]


@pytest.mark.parametrize(("name", "step", "least", "most"), FIGURES)
def test_messages_by_strangers_fare_as_they_did(
    bot: FAQBot, name: str, step: int, least: Fraction, most: Fraction
) -> None:
    path = ROOT / "tests" / "questions" / f"{name}.yaml"
    asked = yaml.safe_load(path.read_text("utf-8"))[::step]
    heard = {
        each["message"]: bot.ask(each["message"]).level in URGENT for each in asked
    }
    signs = [each["message"] for each in asked if each["flag"]]
    others = [each["message"] for each in asked if not each["flag"]]
    missed = [message for message in signs if not heard[message]]
    alarmed = [message for message in others if heard[message]]
    assert 1 - Fraction(len(missed), len(signs)) >= least, missed
    assert Fraction(len(alarmed), len(others)) <= most, alarmed
