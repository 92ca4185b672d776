"""Imports done at once, without a worker: brought, read, stored."""

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, delete, select

from app.db.models import jobs, learners
from app.services import imports
from app.services.import_read import read_import
from app.services.import_rows import ImportRow, Options
from app.services.import_store import store_import
from app.services.import_undo import take_back
from tests.factories import NOW, random_bytes


def nothing(*_: Any) -> None:
    """Nobody watches."""


@dataclass
class Desk:
    """Where one learner's files are imported."""

    engine: Engine
    data: Path
    learner_id: UUID
    now: int = NOW

    def bring(self, content: bytes, name: str = "file.apkg", **options: Any) -> UUID:
        row = imports.open_import(
            self.engine,
            self.data,
            self.learner_id,
            io.BytesIO(content),
            name=name,
            options=Options(**options),
            now=self.now,
            random=random_bytes,
        )
        return row.id

    def read(self, import_id: UUID) -> ImportRow:
        read_import(
            self.engine, self.data, self.learner_id, import_id, now=self.now, report=nothing, finish=nothing
        )
        return self.row(import_id)

    def store(self, import_id: UUID) -> ImportRow:
        imports.commit_import(self.engine, self.learner_id, import_id, now=self.now, random=random_bytes)
        self._end_jobs()
        store_import(
            self.engine,
            self.data,
            self.learner_id,
            import_id,
            now=self.now,
            random=random_bytes,
            report=nothing,
            finish=nothing,
        )
        return self.row(import_id)

    def do(self, content: bytes, name: str = "file.apkg", **options: Any) -> ImportRow:
        """Bring, read and store a file."""
        import_id = self.bring(content, name, **options)
        row = self.read(import_id)
        assert row.state == "preview", row.problem
        return self.store(import_id)

    def undo(self, import_id: UUID) -> ImportRow:
        imports.undo_import(self.engine, self.learner_id, import_id, now=self.now, random=random_bytes)
        self._end_jobs()
        take_back(
            self.engine,
            self.data,
            self.learner_id,
            import_id,
            now=self.now,
            random=random_bytes,
            report=nothing,
            finish=nothing,
        )
        return self.row(import_id)

    def digest(self) -> str:
        with self.engine.connect() as connection:
            found = connection.execute(select(learners.c.digest).where(learners.c.id == self.learner_id))
            return str(found.scalar_one())

    def _end_jobs(self) -> None:
        """No worker is there to do them."""
        with self.engine.begin() as connection:
            connection.execute(delete(jobs))

    def row(self, import_id: UUID) -> ImportRow:
        return imports.read_import_row(self.engine, self.learner_id, import_id).row
