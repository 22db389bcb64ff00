"""What is wrong with sentence vectors: whether they are whole, as many as the passages, and of the model's size.

What has none yet is no problem, nor are those of another model: a bot makes both in the background.
"""

from store.database import Database
from store.index import vectors
from store.meaning.encoder import Encoder
from store.models import Problem
from store.text.wording import many

BATCH = 64  # transcripts that are looked at in one transaction


async def check(database: Database, encoder: Encoder | None) -> list[Problem]:
    """Say what is wrong with the sentence vectors of all guilds, transcript by transcript."""
    found: list[Problem] = []
    last = 0
    while True:
        async with database.snapshot() as connection:
            rows = await connection.execute_fetchall(
                """
                SELECT v.id, v.guild_id, v.transcript_id, v.model, v.passages, b.blob, b.crc, t.guild_id, t.passages
                FROM vectors AS v JOIN transcripts AS t ON t.id = v.transcript_id
                LEFT JOIN vector_blobs AS b ON b.vectors_id = v.id
                WHERE v.id > ? ORDER BY v.id LIMIT ?
                """,
                (last, BATCH),
            )
            batch = [tuple(row) for row in rows]
        if not batch:
            return found
        last = batch[-1][0]
        for _, guild_id, transcript, model, count, blob, crc, owner, passages in batch:
            wrong = None
            if not vectors.is_whole(transcript, model, blob, crc):
                wrong = "are damaged, or missing"
            elif owner != guild_id:
                wrong = "are kept as another server's"
            elif count != passages:
                wrong = f"are {count}, but it has {many(passages, 'passage')}"
            elif encoder is not None and model == encoder.name and len(blob) != count * encoder.size:
                wrong = f"don't have {encoder.size:,} numbers each"
            if wrong is not None:
                what = f"The sentence vectors of transcript {transcript} {wrong}."
                found.append(Problem(owner, what, repairable=True, vectors_of=transcript))
