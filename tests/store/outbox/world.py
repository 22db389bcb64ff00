"""A server whose members do anything at any time, and a Discord that takes messages, loses answers and fails."""

import json
import random
from collections import defaultdict
from dataclasses import dataclass, field

from store.errors import FormatError, NotFoundError, StoreError
from store.library import Library
from store.models import Digest, Limits, Outcome, Post, Step, Wanted
from store.sentences import sentence
from tests.store.builders import GUILD, judged_and_claimed, video_file
from tests.store.outbox.conftest import Clock

REMEMBERED = 240.0  # seconds for which Discord drops a repeated nonce
PATIENCE = 150.0  # seconds after which the sender gives a try up
WANTED = (
    Wanted(),
    Wanted(),
    Wanted(speaker="Ada"),
    Wanted(matching="water"),
    Wanted(speaker="Ada", matching="water"),
    Wanted(digest=Digest.DAILY),
    Wanted(publish=True),
)


@dataclass
class Message:
    """A message that stands, with how often what it tells of had been changed when it was written."""

    subscription: int
    channel: int
    at: float
    seen: dict[int, int]
    sure: bool = True  # no earlier try may have been the one
    published: bool = False


@dataclass
class World:
    """What happened, and what stands in Discord's channels."""

    library: Library
    clock: Clock
    rng: random.Random
    messages: dict[int, Message] = field(default_factory=dict)  # by post
    deleted: set[int] = field(default_factory=set)  # posts whose messages somebody deleted
    flying: dict[int, tuple[Post, dict[int, int]]] = field(default_factory=dict)  # by target
    begun: dict[int, float] = field(default_factory=dict)  # when, by post
    changes: defaultdict[int, int] = field(default_factory=lambda: defaultdict(int))
    subscriptions: dict[int, Wanted] = field(default_factory=dict)
    removed: dict[int, float] = field(default_factory=dict)
    away: set[int] = field(default_factory=set)  # subscriptions that were removed for a while, or changed
    must: set[tuple[int, int]] = field(default_factory=set)  # what somebody is to hear of
    ingested: int = 0
    batch: int | None = None
    undo: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.library.notifications._limits = Limits(posts_per_hour=4, subscriptions=8)

    async def step(self) -> None:
        """Let something happen."""
        name = self.rng.choices(
            ("ingest", "edit", "remove", "restore", "subscribe", "pause", "leave", "change", "begin", "send", "wait"),
            (20, 8, 5, 5, 5, 4, 3, 2, 3, 60, 20),
        )[0]
        await getattr(self, name)()

    async def ingest(self) -> None:
        number = self.rng.randint(max(0, self.ingested - 4), self.ingested + 1)
        said = self.rng.choice(("the water", "the mill", "the water and the mill"))
        speaker = self.rng.choice(("Ada", "Bo"))
        file = video_file(f"talk{number}", said, str(self.rng.random()), speaker=speaker)
        announce = self.rng.random() < 0.9
        done = await self.library.ingest(GUILD, file, "a.md", batch=self.batch, announce=announce)
        if done.outcome is Outcome.REPLACED:
            self.changes[done.entry.id] += 1
            if done.undo is not None:
                self.undo.append((done.undo, done.entry.id))
        elif done.outcome is Outcome.NEW and announce:
            self.ingested += 1
            self.must |= {(id_, done.entry.id) for id_ in self.subscriptions if id_ not in self.removed}

    async def _any(self) -> int | None:
        entries = (await self.library.page(GUILD, limit=6)).entries
        return self.rng.choice(entries).id if entries else None

    async def edit(self) -> None:
        if (id_ := await self._any()) is not None:
            given = self.rng.choice(({"title": f"Talk {self.rng.random()}"}, {"speaker": "Ada"}, {"speaker": "Bo"}))
            done = await self.library.edit(GUILD, id_, given)
            if done.undo is not None:
                self.changes[id_] += 1
                self.undo.append((done.undo, id_))

    async def remove(self) -> None:
        if (id_ := await self._any()) is not None:
            done = await self.library.remove(GUILD, id_)
            self.changes[id_] += 1
            assert done.undo is not None
            self.undo.append((done.undo, id_))

    async def restore(self) -> None:
        if self.undo:
            undo, id_ = self.undo.pop(-1 if self.rng.random() < 0.8 else 0)
            try:
                await self.library.restore(GUILD, undo)
            except (NotFoundError, FormatError):
                return
            self.changes[id_] += 1

    async def subscribe(self) -> None:
        wanted = self.rng.choice(WANTED)
        try:
            made, new = await self.library.notifications.subscribe(GUILD, self.rng.randint(1, 3), wanted)
        except StoreError:
            return
        if new:
            self.subscriptions[made.id] = wanted

    async def pause(self) -> None:
        listed = await self.library.notifications.listed(GUILD)
        if listed:
            one = self.rng.choice(listed)
            await self.library.notifications.pause(GUILD, one.id, paused=not one.paused and self.rng.random() < 0.5)

    async def leave(self) -> None:
        if self.removed and self.rng.random() < 0.7:
            id_ = self.rng.choice(list(self.removed))
            try:
                await self.library.notifications.bring_back(GUILD, id_)
            except StoreError:
                return
            del self.removed[id_]
            self.away.add(id_)
        elif listed := await self.library.notifications.listed(GUILD):
            id_ = self.rng.choice(listed).id
            await self.library.notifications.remove(GUILD, id_)
            self.removed[id_] = self.clock.now

    async def change(self) -> None:
        if listed := await self.library.notifications.listed(GUILD):
            one, wanted = self.rng.choice(listed), self.rng.choice(WANTED)
            channel = self.rng.randint(1, 3) if self.rng.random() < 0.5 else None
            try:
                await self.library.notifications.change(one, wanted, channel_id=channel)
            except StoreError:  # there is one like that already
                return
            self.away.add(one.id)
            self.subscriptions[one.id] = wanted

    async def begin(self) -> None:
        if self.batch is None:
            self.batch = await self.library.begin(GUILD, ["a.md"])
        else:
            if self.rng.random() < 0.7:  # else its process ended
                await self.library.close(self.batch)
            self.batch = None

    async def wait(self) -> None:
        self.clock.passes(self.rng.choice((1, 5, 30, 100, 700, 3600)))

    async def send(self) -> None:
        """Begin with a post, or hear what became of one that is on its way; sometimes the process is killed."""
        if self.flying and self.rng.random() < 0.6:
            target = self.rng.choice(list(self.flying))
            await self.arrive(*self.flying.pop(target))
        elif self.rng.random() < 0.03:
            for post, seen in self.flying.values():
                if post.step is Step.SEND and self.is_in_time(post) and self.rng.random() < 0.5:
                    self.deliver(post, seen)
            self.flying.clear()
            await self.library.notifications.recover()
        else:
            await self.claim()

    async def claim(self) -> bool:
        """Begin with what is due somewhere; False where nothing is."""
        for target, (late, seen) in list(self.flying.items()):
            if not self.is_in_time(late):  # its sender has given it up by now
                del self.flying[target]
                await self.arrive(late, seen)
        for due in await self.library.notifications.due():
            if due.target in self.flying:
                continue
            post = await judged_and_claimed(self.library, due)
            if post is None:  # a loop that looks again at once must not find it again
                left = await self.library.notifications.due()
                assert due.subscription_id not in {one.subscription_id for one in left}
                continue
            rows = await self.rows("SELECT transcript_id FROM deliveries WHERE post = ? ORDER BY id", post.id)
            self.begun[post.id] = self.clock.now
            self.flying[due.target] = post, {int(str(id_)): self.changes[int(str(id_))] for (id_,) in rows}
            if post.step is not Step.PUBLISH:
                assert len(rows) == len(post.told)
            if post.step is Step.EDIT:
                self.check_edit(post)
            return True
        return False

    def check_edit(self, post: Post) -> None:
        message = self.messages[post.id]
        assert not message.sure or any(self.changes[id_] > count for id_, count in message.seen.items())

    def is_in_time(self, post: Post) -> bool:
        return self.clock.now - self.begun[post.id] <= PATIENCE

    def deliver(self, post: Post, seen: dict[int, int]) -> Message:
        """Take a message, unless it is a repeated one that Discord remembers."""
        assert post.step is Step.SEND
        known = self.messages.get(post.id)
        if known is not None:
            assert known.channel == post.subscription.target, (known, post)
            assert self.clock.now - known.at < REMEMBERED, (self.clock.now, known, post)
            known.sure = False
            return known
        channel = post.subscription.target
        message = Message(post.subscription.id, channel, self.clock.now, seen, sure=not post.uncertain)
        self.messages[post.id] = message
        return message

    async def arrive(self, post: Post, seen: dict[int, int], *, well: bool = False) -> None:
        """Let Discord answer, or not."""
        notifications, rng = self.library.notifications, self.rng
        became = "well" if well else rng.choice(("well", "well", "well", "unknown", "refused", "rejected", "put_off"))
        if not self.is_in_time(post):
            became = "unknown"
        if became == "put_off":
            await notifications.put_off(post, rng.choice((1, 100, 700)))
        elif post.message_id is not None:
            await self.arrive_again(post, seen, well=well, fails=became != "well")
        elif became == "refused":
            if post.step is Step.LOOK:
                (one,) = await self.rows("SELECT channel_id FROM subscriptions WHERE id = ?", post.subscription.id)
                if one != (post.subscription.target,):  # the old channel is gone, with all that stood there
                    self.messages.pop(post.id, None)
            await notifications.refused(post, sentence("No permission."))
        elif became == "unknown":
            if post.step is Step.SEND and self.is_in_time(post) and rng.random() < 0.5:
                self.deliver(post, seen)
            await notifications.unknown(post, sentence("No answer."))
        elif post.step is Step.LOOK and post.id not in self.messages:
            await notifications.missing(post)
        elif became == "rejected" and post.step is Step.SEND and post.id not in self.messages:
            await notifications.rejected(post, sentence("Too long."))
        else:
            message = self.messages[post.id] if post.step is Step.LOOK else self.deliver(post, seen)
            assert message.channel == post.subscription.target
            wanted = post.subscription.wanted.publish
            await notifications.sent(post, place_id=message.channel, message_id=post.id + 1000, publish=wanted)

    async def arrive_again(self, post: Post, seen: dict[int, int], *, well: bool, fails: bool) -> None:
        """Let Discord edit or publish a message that stands, or not."""
        if fails:
            await self.library.notifications.postponed(post, sentence("No."))
        elif post.step is Step.PUBLISH:
            self.messages[post.id].published = True
            await self.library.notifications.published(post)
        elif not well and self.rng.random() < 0.1:
            self.deleted.add(post.id)
            await self.library.notifications.lost(post, sentence("Deleted."))
        else:
            self.messages[post.id].seen, self.messages[post.id].sure = seen, True
            await self.library.notifications.edited(post)

    async def drain(self) -> None:
        """Let all that waits be sent by a Discord that works, however long that takes."""
        notifications = self.library.notifications
        for one in await notifications.listed(GUILD):
            await notifications.pause(GUILD, one.id, paused=False)
        for target in list(self.flying):
            await self.arrive(*self.flying.pop(target), well=True)
        for _ in range(5000):
            while await self.claim():
                ((post, seen),) = self.flying.values()
                self.flying.clear()
                await self.arrive(post, seen, well=True)
            if (at := await notifications.next_at()) is None:
                return
            assert at > self.clock.now - 1e-6
            self.clock.now = max(at, self.clock.now) + 0.001
        raise AssertionError("something is always due")

    async def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        async with self.library._database.snapshot() as connection:
            return [tuple(row) for row in await connection.execute_fetchall(sql, values)]

    async def check(self) -> None:
        """What holds at any time."""
        await self.check_times()
        wrong = await self.rows(
            """
            SELECT d.id, d.state, d.cause, d.reason, p.id, p.message_id, p.uncertain, t.id FROM deliveries d
                LEFT JOIN posts p ON p.id = d.post LEFT JOIN transcripts t ON t.id = d.transcript_id
            WHERE NOT CASE d.state
                WHEN 'waiting' THEN p.id IS NULL AND t.id IS NOT NULL
                WHEN 'sending' THEN p.id IS NOT NULL AND p.message_id IS NULL AND p.due_at IS NOT NULL
                WHEN 'failing' THEN
                    (p.id IS NULL AND t.id IS NOT NULL OR p.message_id IS NULL AND p.uncertain) AND d.reason IS NOT NULL
                WHEN 'sent' THEN p.message_id IS NOT NULL AND d.reason IS NULL
                WHEN 'skipped' THEN p.id IS NULL AND d.reason IS NOT NULL AND d.cause IS NOT NULL
                WHEN 'abandoned' THEN d.reason IS NOT NULL
                ELSE 0 END
            """
        )
        assert not wrong, wrong
        assert (
            await self.rows("SELECT id FROM posts WHERE id NOT IN (SELECT post FROM deliveries WHERE post > 0)") == []
        )

    async def check_times(self) -> None:
        """Each subscription's next time is what a look through all that waits for it gives."""
        at: defaultdict[object, list[float]] = defaultdict(list)
        edits: defaultdict[object, list[float]] = defaultdict(list)  # which are made of one that rests too
        for id_, due_at, is_edit in await self.rows(
            "SELECT subscription_id, due_at, 0 FROM deliveries WHERE post IS NULL AND state IN ('waiting', 'failing')"
        ) + await self.rows("SELECT subscription_id, due_at, message_id IS NOT NULL FROM posts"):
            if isinstance(due_at, float):
                at[id_].append(due_at)
                if is_edit:
                    edits[id_].append(due_at)
        found = await self.rows("SELECT id, paused, removed_at, retry_at, next_at FROM subscriptions")
        for id_, paused, removed_at, retry_at, next_at in found:
            assert isinstance(retry_at, float)
            times = edits[id_] if paused or removed_at is not None else at[id_]
            assert next_at == (max(retry_at, min(times)) if times else None), id_

    async def check_end(self) -> None:
        """What holds when nothing waits any more."""
        left = dict[tuple[int, int], tuple[str, str | None, str | None]]()
        for subscription, transcript, state, cause, reason in await self.rows(
            """
            SELECT subscription_id, transcript_id, state, cause, reason FROM deliveries
            WHERE subscription_id IN (SELECT id FROM subscriptions WHERE removed_at IS NULL)
            """
        ):
            left[int(str(subscription)), int(str(transcript))] = str(state), str(cause), str(reason)
        alive = {one.id: one.wanted for one in await self.library.notifications.listed(GUILD)}
        entries = {entry.id: entry for entry in (await self.library.page(GUILD, limit=-1)).entries}
        for subscription, transcript in self.must:
            if subscription in alive:
                assert (subscription, transcript) in left
        told = defaultdict[tuple[int, int], list[int]](list)
        for post, message in self.messages.items():
            for transcript in message.seen:
                told[message.subscription, transcript].append(post)
        for key, (state, cause, _) in left.items():
            assert state in {"sent", "skipped", "abandoned"}
            assert len(told[key]) == (state == "sent"), (key, state, told[key])
            subscription, transcript = key
            if state == "skipped" and cause == "removed":
                assert transcript not in entries
            elif state == "skipped" and subscription not in self.away:
                entry, wanted = entries.get(transcript), alive[subscription]
                if entry is not None:
                    spoken = wanted.speaker is None or entry.details.speaker == wanted.speaker
                    assert not spoken if cause == "filter" else wanted.matching is not None
        for post, message in self.messages.items():
            if message.subscription in alive and post not in self.deleted:
                assert message.seen == {id_: self.changes[id_] for id_ in message.seen}
        said = json.dumps(await self.rows("SELECT id FROM posts WHERE due_at IS NOT NULL AND message_id IS NULL"))
        assert said == "[]" or self.removed
