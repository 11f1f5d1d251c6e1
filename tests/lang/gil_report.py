# time: 100
# asan: no (starts many interpreters)
# gila -m gil: analysis of hand-made traces, programs that end badly, the page, top, help.
import gil
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from gil import analysis, replay, tracefile, verdict

folder = tempfile.mkdtemp()


def path(name):
    return os.path.join(folder, name)


class Made:
    """A trace made by hand: times in milliseconds."""

    def __init__(self, main=1, **details):
        self.main = main
        details = {"version": 1, "gila": "0", "program": "made.py", "argv": ["gila", "made.py"], "mode": "gil",
                   "policy": "budget", "interval_us": 5000.0, "unix_s": 1.0, "cpus": 2, **details}
        self.events = [self.event("M", "gila", main, 0, args=details)]

    def event(self, ph, name, tid, ms, **more):
        return {"ph": ph, "name": name, "pid": self.main, "tid": tid, "ts": 5_000_000 + ms * 1000.0, **more}

    def name(self, tid, name):
        self.events.append(self.event("M", "thread_name", tid, 0, args={"name": name}))

    def slice(self, tid, kind, start, end, name=None, begin=None, finish=None):
        for ph, at, args in (("B", start, begin), ("E", end, finish)):
            more = {"args": args} if args else {}
            self.events.append(self.event(ph, name or kind, tid, at, cat=kind, **more))

    def run(self, tid, start, end, why="interval", call=None, line=1, func="work"):
        args = {"why": why, "file": "/x/made.py", "line": line, "func": func}
        self.slice(tid, "running", start, end, finish=dict(args, call=call) if call else args)

    def wait(self, tid, start, end, holder):
        self.slice(tid, "waiting", start, end, begin={"holder": holder}, finish={"from": holder})

    def block(self, tid, start, end, call):
        self.slice(tid, "blocked", start, end, call)

    def write(self, name, end=None, cpu=0.1):
        if end is not None:
            self.events.append(self.event("M", "gila_end", self.main, end, args={"events": 9, "dropped": 0, "wall_s": end / 1000, "cpu_s": cpu}))
        with open(path(name), "w") as file:
            file.write("[\n" + ",\n".join(json.dumps(e) for e in self.events) + ("\n]\n" if end is not None else ",\n{\"ph\":\"B"))
        return path(name)


def near(a, b, by=1e-6):
    assert abs(a - b) <= by, (a, b)


# Two threads take turns for 400 ms, the main thread joins them.
made = Made()
for tid, name in ((1, "MainThread"), (2, "A"), (3, "B")):
    made.name(tid, name)
made.run(1, 0, 100, "call", "lock", 7, "main")
made.block(1, 100, 500, "lock")
made.run(1, 500, 510, "exit", func="end")
for tid, shift in ((2, 0), (3, 50)):
    made.wait(tid, 100, 100 + shift, 3 if tid == 2 else 2) if shift else None
    for turn in range(4):
        start = 100 + 100 * turn + shift
        made.run(tid, start, start + 50, "interval" if turn < 3 else "exit")
        if turn < 3:
            made.wait(tid, start + 50, start + 100, 5 - tid)
trace = tracefile.read(made.write("turns", 510, 0.51))
assert not trace.cut and [t.name for t in trace.threads.values()] == ["MainThread", "A", "B"]
facts = analysis.Facts(trace)
near(facts.wall, 0.510)
near(facts.held, 0.510)
near(facts.matrix[2][3], 0.150)
near(facts.matrix[3][2], 0.200)
assert 1 not in facts.matrix
near(facts.handing_over, 0)
near(facts.contended, 0.350)
near(facts.crowd, 2)
near(facts.wait_share, 0.350 / 0.860)
near(facts.cores_busy, 1.0)
b = next(t for t in facts.threads if t.name == "B")
near(b.running, 0.200), near(b.waiting, 0.200), near(b.longest_wait, 0.050)
assert b.let_go == {"interval": 3, "exit": 1}
site = facts.sites[0]
assert (site.function, site.holds) == ("work", 8)
near(site.seconds, 0.400), near(site.longest, 0.050)
found = verdict.Verdict(facts, [2, 4])
near(found.forecast.with_lock, 0.510)
near(found.rows[0]["seconds"][0], 0.310)      # 100 alone, 200 beside each other, 10 alone
near(found.rows[1]["seconds"][0], 0.310)
near(found.contended_gain(found.rows[0]), 2.0, 0.4)
assert (found.kind, found.advice, found.certainty) == ("cpu-bound", "processes-or-no-gil", "high"), found.reasons

# Two threads that sleep: nothing to gain.
made = Made()
for tid in (1, 2):
    for n in range(5):
        made.run(tid, 100 * n + 2 * tid, 100 * n + 2 * tid + 1, "call", "sleep", 3, "nap")
        made.block(tid, 100 * n + 2 * tid + 1, 100 * (n + 1) + 2 * tid, "sleep")
facts = analysis.Facts(tracefile.read(made.write("naps", 506)))
found = verdict.Verdict(facts)
assert (found.kind, found.advice) == ("io-bound", "threads-are-fine"), (found.kind, found.advice, found.rows, len(facts.workers))
assert facts.calls()[0][0] == "sleep" and facts.contended < 1e-9 and not facts.matrix

# One thread that computes; a cut file; lines that are no events.
made = Made()
made.run(1, 0, 400)
found = verdict.Verdict(analysis.Facts(tracefile.read(made.write("alone", 400))))
assert (found.kind, found.advice) == ("cpu-bound", "split-the-work")
made = Made()
made.run(1, 0, 400)
trace = tracefile.read(made.write("cut"))
assert trace.cut and not trace.damaged
near(trace.end, 0.400)
with open(path("damaged"), "w") as file:
    file.write(open(path("alone")).read().replace('{"ph": "E"', "{{{", 1))
assert tracefile.read(path("damaged")).damaged


# ---- The command ----

def command(*words, status=0, **options):
    done = subprocess.run([sys.executable, "-m", "gil", *words], capture_output=True, text=True, timeout=60, **options)
    assert status is None or done.returncode == status, (words, done)
    return done


def one_line(*words):
    done = command(*words, status=2)
    assert done.stdout == "" and re.fullmatch(r"gila -m gil: .+\n", done.stderr), done
    return done.stderr


assert "report" in command("--help").stdout
for option in ("--html", "--json", "--output", "--trace", "--cores", "--compare", "--processes", "--from", "--quiet"):
    assert option in command("report", "--help").stdout
assert "PID" in command("top", "--help").stdout
open(path("empty"), "w").close()
open(path("text"), "w").write("hello\n")
for words, text in ((["report", "--from", path("empty")], "is empty"), (["report", "--from", path("text")], "not a trace"),
                    (["report", "--from", path("none")], "No such file"), (["report", path("none.py")], "no such file"),
                    (["report", "--html", path("no/x"), "-c", ""], "No such file"), (["report", "--nope"], "no option"),
                    (["report", "--output", folder, "-c", ""], "directory"), (["report"], "program"),
                    (["report", "--cores", "0", "-c", ""], "--cores"), (["top", "x"], "not the number"), (["top"], "PID"),
                    (["top", "999999999"], "no process"), (["nothing"], "no command")):
    assert text in one_line(*words), (words, text)
assert "no end" in command("report", "--from", path("cut")).stdout

# However the program ends, the report comes, and the exit status is the program's.
for code, status, words in (("raise SystemExit(3)", 3, "exit status 3"), ("1/0", 1, "exit status 1"),
                            ("import os; os._exit(7)", 7, "exit status 7"),
                            ("import os; os.kill(os.getpid(), 9)", 137, "killed by SIGKILL")):
    done = command("report", "-c", code, status=status)
    assert words in done.stdout and "What to do" in done.stdout, done
with open(path("busy.py"), "w") as file:
    file.write("import sys, threading\n"
               "def work():\n    n = 0\n    while n < 400_000: n += 1\n"
               "crew = [threading.Thread(target=work, name=f'<w{i}>') for i in range(2)]\n"
               "[t.start() for t in crew]; [t.join() for t in crew]; print(sys.argv[1:])\n")
done = command("report", "--json", "--output", path("out.json"), "--html", path("out.html"), "--trace", path("kept"), path("busy.py"), "a", "-b")
assert done.stdout == "['a', '-b']\n", done
out = json.load(open(path("out.json")))
assert out["schema"] == 1 and out["exit"] == {"status": 0, "interrupted": False} and out["complete"]
assert {"MainThread", "<w0>", "<w1>"} == {t["name"] for t in out["threads"]}
assert 0 <= out["wait_share"] < 1 and out["forecast"]["rows"][0]["seconds"][0] > 0
assert command("report", "--from", path("kept")).stdout.startswith("busy.py a -b")

# The page stands alone, and its data is what was recorded.
html = open(path("out.html"), encoding="utf-8").read()
assert not re.search(r"(src|href)\s*=|https?://|@import|url\(", html)
assert "{{" not in html.replace("{{{", "") and "&lt;w0&gt;" in html and "<w0>" not in html
data = json.loads(re.search(r'<script type="application/json" id="data">(.*?)</script>', html, re.S)[1])
assert {t["name"] for t in data["tracks"]} == {"MainThread", "<w0>", "<w1>"}
for track in data["tracks"]:
    numbers = track["slices"]
    assert len(numbers) % 4 == 0 and min(numbers) >= 0 and max(numbers[2::4]) <= 4
    assert sum(numbers[0::4]) + sum(numbers[1::4]) <= data["end"] + 1
    assert all(n < len(data["details"]) for n in numbers[3::4])
for part in ('id="canvas"', 'aria-live="polite"', "prefers-color-scheme: dark", 'id="theme"', "<noscript>", 'lang="en"'):
    assert part in html

# The page says the same as the text, also of a run so short that the interpreter's start shows.
done = command("report", "--html", path("short.html"), "-c", "import time; time.sleep(0.01)")
busy = re.search(r"On average ([\d.]+) of", done.stdout)[1]
assert f"<b>{busy}</b><span>of " in open(path("short.html"), encoding="utf-8").read(), busy

# What cannot be written is told with its name, after what can be.
for option in ("--output", "--html", "--trace"):
    done = command("report", option, "/dev/full", "-c", "pass", status=2)
    assert done.stderr == f"gila -m gil: {option} /dev/full: No space left on device\n", done
    assert option == "--output" or "exit status 0" in done.stdout, done

# A damaged recording is read up to the damage, or refused in one line.
lines = open(path("kept")).read().split("\n")
for number, key in ((1, "args"), (1, "ts"), (1, "pid"), (9, "ts"), (9, "tid"), (9, "name"), (9, "args"), (12, "ph"), (15, "cat")):
    for value in (None, [], {}, "x", 1e308, -1):
        event = json.loads(lines[number].rstrip(","))
        event[key] = value
        with open(path("damaged"), "w") as file:
            file.write("\n".join([*lines[:number], json.dumps(event) + ",", *lines[number + 1:]]))
        done = command("report", "--html", path("damaged.html"), "--from", path("damaged"), status=None)
        assert done.returncode == 0 and done.stdout or done.returncode == 2 and done.stderr.count("\n") == 1, (number, key, value, done)
for key, value in (("cpus", None), ("cpus", "x"), ("interval_us", []), ("argv", 1), ("version", "2"), ("program", None)):
    event = json.loads(lines[1].rstrip(","))
    event["args"][key] = value
    with open(path("damaged"), "w") as file:
        file.write("\n".join([lines[0], json.dumps(event) + ",", *lines[2:]]))
    done = command("report", "--from", path("damaged"), status=None)
    assert done.returncode == 0 and done.stdout or done.returncode == 2 and done.stderr.count("\n") == 1, (key, value, done)
for key, value in (("func", 5), ("file", None), ("line", "x"), ("call", []), ("why", {}), ("from", "x"), ("cpu_s", 1e308)):
    with open(path("damaged"), "w") as file:
        file.write("\n".join([*lines[:9], *[re.sub(rf'"{key}":("[^"]*"|[\d.]+)', f'"{key}":{json.dumps(value)}', line) for line in lines[9:]]]))
    done = command("report", "--html", path("damaged.html"), "--from", path("damaged"), status=None)
    assert done.returncode == 0 and "Traceback" not in done.stderr, (key, value, done)

# A process that the program forks has a row of its own in the timeline.
code = "import os, time\nif os.fork() == 0: time.sleep(0.01)\nelse: os.wait()"
command("report", "--html", path("fork.html"), "-c", code)
data = re.search(r'<script type="application/json" id="data">(.*?)</script>', open(path("fork.html")).read(), re.S)[1]
first, second = json.loads(data)["tracks"]
assert first["name"] == "MainThread" and second["name"] == f"process {second['tid']}", data

# Ways compared: a program that offers processes by the variable.
with open(path("ways.py"), "w") as file:
    file.write("import os\nprint(os.environ.get('GILA_WORKERS'))\n")
done = command("report", "--compare", path("ways.py"))
assert "threads\n" in done.stdout and "processes\n" in done.stdout and "with processes" in done.stdout, done
done = command("report", "--compare", "--json", "--output", path("ways.json"), path("ways.py"))
for way in json.load(open(path("ways.json")))["compared"]:
    assert way["status"] == 0 and way["measured"] > 0 and len(way["predicted"]) == 2, way
    assert way["others"] is None or way["others"] >= 0, way
# What other programs did meanwhile is told when it was much.
from gil.compare import Row, disturbed
assert disturbed([Row("a", [1, 1], others=0.1), Row("b", [1, 1])], 2) == ""
assert "kept 0.50 to 1.20 of 2 cores busy" in disturbed([Row("a", [1, 1], others=0.5), Row("b", [1, 1], others=1.2)], 2)

# Ctrl-C (here: a signal to the command) ends the recording, and the report comes.
child = subprocess.Popen([sys.executable, "-m", "gil", "report", "-c", "import time; print('on', flush=True); time.sleep(60)"],
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
assert child.stdout.readline() == "on\n"
child.send_signal(signal.SIGINT)
out, err = child.communicate(timeout=30)
assert "ended by Ctrl-C" in out and child.returncode in (130, 1), (out, err, child.returncode)

# A live process.
child = subprocess.Popen([sys.executable, "-c", "import threading, time\n"
                          "threading.Thread(target=time.sleep, args=(30,), name='sleeper', daemon=True).start()\n"
                          "print('on', flush=True)\nend = time.time() + 30\nwhile time.time() < end: pass"],
                         stdout=subprocess.PIPE)
child.stdout.readline()
try:
    out = command("top", "--every", "0.2", str(child.pid)).stdout
    assert re.search(r"^MainThread .* runs$", out, re.M) and re.search(r"^sleeper .* in sleep$", out, re.M), out
    assert json.loads(command("top", "--json", str(child.pid)).stdout)["pid"] == child.pid
finally:
    child.kill()
    child.wait()

# The context manager.
with gil.trace(path("own")) as recorded:
    time.sleep(0.01)
assert recorded.events > 0 and recorded.dropped == 0
assert tracefile.read(path("own")).mode == gil.mode()
print("ok")
