"""A playbook file: YAML as people write it, and mistakes that say where and what is allowed."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handlers.playbooks.file import PlaybookMistake, read_playbook, remarks
from handlers.playbooks.playbook import Playbook
from handlers.playbooks.yaml_tree import MAX_SIZE


def mistakes(text: str) -> str:
    with pytest.raises(PlaybookMistake) as caught:
        read_playbook(text, "incident.yaml", "@muster")
    return str(caught.value)


def test_a_file_becomes_a_playbook() -> None:
    assert read_playbook("title: Outage\nkeywords: [down]\n", "x.yaml") == Playbook(title="Outage", keywords=("down",))


def test_every_value_is_text_so_that_numbers_and_yes_need_no_quotes() -> None:
    made = read_playbook("title: 404\nkey: '404'\nkeywords: [500, no, 1.10, 2026-01-01]\n", "x.yaml")
    assert made.title == "404"
    assert made.keywords == ("500", "no", "1.10", "2026-01-01")


def test_a_key_without_a_value_counts_as_left_out() -> None:
    assert read_playbook("title: Outage\nteams:\nkeywords: # none yet\nwelcome: ~\n", "x.yaml") == Playbook(
        title="Outage"
    )


def test_all_mistakes_are_told_at_once_each_with_its_line() -> None:
    text = """\
titel: x
title: Outage
keywords:
  - "#down"
  - #incident
match: wrod
name: "{nmae}"
updates:
  every: 30
  brodcast: []
checklists:
  - title: First
    tasks:
      - Look
      - title: Tell
        asignee: owner
        due: soon
match: exact
"""
    assert mistakes(text).splitlines() == [
        "incident.yaml has 9 mistakes:",
        "  line 1, titel: there is no such key; did you mean title?",
        "  line 5, keywords 2: is empty; a text that begins with # must be in quotes, and so must null and ~",
        '  line 6, match: found "wrod"; allowed are word, substring or exact',
        "  line 7, name: column 8: {nmae} is no placeholder; there are {message}, {keyword}, {date}, {number}, "
        "{creator}, {playbook}, {seq}, {owner}, {prefix}",
        '  line 9, updates › every: a length of time is written like 90s, 30m, 1h 30m, 2d or 1w; found "30"',
        "  line 10, updates › brodcast: there is no such key; did you mean broadcast?",
        "  line 16, checklists 1 › tasks 2 › asignee: there is no such key; did you mean assignee?",
        "  line 17, checklists 1 › tasks 2 › due: a length of time is written like 90s, 30m, 1h 30m, 2d or 1w; "
        'found "soon"',
        "  line 18, match: stands here twice; the first one is in line 6",
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "line 1: a playbook begins with a line like"),
        ("- a\n- b\n", "line 1: a playbook begins with a line like"),
        ("keywords: [a]\n", "line 1, title: is missing"),
        (
            "title: a\nchecklists: [{title: b, tasks: [{title: c, done_when: {by: ['@bob']}}]}]\n",
            "line 2, checklists 1 › tasks 1 › done_when: says is missing: the words that complete the task",
        ),
        (
            "title: a\nkeywords:\n  - ok\n  - '`sev-1`'\n",
            'line 4, keywords 2: "`sev-1`" is never heard: code, links and addresses are not looked into',
        ),
        ("title: a\nkeywords: ['https://status.example.com']\n", "line 2, keywords 1: "),
        ("title: a\nkeywords: ['pager@example.com']\n", "never heard: code, links and addresses"),
        ('title: a\nkeywords: ["\\u200b"]\n', "line 2, keywords 1: nobody sees this keyword"),
        (
            "title: a\nchecklists: [{title: b, tasks: [{title: c, done_when: {says: ['`x`'], by: ['@muster']}}]}]\n",
            "line 2, checklists 1 › tasks 1 › done_when › by 1: this is the bot itself",
        ),
        ("title: a\nowner: @bob\n", "line 2: a text that begins with one of { [ @ ` % & * ! must be in quotes"),
        ("title: a\nname: {message} now\n", "line 2: a text that begins with one of"),
        ("title: a\nname: {message}\n", "line 2, name: found a group of keys; expected text"),
        ("title: a\nkeywords:\n\t- b\n", "line 3: indent with spaces, not with tabs"),
        ("title: a: b\n", "line 1: a text that contains a colon and a space must be in quotes"),
        ("title: 'a\n", "a quote that was opened is never closed"),
        ("title: a\n---\ntitle: b\n", "line 2: a file holds one playbook"),
        ("title: &t a\nname: *t\n", "line 2: *t refers to another place"),
        ("title: !!python/object/apply:os.system [x]\n", "line 1, title: a text that begins with ! must be in quotes"),
        ("title: a\x07\n", "line 1: holds a character that is not allowed in a text file (code 7)"),
        ('title: a\nwelcome: "\\ud800\\0"\n', "line 2, welcome: holds a control character"),
        ("? [a]\n: b\n", "line 1: text with {…} or […] must be in quotes"),
        ("title: a\nchannel: public\n", 'line 2, channel: found "public"; expected a group of keys'),
        ("title: a\nkeywords: b\n", 'line 2, keywords: found "b"; expected a list'),
        ("title: " + "x" * 201, "line 1, title: has 201 characters, 200 at most are allowed"),
        ("[" * 5000, "nested more than 12 deep"),
        ("title: a\n" + "#" * MAX_SIZE, "the file is longer than 256 thousand characters"),
        ("title: a\nwelcome: " + "x" * 5_000_000, "the file is longer than 256 thousand characters"),
        (
            "title: a\nchecklists: [{title: b, tasks: [" + "c, " * 10_000 + "]}]\n",
            "line 2, checklists 1 › tasks: has more than 500 entries",
        ),
        ("title: a\nchecklists: [null]\n", "line 2, checklists 1: is empty"),
        ("title: a\nchecklists: 5\n", 'line 2, checklists: found "5"; expected a list'),
    ],
)
def test_a_mistake_is_told_in_plain_words(text: str, words: str) -> None:
    assert words in mistakes(text)


@given(st.text() | st.text(alphabet="title: keyword[]{}-#&*!|>'\"\n\t@%?~"))
def test_no_text_does_anything_but_become_a_playbook_or_be_explained(text: str) -> None:
    try:
        assert read_playbook(text, "x.yaml").title
    except PlaybookMistake as mistake:
        explained = str(mistake)
    else:
        return
    assert explained.startswith("x.yaml has ")
    assert not any(words in explained for words in ("expected the node", "but found", "while ", "<block", "scanning"))


def test_roles_are_read_and_their_mistakes_named_with_their_line() -> None:
    made = read_playbook(
        "title: a\nroles:\n  - scribe\n  - name: on-call\n    rota: {people: ['@a'], every: 1w, from: 2026-01-05}\n",
        "x.yaml",
    )
    assert [one.name for one in made.roles] == ["scribe", "on-call"]
    assert "line 4, roles 1 › persn: there is no such key; did you mean person?" in mistakes(
        "title: a\nroles:\n  - name: scribe\n    persn: '@a'\n"
    )
    assert "choose another name" in mistakes("title: a\nroles: [owner]\n")
    assert "expected true or false" in mistakes("title: a\nmembership:\n  join_channel: maybe\n")
    assert "expected a day written as year-month-day, YYYY-MM-DD" in mistakes(
        "title: a\nroles:\n  - name: x\n    rota:\n      people: ['@a']\n      from: soon\n"
    )


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            "title: a\nroles: [Incident Commander]\n",
            "line 2, roles 1 › name: a role is named by one word of small letters, digits and -, "
            "like incident-commander",
        ),
        (
            "title: a\nchecklists:\n  - title: b\n    tasks:\n      - {title: c, done_when: {says: []}}\n",
            "line 5, checklists 1 › tasks 1 › done_when: says is missing: the words that complete the task, "
            'like  says: ["it works again"]',
        ),
        (
            "title: a\nchecklists:\n  - title: b\n    tasks:\n      - Take a snapshot: now\n",
            "line 5, checklists 1 › tasks 1: is read as a key and its value, for its colon; "
            'put it in quotes:  "Take a snapshot: now"',
        ),
        ("title: a\nkeywords:\n  - sev: 1\n", 'for its colon; put it in quotes:  "sev: 1"'),
        (
            "title: a\nkeywords: [#incident]\nstart: now\n",
            'line 2: # begins a comment here, so the list is never closed; put the word in quotes:  "#incident"',
        ),
        (
            "title: a\nkeywords: [#incident]\nroles: [lead]\nchecklists:\n  - title: b\n",
            "line 2: # begins a comment here, so the list is never closed",
        ),
        ("title: a\nkeywords: [down, #x\n  , y]\n", "line 2: # begins a comment here, so the list is never closed"),
        (
            "title: a\nkeywords: [sev-1, #incident]\nchecklists:\n  - title: b\n    tasks: [c]\n",
            'line 2: # begins a comment here, so the list is never closed; put the word in quotes:  "#incident"',
        ),
        (
            "title: a\nkeywords: [#incident]\nchecklists:\n  - title: b\n    tasks:\n      - 'Take a snapshot: now'\n",
            "line 2: # begins a comment here, so the list is never closed",
        ),
        ("title: a\nkeywords: [b] # c\nwelcome: [d\n", "line 3: a text that begins with one of"),
        (
            'title: a\nchecklists:\n  - title: b\n    tasks:\n      - Say: "yes" to it\n',
            "line 5: cannot be read here; keys of one group stand under each other, entries of a list begin with -",
        ),
        ('title: a\nwelcome: "\\q"\n', "line 2: cannot be read here"),
        (
            "title: a\nroles: [{name: x, rota: {people: [], from: 2026-01-05}}]\n",
            "line 2, roles 1 › rota › people: is an empty list; write one entry at least",
        ),
        (
            '{"title": "a", "checklists": [{"title": "b", "items": [{"title": "c"}]}]}',
            "bring it along with  muster playbooks import incident.yaml",
        ),
        (
            '{"title": "a", "checklists": [], "signal_any_keywords": ["x"], "version": 1}',
            "this is a playbook that Mattermost exported",
        ),
    ],
)
def test_what_people_often_write_is_told_with_what_to_write(text: str, words: str) -> None:
    assert words in mistakes(text)
    assert "mistake:" in mistakes(text)


def test_a_list_that_a_comment_never_closes_hides_no_other_mistake() -> None:
    text = """\
title: Outage
keywords: [down, #incident]
roles: [Incident Commander]
invite: [#all]
checklists:
  - title: First
    tasks:
      - Take a snapshot: now
"""
    said = mistakes(text).splitlines()
    assert said[0] == "incident.yaml has 5 mistakes:"
    assert [line.split(",")[0].split(":")[0].strip() for line in said[1:]] == [
        "line 2", "line 3", "line 4", "line 4", "line 8",
    ]  # fmt: skip
    assert "# begins a comment here" in said[1]
    assert any("# begins a comment here" in line for line in said[3:5])


def test_what_does_not_agree_is_told_together_with_all_that_cannot_be_read() -> None:
    text = """\
title: Outage
keywords: [12345, "`x`"]
match: wrod
roles: [scribe]
checklists:
  - title: First
    tasks:
      - {title: Look, due: soon}
      - {title: Call, assignee: scrib, needs: [Severity]}
      - {title: Tell, assignees: [owner, boss]}
actions:
  - {on: task, task: Cal, post: hello}
  - {webhook: pager}
retrospective:
  metrics:
    - {title: T, from: started, to: task "Lok"}
"""
    assert mistakes(text).splitlines() == [
        "incident.yaml has 9 mistakes:",
        '  line 2, keywords 2: "`x`" is never heard: code, links and addresses are not looked into; '
        "write a word without them",
        '  line 3, match: found "wrod"; allowed are word, substring or exact',
        "  line 8, checklists 1 › tasks 1 › due: a length of time is written like 90s, 30m, 1h 30m, 2d or 1w; "
        'found "soon"',
        '  line 9, checklists 1 › tasks 2 › assignee: "Call" is for the role scrib, which is not in roles; '
        "did you mean scribe?",
        '  line 9, checklists 1 › tasks 2 › needs 1: "Severity" is no attribute of this playbook; '
        "name it under attributes first",
        '  line 10, checklists 1 › tasks 3 › assignees: "Tell" is for the role boss, which is not in roles; '
        "there are owner, creator, scribe, or a person",
        '  line 12, actions 1 › task: "Cal" is no task of this playbook; did you mean "Call"?',
        '  line 13, actions 2 › webhook: "pager" is no webhook of this playbook; name it under webhooks first',
        '  line 16, retrospective › metrics 1 › to: "Lok" is no task of this playbook; did you mean "Look"?',
    ]


def test_a_role_that_cannot_be_read_makes_no_second_mistake() -> None:
    text = "title: a\nroles: [Big Boss]\nchecklists: [{title: b, tasks: [{title: c, assignee: boss}]}]\n"
    assert "has a mistake:" in mistakes(text)


def test_words_that_other_programs_read_otherwise_are_named() -> None:
    text = """\
title: 12:30
keywords: [yes, 404, "no", down]
name_fixed: yes
attributes:
  - {name: Sure, type: select, options: [yes, 010, 1.10]}
checklists:
  - title: a
    tasks: [on]
"""
    told = "is taken as this word here; other programs read it as"
    assert [str(one) for one in remarks(text)] == [
        f'line 1, title: 12:30 {told} 750, so put it in quotes:  "12:30"',
        f'line 2, keywords 1: yes {told} true, so put it in quotes:  "yes"',
        f'line 5, attributes 1 › options 1: yes {told} true, so put it in quotes:  "yes"',
        f'line 5, attributes 1 › options 2: 010 {told} 8, so put it in quotes:  "010"',
        f'line 5, attributes 1 › options 3: 1.10 {told} 1.1, so put it in quotes:  "1.10"',
        f'line 8, checklists 1 › tasks 1: on {told} true, so put it in quotes:  "on"',
    ]


SCALARS = ["", "x", "Big Boss", "@", "~", "1", "-1", "yes", "2026-13-01", "x" * 5000, "9" * 30, None]
INSIDE = st.sampled_from(["title", "name", "tasks", "is", "x"])
JUNK = st.recursive(
    st.sampled_from(SCALARS),
    lambda some: st.lists(some, max_size=3) | st.dictionaries(INSIDE, some, max_size=3),
    max_leaves=6,
)
KEYS = [*Playbook.model_fields, "unknown"]


@given(st.dictionaries(st.sampled_from(KEYS), JUNK, max_size=6))
@settings(max_examples=80, deadline=None)
def test_no_words_of_the_validator_are_shown(said: dict[str, Any]) -> None:
    try:
        read_playbook(json.dumps({"title": "a", **said}), "x.yaml")
    except PlaybookMistake as mistake:
        words = str(mistake)
    else:
        return
    strange = [
        "hould ",
        "Input",
        "pattern",
        "Tuple",
        "instance",
        "dictionary",
        "pydantic",
        "Value error",
        "^",
        "validation",
    ]
    assert [one for one in strange if one in words] == []
