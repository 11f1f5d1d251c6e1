"""pathlib and shutil."""
import tempfile
import os
import shutil
from pathlib import Path, PurePosixPath
from _show import err, show

os.chdir(tempfile.mkdtemp())
os.makedirs("deep/er/est")
Path("deep/er/file").write_text("é", encoding="utf-8")
os.symlink("file", "deep/er/link")
Path("t.txt").write_text("t")
p = Path("deep")
show(sorted(str(x) for x in p.rglob("*")), p / "er" / ".." / "x", p.exists(), (p / "er").is_dir(), Path("a/b.tar.gz").suffixes, Path("a/b.c").stem, Path("a/b").with_suffix(".z"), Path("/a/b").relative_to("/a"), Path("a/b").parts, PurePosixPath("/a/../b").parent, list(PurePosixPath("/a/b/c").parents), Path("a") == Path("a/"), Path("x").absolute().name, sorted(x.name for x in Path(".").glob("*.txt")), Path("n").touch(), Path("n").unlink(), Path("q").mkdir(), Path("q").rmdir(), repr(Path("a")), Path("deep/er/file").read_bytes(), Path("a") < Path("b"), Path("a").match("*"), Path("deep/er/link").resolve().name, hash(Path("a")) == hash(Path("a")), Path("a/b").as_uri.__name__)
err(Path("none").read_text)
err(lambda: Path("a").relative_to("b"))
err(lambda: Path("a") / 5)
shutil.copytree("deep", "copy")
shutil.copy("t.txt", "copy/t2")
shutil.move("copy/t2", "moved")
shutil.make_archive("arch", "zip", "deep")
shutil.rmtree("copy")
print(sorted(os.listdir(".")), shutil.which("sh") is not None, shutil.disk_usage(".").total > 0)
