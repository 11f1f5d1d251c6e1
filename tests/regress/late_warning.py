"""A file that is still open at the end is warned of, and the filters are still in force."""
import subprocess
import sys

code = "f = open(__import__('sys').executable, 'rb')"
for flag, begins in ("-Wd", b"sys:1: ResourceWarning: unclosed file "), ("-Wi", b""):
    run = subprocess.run([sys.executable, flag, "-c", code], stderr=subprocess.PIPE)
    assert run.stderr.startswith(begins) and (begins or not run.stderr), run.stderr
