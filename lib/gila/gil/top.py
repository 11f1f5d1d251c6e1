"""`gila -m gil top PID`: the threads of a running process, looked at again and again.

On a terminal the table is drawn anew in place; the keyboard is read without waiting for Enter.
"""
import json
import os
import select
import shutil
import sys
import time

import _gil

from .words import cut, duration, number, percent, plural, table


class TopError(Exception):
    """The process cannot be looked at; the text is one line."""


class Ended(TopError):
    """It is not there, or not any more."""


def look(pid):
    """The counters of a process. TopError when that cannot be."""
    try:
        return _gil.peek(pid)
    except ProcessLookupError as error:
        raise Ended(error.strerror or str(error)) from None
    except OSError as error:
        raise TopError(error.strerror or str(error)) from None
    except (ValueError, RuntimeError) as error:
        raise TopError(str(error)) from None


def look_again(pid, before):
    """The same of a process that was there a moment ago."""
    try:
        now = look(pid)
    except Ended:
        raise Ended(f"process {pid} has ended") from None
    if before and now["started"] != before["started"]:
        raise Ended(f"process {pid} has ended, and another has its number")
    return now


def rows(before, now):
    """What each thread did between two looks: a list of dicts, in order of creation."""
    known = {t["serial"]: t for t in before["threads"]} if before else {}
    nothing = {}
    found = []
    for t in now["threads"]:
        old = known.get(t["serial"], nothing)
        if not t["alive"] and (not old or not old["alive"]):
            continue
        row = {"name": t["name"], "tid": t["native_id"], "state": t["state"], "call": t["call"]}
        for key in ("holding", "waiting", "blocked", "stopped", "acquisitions", "contended", "drops_given",
                    "lock_waiting", "lock_waits", "stops"):
            row[key] = max(0, t[key] - old.get(key, 0))
        row["running"] = None if t["running"] is None else max(0.0, t["running"] - (old.get("running") or 0.0))
        row["longest_wait"] = t["longest_wait"]
        found.append(row)
    return found


STATES = {"running": "runs", "waiting": "waits for the lock", "stopped": "stopped", "ended": "ended"}


def _state(row):
    if row["state"] == "waiting" and row["call"]:
        return "waits for an object"
    return f"in {row['call'] or 'a call'}" if row["state"] == "blocked" else STATES.get(row["state"], row["state"])


def lines(before, now, width, height=None):
    """The table as lines; shares are of the time between the two looks."""
    totals, old = now["totals"], before["totals"] if before else None
    seconds = max(totals["wall"] - (old["wall"] if old else 0.0), 1e-6)
    found = rows(before, now)
    program = os.path.basename(now["program"][0]) + " " + " ".join(now["program"][1:]) if now["program"] else "?"
    cores = (totals["cpu"] - (old["cpu"] if old else 0.0)) / seconds
    switches = (totals["switches"] - (old["switches"] if old else 0)) / seconds
    free = totals["mode"] == "free"
    waited = sum(r["waiting"] + r["lock_waiting"] for r in found)
    wanted = sum(r["holding"] for r in found) + waited
    lock = "no lock" if free else f"lock held {percent(min(1, sum(r['holding'] for r in found) / seconds))}"
    if free and totals["lifted"]:
        lock += f" (lifted after {duration(totals['lifted'])})"
    head = [cut(f"process {now['pid']}: {program}".replace("\n", " "), width),
            cut(f"up {duration(totals['wall'])}, {totals['threads']} {plural(totals['threads'], 'thread')}, "
                f"{number(max(0.0, cores))} of {totals['cpus']} cores busy, {lock}, "
                f"waiting {percent(waited / wanted if wanted else 0.0)}, "
                + (f"{sum(r['stops'] for r in found) / seconds:.0f} stops of all a second" if free else f"{switches:.0f} hand-overs a second"),
                width), ""]
    if free:
        body = _free_body(found, seconds)
    else:
        body = _body(found, seconds)
    body = [cut(line, width) for line in body]
    if height and len(head) + len(body) > height:
        body = body[:height - len(head) - 1] + [f"and {len(found) - (height - len(head) - 2)} more threads"]
    return head + body


def _free_body(found, seconds):
    """Of a process without the lock: what a thread waits for are objects, and stops."""
    body = [("thread", "runs", "objects", "stopped", "in calls", "waits/s", "longest wait", "now")]
    for r in sorted(found, key=lambda r: -(r["holding"] + r["lock_waiting"])):
        body.append((cut(r["name"] or "?", 28), *(percent(min(1.0, r[key] / seconds)) for key in
                                                  ("holding", "lock_waiting", "stopped", "blocked")),
                     f"{r['lock_waits'] / seconds:.0f}", duration(r["longest_wait"]), cut(_state(r), 24)))
    return table(body, right={1, 2, 3, 4, 5, 6})


def _body(found, seconds):
    body = [("thread", "holds", "waits", "in calls", "got it/s", "longest wait", "now")]
    for r in sorted(found, key=lambda r: -(r["holding"] + r["waiting"])):
        body.append((cut(r["name"] or "?", 28), percent(min(1.0, r["holding"] / seconds)), percent(min(1.0, r["waiting"] / seconds)),
                     percent(min(1.0, r["blocked"] / seconds)), f"{r['acquisitions'] / seconds:.0f}",
                     duration(r["longest_wait"]), cut(_state(r), 24)))
    return table(body, right={1, 2, 3, 4, 5})


class Keys:
    """The keyboard, key by key; nothing where it is no terminal."""

    def __init__(self):
        self.fd = self.saved = None
        try:
            import termios
            import tty
            fd = sys.stdin.fileno()
            if os.isatty(fd) and os.tcgetpgrp(fd) == os.getpgrp():
                self.saved = termios.tcgetattr(fd)
                tty.setcbreak(fd)
                self.fd = fd
        except (ImportError, OSError, ValueError, AttributeError):
            pass

    def wait(self, seconds):
        """Waits; True when q was pressed."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if self.fd is None:
                time.sleep(left)
            elif select.select([self.fd], [], [], left)[0]:
                keys = os.read(self.fd, 100)
                if not keys or b"q" in keys.lower():
                    return True
        return False

    def restore(self):
        if self.saved is not None:
            import termios
            termios.tcsetattr(self.fd, termios.TCSADRAIN, self.saved)


def _live(pid, every, most):
    keys = Keys()
    before, count = None, 0
    try:
        while True:
            now = look_again(pid, before)
            size = shutil.get_terminal_size((100, 24))
            shown = lines(before, now, size.columns, size.lines - 2)
            sys.stdout.write("\x1b[H" + "".join(line + "\x1b[K\n" for line in shown) + "\x1b[K\nq ends\x1b[J")
            sys.stdout.flush()
            before, count = now, count + 1
            if most and count >= most or keys.wait(every):
                return 0
    finally:
        keys.restore()


def _once(pid, every, most):
    """For a pipe or a file: one table (or --times tables) of what happened between two looks."""
    before = look(pid)
    for number_of_table in range(max(1, most)):
        time.sleep(every)
        now = look_again(pid, before)
        if number_of_table:
            print()
        print("\n".join(lines(before, now, 200)), flush=True)
        before = now
    return 0


def run(pid, every, most, as_json):
    """The command; gives the exit status."""
    try:
        if as_json:
            json.dump(look(pid), sys.stdout, indent=1)
            print()
            return 0
        if not sys.stdout.isatty():
            return _once(pid, every, most)
        look(pid)
        sys.stdout.write("\x1b[?1049h\x1b[?25l")
        try:
            return _live(pid, every, most)
        finally:
            sys.stdout.write("\x1b[?25h\x1b[?1049l")
            sys.stdout.flush()
    except KeyboardInterrupt:
        return 0
