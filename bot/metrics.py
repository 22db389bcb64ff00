"""What Prometheus is told of a running bot: https://prometheus.io/docs/practices/naming/.

Nothing has a server's id, a name or a text as its label: what a metric is of is told apart by what the bot is made of.
"""

import platform
import sqlite3
from importlib import metadata

import discord
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    Info,
    PlatformCollector,
    ProcessCollector,
    disable_created_metrics,
)

from bot.health import Health
from cogs.interactions import Passing
from store.models import Outcome

MOMENTS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)  # seconds; Discord waits for 3
LEVELS = ("warning", "error", "critical")
LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)


class Metrics:
    """A registry of its own, with everything that is counted and measured."""

    def __init__(self) -> None:
        disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each, of when it was made
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        GCCollector(registry=registry)
        Info("verbatim_build", "What runs", registry=registry).info(
            {
                "version": version(),
                "python": platform.python_version(),
                "discord_py": discord.__version__,
                "sqlite": sqlite3.sqlite_version,
            }
        )
        self._interactions = Counter(
            "verbatim_interactions",
            "Interactions by what they were and ended as",
            ["kind", "name", "outcome"],
            registry=registry,
        )
        self._interaction_seconds = Histogram(
            "verbatim_interaction_seconds", "How long interactions took", ["kind"], buckets=MOMENTS, registry=registry
        )
        self._questions = Counter(
            "verbatim_questions",
            "Questions by what was answered, further pages left out",
            ["outcome"],
            registry=registry,
        )
        self._question_seconds = Histogram(
            "verbatim_question_seconds", "How long it took to find answers", buckets=MOMENTS, registry=registry
        )
        self._ingests = Counter("verbatim_ingests", "Files by what became of them", ["outcome"], registry=registry)
        self._gateway_events = Counter(
            "verbatim_gateway_events",
            "How often the gateway was connected, resumed and lost",
            ["event"],
            registry=registry,
        )
        self._records = Counter("verbatim_log_records", "What was logged by its level", ["level"], registry=registry)
        # What an alert waits for has to be there before it happens for the first time.
        for counter, known in (
            (self._questions, ("found", "closest", "nothing", "refused", "trouble", "failed")),
            (self._ingests, (*(outcome.value for outcome in Outcome), "refused", "trouble", "failed")),
            (self._gateway_events, ("connected", "resumed", "disconnected")),
            (self._records, LEVELS),
        ):
            for one in known:
                counter.labels(one)
        self._lag = Histogram(
            "verbatim_event_loop_lag_seconds",
            "How much later than asked for the event loop comes round",
            buckets=LAGS,
            registry=registry,
        )
        self._deliveries = self._gauge(
            "deliveries", "Deliveries by their state; those done, every 10 minutes", ["state"]
        )
        self._late = self._gauge(
            "oldest_undelivered_seconds", "How late the announcement is that should have been sent first"
        )
        self._guilds = self._gauge("guilds", "Servers that the bot is in")
        self._transcripts = self._gauge("transcripts", "Transcripts of all servers")
        self._passages = self._gauge("passages", "Passages of all servers' indexes")
        self._index = self._gauge("index_bytes", "Memory of the indexes that are held")
        self._connected = self._gauge("gateway_connected", "1 where the gateway is connected")
        self._latency = self._gauge("gateway_latency_seconds", "How long the last heartbeat took")
        self._writable = self._gauge("database_writable", "1 where the database can be written")
        self._database = self._gauge("database_bytes", "Size of the database's file")
        self._log = self._gauge("database_wal_bytes", "Size of its write-ahead log")
        self._backup = self._gauge("last_backup_timestamp_seconds", "When the last good backup was made")
        self._free = self._gauge("disk_free_bytes", "Free bytes where the database is")

    def _gauge(self, name: str, what: str, labels: tuple[str, ...] | list[str] = ()) -> Gauge:
        return Gauge(f"verbatim_{name}", what, labels, registry=self.registry)

    def interaction(self, one: Passing) -> None:
        """Count an interaction that is over."""
        kind = one.kind.name.lower()
        self._interactions.labels(kind, one.name, one.outcome.value).inc()
        self._interaction_seconds.labels(kind).observe(one.seconds)

    def question(self, outcome: str, seconds: float) -> None:
        """Count a question."""
        self._questions.labels(outcome).inc()
        self._question_seconds.observe(seconds)

    def ingest(self, outcome: str) -> None:
        """Count a file."""
        self._ingests.labels(outcome).inc()

    def gateway(self, event: str) -> None:
        """Count that the gateway was connected, resumed or lost."""
        self._gateway_events.labels(event).inc()

    def logged(self, level: str) -> None:
        """Count a line of the log."""
        self._records.labels(level).inc()

    def lag(self, seconds: float) -> None:
        """Note by how much the event loop came round too late."""
        self._lag.observe(seconds)

    def measure(self, health: Health, *, guilds: int, backups: bool) -> None:
        """Set what is measured when it is asked for; what isn't known stays as it was.

        Where `backups` are to be made and none is there, the last one is as old as can be.
        """
        never = 0.0 if backups else float("nan")
        self._backup.set(never if health.backed_up is None else health.backed_up.timestamp())
        self._guilds.set(guilds)
        self._connected.set(health.gateway.connected)
        self._latency.set(float("nan") if health.gateway.latency is None else health.gateway.latency)
        self._writable.set(health.unwritable is None)
        if (figures := health.figures) is not None:
            self._transcripts.set(figures.transcripts)
            self._passages.set(figures.passages)
            self._index.set(figures.index_bytes)
            self._late.set(figures.late_seconds)
            for state, count in figures.deliveries.items():
                self._deliveries.labels(state.value).set(count)
        for state, count in health.closed.items():
            self._deliveries.labels(state.value).set(count)
        if (disk := health.disk) is not None:
            self._database.set(disk.database)
            self._log.set(disk.log)
            self._free.set(disk.free)


def version() -> str:
    """Return the version that is installed."""
    try:
        return metadata.version("verbatim-bot")
    except metadata.PackageNotFoundError:  # run from a folder
        return "unknown"
