"""fcntl, ioctl, flock, lockf: arguments of every kind."""
import fcntl, os, tempfile, array, struct, termios
def t(f,*a,**k):
    try: print(f.__name__,a,k,'->',f(*a,**k))
    except BaseException as e: print(f.__name__,a,k,'!!',type(e).__name__,e)
F=tempfile.TemporaryFile(); fd=F.fileno()
class C:
    def fileno(self): return 'x'
class D:
    def fileno(self): return -3
for x in (F,fd,'a',-1,None,C(),D(),2**40,1.0): 
    if x is F: print(fcntl.fcntl(x,fcntl.F_GETFD)); continue
    try: print(fcntl.fcntl(x,fcntl.F_GETFD) if x is not fd else 'ok')
    except BaseException as e: print(type(e).__name__,e)
def u(f,*a,**k):
    try: print(f.__name__,a[1:],k,'->',f(*a,**k))
    except BaseException as e: print(f.__name__,a[1:],k,'!!',type(e).__name__,e)
u(fcntl.fcntl,fd,fcntl.F_GETFL); u(fcntl.fcntl,fd,fcntl.F_SETFD,1); u(fcntl.fcntl,fd,'x'); u(fcntl.fcntl,fd,1,'abc'); u(fcntl.fcntl,fd,1,b'abc');u(fcntl.fcntl,fd,1,1.5);u(fcntl.fcntl,fd,1,None);u(fcntl.fcntl,fd,1,b'a'*1025);u(fcntl.fcntl,fd,1,b'a'*1024)if 0 else None;u(fcntl.fcntl,fd,1,2**64);u(fcntl.fcntl,fd,1,-2**40);u(fcntl.fcntl,fd);u(fcntl.fcntl,fd,9999)
lk=struct.pack('hhqqhh',fcntl.F_WRLCK,0,0,0,0,0)
u(fcntl.fcntl,fd,fcntl.F_SETLKW,lk);u(fcntl.fcntl,fd,1,bytearray(b'abc'));u(fcntl.fcntl,fd,1,array.array('i',[1]));u(fcntl.fcntl,fd,1,'é')
u(fcntl.flock,fd,fcntl.LOCK_SH);u(fcntl.flock,fd,fcntl.LOCK_UN);u(fcntl.flock,-1,1);u(fcntl.flock,fd,'a');u(fcntl.flock,fd);u(fcntl.flock,fd,0)
u(fcntl.lockf,fd,fcntl.LOCK_EX);u(fcntl.lockf,fd,fcntl.LOCK_EX|fcntl.LOCK_NB,10,5,0);u(fcntl.lockf,fd,fcntl.LOCK_UN);u(fcntl.lockf,fd,0);u(fcntl.lockf,fd,fcntl.LOCK_SH);u(fcntl.lockf,fd,fcntl.LOCK_EX,'a');u(fcntl.lockf,fd,fcntl.LOCK_EX,1.5);u(fcntl.lockf,fd,fcntl.LOCK_EX,1,2,9);u(fcntl.lockf,fd,2,1,'z');u(fcntl.lockf,fd,2,None);u(fcntl.lockf,fd,2,2**70)
u(fcntl.lockf,fd,64)
m,s=os.openpty()
b=array.array('H',[0]*4)
u(fcntl.ioctl,m,termios.TIOCGWINSZ,b); print(b)
u(fcntl.ioctl,m,1,1.5);u(fcntl.ioctl,m,0x80000000|5);u(fcntl.ioctl,m,-1);u(fcntl.ioctl,m,2**33);u(fcntl.ioctl,m,2**70);u(fcntl.ioctl,m,termios.TCFLSH,termios.TCIFLUSH);u(fcntl.ioctl,m,1,2**33);u(fcntl.ioctl,m,1,None);u(fcntl.ioctl,m,'x');u(fcntl.ioctl,m,1.5)
u(fcntl.ioctl,m)
