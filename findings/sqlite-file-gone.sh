#!/bin/sh
# Package    SQLite 3.40.1, as Python's sqlite3 brings it
# Guess      A commit into a database in WAL mode fails where its file was deleted, moved or replaced meanwhile; and a
#            new file in its place begins anew, whatever lies beside it.
# Behaviour  The commit succeeds, into a file that nobody will see again. The log stays at its path when the database is
#            closed, and SQLite then takes it for the log of the file that came: what was written into the old one
#            appears in the new one. PRAGMA wal_checkpoint(TRUNCATE) on the old connection, also without its file,
#            empties the log and prevents that.
# Seen       deleted: committed, and gone
#            replaced: [(1,)] of the old file in the new one
#            replaced, log emptied: []
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
seen=$(cd "$folder" && python3 - <<'PYTHON'
import os
import shutil
import sqlite3


def begun(name):
    connection = sqlite3.connect(name, isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("CREATE TABLE t (a)")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    shutil.copy(name, f"{name}.copy")
    return connection


old = begun("a.db")
os.unlink("a.db")
old.execute("INSERT INTO t VALUES (1)")
old.close()
print("deleted: committed, and", "there" if os.path.exists("a.db") else "gone")

old = begun("b.db")
old.execute("INSERT INTO t VALUES (1)")
os.rename("b.db.copy", "b.db")
old.close()
print("replaced:", sqlite3.connect("b.db").execute("SELECT * FROM t").fetchall(), "of the old file in the new one")

old = begun("c.db")
old.execute("INSERT INTO t VALUES (1)")
os.rename("c.db.copy", "c.db")
old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
old.close()
print("replaced, log emptied:", sqlite3.connect("c.db").execute("SELECT * FROM t").fetchall())
PYTHON
)
echo "$seen"
test "$seen" = "deleted: committed, and gone
replaced: [(1,)] of the old file in the new one
replaced, log emptied: []"
