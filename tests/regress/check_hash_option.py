"""--check-hash-based-pycs reaches the import system."""
import subprocess
import sys

for args, expected in (([], "default"), (["always"], "always"), (["never"], "never"), (["default"], "default")):
    options = ["--check-hash-based-pycs"] * bool(args) + args
    done = subprocess.run([sys.executable, *options, "-c", "import _imp; print(_imp.check_hash_based_pycs)"],
                          capture_output=True, text=True)
    assert done.stdout == expected + "\n", done
print("ok")
