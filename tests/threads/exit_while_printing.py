# time: 60
"""The end of a program whose daemon threads print: what they left half done is not waited for, nor fatal."""
import subprocess
import sys

OPTIONS = [word for name, value in sys._xoptions.items() if name == "gil" for word in ("-X", f"gil={value}")]


def ends(source, turns=25):
    for turn in range(turns):
        done = subprocess.run([sys.executable, *OPTIONS, "-c", source], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, timeout=60)
        assert (done.returncode, done.stderr) == (0, ""), (turn, done.returncode, done.stderr[-500:])
        assert done.stdout.endswith("end\n"), done.stdout[-200:]


# They wait for the stream's lock, have just got it, or hold it.
ends("""import sys, threading, time
def work():
    while True: sys.stdout.write("")
for _ in range(3): threading.Thread(target=work, daemon=True).start()
time.sleep(0.005)
print("end")
""")
# A text stream of their own, which the end takes down, and one in memory.
ends("""import io, os, sys, threading, time
memory, file = io.StringIO(), open(os.devnull, "w")
def work():
    while True: print("x", file=memory), print("x", file=file)
for _ in range(3): threading.Thread(target=work, daemon=True).start()
time.sleep(0.005)
print("end")
""")
print("ok")
