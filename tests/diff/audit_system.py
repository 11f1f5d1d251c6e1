"""What sys.addaudithook is told of system calls, sockets, locks, limits and processes; a hook may forbid them."""
import array
import encodings.idna
import fcntl
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

listening = False
forbid = None
seen = []
folder = tempfile.mkdtemp()


def show(x):
    if isinstance(x, (str, bytes)):
        return repr(x).replace(folder, "FOLDER")[:60]
    if isinstance(x, int):
        # Identifiers of processes and threads, times and sizes; a process may well have a small number.
        return "many" if x > 1000 or x == os.getpid() else repr(x)
    if isinstance(x, (tuple, list)):
        return f"{type(x).__name__}({','.join(map(show, x))})"
    return "None" if x is None else f"<{type(x).__name__}>"


def hook(event, args):
    if listening and not event.startswith(("import", "compile", "exec", "marshal", "object.", "sys._")):
        seen.append(f"{event} {', '.join(map(show, args))}")
        if event == forbid:
            raise PermissionError(event)


sys.addaudithook(hook)


def call(function, *args, **kwargs):
    global listening
    seen.clear()
    listening = True
    result = None
    try:
        result = function(*args, **kwargs)
    except Exception as e:
        seen.append(type(e).__name__)
    listening = False
    print(getattr(function, "__name__", function), seen)
    return result


one, two = folder + "/one", folder + "/two"
fd = call(os.open, one, os.O_CREAT | os.O_RDWR, 0o600)
call(os.open, one.encode(), os.O_RDWR)
call(os.open, Path(one), os.O_RDWR)
call(open, one)
here = os.open(folder, 0)
for name, *args in [
        ("listdir", folder), ("listdir",), ("listdir", here), ("scandir", folder), ("scandir",), ("mkdir", two), ("rmdir", two),
        ("mkdir", two, 0o700), ("rmdir", two), ("chmod", one, 0o600), ("chown", one, -1, -1), ("lchown", one, -1, -1),
        ("fchmod", fd, 0o600), ("fchown", fd, -1, -1), ("link", one, two), ("remove", two), ("symlink", one, two), ("unlink", two),
        ("rename", one, two), ("replace", two, one), ("truncate", one, 3), ("ftruncate", fd, 4), ("utime", one, (1, 2)), ("utime", one),
        ("setxattr", one, "user.a", b"x"), ("getxattr", one, "user.a"), ("listxattr", one), ("listxattr", None),
        ("removexattr", one, "user.a"), ("chdir", folder), ("fchdir", here), ("putenv", "A", "b"), ("unsetenv", "A"),
        ("lockf", fd, os.F_LOCK, 0), ("stat", one), ("system", "true"), ("kill", os.getpid(), 0),
        ("posix_spawn", "/bin/true", ["true"], {}), ("posix_spawnp", "true", ["true"], {}), ("execv", "/nonexistent", ["x"]),
        ("execve", "/nonexistent", ["x"], {}), ("remove", Path(folder, "none"))]:
    call(getattr(os, name), *args)
call(os.utime, one, ns=(1, 2))
call(os.mkdir, "three", dir_fd=here)
call(os.rename, "three", "four", src_dir_fd=here, dst_dir_fd=here)
call(os.rmdir, "four", dir_fd=here)
call(lambda: os.waitpid(os.fork() or os._exit(0), 0))
call(fcntl.fcntl, fd, fcntl.F_GETFD)
call(fcntl.fcntl, fd, fcntl.F_SETFD, 1)
call(fcntl.flock, fd, fcntl.LOCK_SH)
call(fcntl.lockf, fd, fcntl.LOCK_UN)
call(fcntl.ioctl, fd, 1)
call(fcntl.ioctl, fd, 1, bytearray(8))
call(resource.setrlimit, 0, resource.getrlimit(0))
call(resource.prlimit, 0, 0)
call(signal.pthread_kill, threading.get_ident(), 0)
server, client = socket.socket(), socket.socket()
call(server.bind, ("127.0.0.1", 0))
server.listen()
call(client.connect, ("127.0.0.1", server.getsockname()[1]))
call(client.connect_ex, ("127.0.0.1", 1))
datagrams = socket.socket(type=socket.SOCK_DGRAM)
call(datagrams.sendto, b"x", ("127.0.0.1", 9))
call(datagrams.sendto, b"x", 0, ("127.0.0.1", 9))
call(datagrams.sendmsg, [b"x"], [], 0, ("127.0.0.1", 9))
call(datagrams.sendmsg, [b"x"])
call(socket.getaddrinfo, "127.0.0.1", 80)
call(socket.gethostbyname_ex, "127.0.0.1")
call(socket.getservbyname, "no such service")
call(socket.getservbyport, 1, "none")
call(array.array, "b")
call(array.array, "i", [1])
call(id, 1)
call(sys._current_frames)
call(sys.set_asyncgen_hooks, None, None)

for forbid, function, *args in [
        ("open", os.open, one, 0), ("open", open, one), ("os.remove", os.remove, one), ("os.rename", os.rename, one, two),
        ("os.mkdir", os.mkdir, two), ("os.listdir", os.listdir, folder), ("os.system", os.system, "echo no"),
        ("os.fork", os.fork), ("os.posix_spawn", os.posix_spawn, "/bin/echo", ["echo", "no"], {}), ("os.exec", os.execv, "/bin/true", ["true"]),
        ("os.putenv", os.putenv, "A", "b"), ("os.kill", os.kill, os.getpid(), 9), ("subprocess.Popen", subprocess.call, ["true"]),
        ("socket.connect", client.connect, ("127.0.0.1", 1)), ("socket.sendto", datagrams.sendto, b"x", ("127.0.0.1", 9)),
        ("fcntl.flock", fcntl.flock, fd, fcntl.LOCK_EX), ("array.__new__", array.array, "b"),
        ("resource.setrlimit", resource.setrlimit, 0, (0, 0)), ("signal.pthread_kill", signal.pthread_kill, threading.get_ident(), 9)]:
    call(function, *args)
print(sorted(os.listdir(folder)))
