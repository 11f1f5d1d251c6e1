"""Folders of PYTHONPATH stay where they are when the program goes elsewhere; a name that no folder can have is passed over."""
import os
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as folder:
    folder = os.path.realpath(folder)
    os.mkdir(folder + "/inner")
    with open(folder + "/inner/found_later.py", "w") as file:
        file.write("print('found')\n")
    program = "import sys, os; os.chdir('/'); import found_later; print([p for p in sys.path if 'python3' not in p])"

    def start(path, *args):
        return subprocess.run([sys.executable, *args], env={**os.environ, "PYTHONPATH": path}, cwd=folder,
                              capture_output=True, encoding="utf-8", timeout=60)

    done = start("inner:/usr:", "-S", "-c", program)
    assert done.stdout == f"found\n{['', folder + '/inner', '/usr', folder]}\n", done
    done = start("./inner:.::..", "-S", "-c", program)
    assert done.stdout == f"found\n{['', folder + '/inner', folder, folder, folder + '/..']}\n", done

    # The source of a traceback's line is looked for in all of sys.path, with the codec that it names.
    with open(folder + "/lost_source.py", "wb") as file:
        file.write(b"# -*- coding: cp1251 -*-\n\nraise ValueError(1) # \xe9\n")
    program = ("import sys; sys.path.insert(0, 'a\\0b'); sys.stderr.reconfigure(encoding='utf-8')\n"
               "exec(compile('\\n\\nraise ValueError(1)', '/nonexistent/lost_source.py', 'exec'))")
    done = start(folder, "-c", program)
    assert "    raise ValueError(1) # \u0439\n" in done.stderr, done
