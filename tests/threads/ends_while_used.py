# time: 60
"""fork, and the end of the program, while other threads are inside of containers that all use."""
import os
import signal
import subprocess
import sys
import threading
import time

TIMES = 6
BUSY = """
import collections, itertools, random, sys, threading, time
shared = [list(range(50)), dict.fromkeys(range(50)), set(range(50)), collections.deque(range(50)), bytearray(50),
          collections.OrderedDict.fromkeys(range(50)), "text", itertools.count()]
L, D, S, Q, B, O, text, C = shared
def use():
    L.append(1), L.pop(), L.extend(D), L.__delitem__(slice(50, None)), L == list(D), sorted(L, key=str)
    D.update(O), D.pop(3, 0), D.setdefault(3), dict.fromkeys(D), D == O, repr(D)
    S.update(L), S.discard(3), S & set(D), S <= set(O)
    Q.rotate(1), Q.append(1), Q.popleft(), list(Q), Q == Q.copy()
    B.extend(b'abc'), B.__delitem__(slice(50, None)), bytes(B)
    O.move_to_end(3, last=False), O.update(D), list(O.items()), next(C), random.random()
def forever():
    while True:
        use()
"""


def exits():
    """Daemon threads go on until the process is gone."""
    for how in ("", "sys.exit(0)", "import os; os._exit(0)", "import atexit; atexit.register(use)",
                "import weakref; weakref.finalize(S, list, L)"):
        code = BUSY + "[threading.Thread(target=forever, daemon=True).start() for _ in range(3)]\ntime.sleep(0.02)\n" + how
        result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=30)
        assert result.returncode == 0 and not result.stderr, (how, result.returncode, result.stderr[-800:])


def forks():
    """The child has one thread, and what it inherits is whole and unlocked."""
    space = {}
    exec(BUSY, space)
    stop = threading.Event()

    def work():
        while not stop.is_set():
            space["use"]()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for t in threads:
        t.start()
    try:
        for _ in range(TIMES):
            time.sleep(0.005)
            pid = os.fork()
            if pid == 0:
                signal.alarm(20)
                status = 3
                try:
                    for _ in range(3):
                        space["use"]()
                    done = threading.Event()
                    other = threading.Thread(target=lambda: (space["use"](), done.set()))
                    other.start()
                    space["use"]()
                    other.join()
                    status = 7 if done.is_set() else 4
                finally:
                    os._exit(status)
            _, status = os.waitpid(pid, 0)
            assert os.waitstatus_to_exitcode(status) == 7, os.waitstatus_to_exitcode(status)
    finally:
        stop.set()
        for t in threads:
            t.join()


exits()
forks()
