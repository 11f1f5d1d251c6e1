# gil: 1
# time: 60
# The counters of another process.
import _gil
import os
import signal
import subprocess
import sys
import time

# Each worker first holds the lock for longer than the machine's other programs would keep a thread from the
# processor in the midst of its start: so it is known where the longest hold was.
PROGRAM = """
import sys, threading, time
stop = time.monotonic() + 60
begun = threading.Semaphore(0)
base, modulus = 3 ** 2000, 2 ** 60000 - 1
began = time.perf_counter()
pow(base, 2 ** 100 - 1, modulus)
exponent = 2 ** (100 * max(1, int(0.3 / (time.perf_counter() - began)))) - 1
def work():
    pow(base, exponent, modulus)
    begun.release()
    while time.monotonic() < stop: pass
def block():
    time.sleep(60)
threads = [threading.Thread(target=work, name="w%d" % i, daemon=True) for i in range(2)]
threads.append(threading.Thread(target=block, name="sleeps", daemon=True))
threads.append(threading.Thread(target=int, name="ends"))
for t in threads: t.start()
threads[-1].join()
begun.acquire(); begun.acquire()
print("ready", flush=True)
sys.stdin.read()
"""


def expect(kind, pid, *words):
    try:
        found = _gil.peek(pid)
    except kind as error:
        text = error.strerror if isinstance(error, OSError) else str(error)
        assert "\n" not in text and str(pid) in text, text
        for word in words:
            assert word in text, text
    else:
        raise AssertionError(found)


child = subprocess.Popen([sys.executable, "-c", PROGRAM, "an argument"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
assert child.stdout.readline() == b"ready\n"
time.sleep(0.2)
try:
    one = _gil.peek(child.pid)
except PermissionError:
    child.kill()
    child.wait()
    print("looking into processes is not allowed here", file=sys.stderr)
    sys.exit(0)
# The one that ended goes from the list when it has had the lock once more; the main thread goes on to read.
patience = time.monotonic() + 20
while one["totals"]["threads"] > 4 or one["threads"][0]["call"] != "read":
    assert time.monotonic() < patience, one
    time.sleep(0.05)
    one = _gil.peek(child.pid)
time.sleep(0.5)
two = _gil.peek(child.pid)
assert one["pid"] == child.pid and one["started"] == two["started"]
assert one["program"] == [sys.executable, "-c", PROGRAM, "an argument"]
assert set(one["totals"]) == {"mode", "lifted", "policy", "interval", "switches", "wall", "cpu", "cpus", "threads", "threads_ended", "tracing"}
assert one["totals"]["threads"] == 4 and one["totals"]["threads_ended"] == 1 and one["totals"]["tracing"] is False
assert two["totals"]["switches"] > one["totals"]["switches"] and two["totals"]["wall"] > one["totals"]["wall"]
assert set(one["threads"][0]) == set(_gil.stats()[0])
first = {t["name"]: t for t in one["threads"]}
second = {t["name"]: t for t in two["threads"]}
assert list(second) == ["MainThread", "w0", "w1", "sleeps"], list(second)
for name in ("w0", "w1"):
    a, b = first[name], second[name]
    assert b["holding"] > a["holding"] and b["waiting"] > a["waiting"] and b["running"] > a["running"], (a, b)
    assert b["state"] in ("running", "waiting") and b["longest_hold_at"][2] == "work", b
assert second["sleeps"]["state"] == "blocked" and second["sleeps"]["call"] == "sleep"
assert second["sleeps"]["blocked"] - first["sleeps"]["blocked"] > 0.4
assert second["MainThread"]["call"] == "read", second["MainThread"]
assert sum(t["state"] == "running" for t in two["threads"]) <= 1

# Again and again while threads come and go: always whole records, or one clear error.
busy = subprocess.Popen([sys.executable, "-c", """
import threading
while True:
    threads = [threading.Thread(target=int) for _ in range(10)]
    for t in threads: t.start()
    for t in threads: t.join()
"""])
seen = failed = 0
end = time.monotonic() + 1.5
while time.monotonic() < end:
    try:
        found = _gil.peek(busy.pid)
    except RuntimeError as error:
        assert "starting or ending" in str(error), error
        failed += 1
    else:
        seen += 1
        assert all(0 <= t["holding"] < 60 and t["serial"] > 0 for t in found["threads"]), found
assert seen > 0, failed
busy.kill()
busy.wait()

child.stdin.close()
assert child.wait() == 0
expect(ProcessLookupError, child.pid, "no process")
expect(ProcessLookupError, 0, "no process")
expect(ProcessLookupError, -1, "no process")
expect(ProcessLookupError, 2 ** 40, "no process")
other = subprocess.Popen(["sleep", "60"])
time.sleep(0.1)
expect(ValueError, other.pid, "does not run Gila")
other.kill()
time.sleep(0.1)
try:
    expect(ValueError, other.pid, "does not run Gila")  # a process that nobody has waited for
except ProcessLookupError:
    pass
other.wait()
if os.getuid() == 0:
    pid = os.fork()
    if pid == 0:
        # What belongs to another user: as nobody, at a process of root.
        os.setgroups([])
        os.setgid(65534)
        os.setuid(65534)
        try:
            _gil.peek(os.getppid())
        except PermissionError as error:
            os._exit(0 if "another user" in error.strerror else 2)
        os._exit(1)
    assert os.waitpid(pid, 0)[1] == 0
try:
    _gil.peek("1")
except TypeError:
    pass
