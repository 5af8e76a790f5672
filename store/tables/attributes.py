"""The values of a run's attributes, such as its severity: one row of each, several of a multiselect."""

from sqlmodel import Field, Index, SQLModel

from store.tables.base import id_field


class AttributeValue(SQLModel, table=True):
    """One value of a run's attribute, which is called as its playbook has it (`name`).

    `words` is the value as its type writes it: a day as 2026-11-27, a number as 12.5, a person by their id. `plain` is
    the same without regard to capitals, for runs to be found by it.
    """

    __tablename__ = "attribute_value"
    __table_args__ = (Index("attribute_value_found", "name", "plain", "run_id"),)

    id: int = id_field()
    run_id: int = Field(foreign_key="run.id", index=True)
    name: str
    words: str
    plain: str

    @classmethod
    def of(cls, run_id: int, name: str, words: str) -> "AttributeValue":
        """Return one value of an attribute."""
        return cls(run_id=run_id, name=name, words=words, plain=words.casefold())
