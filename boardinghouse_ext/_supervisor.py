"""Runs a program of PostgreSQL on behalf of its parent, and sees that it does not outlive it.

    python _supervisor.py PARENT UID GID FOLDER REMOVE PROGRAM [ARGUMENT]...

Becomes the account UID and GID where it is root. The program runs in FOLDER, in a session of its
own: an interrupt from the terminal reaches PARENT, which then stops us. Should PARENT end without
that, the program is stopped and the folders in REMOVE (separated by colons) go away.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys


def main(parent: int, uid: int, gid: int, folder: str, remove: str, *command: str) -> int:
    """Run the command to its end, and return its exit code."""
    if os.getuid() != uid:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    os.setsid()
    os.chdir(folder)

    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        asked = True

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    for number in (signal.SIGCHLD, signal.SIGALRM):  # They end pause().
        signal.signal(number, lambda *_: None)
    signal.setitimer(signal.ITIMER_REAL, 1, 1)

    child = os.fork()
    if child == 0:
        os.execv(command[0], command)  # noqa: S606
    stopping = orphaned = False
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            break
        orphaned = orphaned or os.getppid() != parent
        if (asked or orphaned) and not stopping:
            os.kill(child, signal.SIGINT)  # PostgreSQL's fast shutdown.
            stopping = True
        if not asked or stopping:
            signal.pause()
    signal.setitimer(signal.ITIMER_REAL, 0)  # At its end Python no longer catches signals.
    if orphaned:
        for place in filter(None, remove.split(":")):
            shutil.rmtree(place, ignore_errors=True)
    return abs(os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:4]]
    sys.exit(main(*numbers, *sys.argv[4:]))  # type: ignore[arg-type]
