"""What is wrong in a jinja2 template is found without carrying it out, with its line and column."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from handlers.text.jinja_mistakes import Why, Wrong, mistakes_in, names_in
from handlers.text.jinja_rendering import rendered
from handlers.text.jinja_syntax import identifier, literal
from handlers.unsure import Made, ToRender

NAMES = ("message", "owner", "severity", "users")
ATTRIBUTES = ("severity", "customer tier", "users")


def wrong(text: str) -> list[Wrong]:
    return mistakes_in(text, NAMES, ATTRIBUTES)


@pytest.mark.parametrize(
    ("text", "line", "column", "why", "found"),
    [
        ("Hi {{ message }} and\n  {{ ownr }}", 2, 6, "name", "ownr"),
        ("{%- set y = 'a' -%}  {{- y -}}  {{ z }}", 1, 36, "name", "z"),
        ("{% raw %}{{ x }}{% endraw %} {{ y }}", 1, 33, "name", "y"),
        ("a\r\nb {{ y }}", 2, 6, "name", "y"),
        ("{# {{ x }} #}{{ y }}", 1, 17, "name", "y"),
        ("{% if owner %}{% set y = 'a' %}{% endif %}{{ y }}", 1, 46, "name", "y"),
        ("{% for x in message %}{{ x }}{% endfor %}{{ x }}", 1, 45, "name", "x"),
        ("{{ attributes['Tier'] }}", 1, 14, "attribute", "Tier"),
        ("{{ message|center(200) }}", 1, 12, "filter", "center"),
        ("{{ message|default('a', true) }}", 1, 12, "filter_use", "default"),
        ("{{ message|upper(3) }}", 1, 12, "filter_use", "upper"),
        ("{{ message is odd }}", 1, 12, "test", "odd"),
        ("a {% foo %}", 1, 6, "tag", "foo"),
        ("{% if owner %}a", 1, 15, "open", ""),
        ("{{ message if owner }}", 1, 4, "else", ""),
        ("{{ sev rity }}", 1, 8, "syntax", ""),
        ("{{ 9" + "9" * 5000 + " }}", 1, 1, "syntax", ""),
        ("{{ 'a'*200000000 }}", 1, 4, "python", ""),
        ("{{ message.__class__ }}", 1, 11, "python", ""),
        ("{{ message() }}", 1, 11, "python", ""),
        ("{% include 'x' %}", 1, 4, "python", ""),
        ("{{ severity > 3 }}", 1, 4, "order", ""),
        ("{% for x in 3 %}{% endfor %}", 1, 13, "order", ""),
        ("{{ " + "(" * 3000, 1, 1, "deep", ""),
    ],
)
def test_it_is_told_where_it_begins(text: str, line: int, column: int, why: Why, found: str) -> None:
    assert wrong(text)[0] == Wrong(line, column, why, found)


def test_several_are_told_at_once_in_their_order() -> None:
    found = wrong("{{ b }}\n{{ a|c }}{{ message }}{{ d }}")
    assert [(one.line, one.column, one.found) for one in found] == [(1, 4, "b"), (2, 4, "a"), (2, 6, "c"), (2, 26, "d")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ owner }}: {{ message }}", "alice"),
        ("{{ message|default('nothing') }}", "nothing"),
        ("{{ attributes['CUSTOMER tier'] }} {{ customer_tier }}", "gold gold"),
        ("{% if users|int > 100 %}many{% else %}few{% endif %}", "many"),
        ("{% for one in regions|parts %}{{ one }}{% if not loop.last %} and {% endif %}{% endfor %}", "eu and us"),
        ("{{ 'x' ~ owner|upper }}{% set y = owner %}{{ y|capitalize }}", "xALICEAlice"),
        ("{% if message is empty and owner is defined %}yes{% endif %}", "yes"),
        ("{{ owner|replace('a', 'o')|first }}", "o"),
        ("docker ps --format '{{ '{{' }}.Names}}'", "docker ps --format '{{.Names}}'"),
        ("{{ 'a' if owner in ('alice', 'bob') else 'b' }}", "a"),
    ],
)
def test_what_templates_can_do(text: str, said: str) -> None:
    values = (("message", ""), ("owner", "alice"))
    attributes = (("Customer Tier", "gold"), ("Regions", "eu, us"), ("Users", "120"))
    assert list(rendered(ToRender((("line", text),), values, attributes))) == [Made(said)]


@given(some.text(some.sampled_from("{}%#-'\"() .|~=ab_\n") | some.characters(), max_size=60))
def test_any_text_is_read_without_fail_and_is_right_or_says_nothing(text: str) -> None:
    found = wrong(text)
    assert all(1 <= one.line <= text.count("\n") + text.count("\r") + 1 and one.column >= 1 for one in found)
    (made,) = rendered(ToRender((("line", text),), tuple((name, "x") for name in NAMES[:2])))
    if mistakes_in(text, NAMES[:2]):
        assert made == Made(None, "wrong")
    assert isinstance(literal(text), str)


@given(some.text(max_size=40))
def test_a_value_is_never_carried_out(value: str) -> None:
    (made,) = rendered(ToRender((("line", "{{ message }}|{{ message }}"),), (("message", value),)))
    before, _, after = (made.text or "|").partition("|")
    assert before == after or not value.strip() or "|" in value


def test_the_names_that_are_looked_up_are_known() -> None:
    assert names_in("{% if owner %}{{ attributes.tier }}{% endif %}") == {"owner", "attributes"}


@pytest.mark.parametrize(
    ("name", "made"),
    [("Customer tier", "customer_tier"), ("Größe", "größe"), ("2nd", ""), ("for", ""), ("Loop", ""), ("--", "")],
)
def test_an_attribute_is_known_by_one_word_where_it_makes_one(name: str, made: str) -> None:
    assert identifier(name) == made
