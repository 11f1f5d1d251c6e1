"""csv and configparser."""
import csv
import configparser
import io
from _show import err

buf = io.StringIO()
w = csv.writer(buf)
w.writerows([["a", "b,c", 'q"x', 1, None], ["multi\nline", "", 2.5]])
print(repr(buf.getvalue()), list(csv.reader(io.StringIO(buf.getvalue()))), list(csv.DictReader(io.StringIO("x,y\n1,2\n"))), csv.Sniffer().sniff("a;b\n1;2\n").delimiter)
c = configparser.ConfigParser()
c.read_string("[s]\na = 1\nb: %(a)s2\n[t]\nflag = yes\n")
print(c["s"]["b"], c.getint("s", "a"), c.getboolean("t", "flag"), c.sections(), c.get("t", "q", fallback="fb"))
err(c.get, "s", "zz")
