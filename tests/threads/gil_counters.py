# gil: 1
# time: 60
# What the counters of the lock say of a scenario whose waits are known.
import _gil
import os
import sys
import threading
import time

LINES = open(__file__, encoding="utf-8").read().splitlines()


def record(name):
    found = [r for r in _gil.stats() if r["name"] == name]
    assert len(found) == 1, (name, [r["name"] for r in _gil.stats()])
    return found[0]


def run(*threads):
    for t in threads:
        t.start()
    for t in threads:
        t.join()


def near(value, low, high, what):
    assert low <= value <= high, f"{what}: {value} is not in {low}..{high}"


assert _gil.enabled() is True and sys._is_gil_enabled() is True
assert _gil.mode() == "gil" and _gil.policy() == "budget"

# Blocking: the time of the call is `blocked`, under the call's name.
asleep = threading.Event()


def sleeper():
    asleep.set()
    time.sleep(0.3)


t = threading.Thread(target=sleeper, name="sleeper")
t.start()
asleep.wait()
time.sleep(0.05)
r = record("sleeper")
assert r["state"] == "blocked" and r["call"] == "sleep" and r["alive"], r
assert r["native_id"] == t.native_id and r["ident"] == t.ident and not r["main"]
near(r["blocked"], 0.03, 0.3, "what is going on counts")
t.join()
while record("sleeper")["alive"]:
    time.sleep(0.001)
r = record("sleeper")
assert r["state"] == "ended" and r["call"] is None
near(r["blocked"], 0.3, 0.6, "blocked")
assert r["holding"] < 0.2 and r["running"] < 0.2, r

# A long operation without a safepoint: who comes back from a call meanwhile waits for its end.
base, modulus = 3 ** 2000, 2 ** 60000 - 1


def long_call():
    began = time.perf_counter()
    pow(base, 2 ** 900 - 1, modulus)
    return time.perf_counter() - began


took = long_call()
repeat = max(1, int(0.3 / took) + 1)
exponent = 2 ** (900 * min(repeat, 40)) - 1
waited = []


def holder():
    began = time.perf_counter()
    pow(base, exponent, modulus)
    waited.append(time.perf_counter() - began)


def returner():
    for _ in range(5):
        time.sleep(0.02)


back = threading.Thread(target=returner, name="returner")
hold = threading.Thread(target=holder, name="holder")
run(back, hold)
longest = record("returner")["longest_wait"]
near(longest, waited[0] - 0.12, waited[0] + 0.1, "the wait for a long call")
r = record("holder")
near(r["longest_hold"], waited[0] * 0.9 - 0.02, waited[0] + 0.1, "the long call's hold")
file, line, function = r["longest_hold_at"]
assert os.path.samefile(file, __file__) and function == "holder" and "pow" in LINES[line - 1], r["longest_hold_at"]
file, line, function = record("returner")["longest_wait_at"]
assert function == "returner" and "time.sleep" in LINES[line - 1], (line, function)
assert record("returner")["contended"] >= 1

# Two that compute: each waits half of the time, and gives way when the interval is over.
sys.setswitchinterval(0.01)
assert abs(_gil.totals()["interval"] - 0.01) < 1e-6
stop = False


def compute():
    n = 0
    while not stop:
        n += 1


pair = [threading.Thread(target=compute, name=f"compute-{i}") for i in range(2)]
for t in pair:
    t.start()
time.sleep(0.6)
stop = True
for t in pair:
    t.join()
for i in range(2):
    r = record(f"compute-{i}")
    share = r["waiting"] / r["lifetime"]
    near(share, 0.25, 0.75, "share of waiting")
    assert r["drops_given"] >= 2 and r["drops_asked"] >= 1, r  # 30 where the machine is idle
    assert r["handovers"]["interval"] >= 2, r
    parts = r["holding"] + r["waiting"] + r["blocked"] + r["stopped"]
    near(parts / r["lifetime"], 0.9, 1.001, "the parts make the whole")
    assert set(r["handovers"]) == {"call", "interval", "return", "stop", "exit"}

totals = _gil.totals()
assert totals["switches"] >= 5 and totals["threads"] == 1 and totals["threads_ended"] == 5, totals
assert totals["tracing"] is None and totals["mode"] == "gil" and totals["cpus"] >= 1
me = record("MainThread")
assert me["main"] and me["state"] == "running" and me["serial"] == 1

# Names follow what threading knows; an ended thread keeps its last one.
gate = threading.Lock()
gate.acquire()
t = threading.Thread(target=gate.acquire, name="before")
t.start()
t.name = "after Ж"
assert record("after Ж")["native_id"] == t.native_id
gate.release()
t.join()

# Many threads that ended: the last 256 are kept, the others added up.
for _ in range(30):
    run(*(threading.Thread(target=int) for _ in range(10)))
records = _gil.stats()
assert len(records) == 1 + 256 + 1, len(records)
assert records[0]["serial"] == 0 and records[0]["name"].endswith("more that ended)"), records[0]
assert _gil.totals()["threads_ended"] == 306

# The child of a fork counts from nothing.
pid = os.fork()
if pid == 0:
    records = _gil.stats()
    fine = len(records) == 1 and records[0]["lifetime"] < 5 and records[0]["acquisitions"] < 100
    os._exit(0 if fine and _gil.totals()["switches"] == 0 else 1)
assert os.waitpid(pid, 0)[1] == 0
