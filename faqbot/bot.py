"""Decides what to say to a question."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from . import wording
from .assertion import Status
from .confidence import GENERAL, Logistic
from .conversation import Conversation
from .knowledge import CONTACT, KnowledgeBase
from .models import (
    Calibration,
    Candidate,
    Entry,
    Kind,
    Level,
    Move,
    Option,
    Referral,
    Region,
    Release,
    Reply,
    SmallTalk,
    Subject,
)
from .ranking import DANGER_FEATURES, FEATURES, Ranker, Ranking, Suspicion
from .safety import Finding, Screen, gravest
from .similarity import Neighbour
from .text import Stemmer, normalise, sentences, words

LONGEST_FOLLOW_UP = 6
"""Words of the longest message that may go on from what was answered before."""
OWN_SUBJECT = 0.9
"""Probability that an entry is right from which a short message stands by itself."""
OWN_TOPIC = 0.6
"""Share of the evidence from which an out-of-scope topic makes it do so."""
TAKEN_UP = 0.5
"""Share of the evidence from which a message that goes on is answered."""
SHORTEST_SENTENCE = 4
"""Words from which a sentence may say by itself what is meant; "Why?" may not."""
MOST_SENTENCES = 16
"""Sentences of a message that are looked at one by one."""
MIN_TELLING = 2
"""Fewest words that must speak for a red flag when no rule does."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The bands of the decision; three are the calibration's, unless given."""

    answer: float = GENERAL.answer
    """Lowest probability, that the best entry is right, at which it is answered."""
    offer: float = GENERAL.offer
    """Lowest probability, that one of the best entries is right, to offer them."""
    alarm: float = GENERAL.alarm
    """Lowest probability, that a red flag is meant, at which it is raised."""
    sentence_alarm: float = 0.985
    """The same for one sentence of several: what stands around it may explain it."""
    hint: float = 0.2
    """Least probability, for the message as a whole, to hear a part of it."""
    sure_question: float = 0.9
    """Probability that an entry is right from which a sentence only asks for that."""
    exact: float = 0.99
    """Least probability that an entry is right whose wording the question is."""
    sentence: float = 0.85
    """Least probability that an entry is right for a sentence of a message to count."""
    options: int = 3
    """Most entries that are offered."""
    topic: float = 0.4
    """Least share of the evidence, 0 to 1, for a topic to be named in a referral."""
    small_talk: float = 70.0
    """Least similarity, 0 to 100, of a message to a known piece of small talk."""


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
    danger: float
    """Probability that a red flag is meant, by the examples of the flags."""
    suspect: str | None
    """Id of the flag whose examples the message is most like."""
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
        "_among",
        "_best",
        "_danger",
        "_moves",
        "_ranker",
        "_screen",
        "knowledge",
        "policy",
        "region",
    )

    knowledge: KnowledgeBase
    policy: Policy
    region: Region | None
    """Where to call; without one, texts say it in words that hold anywhere."""
    _ranker: Ranker
    _screen: Screen
    _best: Logistic
    _among: Logistic
    _moves: Mapping[str, Move]
    _danger: Logistic

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
        for name, value in {
            "knowledge": base,
            "policy": policy or Policy(sure.answer, sure.offer, sure.alarm),
            "region": base.region(region) if region else None,
            "_ranker": ranker,
            "_screen": screen,
            "_best": Logistic.from_dict(sure.best),
            "_among": Logistic.from_dict(sure.among),
            "_danger": Logistic.from_dict(sure.danger),
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

    def in_region(self, region: str | None) -> "FAQBot":
        """Return a bot with the same indexes that names the numbers of `region`.

        Raises FaqbotError where the base has no such region.
        """
        other = object.__new__(FAQBot)
        for name in FAQBot.__slots__:
            object.__setattr__(other, name, getattr(self, name))
        found = self.knowledge.region(region) if region else None
        object.__setattr__(other, "region", found)
        return other

    def ask(self, question: str, *, before: str = "") -> Reply:
        """Return the reply to `question`; never raises for any text.

        `before` is what the same person said just before: a sign of danger may be
        spread over the two. Raises TypeError when `question` is not a string.
        """
        if not isinstance(question, str):
            raise TypeError(f"a question is a str, not {type(question).__name__}")
        findings = self._find(question, before)
        sign = gravest(findings)
        if sign and sign.flag.level is not Level.PROMPT:
            return self._urgent(question, sign)
        ranking = self._ranker.rank(question)
        suspected = self._suspect(question, ranking)[0]
        if suspected and suspected.status is Status.CURRENT:
            return self._urgent(question, suspected)
        reply = self._decide(question, ranking)
        if sign:
            return self._advise_first(reply, sign)
        if suspected or any(found.flag.level is not Level.PROMPT for found in findings):
            return self._warn(reply)
        return reply

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

    def findings(self, message: str) -> tuple[Finding, ...]:
        """Return the red flags that rules find in a message, current ones first."""
        return self._screen.find(message)

    def release(self, message: str) -> Release | None:
        """Return what in `message` ends the reminders after an emergency reply.

        None where it tells of danger too, as far as rules go.
        """
        sign = gravest(self._screen.find(message))
        if sign and sign.flag.level is not Level.PROMPT:
            return None
        found = self._screen.release(message)
        return replace(found, reply=self._compose(found.reply)) if found else None

    def localise(self, text: str) -> str:
        """Return a text of the base with whom to call filled in."""
        contacts = dict(self.knowledge.contacts)
        if self.region:
            contacts |= self.region.contacts
        return CONTACT.sub(lambda found: contacts.get(found[1], found[0]), text)

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
            own = own or self._confidence(ranking) >= OWN_SUBJECT
            if own or ranking.exact or isinstance(first.entry, SmallTalk):
                return None
        candidates = self._ranker.rank_after(question, last)
        first = candidates[0]
        if not isinstance(first.entry, Entry):
            return None
        if first.confidence < TAKEN_UP:
            options = [each for each in candidates if isinstance(each.entry, Entry)]
            return self._offer(question, options, first.confidence, 1.0)
        reply = self._answer(question, first.entry, first.confidence, ())
        about = wording.ABOUT.format(question=first.entry.question)
        return replace(reply, text=f"{about}\n\n{reply.text}")

    def alternatives(self, question: str, without: Container[str]) -> Reply:
        """Return an offer of the next best entries, or a referral if there are none."""
        ranking = self._ranker.rank(question)
        left = [each for each in ranking.entries if each.id not in without]
        if not left or not ranking.question.words:
            return self.refer(question)
        return self._offer(question, left, self._confidence(ranking), 1.0)

    def refer(self, question: str) -> Reply:
        """Return a referral, whatever could be answered."""
        ranking = self._ranker.rank(question)
        topic = self._topic(ranking)
        return self._refer(question, ranking, self._confidence(ranking), topic)

    def reasons(self, entry_id: str) -> str:
        """Return what an answer rests on: the article's sentences, and the evidence."""
        entry, base = self.knowledge.find(entry_id), self.knowledge
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

    def further(self, question: str, entry_id: str) -> Reply | None:
        """Return an offer of what goes on from an entry; None if nothing does."""
        base = self.knowledge
        entries = map(base.find, base.find(entry_id).follow_ups)
        candidates = [Candidate(entry, 0.0, 1.0) for entry in entries]
        if not candidates:
            return None
        reply = self._offer(question, candidates, 1.0, 1.0)
        return replace(reply, text=self._listed(wording.YOU_COULD_ASK, reply.options))

    def conversation(self) -> Conversation:
        """Return a conversation that remembers what was offered."""
        return Conversation(self)

    def best_entry(self, question: str) -> tuple[Entry | None, float]:
        """Return the entry that fits best, and the probability that it is right."""
        ranking = self._ranker.rank(question)
        known = ranking.exact
        best = known if isinstance(known, Entry) else ranking.best
        return best, self._confidence(ranking)

    def answer(self, entry_id: str, question: str = "") -> Reply:
        """Return the answer of an entry that was chosen; KeyError if there is none."""
        return self._answer(question, self.knowledge.find(entry_id), 1.0, ())

    def explain(self, question: str) -> Explanation:
        """Return every number and word that leads to the reply to `question`."""
        ranking = self._ranker.rank(question)
        findings = self._screen.find(question)
        suspected, danger, suspicion = self._suspect(question, ranking)
        return Explanation(
            reply=self.ask(question),
            findings=(*findings, suspected) if suspected else findings,
            ranking=ranking,
            confidence=self._confidence(ranking),
            offer=self._chance(self._among, ranking),
            danger=danger,
            suspect=suspicion.flag.id if suspicion else None,
            contributions=self._best.contributions(ranking.features),
            grams=tuple(self._ranker.compare(ranking)),
            inside=tuple(self._ranker.neighbours(ranking, outside=False)),
            outside=tuple(self._ranker.neighbours(ranking, outside=True)),
        )

    def _find(self, message: str, before: str) -> tuple[Finding, ...]:
        """Return the red flags in a message, or in it and the one before together."""
        found = self._screen.find(message)
        if not before:
            return found
        # "My back went yesterday." "And now I can't pee": a sign made of the two.
        known = _current(found)
        joined = [
            each
            for each in self._screen.find(f"{before}\n{message}")
            if each.flag.id in _current([each]) - known
        ]
        if not joined:
            return found
        told = _current(self._screen.find(before))
        return found + tuple(each for each in joined if each.flag.id not in told)

    def _compose(self, *parts: str | None) -> str:
        """Return the parts that there are as paragraphs, fit to be read."""
        return self.localise("\n\n".join(part for part in parts if part))

    def _suspect(
        self, message: str, ranking: Ranking
    ) -> tuple[Finding | None, float, Suspicion | None]:
        """Return the red flag that a message is like the examples of, if any is meant.

        With it come the probability that one is, and what that is judged by. It hears
        danger in words that no rule lists: "the flannel could be touching anyone when I
        dry off". A sentence alone raises it too, but must be surer, for what stands
        around it may explain it: "Do planks help? The seat feels like foam. I drive."
        """
        if ranking.exact or self.move(message):
            # What is known word for word is known to be harmless.
            return None, 0.0, None
        heard = self._suspect_in(message, ranking, self.policy.alarm)
        if heard[0] or heard[1] < self.policy.hint:
            return heard
        parts = sentences(message)[:MOST_SENTENCES]
        if len(parts) < 2:
            return heard
        ranked = [(each, self._ranker.rank(each)) for each in parts]
        for _, part in ranked:
            if len(part.question.words) >= SHORTEST_SENTENCE:
                alone = self._suspect_in(message, part, self.policy.sentence_alarm)
                if alone[0]:
                    return alone
        # What is left without the questions that an entry answers for sure is a message
        # of its own, so that no such question can drown it.
        told = [
            sentence
            for sentence, part in ranked
            if self._confidence(part) < self.policy.sure_question
        ]
        if 0 < len(told) < len(ranked):
            rest = self._ranker.rank(" ".join(told))
            alone = self._suspect_in(message, rest, self.policy.alarm)
            if alone[0]:
                return alone
        return heard

    def _suspect_in(
        self, message: str, ranking: Ranking, alarm: float
    ) -> tuple[Finding | None, float, Suspicion | None]:
        """Return the same for one part of a message, as it was ranked."""
        suspicion = self._ranker.suspect(ranking)
        if suspicion is None:
            return None, 0.0, None
        chance = self._danger.probability(suspicion.judged(self._best))
        found = None
        if chance >= alarm:
            telling = self._ranker.telling(ranking, suspicion.flag)
            # One word, as in "my back is screaming", may stand in a danger by chance.
            if len(telling) >= MIN_TELLING:
                found = self._screen.weigh(message, suspicion.flag, telling)
        return found, chance, suspicion

    def _decide(self, question: str, ranking: Ranking) -> Reply:
        """Choose a kind of reply by what is sure, what is likely and what is not."""
        if not ranking.question.words:
            return self._refer(question, ranking, 0.0, None)
        confidence = self._confidence(ranking)
        # "How often?" says nothing of what, so nothing is answered with confidence.
        unfinished = self.move(question) is Move.UNFINISHED and len(ranking.entries) > 1
        match ranking.exact or ranking.candidates[0].entry:
            case SmallTalk() as chat if ranking.exact or self._is_small_talk(ranking):
                return Reply(question, Kind.SMALL_TALK, self._compose(chat.reply))
            case Referral() as topic if ranking.exact:
                return self._refer(question, ranking, confidence, topic)
            case Entry() as entry if ranking.exact and not unfinished:
                return self._answer(question, entry, confidence, ranking.unknown_words)
        if unfinished:
            return self._clarify(question, ranking, confidence, 1.0)
        # "Book me an appointment with a physiotherapist": an entry is likely enough,
        # but it is likelier that this is about something else.
        if confidence >= self.policy.answer and not ranking.is_outdone:
            asked = self._asked_within(question)
            if asked and self._confidence(asked) > confidence:
                ranking, confidence = asked, self._confidence(asked)
            best = ranking.exact if isinstance(ranking.exact, Entry) else ranking.best
            assert best is not None
            return self._answer(question, best, confidence, ranking.unknown_words)
        if len(ranking.entries) > 1:
            offer = self._chance(self._among, ranking)
            if offer >= self.policy.offer:
                offered = self._clarify(question, ranking, confidence, offer)
                return self._told_apart(question, offered) or offered
        recognised = self._topic(ranking)
        if recognised is None and (asked := self._asked_within(question)):
            return self._clarify(question, asked, confidence, self.policy.offer)
        return self._refer(question, ranking, confidence, recognised)

    def _told_apart(self, message: str, offered: Reply) -> Reply | None:
        """Return the reply to a sentence that tells what is meant, if one does.

        It is answered where it was among what the whole message would offer, too.
        """
        asked = self._asked_within(message)
        if asked is None:
            return None
        sure, best = self._confidence(asked), asked.exact or asked.best
        if isinstance(best, Entry) and best.id in {
            each.entry for each in offered.options
        }:
            return self._answer(message, best, sure, offered.unknown_words)
        return self._clarify(message, asked, offered.confidence, self.policy.offer)

    def _asked_within(self, message: str) -> Ranking | None:
        """Return the ranking of a sentence that surely asks for an entry by itself.

        A story before a question must not drown it: "I moved house in June. It was
        fun. When do you open?"
        """
        parts = sentences(message)
        if len(parts) < 2:
            return None
        # Where something is asked with a mark, the rest is the story.
        asked = [each for each in parts if each.rstrip().endswith("?")]
        ranked = map(self._ranker.rank, (asked or parts)[-MOST_SENTENCES:])
        sure = [
            ranking
            for ranking in ranked
            if len(ranking.question.words) >= SHORTEST_SENTENCE
            and self._confidence(ranking) >= self.policy.sentence
            and not ranking.is_outdone
        ]
        return max(sure, key=self._confidence, default=None)

    def _confidence(self, ranking: Ranking) -> float:
        """Return the probability that the best entry is right."""
        chance = self._chance(self._best, ranking)
        is_known = isinstance(ranking.exact, Entry)
        return max(chance, self.policy.exact) if is_known else chance

    def _chance(self, model: Logistic, ranking: Ranking) -> float:
        return model.probability(ranking.features) if ranking.features else 0.0

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

    def _answer(
        self,
        question: str,
        entry: Entry,
        confidence: float,
        unknown: tuple[str, ...],
    ) -> Reply:
        return Reply(
            question,
            Kind.ANSWER,
            self._compose(entry.answer, self.knowledge.about.notice),
            entry=entry.id,
            matched=entry.question,
            claims=entry.claims,
            stance=entry.stance,
            references=entry.references,
            confidence=confidence,
            unknown_words=unknown,
        )

    def _clarify(
        self, question: str, ranking: Ranking, confidence: float, offer: float
    ) -> Reply:
        reply = self._offer(question, ranking.entries, confidence, offer)
        return replace(reply, unknown_words=ranking.unknown_words)

    def _offer(
        self,
        question: str,
        candidates: Sequence[Candidate],
        confidence: float,
        offer: float,
    ) -> Reply:
        """Offer the first few candidates, which are entries.

        `offer` is the probability that one of them is right.
        """
        likely = candidates[: self.policy.options]
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
            self._listed(wording.DID_YOU_MEAN, options),
            confidence=confidence,
            options=options,
        )

    def _listed(self, opening: str, options: Sequence[Option]) -> str:
        lines = [f"{place}. {each.question}" for place, each in enumerate(options, 1)]
        return self._compose("\n".join([opening, *lines]), wording.NONE_OF_THESE)

    def _refer(
        self,
        question: str,
        ranking: Ranking,
        confidence: float,
        topic: Referral | None,
    ) -> Reply:
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
            self._compose(*parts, self._can_help(), notice),
            references=topic.references if topic else (),
            confidence=confidence,
            topic=topic.id if topic else None,
            refer_to=refer_to,
            unknown_words=ranking.unknown_words,
        )

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

    def _urgent(self, question: str, sign: Finding) -> Reply:
        flag = sign.flag
        return Reply(
            question,
            Kind.URGENT,
            self._compose(flag.message, self.knowledge.about.notice),
            references=flag.references,
            confidence=1.0,
            red_flag=flag.id,
            level=flag.level,
        )

    def _advise_first(self, reply: Reply, sign: Finding) -> Reply:
        """Put the advice on a sign at the prompt level before the rest of a reply."""
        return replace(
            reply,
            text=self._compose(sign.flag.message, reply.text),
            red_flag=sign.flag.id,
            level=sign.flag.level,
        )

    def _warn(self, reply: Reply) -> Reply:
        """Add when not to wait, for a sign that is asked about or long past."""
        net = self.localise(self.knowledge.about.safety_net or "")
        if net in reply.text:
            return reply
        return replace(reply, text=self._compose(reply.text, net))


def _current(findings: Iterable[Finding]) -> set[str]:
    """Return the ids of the red flags that are there now."""
    return {each.flag.id for each in findings if each.status is Status.CURRENT}


def fitted(base: KnowledgeBase) -> Calibration:
    """Return the calibration of a base, or the general one where it has none that fits.

    One does not fit when the wordings have changed since, or what is judged by.
    """
    own = base.calibration
    if own is None or own.base != base.fingerprint:
        return GENERAL
    known = {"bias", *FEATURES}
    alarms = {"bias", *DANGER_FEATURES} if base.alarms else set()
    is_known = own.best.keys() == own.among.keys() == known
    return own if is_known and own.danger.keys() == alarms else GENERAL


def _rebuild(knowledge: KnowledgeBase, policy: Policy, region: str | None) -> FAQBot:
    return FAQBot(knowledge, policy=policy, region=region)
