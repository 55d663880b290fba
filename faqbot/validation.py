"""Finds what single entries cannot show: gaps, twins, stealing, hard or stale texts."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from statistics import median

from rapidfuzz import fuzz, process

from . import style
from .assertion import Status
from .bot import FAQBot
from .errors import Problem, Severity
from .evaluation import Outcome, Progress, leave_out, outcome
from .judging import fitted
from .knowledge import CONTACT, KnowledgeBase
from .models import Entry
from .text import normalise, words

ENOUGH = 15
"""Wordings with which a subject can be expected to be recognised; see thin_entries."""
MOST_CLAIMS = 3
"""Sentences that one answer can speak of and still be short."""
NEAR = 90
"""`token_sort_ratio`, 0 to 100, from which two wordings are nearly one."""
OPENING = 3
"""Words at the start of a wording that must not be the same in all of an entry."""
STALE = timedelta(days=365)
"""Age of a review after which the references should be read again."""
STOLEN = 0.995
"""Confidence, 0 to 1, from which a wording that another entry wins is stolen. Below it
the bot doubts as it should: a few in a hundred wordings that it is 97 % sure of go to a
neighbour, as calibration wants it, and are what the bot has to learn from."""


def check(
    base: KnowledgeBase,
    today: date,
    progress: Progress | None = None,
    every: int = 1,
) -> list[Problem]:
    """Return all that could be better in a base that loads, by file and line.

    Wordings of entries are asked as if the base did not hold them, one of so many as
    `every`, 1 or more. That takes a while; `progress` is told how far it is.
    """
    bot = FAQBot(base)
    found = [
        *uncited_sentences(base),
        *overcited_entries(base),
        *unused_references(base),
        *orphaned_entries(base),
        *unused_groups(base),
        *unused_contacts(base),
        *silent_phrases(bot),
        *silent_flags(bot),
        *twins(base),
        *thin_entries(base),
        *monotonous_entries(base),
        *stale_reviews(base, today),
        *style.unwanted_words(base),
        *style.hard_texts(base),
        *style.foreign_scripts(base),
        *stolen_wordings(bot, progress, every),
        *unreachable_topics(bot),
        *stale_calibration(base),
    ]
    return sorted(set(found))


def uncited_sentences(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the sentences that no entry cites and nobody set aside, or both."""
    if base.article is None:
        return
    cited = {claim for entry in base.entries for claim in entry.claims}
    for sentence in base.article.sentences:
        if sentence.set_aside is None and sentence.id not in cited:
            yield Problem(
                sentence.location,
                f"no entry answers for sentence {sentence.id!r}",
                "cite it under 'claims' of an entry, or say under 'set_aside' why not",
            )
        elif sentence.set_aside is not None and sentence.id in cited:
            yield Problem(
                sentence.location,
                f"sentence {sentence.id!r} is set aside, and an entry cites it",
                "remove 'set_aside', or the citation",
            )


def overcited_entries(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the entries that cite more sentences than an answer can speak of."""
    for entry in base.entries:
        if len(entry.claims) > MOST_CLAIMS:
            yield Problem.warning(
                base.place(entry, entry.claims[-1]),
                f"{entry.id!r} cites {len(entry.claims)} sentences",
                f"keep the {MOST_CLAIMS} that the answer speaks of, or split the entry",
            )


def unused_references(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the references that nothing rests on."""
    used = {
        *(each for entry in base.entries for each in entry.references),
        *(each for topic in base.referrals for each in topic.references),
        *(each for flag in base.red_flags for each in flag.references),
    }
    for reference in base.references:
        if reference.id not in used:
            yield Problem.warning(
                reference.location,
                f"nothing rests on reference {reference.id!r}",
                "name it under 'references' where it is used, or delete it",
            )


def orphaned_entries(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the entries that follow themselves, or that no other entry leads to."""
    if not any(entry.follow_ups for entry in base.entries):
        return
    led_to = {
        follow_up
        for entry in base.entries
        for follow_up in entry.follow_ups
        if follow_up != entry.id
    }
    for entry in base.entries:
        if entry.id in entry.follow_ups:
            yield Problem.warning(
                base.place(entry, entry.id),
                f"{entry.id!r} follows itself",
                "name another entry under 'follow_ups'",
            )
        if entry.id not in led_to:
            yield Problem.warning(
                entry.location,
                f"no other entry leads to {entry.id!r}",
                "name it under 'follow_ups' of an entry that it goes with",
            )


def unused_groups(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the groups of phrases that are part of no sign."""
    used = {
        name
        for flag in base.red_flags
        for sign in flag.signs
        for name in (*sign.near, *sign.anywhere)
    }
    for name in base.concepts.keys() - used:
        yield Problem.warning(
            base.group_places[name],
            f"no sign uses group {name!r}",
            "name it under 'near' or 'anywhere' of a sign, or delete it",
        )


def unused_contacts(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the contacts that no text names."""
    about = base.about
    texts = [
        *(entry.answer for entry in base.entries),
        *(topic.advice for topic in base.referrals),
        *(chat.reply for chat in base.small_talk),
        *(flag.message for flag in base.red_flags),
        *(
            text
            for text in (about.safety_net, about.notice, about.introduction)
            if text
        ),
    ]
    used = {name for text in texts for name in CONTACT.findall(text)}
    for name in base.contacts.keys() - used:
        yield Problem.warning(
            base.group_places[name],
            f"no text names contact {name!r}",
            f"write {{{name}}} where it should stand, or delete it",
        )


def silent_phrases(bot: FAQBot) -> Iterator[Problem]:
    """Yield the phrases of a red flag that do not raise it, or any as urgent."""
    for flag in bot.knowledge.red_flags:
        for phrase in flag.phrases:
            said = phrase.replace("*", "").replace("=", "")
            raised = [
                each.flag
                for each in bot.findings(said)
                if each.status is Status.CURRENT
            ]
            if not any(each.level.rank <= flag.level.rank for each in raised):
                yield Problem.warning(
                    bot.knowledge.place(flag, phrase),
                    f"phrase {phrase!r} alone does not raise {flag.id!r}",
                    "see with `faqbot explain` what cancels it, and mend that or this",
                )


def silent_flags(bot: FAQBot) -> Iterator[Problem]:
    """Yield the red flags whose rules none of their own examples reaches."""
    for flag in bot.knowledge.red_flags:
        if len(flag.examples) >= ENOUGH and not any(
            found.flag.id == flag.id
            for example in flag.examples
            for found in bot.findings(example)
        ):
            yield Problem.warning(
                flag.location,
                f"no example of {flag.id!r} meets any of its signs and phrases",
                "give it signs and phrases that people use",
            )


def twins(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the wordings that another one repeats or nearly repeats.

    A repeated wording is told wherever it stands; a nearly repeated one only where an
    entry has it, for those must be told apart.
    """
    placed = [(each, wording) for each in base.subjects for wording in each.wordings]
    # token_sort_ratio is the ratio of the sorted words; they are sorted once here.
    folded = [" ".join(sorted(words(wording))) for _, wording in placed]
    same: dict[str, list[int]] = defaultdict(list)
    for place, (_, wording) in enumerate(placed):
        if text := normalise(wording):
            same[text].append(place)
    for places in same.values():
        first = placed[places[0]]
        for place in places[1:]:
            other = placed[place]
            apart = other[0].id != first[0].id
            yield Problem(
                base.place(*other),
                f"{other[1]!r} is the same as {first[1]!r} at {base.place(*first)}",
                "keep one of them, where it belongs" if apart else "keep one of them",
                Severity.ERROR if apart else Severity.WARNING,
            )
    for place, (subject, wording) in enumerate(placed):
        if not isinstance(subject, Entry):
            continue
        hits = process.extract(
            folded[place], folded, scorer=fuzz.ratio, score_cutoff=NEAR, limit=None
        )
        for _, _, near in hits:
            other = placed[near]
            told = near > place and isinstance(other[0], Entry)
            if near == place or told or normalise(other[1]) == normalise(wording):
                continue
            yield Problem.warning(
                base.place(subject, wording),
                f"{wording!r} is nearly {other[1]!r} at {base.place(*other)}",
                "keep one of them, or put it in other words",
            )


def thin_entries(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the entries with few variants, for a base like this one.

    Few is under 15, and under half of what most entries have: in a base that is small
    throughout, the entries compete on equal terms.
    """
    usual = median(len(entry.variants) for entry in base.entries)
    for entry in base.entries:
        if len(entry.variants) < min(ENOUGH, usual / 2):
            yield Problem.warning(
                entry.location,
                f"{entry.id!r} has {len(entry.variants)} variants, most entries have "
                f"{usual:.0f}",
                f"write other ways to ask it, {ENOUGH} at the least",
            )


def monotonous_entries(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield the entries whose wordings all begin with the same words."""
    for entry in base.entries:
        openings = {tuple(words(wording)[:OPENING]) for wording in entry.wordings}
        if len(entry.wordings) > OPENING and len(openings) == 1:
            yield Problem.warning(
                entry.location,
                f"all wordings of {entry.id!r} begin {' '.join(openings.pop())!r}",
                "write some as other people would put it",
            )


def stale_reviews(base: KnowledgeBase, today: date) -> Iterator[Problem]:
    """Yield the entries whose answer was not looked at for a year."""
    for entry in base.entries:
        if entry.reviewed and today - entry.reviewed > STALE:
            yield Problem.warning(
                base.place(entry, entry.reviewed.isoformat()),
                f"{entry.id!r} was last reviewed on {entry.reviewed}",
                "hold it against its references and set 'reviewed' anew",
            )


def stolen_wordings(
    bot: FAQBot, progress: Progress | None, every: int
) -> Iterator[Problem]:
    """Yield the wordings that another entry would answer, and be sure of it."""
    base = bot.knowledge
    for owner, labelled, reply in leave_out(bot, progress, taken=True, every=every):
        is_wrong = outcome(labelled, reply) is Outcome.WRONG
        if is_wrong and reply.confidence >= STOLEN:
            wording = labelled.question
            yield Problem.warning(
                base.place(owner, wording),
                f"{wording!r} would be answered by {reply.entry!r} "
                f"({reply.confidence:.0%} sure) if it did not stand here",
                f"move it there, or give {owner.id!r} more wordings like it",
            )


def unreachable_topics(bot: FAQBot) -> Iterator[Problem]:
    """Yield the out-of-scope topics that none of their own examples leads to."""
    for topic in bot.knowledge.referrals:
        if len(topic.examples) >= ENOUGH and not any(
            bot.ask_left_out(example, topic).topic == topic.id
            for example in topic.examples
        ):
            yield Problem.warning(
                topic.location,
                f"no example of {topic.id!r}, left out and asked, leads to it",
                "write examples that have more in common, or delete the topic",
            )


def stale_calibration(base: KnowledgeBase) -> Iterator[Problem]:
    """Yield a calibration that was fitted to another state of the base."""
    own = base.calibration
    if own is not None and fitted(base) is not own:
        yield Problem.warning(
            own.location,
            "the base has changed since it was calibrated, so that general weights are "
            "used",
            "run `faqbot calibrate` on this folder",
        )
