"""The part of the tour about what is over: it is measured, looked back on, counted, and seen on pages."""

from pages import browser, let_in
from scenes import settled

from tests.upgrading.tour import Tour

DRILLS = 5
"""How many runs it takes for a change of the playbook to be proposed."""


async def measured(tour: Tour) -> None:
    """Times and values of a run that goes on, and another of which it is to be said whether it is looked back on."""
    bob = tour.scene.bob
    await tour.ask(bob, "search", "time impact-started 40 min ago")
    await tour.ask(bob, "search", "metric users 120")
    for words in ("time", "metric"):
        await tour.keep(bob, "search", words)
    await tour.keep(tour.scene.alice, "checkout", "retro")


async def published(tour: Tour) -> None:
    """A retrospective that is told, and a follow-up of it."""
    carla = tour.scene.carla
    await tour.ask(carla, "closing", "retro 1 The alert came at once.")
    await tour.ask(carla, "closing", f"retro 3 - [ ] @{carla.username} fix the probe by friday")
    await tour.ask(carla, "closing", "retro publish now Worth two minutes.")


async def drafted(tour: Tour) -> None:
    """A draft that several write: one was overtaken, another was asked to read, and a comment is not settled."""
    scene, ask = tour.scene, tour.ask
    alice, bob = scene.alice, scene.bob
    await tour.run(alice, "drafted", "incident-response", "Logins fail")
    await ask(alice, "drafted", f"invite @{bob.username}")
    await tour.joins(bob, "drafted")
    await ask(alice, "drafted", "note Decided to roll back")
    await ask(alice, "drafted", "finish now All is well")
    there = tour.places["drafted"]
    draft = await alice.sees("waits for you", "2 questions are open", where=there)
    await alice.press(draft, "Write…", "What went well?")
    asked = await alice.dialog()
    await ask(bob, "drafted", "retro 1 Bob saw it first")
    await alice.submit(asked, there, text="Alice saw it first")
    await alice.sees("changed section 1")
    await ask(alice, "drafted", f"retro review @{bob.username} Is that how it was?")
    await bob.sees("Is that how it was?")
    await ask(bob, "drafted", "retro comment 1 It was the probe")
    await tour.keep(alice, "drafted", "retro")
    await alice.press(draft, "More…", "retro.event")
    await alice.sees("Which event is to be shown")
    # Somebody is writing, and has not sent it yet.
    await alice.press(draft, "Write…", "What went badly?")
    await alice.dialog()
    await settled(scene)


async def proposed(tour: Tour) -> None:
    """Figures in a channel, and what to change in a playbook: one line is accepted, another is open."""
    scene, alice = tour.scene, tour.scene.alice
    for number in range(1, DRILLS + 1):
        await tour.run(alice, "drill", "drill", f"Drill {number}")
        await tour.ask(alice, "drill", f"#{number + 10} skip 1.2 1.3")
        await tour.ask(alice, "drill", f"#{number + 10} finish now")
    await settled(scene)
    await tour.ask(alice, "town", "insights drill 30d")
    figures = await alice.sees("5 runs, all over", where=tour.places["town"])
    await alice.press(figures, "What to change")
    proposal = await alice.sees("was skipped in 5 of 5 runs", where=tour.places["town"])
    await alice.press(proposal, "Accept")
    await alice.sees("accepted by", "Make the patch", where=tour.places["town"])


async def signed_in(tour: Tour) -> None:
    """A browser in which somebody is signed in, and a link that nobody has used."""
    async with browser(tour.scene.config.pages.url) as mine:
        await let_in(tour.scene, mine)
        tour.cookies[tour.scene.alice.username] = mine.cookies
    await tour.ask(tour.scene.bob, "town", "open")
