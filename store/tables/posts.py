"""Messages that the bot heard and messages of its own: what was heard, prompts, mutes, and what it keeps up to date."""

import secrets
from datetime import datetime

from sqlmodel import Field, Index, SQLModel, UniqueConstraint

from store.tables.base import id_field, json_field, only_where, time_field, word_field
from store.tables.words import MessageKind, PromptState


def effect_key() -> str:
    """Return a new name for what an effect makes on the server; nobody can guess it."""
    return secrets.token_hex(13)


class Heard(SQLModel, table=True):
    """Something that must count once: a message that was acted on, a dialog that was submitted.

    `place_id` is the channel that it was heard in, empty where catching up never tells it again, None where it was
    heard before channels were noted.
    """

    __tablename__ = "heard"

    key: str = Field(primary_key=True)
    at: datetime = time_field(index=True)
    place_id: str | None = None


class Prompt(SQLModel, table=True):
    """A question whether to start a run; `said_at` is when the message with the keyword was written, where known."""

    __tablename__ = "prompt"
    __table_args__ = (
        Index("prompt_author", "author_id", "created_at"),
        Index("prompt_of_run", "run_id", **only_where("run_id IS NOT NULL")),
    )

    id: int = id_field()
    place_id: str
    team_id: str
    thread_id: str = Field(index=True)
    post_id: str
    author_id: str
    text: str
    state: PromptState = word_field(default="open")
    answered_by: str = ""
    run_id: int | None = Field(default=None, foreign_key="run.id")
    created_at: datetime = time_field()
    said_at: datetime | None = time_field(default=None, nullable=True)


class PromptOffer(SQLModel, table=True):
    """A playbook that a prompt offers; a thread is asked once for each playbook."""

    __tablename__ = "prompt_offer"
    __table_args__ = (
        UniqueConstraint("thread_id", "playbook_id"),
        Index("prompt_offer_of_playbook", "playbook_id", "prompt_id"),
    )

    id: int = id_field()
    prompt_id: int = Field(foreign_key="prompt.id", index=True)
    thread_id: str
    playbook_id: int = Field(foreign_key="playbook.id")
    keywords: str


class MutedThread(SQLModel, table=True):
    """A thread in which nobody wants to be asked."""

    __tablename__ = "muted_thread"

    thread_id: str = Field(primary_key=True)
    by: str
    at: datetime = time_field()


class Question(SQLModel, table=True):
    """A command that may be about several runs, kept until who gave it says which; a menu carries the `key` alone."""

    __tablename__ = "question"

    key: str = Field(primary_key=True)
    command: str
    at: datetime = time_field(index=True)


class Message(SQLModel, table=True):
    """A message of the bot's own that is kept up to date.

    `part` counts the messages over which a long checklist is spread; one about several tasks has the others in
    `also_task_ids`. `playbook_id` is what one is about by which somebody changes a playbook. `post_id` is known once
    the server has it; `key` is what its post is known by until then, empty
    where an older program has posted it. `revision` grows with each new content, `digest` tells whether content is new.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("message_of_job", "job_id", **only_where("job_id IS NOT NULL")),
        Index("message_editing", "playbook_id", **only_where("playbook_id IS NOT NULL")),
    )

    id: int = id_field()
    key: str = Field(default_factory=effect_key, sa_column_kwargs={"server_default": ""})
    kind: MessageKind = word_field()
    run_id: int | None = Field(default=None, foreign_key="run.id", index=True)
    prompt_id: int | None = Field(default=None, foreign_key="prompt.id", index=True)
    checklist_id: int | None = Field(default=None, foreign_key="checklist.id")
    job_id: int | None = Field(default=None, foreign_key="job.id")
    task_id: int | None = Field(default=None, foreign_key="task.id", index=True)
    playbook_id: int | None = None
    also_task_ids: list[int] = json_field(default_factory=list, sa_column_kwargs={"server_default": "[]"})
    person_id: str = ""
    part: int = 1
    place_id: str = ""
    post_id: str | None = Field(default=None, index=True)
    revision: int = 1
    digest: str = ""
    gone_at: datetime | None = time_field(default=None, nullable=True)

    @property
    def task_ids(self) -> list[int]:
        """Return the ids of all tasks that it is about."""
        return [*([self.task_id] if self.task_id is not None else ()), *self.also_task_ids]
