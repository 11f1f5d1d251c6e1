"""Modules come from archives on sys.path, and an archive with __main__.py can be run."""
import os
import subprocess
import sys
import tempfile
import zipfile

with tempfile.TemporaryDirectory() as top:
    path = os.path.join(top, "app.zip")
    with zipfile.ZipFile(path, "w") as z:
        z.writestr("__main__.py", "import inner.mod\nprint(inner.mod.x, __name__)\n")
        z.writestr("inner/__init__.py", "")
        z.writestr("inner/mod.py", "x = 7\n", compress_type=zipfile.ZIP_DEFLATED)
    run = subprocess.run([sys.executable, path], stdout=subprocess.PIPE)
    assert run.stdout == b"7 __main__\n", run.stdout
    sys.path.insert(0, path)
    import inner.mod
    assert inner.mod.x == 7 and type(inner.mod.__loader__).__name__ == "zipimporter"
    assert inner.__path__ == [os.path.join(path, "inner")]
