"""A script's name is made absolute, as it is given: in __file__, in tracebacks and in messages."""
import os
import subprocess
import sys
import tempfile

with tempfile.TemporaryDirectory() as top:
    top = os.path.realpath(top)
    os.mkdir(os.path.join(top, "d"))
    for name in ("x.py", "d/__main__.py"):
        with open(os.path.join(top, name), "w") as f:
            f.write("import sys; print(sys.argv[0], sys.path[0], __file__, sys._getframe().f_code.co_filename)")

    def run(path):
        done = subprocess.run([sys.executable, path], cwd=top, capture_output=True, text=True)
        return (done.stdout + done.stderr).replace(top, "TOP").split()

    assert run("x.py") == ["x.py", "TOP", "TOP/x.py", "TOP/x.py"], run("x.py")
    assert run("./x.py") == ["./x.py", "TOP", "TOP/./x.py", "TOP/./x.py"], run("./x.py")
    assert run("d") == ["d", "TOP/d", "TOP/d/__main__.py", "TOP/d/__main__.py"], run("d")
    assert "'TOP/none.py':" in run("none.py"), run("none.py")
print("ok")
