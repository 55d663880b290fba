"""Tests that replies name the numbers of the region that was chosen, and no other."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from faqbot import FAQBot, FaqbotError, KnowledgeBase, KnowledgeError
from faqbot.__main__ import REGION, main
from faqbot.errors import CANNOT_RUN, DONE
from faqbot.knowledge import CONTACT
from faqbot.models import Kind

REGIONS = ["us", "uk", "ie", "eu", "ca", "au", "nz", "in"]
SIGNS = {
    "emergency": "I can't pee and my back hurts",
    "advice": "my left foot drags since Sunday",
    "crisis": "I want to kill myself",
    "poison": "I took a whole packet of paracetamol",
}
"""A message whose urgent reply names the contact."""
HOUSE: dict[str, Any] = {
    "about": {"name": "House", "covers": "the house", "safety_net": "Ring {fire}."},
    "entries": [
        {
            "id": "opening",
            "question": "When do you open?",
            "variants": ["what are your hours"],
            "answer": "At nine. Write {this} or ring {fire}.",
        }
    ],
    "red_flags": {
        "flags": [
            {
                "id": "smoke",
                "name": "smoke",
                "level": "emergency",
                "message": "Ring {fire} now.",
                "phrases": ["smoke in the hall"],
            }
        ]
    },
    "regions": {
        "contacts": {"fire": "the fire station"},
        "regions": [
            {
                "id": "north",
                "name": "The North",
                "contacts": {"fire": "55"},
                "source": "the almanac",
            },
            {
                "id": "south",
                "name": "The South",
                "contacts": {"fire": "66"},
                "source": "the almanac",
            },
        ],
    },
}


def house(**sections: Any) -> KnowledgeBase:
    return KnowledgeBase.from_dict({**HOUSE, **sections})


@pytest.mark.parametrize(
    ("region", "words"),
    [(None, "the fire station"), ("north", "55"), ("THE south ", "66")],
)
def test_every_text_names_the_contact_of_the_region(
    region: str | None, words: str
) -> None:
    bot = FAQBot(house(), region=region)
    assert bot.ask("smoke in the hall").text.startswith(f"Ring {words} now.")
    assert f"Write {{this}} or ring {words}." in bot.ask("When do you open?").text
    assert f"Ring {words}." in bot.ask("what does smoke in the hall mean").text


def test_a_bot_can_move_and_the_first_stays(bot: FAQBot) -> None:
    moved = bot.in_region("nz")
    assert (moved.region and moved.region.id, bot.region) == ("nz", None)
    assert moved.ask("stretching").entry == bot.ask("stretching").entry
    assert moved.in_region(None).ask(SIGNS["crisis"]) == bot.ask(SIGNS["crisis"])


def test_a_wrong_region_is_an_error_that_lists_the_right_ones() -> None:
    known = r"north \(The North\), south \(The South\)"
    with pytest.raises(FaqbotError, match=rf"'west'.*{known}"):
        FAQBot(house(), region="west")
    with pytest.raises(FaqbotError, match=r"no regions\.yaml"):
        FAQBot(
            KnowledgeBase.from_dict(
                {"about": HOUSE["about"], "entries": HOUSE["entries"]}
            ),
            region="north",
        )


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"contacts": {"police": "the station"}},
            r"red_flags.*there is no contact 'fire'",
        ),
        (
            {"regions": [{**HOUSE["regions"]["regions"][0], "contacts": {"ice": "1"}}]},
            r"regions.*there is no contact 'ice'",
        ),
        ({"regions": [HOUSE["regions"]["regions"][0]] * 2}, r"'north' is taken"),
        ({"contacts": None}, r"contacts"),
    ],
)
def test_a_broken_table_is_told_with_its_place(
    change: Mapping[str, object], problem: str
) -> None:
    with pytest.raises(KnowledgeError, match=problem):
        house(regions={**HOUSE["regions"], **change})


def test_the_shipped_table_holds_every_region_with_its_source(
    base: KnowledgeBase,
) -> None:
    assert {region.id for region in base.regions} >= set(REGIONS)
    assert all("http" in region.source for region in base.regions)
    assert base.contacts.keys() == SIGNS.keys()
    for region in base.regions:
        assert {"emergency", "crisis"} <= region.contacts.keys()


@pytest.mark.parametrize("contact", SIGNS)
@pytest.mark.parametrize("region", [None, *REGIONS])
def test_an_urgent_reply_names_the_number(
    bot: FAQBot, region: str | None, contact: str
) -> None:
    local = bot.in_region(region)
    reply = local.ask(SIGNS[contact])
    assert reply.kind is Kind.URGENT
    numbers = local.region.contacts if local.region else {}
    assert numbers.get(contact, bot.knowledge.contacts[contact]) in reply.text
    assert not CONTACT.search(reply.text)


def test_no_region_is_guessed(bot: FAQBot, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LANG", "LC_ALL", "TZ"):
        monkeypatch.setenv(name, "en_GB.UTF-8")
    assert FAQBot(house()).region is None
    text = bot.ask(SIGNS["crisis"]).text
    assert not any(letter.isdigit() for letter in text)


def test_the_command_takes_a_region_from_its_option_or_the_environment(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for file, content in HOUSE.items():
        (tmp_path / f"{file}.yaml").write_text(json.dumps(content), encoding="utf-8")
    ask = ["ask", "--knowledge", str(tmp_path), "smoke in the hall"]
    monkeypatch.setenv(REGION, "north")
    assert main(ask) == DONE
    assert "Ring 55 now" in capsys.readouterr().out
    assert main(["--region", "south", *ask]) == DONE
    assert "Ring 66 now" in capsys.readouterr().out
    assert main([*ask, "--region", "mars"]) == CANNOT_RUN
    assert "south (The South)" in capsys.readouterr().err
