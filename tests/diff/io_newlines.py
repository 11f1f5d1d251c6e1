"""Newlines, encodings, large files, positions."""
import tempfile
import os
from _show import err

os.chdir(tempfile.mkdtemp())
with open("a.txt", "a+") as f:
    f.write("one\n")
    f.seek(0)
    print(f.read())
for nl in (None, "", "\n", "\r", "\r\n"):
    with open("nl", "w", newline=nl) as f:
        f.write("a\nb\r\nc\r")
    raw = open("nl", "rb").read()
    with open("nl", newline=nl) as f:
        print(repr(nl), raw, f.readlines(), f.newlines)
for enc in ("utf-16", "utf-8-sig", "latin-1", "utf-32-le"):
    with open("enc", "w", encoding=enc) as f:
        f.write("é\n")
        f.write("x")
    print(enc, open("enc", "rb").read(), open("enc", encoding=enc).readlines())
with open("big", "w") as f:
    for i in range(20000):
        f.write(f"{i}\n")
with open("big") as f:
    print(sum(int(l) for l in f), os.path.getsize("big"))
with open("big", buffering=16) as f:
    f.read(5000)
    pos = f.tell()
    rest = f.read(10)
    f.seek(pos)
    print(f.read(10) == rest)
err(f.read)
err(lambda: f.__enter__())
