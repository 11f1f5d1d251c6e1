# A class that is unpickled from a module which another thread is importing is waited for.
import pickle
import sys
import tempfile
import threading
from pathlib import Path

folder = Path(tempfile.mkdtemp())
sys.path.insert(0, str(folder))
(folder / "gate.py").write_text("import threading\nbegun, go_on = threading.Event(), threading.Event()\n")
(folder / "slow.py").write_text("import gate\ngate.begun.set()\ngate.go_on.wait()\nclass Late: pass\n")
import gate

data = b"\x80\x03cslow\nLate\nq\x00)\x81q\x01."
found = []
importer = threading.Thread(target=lambda: __import__("slow"))
importer.start()
gate.begun.wait()
readers = [threading.Thread(target=lambda: found.append(type(pickle.loads(data)).__name__)) for _ in range(4)]
for thread in readers:
    thread.start()
threading.Timer(0.05, gate.go_on.set).start()
for thread in [importer, *readers]:
    thread.join()
assert found == ["Late"] * 4, found
