"""Questions about imports that are not decided yet."""

from datetime import datetime

from sqlmodel import col, delete

from store.queries.asking import Asking
from store.tables.imports import Import


class AboutImports(Asking):
    """Questions about imports that are not decided yet."""

    def begun_import(self, import_id: int) -> Import | None:
        """Return an import that was begun, held until the end of the transaction; None where it is over."""
        return self.session.get(Import, import_id, with_for_update=True)

    def seen_import(self, import_id: int) -> Import | None:
        """Return an import that was begun, only to be looked at."""
        return self.session.get(Import, import_id)

    def drop_import(self, begun: Import) -> None:
        """Forget an import."""
        self.session.delete(begun)

    def drop_imports(self, person_id: str, before: datetime) -> None:
        """Forget the imports that somebody has begun, and all that are older than a time."""
        self.session.exec(delete(Import).where((col(Import.by) == person_id) | (col(Import.at) < before)))
