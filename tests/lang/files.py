"""Files, text and binary, temporary."""
import io
import os
import tempfile
with tempfile.TemporaryDirectory() as d:
    path = os.path.join(d, "f")
    with open(path, "w", encoding="utf-8") as f:
        f.write("line\n" * 1000 + "é")
    with open(path, encoding="utf-8") as f:
        assert len(f.readlines()) == 1001
    with open(path, "rb") as f:
        assert len(f.read()) == 5002
    try:
        open(os.path.join(d, "none"))
    except FileNotFoundError:
        pass
    assert os.listdir(d) == ["f"]
s = io.StringIO()
print("a", "b", sep="-", file=s)
assert s.getvalue() == "a-b\n" and io.BytesIO(b"xyz").read(2) == b"xy"
