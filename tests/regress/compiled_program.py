"""A compiled file runs as a program, whatever its name; a broken one says what is wrong."""
import os
import py_compile
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as top:
    source, out = os.path.join(top, "x.py"), os.path.join(top, "y.pyc")
    with open(source, "w") as f:
        f.write("import sys\nprint(__name__, len(sys.argv), type(__loader__).__name__, __file__ == sys.argv[0])\n1/0\n")
    py_compile.compile(source, out, doraise=True)
    other = os.path.join(top, "noname")
    with open(out, "rb") as f, open(other, "wb") as g:
        g.write(f.read())
    for path in (out, other):
        done = subprocess.run([sys.executable, path, "a"], capture_output=True, text=True)
        assert done.stdout == "__main__ 2 SourcelessFileLoader True\n", done
        assert done.stderr.endswith("ZeroDivisionError: division by zero\n") and source in done.stderr, done
    with open(out, "wb") as f:
        f.write(b"nothing of that kind, and long enough")
    done = subprocess.run([sys.executable, out], capture_output=True, text=True)
    assert done.returncode == 1 and "RuntimeError: Bad magic number in .pyc file" in done.stderr, done
print("ok")
