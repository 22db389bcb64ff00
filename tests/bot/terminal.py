"""A terminal with a program of the command line in it, and somebody who types."""

import os
import pty
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Terminal:
    """A person at a terminal, who sees what is printed there."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.master, slave = pty.openpty()
        environ = {**os.environ, "PYTHONPATH": os.fspath(ROOT)}
        command = [sys.executable, "-m", "bot", *arguments]
        self.process = subprocess.Popen(
            command, cwd=folder, env=environ, stdin=slave, stdout=slave, stderr=slave, start_new_session=True
        )
        os.close(slave)
        self.seen, self._read = "", 0

    def wait_for(self, *texts: str) -> None:
        """Read until these were printed, in this order: a token's prompt forgets what was typed before it."""
        for text in texts:
            while (at := self.seen.find(text, self._read)) < 0:
                self.seen += os.read(self.master, 1000).decode()
            self._read = at + len(text)

    def wait_for_silence(self) -> None:
        """Wait until the program waits itself: a signal that comes a moment before is only heard with the next key."""
        asleep = 0
        while asleep < 5:
            state = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()[0]
            asleep = asleep + 1 if state == "S" else 0
            time.sleep(0.02)

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def end(self) -> int:
        try:
            while more := os.read(self.master, 1000):
                self.seen += more.decode()
        except OSError:  # the other end is closed
            pass
        return self.process.wait(20)

    def close(self) -> None:
        """End the program, where it hasn't ended."""
        self.process.kill()
        self.process.wait()
        os.close(self.master)
