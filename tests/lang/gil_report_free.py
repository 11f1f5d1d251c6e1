# time: 100
# asan: no (starts many interpreters)
# The report on programs without the lock: made traces with known sums, real runs, top.
import json
import os
import re
import subprocess
import sys
import tempfile
from gil import analysis, free, tracefile

folder = tempfile.mkdtemp()


def path(name):
    return os.path.join(folder, name)


def near(a, b, by=1e-6):
    assert abs(a - b) <= by, (a, b)


class Made:
    """A trace made by hand: times in milliseconds."""

    def __init__(self, mode="free"):
        details = {"version": 1, "gila": "0", "program": "made.py", "argv": ["gila", "made.py"], "mode": mode,
                   "policy": "budget", "interval_us": 5000.0, "unix_s": 1.0, "cpus": 2}
        self.events = [self.event("M", "gila", 1, 0, args=details)]
        for tid, name in ((1, "MainThread"), (2, "A"), (3, "B")):
            self.events.append(self.event("M", "thread_name", tid, 0, args={"name": name}))

    def event(self, ph, name, tid, ms, **more):
        return {"ph": ph, "name": name, "pid": 1, "tid": tid, "ts": 5_000_000 + ms * 1000.0, **more}

    def slice(self, tid, kind, start, end, name=None, begin=None, finish=None):
        for ph, at, args in (("B", start, begin), ("E", end, finish)):
            self.events.append(self.event(ph, name or kind, tid, at, cat=kind, **({"args": args} if args else {})))

    def run(self, tid, start, end, why="call", call=None, line=1, func="work"):
        args = {"why": why, "file": "/x/made.py", "line": line, "func": func}
        self.slice(tid, "running", start, end, finish=dict(args, call=call) if call else args)

    def write(self, name, end):
        self.events.append(self.event("M", "gila_end", 1, end, args={"events": 9, "dropped": 0, "wall_s": end / 1000, "cpu_s": end / 1000}))
        with open(path(name), "w") as file:
            file.write("[\n" + ",\n".join(map(json.dumps, self.events)) + "\n]\n")
        return path(name)


# Two threads that run at once, but for A's waits for one dict: 100 of 400 ms; B stops all for 20 ms.
made = Made()
made.run(1, 0, 10, call="lock", func="main")
made.slice(1, "blocked", 10, 410, "lock")
made.run(1, 410, 420, "exit", func="end")
for n in range(4):
    start = 10 + 100 * n
    made.run(2, start, start + 70, call="object lock", line=7, func="put")
    made.slice(2, "locked", start + 70, start + 95, begin={"id": 77, "object": "dict"}, finish={"from": 3})
    made.run(2, start + 95, start + 100, "exit" if n == 3 else "stop", line=8)
made.run(3, 10, 200, "stop", line=9, func="tidy")
made.slice(3, "stopping", 200, 220, "garbage collection", begin={"stood_after_us": 3.0})
made.run(3, 220, 410, "exit")
facts = analysis.Facts(tracefile.read(made.write("made", 420)))
assert facts.free and facts.lifted is None
near(facts.total("locked"), 0.100)
near(facts.lock_matrix[2][3], 0.100)
near(facts.locked_share, 0.100 / 0.820)
near(facts.at_once, 0.720 / 0.420)
(one,) = facts.objects
assert (one.name, one.waits, len(one.ids), one.place) == ("dict", 4, 1, ("/x/made.py", 7, "put"))
(stop,) = facts.stops
assert (stop.name, stop.times, stop.place) == ("garbage collection", 1, ("/x/made.py", 9, "tidy"))
near(stop.seconds, 0.020)
found = free.verdict_of(facts, [2, 4])
assert (found.kind, found.advice) == ("cpu-bound", free.SHARED), (found.kind, found.advice)
assert "dict" in found.what_to_do()[0] and "put (line 7)" in " ".join(found.what_to_do()[1]), found.what_to_do()
near(found.forecast.model, 0.420, 0.005)
assert 0.58 < found.with_lock < 0.74, found.with_lock   # which of the two the main thread waited for is not known


def command(*words, options=("-X", "gil=0"), status=0):
    done = subprocess.run([sys.executable, *options, "-m", "gil", *words], capture_output=True, text=True, timeout=60)
    assert done.returncode == status, (words, done)
    return done


text = command("report", "--from", path("made")).stdout
for words in ("It ran without the lock", "one dict", "garbage collection", "Which objects threads waited for", "made.py:7 put",
              "Who made whom wait", "What stopped all threads", "with the lock"):
    assert words in text, (words, text)
assert "had the lock" not in text and "-X gil=0" not in text, text

# Lifted on the way.
made = Made("auto")
made.run(1, 0, 5, call="lock", func="main")
made.slice(1, "blocked", 5, 405, "lock")
made.slice(3, "waiting", 5, 105, begin={"holder": 2})
made.run(2, 5, 105, "stop")
made.events.append(made.event("i", "lock lifted", 2, 105, cat="gil", s="p"))
made.run(2, 105, 405, "exit")
made.run(3, 105, 405, "exit")
made.run(1, 405, 410, "exit")
facts = analysis.Facts(tracefile.read(made.write("lifted", 410)))
near(facts.lifted, 0.105)
found = free.verdict_of(facts)
assert found.advice == free.PARALLEL, found.advice
said = " ".join(found.what_it_is())
assert "lifted by -X gil=auto after 105 ms of 410 ms" in said and "before it was lifted" in said, said

# Real programs: without the lock, lifted, and the page and the JSON of each.
with open(path("busy.py"), "w") as file:
    file.write("import gc, sys, threading\n"
               "shared = []\n"
               "def work():\n    n = 0\n    while n < 600_000:\n        n += 1\n        shared.append(n)\n        shared.pop()\n"
               "crew = [threading.Thread(target=work, name=f'w{i}') for i in range(3)]\n"
               "[t.start() for t in crew]; gc.collect(); [t.join() for t in crew]; print('done')\n")
for mode, option in (("free", "gil=0"), ("auto", "gil=auto")):
    done = command("report", "--json", "--output", path(mode + ".json"), "--html", path(mode + ".html"), "--trace", path(mode),
                   path("busy.py"), options=("-X", option))
    assert done.stdout == "done\n", done
    out = json.load(open(path(mode + ".json")))
    assert out["schema"] == 1 and out["mode"] == mode, out["mode"]
    assert {"w0", "w1", "w2"} <= {t["name"] for t in out["threads"]}
    assert out["lifted"] is not None
    assert mode == "auto" or any(s["for"] == "garbage collection" for s in out["stops"]), out["stops"]
    assert all(o["kind"] and o["seconds"] >= 0 for o in out["objects"])
    html = open(path(mode + ".html"), encoding="utf-8").read()
    assert "{{" not in html.replace("{{{", "") and "Who made whom wait" in html and "running (has the lock)" not in html
    text = command("report", "--from", path(mode)).stdout
    assert ("It ran without the lock" if mode == "free" else "lifted by -X gil=auto") in text, text

# The program is run with the interpreter's options.
CONTEND = ("import gil, threading, time\ndef work():\n    end = time.time() + 0.3\n    while time.time() < end: pass\n"
           "crew = [threading.Thread(target=work) for _ in range(2)]\n[t.start() for t in crew]; [t.join() for t in crew]\nprint(gil.mode())")
assert command("report", "-c", CONTEND, options=("-X", "gil=auto", "-X", "gil-lift-after=100")).stdout.startswith("gil\n")

# --compare tries each way.
text = command("report", "--compare", "-c", "pass").stdout
for way in ("with the lock", "lifted when threads wait", "without the lock", "with processes"):
    assert re.search(rf"^  {way} ", text, re.M), (way, text)

# A live process.
child = subprocess.Popen([sys.executable, "-X", "gil=0", "-c", "import threading, time\n"
                          "def turn():\n    end = time.time() + 30\n    while time.time() < end: pass\n"
                          "threading.Thread(target=turn, name='turns', daemon=True).start()\n"
                          "print('on', flush=True)\ntime.sleep(30)"], stdout=subprocess.PIPE)
child.stdout.readline()
try:
    out = command("top", "--every", "0.2", str(child.pid)).stdout
    assert "no lock (lifted after" in out and "stops of all a second" in out, out
    assert re.search(r"^turns .* runs$", out, re.M) and re.search(r"^MainThread .* in sleep$", out, re.M), out
    assert re.search(r"^thread +runs +objects +stopped", out, re.M), out
finally:
    child.kill()
    child.wait()
print("ok")
