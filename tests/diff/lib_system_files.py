"""fcntl, resource, pwd, grp, termios."""
import os
import tempfile
from _show import err, show

import fcntl
import pwd
import grp
import resource
import termios

with tempfile.TemporaryFile() as f:
    show(fcntl.fcntl(f, fcntl.F_GETFD), fcntl.flock(f, fcntl.LOCK_EX), fcntl.lockf(f, fcntl.LOCK_UN), resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 0, pwd.getpwuid(0).pw_name, pwd.getpwnam("root").pw_dir, grp.getgrgid(0).gr_name, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss > 0)
err(pwd.getpwnam, "nosuchuserhere")
err(termios.tcgetattr, 0) if not os.isatty(0) else None
