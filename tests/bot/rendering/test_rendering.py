"""Templates are rendered by a process of its own: no escape reaches Python, and none takes time or memory for long."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator

import pytest

from bot.rendering.rendering import REMEMBERED, Rendering
from handlers.unsure import Made, TextKind, ToRender

VALUES = (("message", "Checkout *fails*"), ("owner", "alice"), ("severity", ""))


@pytest.fixture
async def rendering() -> AsyncIterator[Rendering]:
    made = Rendering()
    yield made
    await made.close()


async def said(rendering: Rendering, *texts: str, kind: TextKind = "line") -> tuple[Made, ...]:
    known: dict[ToRender, tuple[Made, ...]] = {}
    order = ToRender(tuple((kind, one) for one in texts), VALUES, (("Customer tier", "gold"),))
    await rendering.answer(order, known)
    return known[order]


async def test_values_are_put_in_and_in_markdown_they_are_words(rendering: Rendering) -> None:
    template = "{{ message }} · {{ attributes['Customer tier'] }} · {{ customer_tier|upper }}"
    assert await said(rendering, template) == (Made("Checkout *fails* · gold · GOLD"),)
    (found,) = await said(rendering, f"**{template}**", kind="markdown")
    assert found.text == "**Checkout &#42;fails&#42; · gold · GOLD**"


ESCAPES = [
    "{{ ''.__class__.__mro__[1].__subclasses__() }}",
    "{{ ''['__class__'] }}",
    "{{ message|attr('__class__') }}",
    "{{ '{0.__class__}'.format(message) }}",
    "{{ '%0300000000d' % 1 }}",
    "{{ '%0300000000d'|format(1) }}",
    "{{ 'a'*200000000 }}",
    "{{ message|center(200000000) }}",
    "{{ message.ljust(200000000) }}",
    "{{ message|indent(200000000) }}",
    "{{ range(10000000)|list }}",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ self.__init__.__globals__ }}",
    "{{ self._TemplateReference__context }}",
    "{{ lipsum.__globals__['os'] }}",
    "{{ joiner }}",
    "{{ namespace() }}",
    "{{ config }}",
    "{{ attributes.items }}",
    "{{ attributes['__class__'] }}",
    "{{ attributes }}",
    "{{ message|map('attr', '__class__')|list }}",
    "{{ [1]|sum(start=message) }}",
    "{{ 9**9999999 }}",
    "{% include '/etc/passwd' %}",
    "{% import 'os' as os %}",
    "{% extends 'base' %}",
    "{% macro m() %}{{ caller }}{% endmacro %}{{ m() }}",
    "{% for x in message recursive %}{{ loop(x) }}{% endfor %}",
    "{% for x in message %}{{ loop.__init__ }}{% endfor %}",
    "{% set message.x = 1 %}",
    "{% call message() %}{% endcall %}",
    "{% autoescape true %}{{ message }}{% endautoescape %}",
    "{{ debug() }}{% debug %}",
    "{{ undefined }}",
    "{{ (" * 2000,
]


async def test_no_known_escape_says_anything(rendering: Rendering) -> None:
    assert await said(rendering, *ESCAPES) == (Made(None, "wrong"),) * len(ESCAPES)


LETTERS = "{% for a in 'x' ~ message %}"
ENDLESS = LETTERS * 9 + "{% endfor %}" * 9


async def test_one_that_loops_without_end_is_interrupted_and_the_others_are_rendered(rendering: Rendering) -> None:
    assert await said(rendering, "Hi {{ owner }}", ENDLESS, "Bye {{ owner }}") == (
        Made("Hi alice"),
        Made(None, "slow"),
        Made("Bye alice"),
    )


DOUBLED = "{% set x = message %}" + "{% set x = x ~ x %}" * 60 + "{{ x|length }}"
REPLACED = "{% set x = message|replace('e', message) %}" + "{% set x = x|replace('e', x) %}" * 30 + "{{ x|length }}"


@pytest.mark.parametrize("hungry", [DOUBLED, REPLACED])
async def test_one_that_takes_all_memory_gets_none(rendering: Rendering, hungry: str) -> None:
    found = await said(rendering, hungry, "Bye {{ owner }}")
    assert found == (Made(None, "memory"), Made("Bye alice"))


@pytest.mark.parametrize("long", ["{{ message }}" * 300, f"{LETTERS * 4}{{{{ a }}}}" + "{% endfor %}" * 4])
async def test_one_that_says_too_much_says_nothing(rendering: Rendering, long: str) -> None:
    assert await said(rendering, long) == (Made(None, "long"),)


async def test_one_that_raises_says_nothing(rendering: Rendering) -> None:
    assert await said(rendering, "{{ 1 in message }}", "{{ owner }}") == (Made(None, "failed"), Made("alice"))


async def test_a_process_that_died_is_begun_anew(rendering: Rendering) -> None:
    await said(rendering, "{{ owner }}")
    assert rendering.process is not None
    dead = rendering.process
    os.kill(dead.pid, signal.SIGKILL)
    await dead.wait()
    assert await said(rendering, "{{ owner }} again") == (Made("alice again"),)


async def test_one_that_hangs_is_ended_and_its_texts_say_nothing() -> None:
    rendering = Rendering(patience=0.2, command=(sys.executable, "-c", "import time; time.sleep(60)"))
    assert await said(rendering, "{{ owner }}", "x") == (Made(None, "slow"),) * 2
    assert rendering.process is None


async def test_one_that_answers_nonsense_is_ended() -> None:
    rendering = Rendering(command=(sys.executable, "-c", "input(); print('[{}]'); input()"))
    assert await said(rendering, "{{ owner }}") == (Made(None, "slow"),)
    assert rendering.process is None


async def test_its_environment_has_no_secret(rendering: Rendering, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MUSTER_TOKEN", "a-secret-token-of-the-tests")
    await said(rendering, "{{ owner }}")
    assert rendering.process is not None
    with open(f"/proc/{rendering.process.pid}/environ", "rb") as stream:  # noqa: ASYNC230  (a file of the kernel's)
        assert b"a-secret-token-of-the-tests" not in stream.read()


async def test_the_loop_goes_on_while_a_template_takes_its_time(rendering: Rendering) -> None:
    asked = asyncio.create_task(said(rendering, ENDLESS))
    turns = 0
    while not asked.done():
        await asyncio.sleep(0.002)
        turns += 1
    assert asked.result() == (Made(None, "slow"),)
    assert turns > 10, "a loop that waits for it turns once or twice"


async def test_what_was_rendered_is_remembered_for_a_while(rendering: Rendering) -> None:
    known: dict[ToRender, tuple[Made, ...]] = {}
    orders = [ToRender((("line", f"{number} {{{{ owner }}}}"),), VALUES) for number in range(REMEMBERED + 1)]
    for order in orders:
        await rendering.answer(order, known)
    assert [*known] == orders[1:]
    await rendering.close()
    await rendering.answer(orders[-1], known)
    assert rendering.process is None
