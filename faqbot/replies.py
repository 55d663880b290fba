"""Writes the replies to what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from . import wording
from .knowledge import CONTACT, KnowledgeBase
from .models import Candidate, Entry, Kind, Option, Referral, Region, Reply
from .ranking import Ranking
from .safety import Finding


@dataclass(frozen=True, slots=True)
class Writer:
    """Puts together what the base has to say."""

    knowledge: KnowledgeBase
    region: Region | None
    """Where to call; without one, texts say it in words that hold anywhere."""
    options: int
    """Most entries that are offered."""

    def localise(self, text: str) -> str:
        """Return a text of the base with whom to call filled in."""
        contacts = dict(self.knowledge.contacts)
        if self.region:
            contacts |= self.region.contacts
        return CONTACT.sub(lambda found: contacts.get(found[1], found[0]), text)

    def compose(self, *parts: str | None) -> str:
        """Return the parts that there are as paragraphs, fit to be read."""
        return self.localise("\n\n".join(part for part in parts if part))

    def answer(
        self,
        question: str,
        entry: Entry,
        confidence: float,
        unknown: tuple[str, ...] = (),
    ) -> Reply:
        """Return the answer of an entry."""
        return Reply(
            question,
            Kind.ANSWER,
            self.compose(entry.answer, self.knowledge.about.notice),
            entry=entry.id,
            matched=entry.question,
            claims=entry.claims,
            stance=entry.stance,
            references=entry.references,
            confidence=confidence,
            unknown_words=unknown,
        )

    def clarify(
        self, question: str, ranking: Ranking, confidence: float, offer: float
    ) -> Reply:
        """Return an offer of the best entries of a ranking."""
        reply = self.offer(question, ranking.entries, confidence, offer)
        return replace(reply, unknown_words=ranking.unknown_words)

    def offer(
        self,
        question: str,
        candidates: Sequence[Candidate],
        confidence: float,
        offer: float,
    ) -> Reply:
        """Offer the first few candidates, which are entries.

        `offer` is the probability that one of them is right.
        """
        likely = candidates[: self.options]
        total = sum(candidate.confidence for candidate in likely) or 1.0
        options = tuple(
            Option(
                entry.id, entry.question, entry.claims, offer * each.confidence / total
            )
            for each in likely
            if isinstance(entry := each.entry, Entry)
        )
        return Reply(
            question,
            Kind.CLARIFICATION,
            self.listed(wording.DID_YOU_MEAN, options),
            confidence=confidence,
            options=options,
        )

    def listed(self, opening: str, options: Sequence[Option]) -> str:
        """Return options as a numbered list."""
        lines = [f"{place}. {each.question}" for place, each in enumerate(options, 1)]
        return self.compose("\n".join([opening, *lines]), wording.NONE_OF_THESE)

    def refer(
        self,
        question: str,
        ranking: Ranking,
        confidence: float,
        topic: Referral | None,
    ) -> Reply:
        """Return where to ask instead; without a topic, that it was not understood."""
        about = self.knowledge.about
        refer_to = topic.refer_to if topic else about.refer_to
        ask = wording.WHO_TO_ASK.format(refer_to=refer_to) if refer_to else None
        parts: list[str | None]
        if not ranking.question.words:
            parts = [wording.NOTHING_ASKED]
        elif topic is None:
            parts = [self._not_understood(ranking), ask, about.safety_net]
        elif refer_to is None:
            parts = [topic.advice]
        else:
            opening = wording.OUT_OF_SCOPE.format(subject=topic.subject)
            parts = [f"{opening} {topic.advice}", ask, about.safety_net]
        notice = about.notice if refer_to and ranking.question.words else None
        return Reply(
            question,
            Kind.REFERRAL,
            self.compose(*parts, self._can_help(), notice),
            references=topic.references if topic else (),
            confidence=confidence,
            topic=topic.id if topic else None,
            refer_to=refer_to,
            unknown_words=ranking.unknown_words,
        )

    def urgent(self, question: str, sign: Finding) -> Reply:
        """Return what to do now, and nothing else."""
        flag = sign.flag
        return Reply(
            question,
            Kind.URGENT,
            self.compose(flag.message, self.knowledge.about.notice),
            references=flag.references,
            confidence=1.0,
            red_flag=flag.id,
            level=flag.level,
        )

    def advise_first(self, reply: Reply, sign: Finding) -> Reply:
        """Put the advice on a sign at the prompt level before the rest of a reply."""
        return replace(
            reply,
            text=self.compose(sign.flag.message, reply.text),
            red_flag=sign.flag.id,
            level=sign.flag.level,
        )

    def warn(self, reply: Reply) -> Reply:
        """Add when not to wait, for a sign asked about, long past or not sure."""
        net = self.localise(self.knowledge.about.safety_net or "")
        if net in reply.text:
            return reply
        return replace(reply, text=self.compose(reply.text, net))

    def reasons(self, entry: Entry) -> str:
        """Return what an answer rests on: the article's sentences, and the evidence."""
        base = self.knowledge
        lines = [wording.REASONS.format(question=entry.question)]
        if base.article:
            lines += [
                wording.REASON_SENTENCE.format(claim=each.claim, verdict=each.verdict)
                for each in base.article.sentences
                if each.id in entry.claims
            ]
        lines += [
            wording.REASON_EVIDENCE.format(
                organisation=each.organisation, year=each.year, shows=each.shows
            )
            for each in base.references
            if each.id in entry.references
        ]
        return "\n".join(lines) if len(lines) > 1 else wording.NO_SOURCE

    def _not_understood(self, ranking: Ranking) -> str:
        sentences = [wording.NOT_UNDERSTOOD]
        if unknown := ranking.unknown_words[:3]:
            plural = len(unknown) > 1
            known = wording.UNKNOWN_WORDS if plural else wording.UNKNOWN_WORD
            sentences.append(known.format(words=wording.listed(unknown)))
        return " ".join([*sentences, wording.TRY_OTHER_WORDS])

    def _can_help(self) -> str:
        about = self.knowledge.about
        if not about.samples:
            return wording.CAN_HELP_BRIEF.format(covers=about.covers)
        sample = self.knowledge.find(about.samples[0]).question
        return wording.CAN_HELP.format(covers=about.covers, sample=sample)
