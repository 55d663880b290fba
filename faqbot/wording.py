"""Keeps the fixed sentences that people read."""

from collections.abc import Iterable

from .models import Kind, Level, Stance

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

HELP_HINT = "Type your question, /help for help, or /quit to leave."
"""Ends the first screen."""

GOODBYE = "Goodbye."
"""The last line of a chat."""

HELP = """\
Type a question and press Enter. When I offer choices, type a number or a few
words of one. "Why?", "more", "shorter", "no" and "how often?" go on from my
last reply.
/topics [NAME]  what I can answer, or one topic of it
/why            how the last reply came about
/source         the article's sentences and the evidence behind the last answer
/no             that was not it: offer something else
/more           what else goes with the last answer
/region [NAME]  whose emergency numbers to name
/export FILE    write this conversation to a file, to take to somebody
/plain          switch colours and completion off or on
/reload         read the knowledge base again
/forget         forget this conversation and the lines typed before
/help           this help
/quit           leave (or Ctrl-D, or Ctrl-C twice)
Tab completes, the arrows and Ctrl-R find earlier lines, the right arrow takes
what is shown in grey. Nothing is kept when you leave, unless you began with
--remember."""
"""Answers /help."""

LEAVE_HINT = "Press Ctrl-C again to leave."
"""Answers the first Ctrl-C at an empty prompt."""

NO_SUCH_TOPIC = "No topic is called {topic}. Topics: {topics}."
"""Answers /topics with a name that no topic holds."""

CUT_SHORT = (
    "That line was so long that the terminal dropped its end. Please send it in parts, "
    "the most important part first."
)
"""Shown before the reply to such a line."""

EXPORT_WHERE = "Name a file: /export my-questions.md"
"""Answers /export without a name."""

NOTHING_TO_EXPORT = "There is nothing to write yet. Ask something first."
"""Answers /export before the first question."""

EXPORT_OVER = (
    "{path} is there already. Write over it? Type yes, or anything else not to."
)
"""Asks before a file is lost."""

NOT_EXPORTED = "Nothing was written."
"""Answers anything but yes to that."""

EXPORT_FAILED = "{path} could not be written: {reason}."
"""Answers /export where the file cannot be written."""

EXPORTED = "Wrote {path}."
"""Answers /export."""

TRANSCRIPT = "# A conversation with {name}"
"""The heading of an exported conversation."""

REGION = (
    "Emergency numbers: {chosen}. Choose with /region NAME, one of {known}; "
    "/region {none} for none."
)
"""Answers /region."""

NOWHERE = "none"
"""Stands for no region."""

NO_REGION = "no region"
"""Stands where no region was chosen."""

PLAIN = "Plain text from now on. /plain again switches back."
"""Answers /plain."""

NOT_PLAIN = "Colours and completion are on."
"""Answers the second /plain."""

NO_RELOAD = "There is nothing to read again."
"""Answers /reload where the base did not come from a folder."""

KEPT = "I go on with the knowledge base as it was."
"""Follows the problems of a base that was read again."""

RELOADED = "Read again: {count} entries. We begin anew."
"""Answers /reload."""

FORGOTTEN = "Forgotten: what we said, and the lines typed before."
"""Answers /forget."""

KINDS = {
    Kind.CLARIFICATION: "not sure what is meant",
    Kind.REFERRAL: "not mine to answer",
    Kind.URGENT: "get help first",
    Kind.SMALL_TALK: "just talking",
}
"""What a reply that is no answer is called on the bottom line."""

CERTAINTY = (
    (0.9, "very sure"),
    (0.7, "fairly sure"),
    (0.5, "not very sure"),
    (0.0, "unsure"),
)
"""How sure an answer is, in words, from a confidence on."""

NO_SUCH_COMMAND = "There is no command {command}. Commands: {commands}."
"""Answers an unknown command."""


def listed(items: Iterable[str]) -> str:
    """Return quoted `items` as they stand in a sentence: “a”, “b” and “c”."""
    quoted = [f"“{item}”" for item in items]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"
