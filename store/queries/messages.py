"""Questions about prompts and about messages of the bot's own."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, or_
from sqlmodel import col, select

from store.queries.asking import Asking
from store.session.kept import LIVE
from store.tables.base import new_key
from store.tables.posts import Message, MutedThread, Prompt, PromptOffer, Question
from store.tables.runs import Run
from store.tables.words import MessageKind

_RUN_OF_MESSAGE = select(Message.run_id).where(Message.id == bindparam("message_id"))

UNANSWERED = timedelta(days=1)


class AboutMessages(Asking):
    """Questions about prompts and about messages of the bot's own."""

    def prompt(self, prompt_id: int | None) -> Prompt | None:
        return self.session.get(Prompt, prompt_id, with_for_update=True) if prompt_id else None

    def open_prompts(self, place_id: str = "") -> Sequence[Prompt]:
        """Return the prompts that nobody has answered yet, of one channel or of all."""
        here = (Prompt.place_id == place_id,) if place_id else ()
        return self.session.exec(select(Prompt).where(Prompt.state == "open", *here).order_by(col(Prompt.id))).all()

    def open_prompts_for(self, team_id: str, playbook_id: int) -> Sequence[Prompt]:
        """Return the prompts of a team that offer a playbook, and that nobody has answered yet."""
        offering = select(PromptOffer.prompt_id).where(PromptOffer.playbook_id == playbook_id)
        return self.session.exec(
            select(Prompt).where(Prompt.state == "open", Prompt.team_id == team_id, col(Prompt.id).in_(offering))
        ).all()

    def prompts_of(self, run_id: int) -> Sequence[Prompt]:
        """Return the prompts that a run was started from."""
        return self.session.exec(select(Prompt).where(Prompt.run_id == run_id)).all()

    def last_questions(self, author_id: str, since: datetime, limit: int) -> Sequence[datetime]:
        """Return when somebody's messages were asked about since then, the latest first."""
        at = col(Prompt.created_at)
        return self.session.exec(
            select(at).where(Prompt.author_id == author_id, at > since).order_by(at.desc()).limit(limit)
        ).all()

    def offers(self, prompt_id: int) -> Sequence[PromptOffer]:
        return self.session.exec(
            select(PromptOffer).where(PromptOffer.prompt_id == prompt_id).order_by(col(PromptOffer.id))
        ).all()

    def offered_in(self, thread_id: str) -> set[int]:
        """Return the playbooks that were offered in a thread already."""
        return set(self.session.exec(select(PromptOffer.playbook_id).where(PromptOffer.thread_id == thread_id)).all())

    def is_muted(self, thread_id: str) -> bool:
        return self.session.get(MutedThread, thread_id) is not None

    def keep_question(self, command: str, now: datetime) -> str:
        """Keep a command until its run is chosen, and return its key; what nobody chose for in a day is dropped."""
        self.session.execute(delete(Question).where(col(Question.at) < now - UNANSWERED))
        return self.add(Question(key=new_key(), command=command, at=now)).key

    def question(self, key: str) -> str | None:
        """Return the command that was kept by a key."""
        kept = self.session.get(Question, key)
        return kept.command if kept is not None else None

    def message(self, message_id: int) -> Message | None:
        return self._kept.get(Message, message_id)

    def message_held(self, message_id: int) -> Message | None:
        """Return a message to be changed, its run held by this transaction first, as by all that change it."""
        run_id = self._kept.run_of(Message, message_id)
        if run_id is None:
            run_id = next(iter(self._kept.ask(_RUN_OF_MESSAGE, message_id=message_id)), None)
        if run_id is not None and self._kept.run(run_id) is not None:
            for message in self._kept.rows(Message, run_id):
                if message.id == message_id:
                    return message
        return self.message(message_id)

    def is_message_at(self, message_id: int, post_id: str) -> bool:
        """Return whether a message is known, and is shown by this post or not posted yet."""
        message = self.message_held(message_id)
        return message is not None and message.post_id in (None, post_id)

    def message_at(self, post_id: str) -> Message | None:
        return self.session.exec(select(Message).where(Message.post_id == post_id)).first()

    def places_with_reactions(self) -> set[str]:
        """Return the channels of active runs, of their messages and of open prompts, where a reaction may count."""
        of_runs = select(Message.place_id).join(Run, col(Message.run_id) == col(Run.id))
        active = Run.state != "finished"
        asked = (
            of_runs.where(active).distinct(),
            select(Run.channel_id).where(active),
            select(Prompt.place_id).where(Prompt.state == "open"),
        )
        found = [place for query in asked for place in self.session.exec(query)]
        return {place for place in found if place}

    def standing_in(self, place_id: str) -> Sequence[str]:
        """Return the posts in a channel that show messages of active runs and open prompts, and were not seen to go."""
        return self.session.exec(
            select(col(Message.post_id))
            .outerjoin(Run, col(Message.run_id) == col(Run.id))
            .outerjoin(Prompt, col(Message.prompt_id) == col(Prompt.id))
            .where(Message.place_id == place_id, col(Message.gone_at).is_(None), col(Message.post_id).is_not(None))
            .where(or_(col(Run.state) != "finished", col(Prompt.state) == "open"))
        ).all()  # type: ignore[return-value]

    def messages(
        self, kind: MessageKind, *, run_id: int | None = None, prompt_id: int | None = None
    ) -> Sequence[Message]:
        """Return the messages of a kind that belong to a run or a prompt and still stand."""
        if run_id is not None and kind in LIVE:
            return [row for row in self._kept.rows(Message, run_id) if row.kind == kind and row.gone_at is None]
        owner = Message.run_id == run_id if run_id is not None else Message.prompt_id == prompt_id
        return self.session.exec(
            select(Message).where(owner, Message.kind == kind, col(Message.gone_at).is_(None)).order_by(col(Message.id))
        ).all()

    def editing_cards(self, playbook_id: int) -> Sequence[Message]:
        """Return the messages by which people change a playbook, each for one person."""
        about = (Message.playbook_id == playbook_id, Message.kind == "editing", col(Message.gone_at).is_(None))
        return self.session.exec(select(Message).where(*about).order_by(col(Message.id))).all()

    def messages_of(self, run_id: int) -> Sequence[Message]:
        """Return all messages of a run, wherever they stand."""
        return self.session.exec(
            select(Message).where(Message.run_id == run_id, col(Message.gone_at).is_(None)).order_by(col(Message.id))
        ).all()
