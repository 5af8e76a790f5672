"""Signs of other keyboards, read as the plain ones."""

from hypothesis import given
from hypothesis import strategies as st

from handlers.text.plain_forms import aligned, bare, plainly

ASCII = st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126))


@given(ASCII)
def test_full_width_signs_are_the_plain_ones(text: str) -> None:
    wide = "".join(chr(ord(sign) + 0xFEE0) for sign in text)
    assert plainly(wide) == aligned(wide) == text


@given(st.text())
def test_every_sign_has_one_in_its_place_and_plain_ones_stay(text: str) -> None:
    assert len(aligned(text)) == len(text)
    assert plainly(plainly(text)) == plainly(text)


def test_all_white_space_is_a_space_and_lines_stay_lines() -> None:
    assert aligned("a\u00a0b\u3000c\td\u2003e") == "a b c d e"
    assert aligned("a\nb\u2028c") == "a\nb\nc"


def test_what_nobody_sees_is_gone_and_digits_and_dashes_are_plain() -> None:
    assert plainly("@\u200bbob\u2069") == "@bob"
    assert plainly("١.٢—٣") == "1.2-3"
    assert plainly("1。1、2") == "1.1,2"


def test_a_word_has_no_punctuation_around_it() -> None:
    assert bare("help!") == bare("(help):") == bare("ｈｅｌｐ！") == "help"
    assert bare('"no"') == '"no"'


def test_a_point_directly_before_a_digit_is_no_punctuation_around_it() -> None:
    assert (bare(".5"), bare(",5 h"), bare("(.5)")) == (".5", ",5 h", ".5")
    assert bare(", 5.") == bare("(5,)") == "5"
