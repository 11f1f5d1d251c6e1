"""The interpreter's own cache files: nobody may write to them, since programs have them mapped; damaged ones are made anew.
Where they are is no matter of -E and -I, which ignore variables of PYTHON only."""
import os
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

with tempfile.TemporaryDirectory() as folder:
    environment = {**os.environ, "XDG_CACHE_HOME": folder}
    for name in ("PYTHONDONTWRITEBYTECODE", "GI_DEBUG"):
        environment.pop(name, None)

    def start():
        return subprocess.Popen([sys.executable, "-c", "print(len(__import__('sys').modules) > 5)"], env=environment,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8")

    def files():
        found = {path: path.stat() for path in Path(folder).glob("gila/*/*") if path.is_file()}
        assert len(found) >= 2 and all(path.suffix == ".code" for path in found), found
        return found

    for process in [start() for _ in range(4)]:
        assert process.communicate(timeout=60)[0] == "True\n"
    sizes = {path: info.st_size for path, info in files().items()}
    for path, info in files().items():
        assert not info.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH), (path, oct(info.st_mode))
    for keep in (0, 10, 60, 2000):
        for path in sizes:
            data = path.read_bytes()[:keep]
            path.unlink()
            path.write_bytes(data)
        assert start().communicate(timeout=60)[0] == "True\n"
        assert {path: info.st_size for path, info in files().items()} == sizes

    for options in ([], ["-E"], ["-I"]):
        answer = subprocess.run([sys.executable, *options, "-c", "import sys; print(sys.pycache_prefix)"], env=environment,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", timeout=60)
        assert answer.stdout.startswith(os.path.join(folder, "gila", "")), (options, answer.stdout)
