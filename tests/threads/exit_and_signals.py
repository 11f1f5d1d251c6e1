# time: 60
"""Ends of programs with threads, Ctrl-C at every place where a program can wait, fork with threads."""
import os
import signal
import subprocess
import sys
import threading
import time


def run(source, status=0, out=None, err=None, interrupt=None, stdin=subprocess.DEVNULL):
    process = subprocess.Popen([sys.executable, "-c", source], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                               stdin=stdin, text=True)
    if interrupt:
        assert process.stdout.readline() == "ready\n"
        time.sleep(interrupt)
        process.send_signal(signal.SIGINT)
    try:
        if stdin == subprocess.PIPE:
            process.wait(30)  # communicate() would close its input, which may win over the signal
        output, errors = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        raise AssertionError("hangs: " + source)
    assert process.returncode == status, (source, process.returncode, output, errors)
    assert out is None or output == out, (source, output)
    assert err is None or err in errors, (source, errors)


# Ordinary threads are waited for, daemon threads are not.
run("import threading, time\nthreading.Thread(target=lambda: (time.sleep(0.1), print('late'))).start()\nprint('main')", out="main\nlate\n")
run("import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True).start()\nprint('main')", out="main\n")
run("import threading\ndef f():\n  while True: pass\n[threading.Thread(target=f, daemon=True).start() for _ in range(3)]\nprint('main')", out="main\n")
run("import threading, queue\nq = queue.Queue()\nthreading.Thread(target=q.get, daemon=True).start()\nprint('main')", out="main\n")
run("import threading, sys\nthreading.Thread(target=lambda: sys.exit(5)).start()", 0)
run("import threading, os\nthreading.Thread(target=lambda: os._exit(5)).start()\nimport time; time.sleep(20)", 5)
run("import threading\nthreading.Thread(target=lambda: 1/0).start()", 0, err="ZeroDivisionError")
run("import atexit, threading\natexit.register(print, 'atexit')\nthreading.Thread(target=lambda: print('thread')).start()", out="thread\natexit\n")
run("import _thread, time\n_thread.start_new_thread(_thread.interrupt_main, ())\ntime.sleep(10)", -2, err="KeyboardInterrupt")
# Ctrl-C while waiting in each way
for wait in ("time.sleep(30)", "t.join()", "lock.acquire()", "threading.Event().wait()", "queue.Queue().get()", "queue.SimpleQueue().get()",
             "os.read(r, 1)", "select.select([r], [], [])", "subprocess.run(['sleep', '30'])", "\nwhile True: pass", "sys.stdin.read()",
             "cond.wait()", "a.recv(1)", "input()"):
    run(f"""import os, queue, select, socket, subprocess, sys, threading, time
lock = threading.Lock(); lock.acquire()
cond = threading.Condition(); cond.acquire()
r, w = os.pipe()
a, b = socket.socketpair()
t = threading.Thread(target=time.sleep, args=(30,), daemon=True); t.start()
print('ready', flush=True)
{wait}""", -2, err="KeyboardInterrupt", interrupt=0.15, stdin=subprocess.PIPE)
run("import signal, time\nsignal.signal(signal.SIGINT, lambda s, f: print('handled'))\nprint('ready', flush=True)\ntime.sleep(0.6)\nprint('slept')", out="handled\nslept\n", interrupt=0.15)

# fork while other threads run
stop = threading.Event()


def busy():
    while not stop.is_set():
        [str(i) for i in range(50)]


crew = [threading.Thread(target=busy) for _ in range(3)]
for thread in crew:
    thread.start()
for i in range(20):
    pid = os.fork()
    if pid == 0:
        status = 1
        try:
            assert threading.active_count() == 1
            assert threading.current_thread() is threading.main_thread()
            lines = []
            t = threading.Thread(target=lines.append, args=(i,))
            t.start()
            t.join()
            {str(k): [k] for k in range(1000)}
            status = 0 if lines == [i] else 2
        finally:
            os._exit(status)
    _, status = os.waitpid(pid, 0)
    assert status == 0, status
stop.set()
for thread in crew:
    thread.join()

