"""YAML is read strictly: text stays text, whatever loader is at hand."""

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from faqbot import reading
from faqbot.reading import IDENTIFIER, Reader, Record


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """The fast loader, which an installation may lack, and the one that is always."""
    name: str = request.param
    monkeypatch.setattr(reading, "_LOADER", getattr(yaml, name))
    return name


def record(reader: Reader, text: str) -> Record:
    """Return the mapping in `text`."""
    document = reader.parse("desk.yaml", text.encode())
    assert document is not None, reader.problems
    found = reader.record(document, document.root)
    assert found is not None
    return found


def told(reader: Reader) -> list[str]:
    """Return the problems gathered so far, in their order."""
    return [str(problem) for problem in reader.problems]


NOT_TEXT = {
    "no": "a yes-or-no value",
    "Yes": "a yes-or-no value",
    "on": "a yes-or-no value",
    "OFF": "a yes-or-no value",
    "true": "a yes-or-no value",
    "10": "a number",
    "010": "a number",
    "0x1F": "a number",
    "1_000": "a number",
    "10:30": "a number",
    "-1.5": "a number",
    "1.10": "a number",
    ".inf": "a number",
    "2026-01-31": "a date",
    "2026-01-31 10:30:00": "a date",
    "=": "a default key",
    "!!binary abc": "binary",
    "!card abc": "!card",
}
"""What people write for text, and what YAML takes it for."""


@pytest.mark.parametrize(("written", "taken_for"), NOT_TEXT.items(), ids=list(NOT_TEXT))
@pytest.mark.usefixtures("loader")
def test_what_yaml_takes_for_something_else_is_told(
    written: str, taken_for: str
) -> None:
    reader = Reader()

    assert record(reader, f"# Times.\nnote: {written}\n").text("note") == ""

    value = written.rpartition(" ")[2] if written.startswith("!") else written
    assert told(reader) == [
        f"desk.yaml:2: 'note' must be text, not {value!r}, which YAML reads as "
        f"{taken_for}; put it in quotes"
    ]


@pytest.mark.parametrize("written", ["", "~", "null", "Null"], ids=repr)
@pytest.mark.usefixtures("loader")
def test_nothing_is_not_text(written: str) -> None:
    reader = Reader()

    assert record(reader, f"note: {written}\n").text("note") == ""

    (line,) = told(reader)
    assert line.startswith("desk.yaml:1: 'note' must be text, not empty; write text")


@pytest.mark.parametrize("written", [*NOT_TEXT, "~", "null", "a: b", "# a", "- a"])
@pytest.mark.usefixtures("loader")
def test_in_quotes_everything_is_text(written: str) -> None:
    reader = Reader()

    assert record(reader, f"note: '{written}'\n").text("note") == written
    assert told(reader) == []


FORMS = {
    "plain": "note: closed on Sundays\n",
    "plain over lines": "note: closed\n  on Sundays\n",
    "folded": "note: >\n  closed\n  on Sundays\n",
    "kept": "note: |\n  closed on Sundays\n\n",
    "quoted": 'note: "  closed \\\n  on Sundays "\n',
    "anchored": "note: &hours closed on Sundays\n",
    "tagged": "note: !!str closed on Sundays\n",
}


@pytest.mark.parametrize("text", FORMS.values(), ids=list(FORMS))
@pytest.mark.usefixtures("loader")
def test_text_is_the_same_in_every_form(text: str) -> None:
    reader = Reader()

    assert record(reader, text).text("note") == "closed on Sundays"
    assert told(reader) == []


def test_what_was_not_asked_for_is_unknown() -> None:
    reader = Reader()
    found = record(reader, "name: desk\nnmae: desk\nnote: closed\n")

    found.text("name")
    found.optional_text("note")
    found.close()

    assert told(reader) == [
        "desk.yaml:2: unknown key 'nmae'; use one of name, note",
    ]


def test_keys_that_are_names_are_never_unknown() -> None:
    reader = Reader()
    found = record(reader, "card: [pass]\nfine: [penalty]\n")

    assert found.names() == ["card", "fine"]
    found.close()

    assert told(reader) == []


def test_the_first_of_two_equal_keys_counts() -> None:
    reader = Reader()

    assert record(reader, "name: desk\nname: door\n").text("name") == "desk"

    assert told(reader) == [
        "desk.yaml:2: key 'name' stands twice (first at desk.yaml:1); keep one of them"
    ]


def test_the_good_texts_of_a_list_are_kept_beside_the_bad() -> None:
    reader = Reader()
    found = record(reader, "words:\n  - card\n  - no\n  - card\n  - pass\n")

    places = [(text, place.line) for text, place in found.placed_texts("words")]

    assert places == [("card", 2), ("pass", 5)]
    assert [line.partition(": ")[0] for line in told(reader)] == [
        "desk.yaml:3",
        "desk.yaml:4",
    ]


def test_what_is_optional_may_be_missing() -> None:
    reader = Reader()
    found = record(reader, "name: desk\n")

    assert found.optional_text("note") is None
    assert found.texts("words") == ()
    assert found.day("reviewed") is None
    assert found.record("door") is None
    assert found.records("doors") == []
    assert told(reader) == []


@pytest.mark.parametrize(
    "text",
    ["a", "5.3", "WHO-PA-2020", "how_often", "x" * 99],
    ids=lambda text: text[:9],
)
def test_an_id_is_letters_digits_and_a_few_marks(text: str) -> None:
    assert IDENTIFIER.fullmatch(text)


@pytest.mark.parametrize("text", ["", "-a", ".a", "a b", "a/b", "é", "a\n"], ids=repr)
def test_other_marks_make_no_id(text: str) -> None:
    assert not IDENTIFIER.fullmatch(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [("1", 1.0), ("-1.5", -1.5), ("+2", 2.0), ("1.0e-3", 0.001), ("1_000", 1000.0)],
)
def test_a_number_is_read_as_written(text: str, number: float) -> None:
    reader = Reader()

    assert record(reader, f"weight: {text}\n").number("weight") == number
    assert told(reader) == []


@pytest.mark.parametrize("text", [".inf", ".nan", "'1'", "yes", "one", "[1]", "1:30"])
def test_what_is_no_finite_number_is_told(text: str) -> None:
    reader = Reader()

    assert record(reader, f"weight: {text}\n").number("weight") == 0.0

    (line,) = told(reader)
    assert line.startswith("desk.yaml:1: 'weight' must be a number, not ")


def test_lists_that_are_nested_too_deeply_are_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(reading, "_LOADER", yaml.SafeLoader)
    reader = Reader()

    assert reader.parse("desk.yaml", b"[" * 5000) is None

    assert told(reader) == ["desk.yaml:1: lists are nested too deeply; flatten them"]


def test_a_list_that_holds_itself_ends() -> None:
    reader = Reader()

    assert record(reader, "words: &words [card, *words]\n").texts("words") == ("card",)

    (line,) = told(reader)
    assert line.startswith("desk.yaml:1: each of 'words' must be text, not a list")


@given(content=st.binary())
def test_any_bytes_are_a_document_or_one_problem(content: bytes) -> None:
    reader = Reader()

    document = reader.parse("desk.yaml", content)

    assert (document is None) == (len(reader.problems) == 1)


@given(
    content=st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda parts: st.lists(parts) | st.dictionaries(st.text(), parts),
    )
)
def test_any_plain_value_can_be_represented(content: object) -> None:
    reader = Reader()

    document = reader.represent("desk", content)

    assert document is not None
    assert document.root is not None
    assert str(document.locate(document.root)) == "desk"
    assert told(reader) == []
