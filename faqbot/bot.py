"""Decides what to say to a question."""

from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from . import wording
from .assertion import Status
from .conversation import Conversation
from .danger import MOST_SENTENCES, SHORTEST_SENTENCE, Heard, Listener
from .judging import Judge, Policy, fitted
from .knowledge import KnowledgeBase
from .models import (
    Candidate,
    Entry,
    Kind,
    Move,
    Referral,
    Region,
    Release,
    Reply,
    SmallTalk,
    Subject,
)
from .ranking import Ranker, Ranking
from .replies import Writer
from .safety import Finding, Screen, gravest
from .similarity import Neighbour
from .text import Stemmer, is_question, normalise, sentences, words

LONGEST_FOLLOW_UP = 6
"""Words of the longest message that may go on from what was answered before."""
OWN_SUBJECT = 0.9
"""Probability that an entry is right from which a short message stands by itself."""
OWN_TOPIC = 0.6
"""Share of the evidence from which an out-of-scope topic makes it do so."""
TAKEN_UP = 0.5
"""Share of the evidence from which a message that goes on is answered."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Every number and word that led to a reply."""

    reply: Reply
    findings: tuple[Finding, ...]
    """The red flags found, current or not."""
    ranking: Ranking
    confidence: float
    """Probability that the best entry is right."""
    offer: float
    """Probability that one of the best entries is right."""
    heard: tuple[Heard, ...]
    """The urgent red flag whose examples the message is most like, and the one that
    asks for an appointment."""
    contributions: Mapping[str, float]
    """What each feature adds to the log-odds of the confidence."""
    grams: tuple[tuple[str, float], ...]
    """What each n-gram says for the first candidate against the second, in nats."""
    inside: tuple[Neighbour, ...]
    """The nearest wordings of entries."""
    outside: tuple[Neighbour, ...]
    """The nearest wordings of out-of-scope topics and small talk."""


class FAQBot:
    """Answers questions from a knowledge base.

    A bot never changes once it is made: it can be shared between threads and pickled,
    and the same base and question give the same reply.
    """

    __slots__ = (
        "_judge",
        "_listener",
        "_moves",
        "_ranker",
        "_screen",
        "_writer",
        "knowledge",
        "policy",
    )

    knowledge: KnowledgeBase
    policy: Policy
    _ranker: Ranker
    _screen: Screen
    _judge: Judge
    _listener: Listener
    _writer: Writer
    _moves: Mapping[str, Move]

    def __init__(
        self,
        knowledge: KnowledgeBase | None = None,
        *,
        policy: Policy | None = None,
        region: str | None = None,
    ) -> None:
        """Build the indexes; `region` is the id or name of a region of the base.

        Raises FaqbotError where there is no such region, and KnowledgeError where the
        base that ships cannot be used.
        """
        base = KnowledgeBase.load() if knowledge is None else knowledge
        ranker = Ranker.of(base)
        screen = Screen(
            base.red_flags,
            base.concepts,
            base.idioms,
            Stemmer(base.about.language),
            ranker.common_words.union(base.ordinary_words),
            base.releases,
        )
        sure = fitted(base)
        policy = policy or Policy(
            sure.answer, sure.offer, sure.alarm, sure.advise, sure.doubt
        )
        judge = Judge(sure, policy)
        place = base.region(region) if region else None
        for name, value in {
            "knowledge": base,
            "policy": policy,
            "_ranker": ranker,
            "_screen": screen,
            "_judge": judge,
            "_listener": Listener(ranker, screen, judge, policy),
            "_writer": Writer(base, place, policy.options),
            "_moves": {
                normalise(phrase): move
                for move, phrases in base.moves.items()
                for phrase in phrases
            },
        }.items():
            object.__setattr__(self, name, value)

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"a FAQBot cannot be changed; make another ({name})")

    def __reduce__(self) -> tuple[object, ...]:
        region = self.region.id if self.region else None
        return _rebuild, (self.knowledge, self.policy, region)

    @property
    def region(self) -> Region | None:
        """Where to call; without one, texts say it in words that hold anywhere."""
        return self._writer.region

    def in_region(self, region: str | None) -> "FAQBot":
        """Return a bot with the same indexes that names the numbers of `region`.

        Raises FaqbotError where the base has no such region.
        """
        other = object.__new__(FAQBot)
        for name in FAQBot.__slots__:
            object.__setattr__(other, name, getattr(self, name))
        place = self.knowledge.region(region) if region else None
        object.__setattr__(other, "_writer", replace(self._writer, region=place))
        return other

    def ask(self, question: str, *, before: str = "") -> Reply:
        """Return the reply to `question`; never raises for any text.

        `before` is what the same person said just before: a sign of danger may be
        spread over the two. Raises TypeError when `question` is not a string.
        """
        if not isinstance(question, str):
            raise TypeError(f"a question is a str, not {type(question).__name__}")
        ranking = self._ranker.rank(question)
        findings = self._find(question, ranking, before)
        heard = () if _urgent(findings) else self._hear(question, ranking)
        return self._reply(question, ranking, findings, heard)

    def ask_many(self, questions: Iterable[str]) -> Iterator[Reply]:
        """Yield the reply to each of `questions`, in order."""
        return map(self.ask, questions)

    def rank(self, question: str) -> tuple[Candidate, ...]:
        """Return every entry and out-of-scope topic as a candidate, best first."""
        return self._ranker.rank(question).candidates

    def ask_left_out(self, wording: str, owner: Subject) -> Reply:
        """Return the reply to a wording as if `owner` did not hold it.

        Signs of danger are not looked for: this is to see what the wordings are worth.
        """
        return self._decide(wording, self._ranker.rank_left_out(wording, owner))

    def first_left_out(self, wording: str, owner: Subject) -> Subject:
        """Return what a wording is likeliest to ask for, if `owner` did not hold it."""
        return self._ranker.first_left_out(wording, owner)

    def findings(self, message: str) -> tuple[Finding, ...]:
        """Return the red flags that rules find in a message, current ones first."""
        return self._screen.find(message)

    def release(self, message: str) -> Release | None:
        """Return what in `message` ends the reminders after an emergency reply.

        None where it tells of danger too, as far as rules go.
        """
        if _urgent(self._screen.find(message)):
            return None
        found = self._screen.release(message)
        return replace(found, reply=self.localise(found.reply)) if found else None

    def localise(self, text: str) -> str:
        """Return a text of the base with whom to call filled in."""
        return self._writer.localise(text)

    def move(self, message: str) -> Move | None:
        """Return what a message does with the conversation itself, if it does."""
        return self._moves.get(normalise(message))

    def follow_up(self, question: str, entry_id: str) -> Reply | None:
        """Return the reply to a few words that go on from an entry.

        None where they are a question of their own.
        """
        if not 0 < len(words(question)) <= LONGEST_FOLLOW_UP:
            return None
        ranking = self._ranker.rank(question)
        if ranking.unknown_words:
            return None
        last = self.knowledge.find(entry_id)
        if self.move(question) is not Move.UNFINISHED:
            first = ranking.candidates[0]
            own = isinstance(first.entry, Referral) and first.confidence >= OWN_TOPIC
            own = own or self._judge.confidence(ranking) >= OWN_SUBJECT
            if own or ranking.exact or isinstance(first.entry, SmallTalk):
                return None
        candidates = self._ranker.rank_after(question, last)
        first = candidates[0]
        if not isinstance(first.entry, Entry):
            return None
        if first.confidence < TAKEN_UP:
            options = [each for each in candidates if isinstance(each.entry, Entry)]
            return self._writer.offer(question, options, first.confidence, 1.0)
        reply = self._writer.answer(question, first.entry, first.confidence)
        about = wording.ABOUT.format(question=first.entry.question)
        return replace(reply, text=f"{about}\n\n{reply.text}")

    def alternatives(self, question: str, without: Container[str]) -> Reply:
        """Return an offer of the next best entries, or a referral if there are none."""
        ranking = self._ranker.rank(question)
        left = [each for each in ranking.entries if each.id not in without]
        if not left or not ranking.question.words:
            return self.refer(question)
        return self._writer.offer(question, left, self._judge.confidence(ranking), 1.0)

    def refer(self, question: str) -> Reply:
        """Return a referral, whatever could be answered."""
        ranking = self._ranker.rank(question)
        topic = self._topic(ranking)
        return self._writer.refer(
            question, ranking, self._judge.confidence(ranking), topic
        )

    def reasons(self, entry_id: str) -> str:
        """Return what an answer rests on: the article's sentences, and the evidence."""
        return self._writer.reasons(self.knowledge.find(entry_id))

    def further(self, question: str, entry_id: str) -> Reply | None:
        """Return an offer of what goes on from an entry; None if nothing does."""
        base = self.knowledge
        entries = map(base.find, base.find(entry_id).follow_ups)
        candidates = [Candidate(entry, 0.0, 1.0) for entry in entries]
        if not candidates:
            return None
        reply = self._writer.offer(question, candidates, 1.0, 1.0)
        return replace(
            reply, text=self._writer.listed(wording.YOU_COULD_ASK, reply.options)
        )

    def conversation(self) -> Conversation:
        """Return a conversation that remembers what was offered."""
        return Conversation(self)

    def best_entry(self, question: str) -> tuple[Entry | None, float]:
        """Return the entry that fits best, and the probability that it is right."""
        ranking = self._ranker.rank(question)
        known = ranking.exact
        best = known if isinstance(known, Entry) else ranking.best
        return best, self._judge.confidence(ranking)

    def answer(self, entry_id: str, question: str = "") -> Reply:
        """Return the answer of an entry that was chosen; KeyError if there is none."""
        return self._writer.answer(question, self.knowledge.find(entry_id), 1.0)

    def explain(self, question: str) -> Explanation:
        """Return every number and word that leads to the reply to `question`."""
        ranking = self._ranker.rank(question)
        findings = self._find(question, ranking)
        heard = self._hear(question, ranking)
        return Explanation(
            reply=self._reply(question, ranking, findings, heard),
            findings=(*findings, *(each.finding for each in heard if each.finding)),
            ranking=ranking,
            confidence=self._judge.confidence(ranking),
            offer=self._judge.offer(ranking),
            heard=heard,
            contributions=self._judge.contributions(ranking),
            grams=tuple(self._ranker.compare(ranking)),
            inside=tuple(self._ranker.neighbours(ranking, outside=False)),
            outside=tuple(self._ranker.neighbours(ranking, outside=True)),
        )

    def _reply(
        self,
        question: str,
        ranking: Ranking,
        findings: tuple[Finding, ...],
        heard: tuple[Heard, ...],
    ) -> Reply:
        """Return the reply; what is `heard` counts where rules find nothing urgent."""
        sign = _urgent(findings)
        if not sign:
            findings += tuple(each.finding for each in heard if each.finding)
            sign = _urgent(findings)
        if sign:
            return self._writer.urgent(question, sign)
        reply = self._decide(question, ranking)
        flags = [each.flag for each in findings]
        flags += [each.flag for each in heard if each.chance >= self.policy.warn]
        if any(flag.level.is_urgent for flag in flags):
            reply = self._writer.warn(reply)
        sign = gravest(findings)
        return self._writer.advise_first(reply, sign) if sign else reply

    def _find(
        self, message: str, ranking: Ranking, before: str = ""
    ) -> tuple[Finding, ...]:
        """Return the red flags in a message, or in it and the one before together."""
        own = self._screen.find(message)
        found = self._listener.doubted(own, message, ranking)
        if not before:
            return found
        # "My back went yesterday." "And now I can't pee": a sign made of the two.
        both = f"{before}\n{message}"
        together = self._screen.find(both)
        new = _current(together) - _current(own)
        if new:
            new -= _current(self._screen.find(before))
        joined = tuple(each for each in together if each.flag.id in new)
        if not joined:
            return found
        return found + self._listener.doubted(joined, both, self._ranker.rank(both))

    def _hear(self, message: str, ranking: Ranking) -> tuple[Heard, ...]:
        """Return the red flags that a message sounds like, one a level at most."""
        if ranking.exact or self.move(message):
            # What is known word for word is known to be harmless.
            return ()
        return tuple(self._listener.hear(message, ranking))

    def _decide(self, question: str, ranking: Ranking) -> Reply:
        """Choose a kind of reply by what is sure, what is likely and what is not."""
        if not ranking.question.words:
            return self._writer.refer(question, ranking, 0.0, None)
        confidence = self._judge.confidence(ranking)
        # "How often?" says nothing of what, so nothing is answered with confidence.
        unfinished = self.move(question) is Move.UNFINISHED and len(ranking.entries) > 1
        match ranking.exact or ranking.candidates[0].entry:
            case SmallTalk() as chat if ranking.exact or self._is_small_talk(ranking):
                return Reply(
                    question, Kind.SMALL_TALK, self._writer.compose(chat.reply)
                )
            case Referral() as topic if ranking.exact:
                return self._writer.refer(question, ranking, confidence, topic)
            case Entry() as entry if ranking.exact and not unfinished:
                return self._writer.answer(
                    question, entry, confidence, ranking.unknown_words
                )
        if unfinished:
            return self._writer.clarify(question, ranking, confidence, 1.0)
        # "Book me an appointment with a physiotherapist": an entry is likely enough,
        # but it is likelier that this is about something else.
        if confidence >= self.policy.answer and not ranking.is_outdone:
            asked = self._asked_within(question)
            if asked and self._judge.confidence(asked) > confidence:
                ranking, confidence = asked, self._judge.confidence(asked)
            best = ranking.exact if isinstance(ranking.exact, Entry) else ranking.best
            assert best is not None
            return self._writer.answer(
                question, best, confidence, ranking.unknown_words
            )
        if len(ranking.entries) > 1:
            offer = self._judge.offer(ranking)
            if offer >= self.policy.offer:
                offered = self._writer.clarify(question, ranking, confidence, offer)
                return self._told_apart(question, offered) or offered
        recognised = self._topic(ranking)
        if recognised is None and (asked := self._asked_within(question)):
            return self._writer.clarify(question, asked, confidence, self.policy.offer)
        return self._writer.refer(question, ranking, confidence, recognised)

    def _told_apart(self, message: str, offered: Reply) -> Reply | None:
        """Return the reply to a sentence that tells what is meant, if one does.

        It is answered where it was among what the whole message would offer, too.
        """
        asked = self._asked_within(message)
        if asked is None:
            return None
        sure, best = self._judge.confidence(asked), asked.exact or asked.best
        if isinstance(best, Entry) and best.id in {
            each.entry for each in offered.options
        }:
            return self._writer.answer(message, best, sure, offered.unknown_words)
        return self._writer.clarify(
            message, asked, offered.confidence, self.policy.offer
        )

    def _asked_within(self, message: str) -> Ranking | None:
        """Return the ranking of a sentence that surely asks for an entry by itself.

        A story before a question must not drown it: "I moved house in June. It was
        fun. When do you open?"
        """
        parts = sentences(message)
        if len(parts) < 2:
            return None
        # Where something is asked with a mark, the rest is the story.
        asked = list(filter(is_question, parts))
        ranked = map(self._ranker.rank, (asked or parts)[-MOST_SENTENCES:])
        sure = [
            ranking
            for ranking in ranked
            if len(ranking.question.words) >= SHORTEST_SENTENCE
            and self._judge.confidence(ranking) >= self.policy.sentence
            and not ranking.is_outdone
        ]
        return max(sure, key=self._judge.confidence, default=None)

    def _is_small_talk(self, ranking: Ranking) -> bool:
        """Tell whether a message is small talk and nothing else."""
        nearest = self._ranker.neighbours(ranking, outside=True)
        return nearest[0].similarity >= self.policy.small_talk

    def _topic(self, ranking: Ranking) -> Referral | None:
        """Return the out-of-scope topic that a question is about, if that is plain."""
        for candidate in ranking.outside:
            if isinstance(candidate.entry, Referral):
                sure = candidate.confidence >= self.policy.topic
                return candidate.entry if sure else None
        return None


def _urgent(findings: Iterable[Finding]) -> Finding | None:
    """Return the most urgent of the current findings, if it cannot wait."""
    sign = gravest(findings)
    return sign if sign and sign.flag.level.is_urgent else None


def _current(findings: Iterable[Finding]) -> set[str]:
    """Return the ids of the red flags that are there now."""
    return {each.flag.id for each in findings if each.status is Status.CURRENT}


def _rebuild(knowledge: KnowledgeBase, policy: Policy, region: str | None) -> FAQBot:
    return FAQBot(knowledge, policy=policy, region=region)
