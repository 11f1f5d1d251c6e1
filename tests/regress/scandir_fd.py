"""Reading a folder through a descriptor begins at its start each time."""
import os
import tempfile

with tempfile.TemporaryDirectory() as top:
    for name in "abc":
        open(os.path.join(top, name), "w").close()
    fd = os.open(top, os.O_RDONLY)
    for _ in range(3):
        assert sorted(e.name for e in os.scandir(fd)) == ["a", "b", "c"]
        assert sorted(os.listdir(fd)) == ["a", "b", "c"]
    os.close(fd)
print("ok")
