"""The schema, as an ordered tuple that is only ever appended to; each entry is applied with its version at once.

first   libraries, their index, batches, feeds
outbox  who hears of new transcripts, and what became of each
meaning  the sentence vectors of passages
servers  which servers the bot is in, or was removed from
insights  what was asked, and how members voted on the answers
notices  the language in which a server is told
corrections  what was really said in place of cues
"""

from store.migrations.corrections import CORRECTIONS
from store.migrations.first import FIRST
from store.migrations.insights import INSIGHTS
from store.migrations.meaning import MEANING
from store.migrations.notices import NOTICES
from store.migrations.outbox import OUTBOX
from store.migrations.servers import SERVERS

MIGRATIONS: tuple[tuple[str, ...], ...] = (*FIRST, OUTBOX, MEANING, SERVERS, INSIGHTS, NOTICES, CORRECTIONS)
