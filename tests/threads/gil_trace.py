# gil: 1
# time: 60
# The trace file: what stands in it, in which order, and what is left of it when a program is killed.
import _gil
import errno
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time

folder = tempfile.mkdtemp()


def path(name):
    return os.path.join(folder, name)


def load(name):
    """The events; an unfinished file is ended as docs/internals/gil.md says."""
    with open(path(name), encoding="utf-8") as file:
        text = file.read()
    if not text.rstrip().endswith("]"):
        text = text[:text.rindex("\n")].rstrip().rstrip(",") + "\n]"
    return json.loads(text)


def by_thread(events):
    threads = {}
    for e in events:
        if e["ph"] in "BEi":
            threads.setdefault(e["tid"], []).append(e)
    return threads


def check(events, finished=True):
    assert events[0]["name"] == "gila" and events[0]["args"]["version"] == 1
    pid = events[0]["pid"]
    for e in events:
        assert e["pid"] == pid and isinstance(e["tid"], int) and e["ts"] >= events[0]["ts"] - 0.001, e
    names = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    for tid, mine in by_thread(events).items():
        assert tid in names
        open_slice, last, before = None, 0, None
        for e in mine:
            assert e["ts"] >= last, (e, last)
            last = e["ts"]
            if e["ph"] == "B":
                assert open_slice is None, (open_slice, e)
                open_slice = e
                if before and "from" in before.get("args", ()):  # asked, then got
                    assert e["cat"] == "running" and e["ts"] == before["ts"], (before, e)
            elif e["ph"] == "E":
                assert open_slice and open_slice["cat"] == e["cat"] and open_slice["name"] == e["name"], (open_slice, e)
                if e["cat"] == "running" and "args" in e:
                    assert e["args"]["why"] in ("call", "interval", "return", "stop", "exit"), e
                    assert ("call" in e["args"]) == (e["args"]["why"] == "call"), e
                if e["cat"] == "waiting" and "args" in e:
                    # Whom it waits for is not known of a thread that waited when the trace began.
                    assert "args" in open_slice or before is None, (open_slice, e)
                    assert open_slice.get("args", {}).get("holder") != tid and e["args"]["from"] != tid, (open_slice, e)
                open_slice = None
                before = e
        assert not finished or open_slice is None, open_slice
    return names


def compute(seconds):
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def io(times):
    for _ in range(times):
        time.sleep(0.005)


# A whole trace.
_gil.trace_start(path("whole"))
assert _gil.totals()["tracing"] == path("whole")
try:
    _gil.trace_start(path("other"))
except RuntimeError as error:
    assert "already" in str(error)
else:
    raise AssertionError("two traces")
threads = [threading.Thread(target=compute, args=(0.4,), name=f"compute-{i}") for i in range(2)]
threads.append(threading.Thread(target=io, args=(30,), name="io \"Ж\""))
for t in threads:
    t.start()
for t in threads:
    t.join()
number, dropped = _gil.trace_stop()
events = load("whole")
assert number == len(events) and dropped == 0, (number, len(events), dropped)
names = check(events)
assert sorted(names.values()) == ["MainThread", "compute-0", "compute-1", "io \"Ж\""], names
assert events[-1]["name"] == "gila_end" and events[-1]["args"]["events"] == number
tids = {name: tid for tid, name in names.items()}
mine = by_thread(events)
sleeps = [e for e in mine[tids["io \"Ж\""]] if e["ph"] == "B" and e["cat"] == "blocked" and e["name"] == "sleep"]
assert len(sleeps) == 30, len(sleeps)
left = [e["args"] for e in mine[tids["io \"Ж\""]] if e["ph"] == "E" and e["cat"] == "running" and e["args"].get("call") == "sleep"]
assert len(left) == 30 and all(a["func"] == "io" and a["file"] == __file__ for a in left), left[:2]
assert all(f"time.sleep" in open(__file__).read().splitlines()[a["line"] - 1] for a in left)
why = [e["args"]["why"] for e in mine[tids["compute-0"]] if e["ph"] == "E" and e["cat"] == "running"]
assert "interval" in why or "return" in why, why
assert why[-1] == "exit", why
assert any(e["ph"] == "C" and e["args"]["cores"] > 0 for e in events)
assert {e["tid"] for e in events if e["name"] == "thread_cpu"} == set(names)
for blocked in (e for e in events if e["name"] == "asked holder"):
    assert blocked["args"]["holder"] in names
# The time that threads hold the lock does not overlap.
held = sorted((b["ts"], e["ts"]) for own in mine.values()
              for b, e in zip([x for x in own if x["ph"] == "B" and x["cat"] == "running"],
                              [x for x in own if x["ph"] == "E" and x["cat"] == "running"]))
overlap = sum(max(0, a[1] - b[0]) for a, b in zip(held, held[1:]))
assert overlap < 0.01 * (held[-1][1] - held[0][0]), overlap

try:
    _gil.trace_stop()
except RuntimeError:
    pass
else:
    raise AssertionError("no trace to stop")

# Again, beside threads that block all along and others that were never seen before.
gate = threading.Event()
waiting = threading.Thread(target=gate.wait, name="waits", daemon=True)
waiting.start()
for i in range(3):
    _gil.trace_start(path(f"again-{i}"))
    compute(0.03)
    _gil.trace_stop()
    events = load(f"again-{i}")
    names = check(events)
    assert set(names.values()) == {"MainThread", "waits"}, names
gate.set()
waiting.join()

# Bad paths.
for bad, number in ((path("none/there"), errno.ENOENT), (folder, errno.EISDIR)):
    try:
        _gil.trace_start(bad)
    except OSError as error:
        assert error.errno == number and error.filename == bad, error
    else:
        raise AssertionError(bad)
try:
    _gil.trace_start("a\0b")
except ValueError:
    pass
else:
    raise AssertionError("zero byte")
assert _gil.totals()["tracing"] is None
if os.path.exists("/dev/full"):
    _gil.trace_start("/dev/full")
    compute(0.05)
    try:
        _gil.trace_stop()
    except OSError as error:
        assert error.errno == errno.ENOSPC
    else:
        raise AssertionError("/dev/full")

# fork: the child's actions are not in the file, and it may record its own.
_gil.trace_start(path("parent"))
pid = os.fork()
if pid == 0:
    fine = _gil.totals()["tracing"] is None
    compute(0.05)
    _gil.trace_start(path("child"))
    compute(0.05)
    fine = fine and _gil.trace_stop()[1] == 0
    os._exit(0 if fine else 1)
assert os.waitpid(pid, 0)[1] == 0
_gil.trace_stop()
assert {e["pid"] for e in load("parent")} == {os.getpid()}
assert {e["pid"] for e in load("child")} == {pid}
check(load("parent"))
check(load("child"))


# -X gil-trace: whole programs.
def program(name, text, *options, status=0):
    done = subprocess.run([sys.executable, "-X", f"gil-trace={path(name)}", *options, "-c", text],
                          capture_output=True, text=True)
    assert done.returncode == status, (done, status)
    return done


PREFIX = """
import os, sys, threading, time
def work():
    end = time.perf_counter() + 0.2
    while time.perf_counter() < end: pass
threads = [threading.Thread(target=work, name=f"w{i}") for i in range(2)]
for t in threads: t.start()
"""
for name, text, status in (("exit", PREFIX + "for t in threads: t.join()\nsys.exit(3)", 3),
                           ("_exit", PREFIX + "time.sleep(0.1)\nos._exit(5)", 5),
                           ("raise", PREFIX + "1/0", 1),
                           ("daemon", PREFIX.replace("name=", "daemon=True, name="), 0)):
    program(name, text, status=status)
    names = check(load(name))
    assert {"MainThread", "w0", "w1"} <= set(names.values()), names
    assert load(name)[-1]["name"] == "gila_end"
program("exec", PREFIX + "time.sleep(0.1)\nos.execv('/bin/true', ['true'])")
assert len(load("exec")) > 20
check(load("exec"), finished=False)

# Killed: all but the last moment is there.
child = subprocess.Popen([sys.executable, "-X", f"gil-trace={path('killed-%p')}", "-c", PREFIX.replace("0.2", "60")])
time.sleep(1.5)
child.send_signal(signal.SIGKILL)
assert child.wait() == -signal.SIGKILL
events = load(f"killed-{child.pid}")
check(events, finished=False)
assert events[-1]["ts"] - events[0]["ts"] > 500_000, (events[0], events[-1])

# Cut anywhere, the file is readable.
whole = open(path("whole"), encoding="utf-8").read()
for cut in range(2000, len(whole), len(whole) // 7):
    with open(path("cut"), "w", encoding="utf-8") as file:
        file.write(whole[:cut])
    check(load("cut"), finished=False)

# Unwritable.
for bad, words in ((path("none/there"), "No such file or directory"), ("", "the name of a file is needed")):
    done = subprocess.run([sys.executable, "-X", f"gil-trace={bad}", "-c", "print(1)"], capture_output=True, text=True)
    assert done.returncode == 2 and done.stdout == "", done
    assert done.stderr.count("\n") == 1 and words in done.stderr, done.stderr
