"""Turns replies into what is shown: plain text, marked text, JSON."""

import json
import re
import textwrap
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from . import wording
from .assertion import Status
from .bot import Explanation, FAQBot
from .calibration import Fit
from .confidence import Band, calibration_error
from .errors import Problem
from .evaluation import Outcome, Trial, outcome
from .knowledge import KnowledgeBase
from .models import Kind, RedFlag, Reply

Fragments = list[tuple[str, str]]
"""Pieces of text, each with the name of its meaning ("urgent", "source", "")."""

DEFAULT_WIDTH = 80
"""Columns for text that goes nowhere in particular."""
NARROWEST, WIDEST = 20, 96
"""Columns of the narrowest and the widest text; longer lines are hard to read."""
LINE_START = re.compile(r" *(\d+\. )?")
"""Indent and number of a line, under which its other lines do not begin."""
STEERING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Unicode categories that may move a cursor or turn a line, or are no characters."""
STRONGEST_GRAMS = 12
"""N-grams that `explain` shows."""
STRONGEST_STEMS = 6
"""Stems, alone or in pairs, that it shows for each of the first two candidates."""
LEAST_GAIN = 0.05
"""Nats under which a stem says too little for one of them to be shown."""


def as_json(reply: Reply) -> str:
    """Return a reply as one line of ASCII, which every reader of lines leaves whole."""
    return json.dumps(reply.to_dict())


def as_text(fragments: Fragments) -> str:
    """Return the text of fragments without their meaning."""
    return "".join(text for _, text in fragments)


def encodable(text: str, encoding: str | None) -> str:
    """Return `text` with a question mark for what an encoding lacks."""
    name = encoding or "utf-8"
    return text.encode(name, "replace").decode(name)


def reply_fragments(reply: Reply, width: int = DEFAULT_WIDTH) -> Fragments:
    """Return what a person reads of a reply, wrapped to `width` columns."""
    meaning = "urgent" if reply.kind is Kind.URGENT else ""
    paragraphs = reply.text.split("\n\n")
    fragments: Fragments = []
    for place, paragraph in enumerate(paragraphs):
        flagged = meaning or ("urgent" if reply.level and not place else "")
        fragments.append((flagged, f"{wrap(paragraph, width)}\n"))
        if place + 1 < len(paragraphs):
            fragments.append(("", "\n"))
    if source := source_line(reply):
        fragments.append(("source", f"\n{wrap(source, width)}\n"))
    return fragments


def source_line(reply: Reply) -> str:
    """Return where an answer comes from, or nothing."""
    if not reply.claims or reply.stance is None:
        return ""
    many = len(reply.claims) > 1
    return wording.SOURCE.format(
        sentences="sentences" if many else "sentence",
        ids=", ".join(reply.claims),
        stance=wording.STANCES[reply.stance],
    )


def wrap(text: str, width: int) -> str:
    """Return `text` with each of its lines wrapped, its start hanging out of the rest.

    An address is left whole, even where it is wider than that.
    """
    room = max(NARROWEST, min(width, WIDEST))
    return "\n".join(
        textwrap.fill(
            line,
            room,
            subsequent_indent=" "
            * (len(line) - len(LINE_START.sub("", line, count=1))),
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )


def topics(knowledge: KnowledgeBase, wanted: str = "") -> str:
    """Return all questions that can be answered, by topic, and what is out of scope.

    With `wanted`, only the topics in whose name it stands.
    """
    lines: list[str] = []
    for topic, entries in groupby(knowledge.entries, key=lambda entry: entry.topic):
        if wanted.casefold() in title(topic).casefold():
            lines += [title(topic), *(f"  {entry.question}" for entry in entries), ""]
    if wanted and not lines:
        names = dict.fromkeys(title(entry.topic) for entry in knowledge.entries)
        return wording.NO_SUCH_TOPIC.format(topic=wanted, topics=", ".join(names))
    if knowledge.referrals and not wanted:
        lines.append(wording.REFERRED_TOPICS)
        lines += [f"  {referral.subject}" for referral in knowledge.referrals]
    return "\n".join(lines).rstrip()


def red_flags(knowledge: KnowledgeBase) -> str:
    """Return a line for each red flag, the most urgent first."""
    lines = [
        f"{flag.level:10} {flag.id:26} {flag.name}" for flag in _by_level(knowledge)
    ]
    return "\n".join(lines) or wording.NO_RED_FLAGS


def sheet(bot: FAQBot) -> str:
    """Return what every red flag says as Markdown, for an expert to review."""
    lines: list[str] = []
    flags = _by_level(bot.knowledge)
    for level, group in groupby(flags, key=lambda flag: flag.level):
        lines += ["", f"### {wording.LEVELS[level]}", "", wording.SHEET_HEAD]
        for flag in group:
            rules = wording.SHEET_RULES.format(
                signs=len(flag.signs),
                phrases=len(flag.phrases),
                unless=len(flag.unless),
                examples=len(flag.examples),
            )
            cells = [
                f"**{flag.name}** (`{flag.id}`)",
                bot.localise(flag.message),
                rules,
                ", ".join(flag.references),
                "",
            ]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines).strip() or wording.NO_RED_FLAGS


def _by_level(knowledge: KnowledgeBase) -> list[RedFlag]:
    return sorted(knowledge.red_flags, key=lambda flag: flag.level.rank)


def certainty(reply: Reply) -> str:
    """Return in words how sure a reply is."""
    if reply.kind is not Kind.ANSWER:
        return wording.KINDS[reply.kind]
    return next(
        words for least, words in wording.CERTAINTY if reply.confidence >= least
    )


def transcript(replies: Iterable[Reply], knowledge: KnowledgeBase) -> str:
    """Return a conversation with its sources as Markdown."""
    parts = [wording.TRANSCRIPT.format(name=knowledge.about.name)]
    for reply in replies:
        asked = harmless(reply.question.strip()).replace("\n", " ")
        if asked:
            parts.append(f"**{wording.PROMPT.strip()}** {asked}")
        parts.append(reply.text)
        if source := source_line(reply):
            parts.append(f"*{source}*")
        shown = [each for each in knowledge.references if each.id in reply.references]
        parts.append(
            "\n".join(
                f"- {each.organisation}: {each.title} ({each.year}) {each.url or ''}"
                for each in shown
            )
        )
    return "\n\n".join(filter(None, parts)) + "\n"


def harmless(text: str) -> str:
    """Return `text` with a mark for each character that would steer a terminal."""
    return "".join(
        character
        if character == "\n" or unicodedata.category(character) not in STEERING
        else "\N{REPLACEMENT CHARACTER}"
        for character in text
    )


def counts(knowledge: KnowledgeBase) -> str:
    """Return how much the base holds."""
    variants = sum(len(entry.variants) for entry in knowledge.entries)
    examples = sum(len(referral.examples) for referral in knowledge.referrals)
    text = (
        f"{len(knowledge.entries)} entries with {variants} variants, "
        f"{len(knowledge.referrals)} out-of-scope topics with {examples} examples, "
        f"{len(knowledge.red_flags)} red flags"
    )
    if knowledge.article is None:
        return text
    sentences = knowledge.article.sentences
    cited = {claim for entry in knowledge.entries for claim in entry.claims}
    aside = sum(sentence.set_aside is not None for sentence in sentences)
    return (
        f"{text}, {len(cited)} of {len(sentences)} sentences answered, "
        f"{aside} set aside"
    )


def outcomes(counts: Mapping[str, Counter[Outcome]]) -> str:
    """Return a table of outcomes, a line for each kind of question."""
    lines = []
    for expected, found in counts.items():
        total = sum(found.values())
        shares = "  ".join(
            f"{name} {count / total:.1%} ({count})"
            for name, count in found.most_common()
        )
        lines.append(f"{expected:8} {total:6}  {shares}")
    return "\n".join(lines)


def reliability(bands: Sequence[Band]) -> str:
    """Return a table of how far the confidence keeps its word."""
    lines = ["confidence   asked  mean sure  share right  (95 % interval)"]
    for band in bands:
        low, high = band.interval
        lines.append(
            f"{band.low:.1f} to {band.high:.1f} {band.count:7}  {band.mean:9.1%}  "
            f"{band.right:11.1%}  ({low:.1%} to {high:.1%})"
        )
    lines.append(f"expected calibration error: {calibration_error(bands):.3f}")
    return "\n".join(lines)


def fit(found: Fit) -> str:
    """Return what a calibration found, and how it does on its own trials."""
    sure = found.calibration
    signs = [
        f"{verb} from {edge:.2f} on: {share:.1%} of the examples of {flags}, without "
        "any rule"
        for verb, edge, share, flags, model in (
            ("alarm", sure.alarm, found.alarmed, "urgent red flags", sure.danger),
            ("advice", sure.advise, found.advised, "other red flags", sure.soon),
        )
        if model
    ]
    if sure.danger:
        signs.append(f"rules alone count from {sure.doubt:.2f} on")
    return "\n".join(
        [
            reliability(found.bands),
            f"answered from {sure.answer:.2f} on: "
            f"{found.right:.1%} of the wordings of entries rightly, "
            f"{found.wrong:.1%} wrongly, {found.answered:.1%} of the out-of-scope "
            "examples",
            f"offered from {sure.offer:.2f} on: {found.offered:.1%} of "
            "the out-of-scope examples",
            *signs,
        ]
    )


def misses(trials: Iterable[Trial]) -> str:
    """Return the questions that were not served, a line each, parted by tabs."""
    served = {Outcome.RIGHT, Outcome.OFFERED}
    return "\n".join(
        f"{labelled.expect}\t{outcome(labelled, reply)}\t{_subject(reply)}\t"
        f"{labelled.question}"
        for labelled, reply in trials
        if outcome(labelled, reply) not in served
    )


def title(topic: str) -> str:
    """Return the name of a topic as a heading."""
    return topic.replace("-", " ").replace("_", " ").capitalize()


def sources(reply: Reply | None, knowledge: KnowledgeBase) -> str:
    """Return the sentences and references behind a reply, in full."""
    if reply is None or not (reply.claims or reply.references):
        return wording.NO_SOURCE
    lines: list[str] = []
    if knowledge.article:
        lines.append(wording.ARTICLE.format(title=knowledge.article.title))
        lines += [
            wording.SENTENCE.format(
                id=claim.id, claim=claim.claim, verdict=claim.verdict
            )
            for claim in knowledge.article.sentences
            if claim.id in reply.claims
        ]
    for reference in knowledge.references:
        if reference.id in reply.references:
            lines.append(
                f"[{reference.id}] {reference.organisation}: {reference.title} "
                f"({reference.year}). {reference.shows} ({reference.checked})"
            )
            if reference.url:
                lines.append(f"  {reference.url}")
    return "\n".join(lines)


def explanation(found: Explanation) -> str:
    """Return every number and word that led to a reply."""
    return "\n".join(_explain(found))


def _explain(found: Explanation) -> Iterator[str]:
    reply, ranking = found.reply, found.ranking
    yield f"reply: {reply.kind}" + (f" {_subject(reply)}" if _subject(reply) else "")
    yield f"confidence: {found.confidence:.3f} that the best entry is right, "
    yield f"  {found.offer:.3f} that it is among the first three"
    for sign in found.findings:
        state = "" if sign.status is Status.CURRENT else f", {sign.status}"
        words = " ".join(sign.evidence)
        yield f"red flag: {sign.flag.id} ({sign.flag.level}{state}): “{words}”"
    for each in found.heard:
        level = each.flag.level
        yield f"sounds like {each.flag.id} ({level}): {each.chance:.3f} by examples"
    yield f"words: {' '.join(ranking.question.words)}"
    yield f"stems: {' '.join(ranking.question.stems)}"
    yield f"unknown words: {', '.join(ranking.unknown_words) or 'none'}"
    yield "candidates (evidence in nats an n-gram, share of the evidence):"
    for candidate in ranking.candidates[:5]:
        kind = type(candidate.entry).__name__.lower()
        yield (
            f"  {candidate.score:8.3f} {candidate.confidence:6.1%}  "
            f"{candidate.id} ({kind})"
        )
    if found.grams and len(ranking.candidates) > 1:
        first, second = (candidate.id for candidate in ranking.candidates[:2])
        yield f"n-grams for {first} (+) and for {second} (-), = marks whole stems:"
        for gram, gain in found.grams[:STRONGEST_GRAMS]:
            yield f"  {gain:+8.3f}  {gram!r}"
        gap = sum(gain for _, gain in found.grams)
        yield f"why {second} lost: {gap:.1f} nats behind {first}, by all its n-grams"
        for name, way in ((first, 1), (second, -1)):
            yield f"  for {name}: {_stems_for(found.grams, way)}"
    for side, neighbours in (("entries", found.inside), ("topics", found.outside)):
        yield f"nearest wordings of {side} (similarity 0 to 100):"
        for near in neighbours:
            yield f"  {near.similarity:5.1f}  {near.wording}"
    yield "what each feature adds to the log-odds of the confidence:"
    for name, added in found.contributions.items():
        yield f"  {added:+8.3f}  {name} = {ranking.features.get(name, 0.0):.3f}"


def _stems_for(grams: Iterable[tuple[str, float]], way: int) -> str:
    """Return the stems that speak for one side, strongest first, and by how much."""
    found = [
        f"{gram[1:]} {gain * way:.2f}"
        for gram, gain in grams
        if gram.startswith("=") and gain * way >= LEAST_GAIN
    ]
    return ", ".join(found[:STRONGEST_STEMS]) or "no word of its own"


def why(found: Explanation) -> str:
    """Return in a few lines how a reply came about."""
    lines = [
        wording.WHY_SIGN.format(sign=sign.flag.name, words=" ".join(sign.evidence))
        for sign in found.findings
        if sign.status is Status.CURRENT
    ]
    if found.reply.kind is not Kind.URGENT:
        if found.inside:
            lines.append(
                wording.WHY_NEAREST.format(
                    wording=found.inside[0].wording,
                    similarity=found.inside[0].similarity,
                )
            )
        lines.append(wording.WHY_CONFIDENCE.format(percent=100 * found.confidence))
        if found.reply.unknown_words:
            known = wording.listed(found.reply.unknown_words)
            lines.append(wording.WHY_UNKNOWN.format(words=known))
    return "\n".join(lines)


def problems(found: Iterable[Problem]) -> str:
    """Return problems a line each, by file and line."""
    return "\n".join(map(str, sorted(found)))


def _subject(reply: Reply) -> str:
    return reply.entry or reply.topic or reply.red_flag or ""
