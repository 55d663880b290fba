"""Measures ranking and refusing on CLINC150 (Larson et al. 2019, "Full").

    python tests/benchmarks/clinc150.py train_val.json

Every intent is an entry, and the out-of-scope training queries are one topic. The
confidence and its threshold are fitted on the training queries alone, each left out in
turn: the threshold is the lowest that refuses a wanted share of the out-of-scope ones.
The validation queries then show the share of in-scope queries given their own intent,
and the share of out-of-scope ones refused. The same follows for ten training queries an
intent.
"""

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from faqbot import FAQBot, Kind, KnowledgeBase, Policy
from faqbot.calibration import Budget, calibrate, leave_out

REFUSED = 0.55
"""Share of the out-of-scope training queries that the threshold refuses."""
SHOTS, SEEDS = 10, (1, 2, 3)
NEVER = 2.0
"""A band that no probability reaches."""

Query = tuple[str, str]
"""A text and its intent."""


def main() -> None:
    """Print the figures for all training queries, and for a few of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("file", type=Path)
    data = json.loads(parser.parse_args().file.read_text(encoding="utf-8"))
    print(f"{'':14}{'ranked first':>13}{'in scope':>10}{'refused':>9}{'threshold':>11}")
    show("full", data, data["train"], data["oos_train"])
    for seed in SEEDS:
        chance = random.Random(seed)
        few = [
            query
            for group in by_intent(data["train"]).values()
            for query in chance.sample(group, SHOTS)
        ]
        outside = chance.sample(data["oos_train"], SHOTS)
        show(f"{SHOTS}-shot, {seed}", data, few, outside)


def show(
    name: str,
    data: dict[str, list[Query]],
    inside: Sequence[Query],
    outside: Sequence[Query],
) -> None:
    """Train on `inside` and `outside`, and print how the validation queries fare."""
    base = base_of(inside, outside)
    found = calibrate(base, leave_out(base), Budget(wrong=1.0, answered=1 - REFUSED))
    base = replace(base, calibration=found.calibration)
    bot = FAQBot(base, policy=Policy(found.calibration.answer, offer=NEVER))
    asked, strange = data["val"], data["oos_val"]
    first = sum(best_of(bot, text) == intent for text, intent in asked)
    right = sum(bot.ask(text).entry == intent for text, intent in asked)
    refused = sum(bot.ask(text).kind is not Kind.ANSWER for text, _ in strange)
    print(
        f"{name:14}{first / len(asked):13.1%}{right / len(asked):10.1%}"
        f"{refused / len(strange):9.1%}{found.calibration.answer:11.2f}",
        flush=True,
    )


def base_of(inside: Sequence[Query], outside: Sequence[Query]) -> KnowledgeBase:
    """Return a base with an entry an intent, and one topic."""
    entries = [
        {"id": intent, "question": first, "variants": rest, "answer": intent}
        for intent, group in by_intent(inside).items()
        for first, *rest in [list(dict.fromkeys(text for text, _ in group))]
    ]
    topic = {
        "id": "elsewhere",
        "subject": "something else",
        "advice": "Ask elsewhere.",
        "examples": list(dict.fromkeys(text for text, _ in outside)),
    }
    about = {"name": "CLINC150", "covers": "150 intents"}
    return KnowledgeBase.from_dict(
        {"about": about, "entries": entries, "referrals": [topic]}
    )


def by_intent(queries: Sequence[Query]) -> dict[str, list[Query]]:
    """Return the queries of each intent."""
    groups: dict[str, list[Query]] = defaultdict(list)
    for text, intent in queries:
        groups[intent].append((text, intent))
    return groups


def best_of(bot: FAQBot, text: str) -> str | None:
    """Return the intent that is ranked first, whether it is answered or not."""
    best, _ = bot.best_entry(text)
    return best.id if best else None


if __name__ == "__main__":
    main()
