"""fork beside other threads: the child has one thread, their states and locals are gone, imports are whole."""
import _imp
import gc
import os
import sys
import threading
import time


class Noted:
    count = 0

    def __del__(self):
        Noted.count += 1


local = threading.local()
started = threading.Barrier(9)
frames = []


def wait(i):
    local.value = Noted()
    if i == 0:
        frames.append(sys._getframe())
    started.wait()
    time.sleep(60)


for i in range(8):
    threading.Thread(target=wait, args=(i,), daemon=True).start()
started.wait()
time.sleep(0.1)
pid = os.fork()
if pid == 0:
    gc.collect()
    assert threading.active_count() == 1 and len(sys._current_frames()) == 1
    assert Noted.count == 8, Noted.count
    assert frames[0].f_back is not None
    threads = [threading.Thread(target=lambda: [object() for _ in range(10000)]) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    os._exit(7)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 7

# A fork waits for the import lock.
holds = threading.Event()


def importer():
    _imp.acquire_lock()
    sys.modules["half_imported"] = "half"
    holds.set()
    time.sleep(0.1)
    sys.modules["half_imported"] = "whole"
    _imp.release_lock()


thread = threading.Thread(target=importer)
thread.start()
holds.wait()
pid = os.fork()
if pid == 0:
    os._exit(3 if sys.modules["half_imported"] == "whole" and not _imp.lock_held() else 4)
assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 3
thread.join()
os._exit(0)
