# gil: 0
# time: 60
# The trace without the lock: threads overlap, waits for objects name the object, stops say what for.
import _gil
import gc
import json
import os
import subprocess
import sys
import tempfile
import threading
import time

folder = tempfile.mkdtemp()


def path(name):
    return os.path.join(folder, name)


def load(name):
    with open(path(name), encoding="utf-8") as file:
        return json.load(file)


def by_thread(events):
    threads = {}
    for e in events:
        if e["ph"] in "BEi":
            threads.setdefault(e["tid"], []).append(e)
    return threads


def check(events):
    """Per thread the time stamps grow and slices follow one another."""
    names = {e["tid"]: e["args"]["name"] for e in events if e["name"] == "thread_name"}
    for tid, mine in by_thread(events).items():
        open_slice, last = None, 0
        for e in mine:
            assert e["ts"] >= last, (names[tid], e, last)
            last = e["ts"]
            if e["ph"] == "B":
                assert open_slice is None, (open_slice, e)
                open_slice = e
            elif e["ph"] == "E":
                assert open_slice and (open_slice["cat"], open_slice["name"]) == (e["cat"], e["name"]), (open_slice, e)
                open_slice = None
        assert open_slice is None, open_slice
    return names


def slices(events, kind):
    """(tid, begin, end) of all slices of a kind."""
    found = []
    for tid, mine in by_thread(events).items():
        begun = [e for e in mine if e["ph"] == "B" and e["cat"] == kind]
        ended = [e for e in mine if e["ph"] == "E" and e["cat"] == kind]
        found += [(tid, b, e) for b, e in zip(begun, ended)]
    return found


class Bag(list):
    pass


def fill(bag, rounds):
    append, pop = bag.append, bag.pop
    for _ in range(rounds):
        append(1)
        pop()


def run(*crew):
    for t in crew:
        t.start()
    for t in crew:
        t.join()


# Threads that change one list: somebody waits for its lock at last, if they ever run at the same time.
bag = []
_gil.trace_start(path("shared"))
waits = 0
for attempt in range(8):
    run(*(threading.Thread(target=fill, args=(bag, 60_000), name=f"fill-{i}") for i in range(4)))
    waits = sum(r["lock_waits"] for r in _gil.stats())
    if waits >= 5:
        break
gc.collect()
events_now, dropped = _gil.trace_stop()
events = load("shared")
names = check(events)
assert events[0]["args"]["mode"] == "free", events[0]
assert {"MainThread", "fill-0", "fill-3"} <= set(names.values()), names
locked = slices(events, "locked")
if waits >= 5 and not dropped:
    assert locked, waits
for tid, b, e in locked:
    assert b["args"]["object"] in ("list", "dict"), b   # a dict: threading's own
    assert isinstance(b["args"]["id"], int), b
    assert e.get("args", {}).get("from", 0) != tid, e
ran_into = {e["args"].get("func") for _, _, e in slices(events, "running") if e.get("args", {}).get("call") == "object lock"}
assert not any(b["args"]["object"] == "list" for _, b, _ in locked) or "fill" in ran_into, ran_into
assert not any(b["name"] == "object lock" for _, b, _ in slices(events, "blocked"))
if os.cpu_count() > 1:
    ran = sorted((b["ts"], e["ts"]) for tid, b, e in slices(events, "running") if names[tid].startswith("fill"))
    assert sum(max(0, a[1] - b[0]) for a, b in zip(ran, ran[1:])) > 0, "no two threads ran at once"
for r in _gil.stats():
    parts = r["holding"] + r["waiting"] + r["blocked"] + r["stopped"] + r["lock_waiting"]
    assert r["serial"] == 0 or 0.8 <= (parts + 1e-4) / (r["lifetime"] + 1e-4) <= 1.01, r
    assert (r["lock_waiting"] > 0) <= (r["lock_waits"] > 0), r

# Stops of all threads: by the collector, and by changing a class.
stop = False


class Changed:
    value = 0


def turn():
    while not stop:
        pass


crew = [threading.Thread(target=turn, name=f"turn-{i}") for i in range(2)]
_gil.trace_start(path("stops"))
for t in crew:
    t.start()
for i in range(20):
    gc.collect()
    Changed.value = i
stop = True
for t in crew:
    t.join()
assert _gil.trace_stop()[1] == 0
events = load("stops")
names = check(events)
stopping = slices(events, "stopping")
assert len([b for _, b, _ in stopping if b["name"] == "garbage collection"]) >= 20, [b["name"] for _, b, _ in stopping]
assert any(b["name"] == "class change" for _, b, _ in stopping), {b["name"] for _, b, _ in stopping}
main = next(tid for tid, name in names.items() if name == "MainThread")
assert {tid for tid, b, _ in stopping if b["name"] == "garbage collection"} == {main}
stopped = slices(events, "stopped")
assert {names[tid] for tid, b, _ in stopped if b["args"]["by"] == main} >= {"turn-0", "turn-1"}, stopped[:3]
me = next(r for r in _gil.stats() if r["main"])
assert me["stops"] >= 20 and me["stopping"] > 0, me
assert all(next(r for r in _gil.stats() if r["name"] == f"turn-{i}")["stopped"] > 0 for i in range(2))

# When it was lifted, if that was during the recording.
PROGRAM = """
import gil, threading, time
def work():
    end = time.perf_counter() + 0.6
    while time.perf_counter() < end: pass
crew = [threading.Thread(target=work, name=f"w{i}") for i in range(3)]
for t in crew: t.start()
%s
for t in crew: t.join()
print(gil.mode())
"""
for options, code, mode in ((["-X", "gil=auto"], "", "auto"), (["-X", "gil=1"], "time.sleep(0.1); gil.lift()", "gil"),
                            (["-X", "gil=0"], "", "free")):
    name = "lifted-" + mode
    done = subprocess.run([sys.executable, *options, "-X", "gil-stats", "-X", f"gil-trace={path(name)}", "-c", PROGRAM % code],
                          capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout == "free\n", done
    assert "gil: lifted after 0." in done.stderr and "objects" in done.stderr and "holding" not in done.stderr, done.stderr
    events = load(name)
    check(events)
    assert events[0]["args"]["mode"] == mode, events[0]
    lifted = [e["ts"] for e in events if e["name"] == "lock lifted"]
    assert len(lifted) == 1, lifted
    waiting = slices(events, "waiting")
    assert all(b["ts"] <= lifted[0] for _, b, _ in waiting)
    assert (mode == "free") == (not waiting), (mode, len(waiting))

# Counters of the whole.
totals = _gil.totals()
assert totals["mode"] == "free" and totals["lifted"] >= 0, totals

# Traces that follow each other closely, begun and ended by several threads: the next one may begin while the
# last is being finished, and threads end in the midst of that.
TIMES = 12


def record(who):
    done = 0
    while done < TIMES:
        try:
            _gil.trace_start(path(f"by-{who}-{done}"))
        except RuntimeError as error:
            assert "already" in str(error), error
            time.sleep(0.0001)
            continue
        for _ in range(3):
            one = threading.Thread(target=int)
            one.start()
            one.join()
        assert _gil.totals()["tracing"] == path(f"by-{who}-{done}")
        _gil.trace_stop()
        done += 1


crew = [threading.Thread(target=record, args=(who,)) for who in range(4)]
watching = True


def watch():
    while watching:
        _gil.totals()


crew.append(threading.Thread(target=watch))
for t in crew:
    t.start()
for t in crew[:-1]:
    t.join()
watching = False
crew[-1].join()
for who in range(4):
    for turn in range(TIMES):
        events = load(f"by-{who}-{turn}")
        assert events[0]["name"] == "gila" and events[-1]["name"] == "gila_end", (who, turn)
        check(events)
assert _gil.totals()["tracing"] is None
