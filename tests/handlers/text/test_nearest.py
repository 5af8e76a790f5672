"""The nearest of some known words."""

from handlers.text.nearest import nearest


def test_capitals_make_no_difference_and_the_word_is_given_back_as_it_is_known() -> None:
    assert nearest("HIHG", ["High", "Low"]) == "High"
    assert nearest("incdent-response", ["incident-response"]) == "incident-response"


def test_what_is_like_none_is_nobodys() -> None:
    assert nearest("mars", ["High", "Low"]) == ""
    assert nearest("", ["High"]) == ""
