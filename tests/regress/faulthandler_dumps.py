# asan: no (the sanitizer takes the signals itself)
"""faulthandler: tracebacks on demand, after a time, on a chosen signal and on a crash."""
import faulthandler
import os
import re
import signal
import subprocess
import sys
import tempfile
import threading
import time


def dumped(action):
    with tempfile.TemporaryFile() as file:
        action(file)
        file.seek(0)
        return re.sub("0x[0-9a-f]+", "0x0", file.read().decode())


def inner(file):
    faulthandler.dump_traceback(file, all_threads=False)


text = dumped(inner)
assert text.startswith("Stack (most recent call first):\n  File "), text
assert [line.rpartition(" ")[2] for line in text.splitlines()[1:]] == ["inner", "dumped", "<module>"], text

stop = threading.Event()
thread = threading.Thread(target=stop.wait)
thread.start()
text = dumped(faulthandler.dump_traceback)
stop.set()
thread.join()
assert text.startswith("Thread 0x0 (most recent call first):\n") and "\n\nCurrent thread 0x0 (" in text, text


def later(file):
    faulthandler.dump_traceback_later(0.05, file=file)
    time.sleep(0.3)
    faulthandler.cancel_dump_traceback_later()


assert dumped(later).startswith("Timeout (0:00:00.050000)!\nThread 0x0 (")


def chosen(file):
    faulthandler.register(signal.SIGUSR1, file, all_threads=False)
    os.kill(os.getpid(), signal.SIGUSR1)
    assert faulthandler.unregister(signal.SIGUSR1)
    assert not faulthandler.unregister(signal.SIGUSR1)


assert dumped(chosen).startswith("Stack (")
try:
    faulthandler.register(signal.SIGSEGV)
    assert False
except RuntimeError:
    pass

code = "import faulthandler\nassert faulthandler.is_enabled()\ndef f(): faulthandler._sigsegv()\nf()"
child = subprocess.run([sys.executable, "-X", "faulthandler", "-c", code], stderr=subprocess.PIPE)
assert child.returncode == -signal.SIGSEGV
assert re.match(rb"Fatal Python error: Segmentation fault\n\nCurrent thread 0x[0-9a-f]+ \(most recent call first\):\n"
                rb"  File \"<string>\", line 3 in f\n  File \"<string>\", line 4 in <module>\n", child.stderr), child.stderr
