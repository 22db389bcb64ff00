"""The words of the house as values that don't change: what crosses the border of the store.

Times inside are whole milliseconds from the start of the video; dates are the day of publication.

transcripts  what a transcript is, as a file gives it and as the library lists it
answers      what a library answers
insights     what moderators learn of what is asked
corrections  what was really said in place of what a file says, and who says so
outbox       who hears of new transcripts, what each is owed, and the messages in which it was told
servers      what a server has beside its transcripts, and what may be wrong
"""

from store.models.answers import (
    Answer as Answer,
)
from store.models.answers import (
    Approximation as Approximation,
)
from store.models.answers import (
    Asked as Asked,
)
from store.models.answers import (
    Correct as Correct,
)
from store.models.answers import (
    Excerpt as Excerpt,
)
from store.models.answers import (
    Form as Form,
)
from store.models.answers import (
    Match as Match,
)
from store.models.answers import (
    Mention as Mention,
)
from store.models.answers import (
    Mentioned as Mentioned,
)
from store.models.answers import (
    Mentions as Mentions,
)
from store.models.answers import (
    MentionsPage as MentionsPage,
)
from store.models.answers import (
    Moment as Moment,
)
from store.models.answers import (
    Part as Part,
)
from store.models.answers import (
    Quote as Quote,
)
from store.models.corrections import (
    Caption as Caption,
)
from store.models.corrections import (
    Correctable as Correctable,
)
from store.models.corrections import (
    Correction as Correction,
)
from store.models.corrections import (
    CorrectionsPage as CorrectionsPage,
)
from store.models.corrections import (
    Listed as Listed,
)
from store.models.corrections import (
    Verdict as Verdict,
)
from store.models.insights import (
    Look as Look,
)
from store.models.insights import (
    Noted as Noted,
)
from store.models.insights import (
    Quoted as Quoted,
)
from store.models.insights import (
    Tally as Tally,
)
from store.models.insights import (
    Topic as Topic,
)
from store.models.outbox import (
    Cause as Cause,
)
from store.models.outbox import (
    Delivery as Delivery,
)
from store.models.outbox import (
    Digest as Digest,
)
from store.models.outbox import (
    Hold as Hold,
)
from store.models.outbox import (
    Post as Post,
)
from store.models.outbox import (
    Settings as Settings,
)
from store.models.outbox import (
    State as State,
)
from store.models.outbox import (
    Step as Step,
)
from store.models.outbox import (
    Subscription as Subscription,
)
from store.models.outbox import (
    Told as Told,
)
from store.models.outbox import (
    Traced as Traced,
)
from store.models.outbox import (
    Wanted as Wanted,
)
from store.models.servers import (
    Figures as Figures,
)
from store.models.servers import (
    Followed as Followed,
)
from store.models.servers import (
    Limits as Limits,
)
from store.models.servers import (
    Problem as Problem,
)
from store.models.servers import (
    Sizes as Sizes,
)
from store.models.servers import (
    Spelling as Spelling,
)
from store.models.transcripts import (
    UNKNOWN as UNKNOWN,
)
from store.models.transcripts import (
    Batch as Batch,
)
from store.models.transcripts import (
    Bygone as Bygone,
)
from store.models.transcripts import (
    Change as Change,
)
from store.models.transcripts import (
    Chapter as Chapter,
)
from store.models.transcripts import (
    Cue as Cue,
)
from store.models.transcripts import (
    Details as Details,
)
from store.models.transcripts import (
    Entry as Entry,
)
from store.models.transcripts import (
    Filters as Filters,
)
from store.models.transcripts import (
    Ingested as Ingested,
)
from store.models.transcripts import (
    Kept as Kept,
)
from store.models.transcripts import (
    Known as Known,
)
from store.models.transcripts import (
    Oddity as Oddity,
)
from store.models.transcripts import (
    Order as Order,
)
from store.models.transcripts import (
    Outcome as Outcome,
)
from store.models.transcripts import (
    Page as Page,
)
from store.models.transcripts import (
    Reading as Reading,
)
from store.models.transcripts import (
    Spoken as Spoken,
)
from store.models.transcripts import (
    SpokenBy as SpokenBy,
)
from store.models.transcripts import (
    Suggestion as Suggestion,
)
from store.models.transcripts import (
    Transcript as Transcript,
)
