"""Runs a program in an interpreter of its own, recording it; waits for it, shows how long it goes on.

Ctrl-C on a terminal reaches the program too, as it would without us; it ends, and so does the
recording. A signal sent to this process alone is passed on.
"""
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import _gil

from .words import number, plural

PASSED_ON = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}
PATIENCE = 3.0   # seconds that a program has to end after Ctrl-C before a second one kills it
QUIET = 2.0      # seconds before the progress is shown
FROM_TERMINAL = 0x80   # si_code of a signal that the kernel sent


class RecordingError(Exception):
    """It could not be recorded; the text is one line."""


class Ended:
    """How the program ended."""

    def __init__(self, status, seconds, cpu, interrupted):
        self.status = status        # the exit status, or minus the signal's number
        self.seconds = seconds      # from its start to its end
        self.cpu = cpu              # processor time, with the processes that it started and waited for
        self.interrupted = interrupted

    @property
    def exit_status(self):
        """As a shell gives it."""
        return self.status if self.status >= 0 else 128 - self.status

    def words(self):
        if self.status < 0:
            try:
                return f"killed by {signal.Signals(-self.status).name}"
            except ValueError:
                return f"killed by signal {-self.status}"
        return f"exit status {self.status}"


def interpreter(options=()):
    """The command of this interpreter, with the options that it was given itself."""
    return [sys.executable, *subprocess._args_from_interpreter_flags(), *options]


class Progress:
    """One line about the running program, on a terminal only."""

    def __init__(self, pid, quiet):
        self.pid, self.begin = pid, time.monotonic()
        self.shown = False
        self.wanted = not quiet and sys.stderr.isatty()

    def show(self):
        seconds = time.monotonic() - self.begin
        if not self.wanted or seconds < QUIET:
            return
        try:
            seen = _gil.peek(self.pid)
            totals = seen["totals"]
            text = (f"{totals['threads']} {plural(totals['threads'], 'thread')}, "
                    f"{number(totals['cpu'] / max(totals['wall'], 1e-9))} cores busy, ")
        except (OSError, ValueError, RuntimeError):
            text = ""
        sys.stderr.write(f"\r[gil] recording, {seconds:.0f} s: {text}Ctrl-C ends it\x1b[K\r")
        sys.stderr.flush()
        self.shown = True

    def say(self, text):
        if self.wanted:
            sys.stderr.write(f"\r[gil] {text}\x1b[K\n")
            sys.stderr.flush()
            self.shown = False

    def clear(self):
        if self.shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def watch(child, quiet=False):
    """Waits for a child process; signals are passed on to it. Gives how it ended."""
    begin = time.monotonic()
    progress = Progress(child.pid, quiet)
    interrupted = 0.0
    old = signal.pthread_sigmask(signal.SIG_BLOCK, PASSED_ON | {signal.SIGCHLD})
    try:
        while True:
            pid, status, used = os.wait4(child.pid, os.WNOHANG)
            if pid:
                break
            got = signal.sigtimedwait(PASSED_ON | {signal.SIGCHLD}, 0.5)
            if got is None or got.si_signo == signal.SIGCHLD:
                progress.show()
                continue
            again = interrupted and time.monotonic() - interrupted > PATIENCE
            if not interrupted:
                interrupted = time.monotonic()
                progress.say("the recording ends with the program (Ctrl-C again, later, kills it)")
            if again:
                os.kill(child.pid, signal.SIGKILL)
            elif got.si_code != FROM_TERMINAL:
                os.kill(child.pid, got.si_signo)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, old)
        progress.clear()
    child.returncode = os.waitstatus_to_exitcode(status)
    return Ended(child.returncode, time.monotonic() - begin, used.ru_utime + used.ru_stime, bool(interrupted))


def run(command, environment=None, quiet=False):
    """Runs a command to its end, with our input and output."""
    try:
        child = subprocess.Popen(command, env=environment)
    except OSError as error:
        raise RecordingError(f"{command[0]} cannot be started: {error.strerror}") from None
    return watch(child, quiet)


class Recording:
    """A program that was recorded: how it ended, and the files of its processes. A context manager
    that takes the files away."""

    def __init__(self, program, quiet=False):
        try:
            self.folder = tempfile.mkdtemp(prefix="gila-gil-")
        except OSError as error:
            raise RecordingError(f"no folder for the recording: {error.strerror}") from None
        try:
            path = os.path.join(self.folder, "%p.json")
            command = interpreter(["-X", f"gil-trace={path}"]) + list(program)
            try:
                child = subprocess.Popen(command)
            except OSError as error:
                raise RecordingError(f"{command[0]} cannot be started: {error.strerror}") from None
            self.pid = child.pid
            self.ended = watch(child, quiet)
        except BaseException:
            self.remove()
            raise

    @property
    def path(self):
        """The trace of the program itself. RecordingError when it left none."""
        path = os.path.join(self.folder, f"{self.pid}.json")
        if not os.path.exists(path):
            raise RecordingError(f"nothing was recorded ({self.ended.words()})")
        return path

    def others(self):
        """The traces of the processes that it forked."""
        own = f"{self.pid}.json"
        return [os.path.join(self.folder, name) for name in sorted(os.listdir(self.folder)) if name != own]

    def keep(self, path):
        """Leaves the program's trace at another place."""
        shutil.copyfile(self.path, path)

    def remove(self):
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *raised):
        self.remove()
