"""What the playbook of an outage promises, tried on a small server: pytest plays it, in seconds, on any machine."""

from typing import Any

PEOPLE = ["alex", "dana", "robin"]


def test_dana_is_in_the_channel_within_a_minute(muster: Any) -> None:
    trial = muster("outage.playbook.yaml", people=PEOPLE, channels=["status"])
    trial.says("alex", "sev-1: nobody can pay")
    run = trial.starts_from_prompt("alex")
    trial.within("1m", lambda: "dana" in run.people, "dana is in the channel")
    assert run.name == "Nobody can pay"
    assert run.task("Tell support").assignees == ("robin",)


def test_after_half_an_hour_an_update_is_asked_for_and_told_in_status(muster: Any) -> None:
    trial = muster("outage.playbook.yaml", people=PEOPLE, channels=["status"])
    run = trial.starts("alex", "shop-outage", "Payments")
    trial.within("31m", lambda: run.says("status update"), "the question for an update")
    run.commands("alex", "update Half of the shops are back.")
    trial.eventually(lambda: any("Half of the shops are back." in one for one in trial.messages("status")))


def test_nobody_is_asked_for_a_word_that_is_no_keyword(muster: Any) -> None:
    trial = muster("outage.playbook.yaml", people=PEOPLE)
    trial.says("alex", "the sev-12 release is out")
    trial.pass_time("5m")
    assert not any("Start" in one for one in trial.messages())
