"""Keeps the fixed sentences that people read."""

from collections.abc import Iterable

from .models import Level, Stance

DID_YOU_MEAN = "I am not sure which of these you mean:"
"""Begins a clarification."""

YOU_COULD_ASK = "You could ask next:"
"""Begins an offer of what goes on from an answer."""

ABOUT = "About “{question}”"
"""Begins an answer to words that were understood from what was said before."""

REASONS = "What my answer to “{question}” rests on:"
"""Begins the reply to "why?"."""

REASON_SENTENCE = "- The article says, in short: {claim} Judged: {verdict}."
"""A sentence of the article among the reasons."""

REASON_EVIDENCE = "- {organisation} ({year}): {shows}"
"""A piece of evidence among the reasons."""

ALSO_ABOUT = "{place}. {question}"
"""Stands over each of two answers to one message."""

NOTHING_BEFORE = (
    "There is nothing yet that I could do that with. Ask me something first."
)
"""Answers "more", "shorter" and the like before the first answer."""

NO_MORE = "That is all I have on this. Ask me something else, or in other words."
"""Answers "more" where nothing goes on from an answer."""

NONE_OF_THESE = "If none of them fits, ask again in other words."
"""Ends a clarification."""

OUT_OF_SCOPE = "This sounds like a question about {subject}, which I do not answer."
"""Begins a referral whose topic was recognised and somebody can answer."""

NOT_UNDERSTOOD = "I do not have an answer to that, and I will not guess."
"""Begins a referral where nothing was recognised."""

UNKNOWN_WORD = "I do not know the word {words}."
"""Follows NOT_UNDERSTOOD when one word of the question stands nowhere in the base."""

UNKNOWN_WORDS = "I do not know the words {words}."
"""The same for two words or more."""

WHO_TO_ASK = "A good person to ask: {refer_to}."
"""Says who can answer instead."""

TRY_OTHER_WORDS = "You can ask again in other words."
"""Shown where nothing was recognised."""

CAN_HELP = "I can help with {covers}, for example: “{sample}”"
"""Ends a referral."""

CAN_HELP_BRIEF = "I can help with {covers}."
"""The same for a base that names no sample questions."""

NOTHING_ASKED = "I did not see a question there."
"""Answers a message without a word in it."""

FOUND_SIGN = "First, something more important:"
"""Stands before the answer when a sign calls for an appointment within days."""

LEVELS = {
    Level.EMERGENCY: "Emergency: get help now",
    Level.URGENT: "Urgent: be seen today",
    Level.PROMPT: "Prompt: an appointment within days",
}
"""What each level of a red flag means, for whoever reviews them."""

SHEET_HEAD = """\
| Sign | What the person reads | Recognised by | Sources | Agreed? |
| --- | --- | --- | --- | --- |"""
"""Begins the table of the red flags of one level."""

SHEET_RULES = "{signs} signs, {phrases} phrases ({unless} cancel), {examples} examples"
"""How a red flag is recognised."""

NO_RED_FLAGS = "This base has no red flags."
"""Stands where there is nothing to list."""

REMINDER = """\
{advice} Tell me once help is on its way, or if that is not what you meant.

{reply}"""
"""Repeats the first sentence of an emergency reply before later replies."""

CHOICE_OUT_OF_RANGE = "There are {count} choices. Type a number from 1 to {count}."
"""Answers a number that is not among the choices."""


SOURCE = "Source: article, {sentences} {ids}; {stance}."
"""Follows an answer."""

STANCES = {
    Stance.AGREES: "the answer agrees with it",
    Stance.LIMITS: "the answer agrees within limits",
    Stance.SOFTENS: "the article promises more than the evidence does",
    Stance.CORRECTS: "the article says otherwise",
}
"""How an answer stands to the article, in SOURCE."""

NO_SOURCE = "The last reply rests on no article or reference."
"""Answers /source where there is none."""

ARTICLE = "Article: {title}"
"""Begins the sources of an answer."""

SENTENCE = "  {id}: {claim} (judged: {verdict})"
"""A sentence of the article among the sources, restated."""

REFERRED_TOPICS = "Not answered here, but I can say who to ask about"
"""Stands before the out-of-scope topics."""

WHY_NEAREST = "The nearest wording I know: “{wording}” ({similarity:.0f} of 100 alike)."
"""Part of /why."""

WHY_CONFIDENCE = "How sure I am of my best answer: {percent:.0f} %."
"""Part of /why."""

WHY_UNKNOWN = "Words that I do not know: {words}."
"""Part of /why."""

WHY_SIGN = "Your words “{words}” may be a sign of danger: {sign}."
"""Part of /why."""

WHY_CHOSEN = "You chose “{question}” from what I offered."
"""Answers /why after a choice."""

NOTHING_TO_EXPLAIN = "Ask something first; then I can say how I came to my reply."
"""Answers /why before the first question."""

PROMPT = "You: "
"""Stands before what the person types."""

GREETING = "{name}. {introduction}"
"""The first line of a chat."""

SAMPLES = "You could ask:"
"""Stands before sample questions when a chat begins."""

HELP_HINT = "Type /help for help, /quit or Ctrl-D to leave."
"""Ends the first screen."""

GOODBYE = "Goodbye."
"""The last line of a chat."""

HELP = """\
Type a question and press Enter. When I offer choices, type a number.
/topics  what I can answer
/why     how the last reply came about
/source  the article's sentences and the evidence behind the last answer
/help    this help
/quit    leave (or Ctrl-D)
Tab completes questions and commands, the arrows and Ctrl-R find earlier lines,
Ctrl-C drops the line."""
"""Answers /help."""

NO_SUCH_COMMAND = "There is no command {command}. Commands: {commands}."
"""Answers an unknown command."""


def listed(items: Iterable[str]) -> str:
    """Return quoted `items` as they stand in a sentence: “a”, “b” and “c”."""
    quoted = [f"“{item}”" for item in items]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
