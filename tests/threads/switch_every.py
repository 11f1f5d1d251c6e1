# gil: 1
"""GI_DEBUG=switch:every: a thread gives way at each safepoint, also after calls that block."""
import os
import subprocess
import sys

PROGRAM = """
import gil, sys, threading, time
def count(n):
    time.sleep(0.001)
    both.wait()
    for _ in range(n): pass
both = threading.Barrier(2)
before = gil.totals()["switches"]
threads = [threading.Thread(target=count, args=(200000,)) for _ in range(2)]
for t in threads: t.start()
for t in threads: t.join()
print(gil.totals()["switches"] - before, sys._is_gil_enabled())
"""


def switches(mode, debug):
    run = subprocess.run([sys.executable, "-X", "gil=" + mode, "-c", PROGRAM], capture_output=True, text=True, timeout=60,
                         env={**os.environ, "GI_DEBUG": debug})
    assert run.returncode == 0, run.stderr
    number, locked = run.stdout.split()
    assert locked == str(mode == "1"), run.stdout
    return int(number)


often, seldom = switches("1", "switch:every"), switches("1", "")
assert often > 2000 and seldom < 200, (often, seldom)
switches("0", "switch:every")
print("ok")
