"""Descriptors as files; temporary files."""
import os
import tempfile

os.chdir(tempfile.mkdtemp())
with open("u", "wb", buffering=0) as f:
    fd = os.dup(f.fileno())
with os.fdopen(fd, "w") as f:
    f.write("through fd")
print(open("u").read())
with tempfile.TemporaryFile("w+") as f:
    f.write("tmp")
    f.seek(0)
    print(f.read())
with tempfile.NamedTemporaryFile(suffix=".x") as f:
    print(os.path.exists(f.name), f.name.endswith(".x"))
print(os.path.exists(f.name))
with tempfile.TemporaryDirectory() as d:
    print(os.path.isdir(d))
with tempfile.SpooledTemporaryFile(max_size=10) as f:
    f.write(b"x" * 20)
    print(f._rolled)
