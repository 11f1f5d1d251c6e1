"""termios on a pseudo-terminal; syslog."""
import termios, os, pty
def t(f,*a):
    try: print(f.__name__,a[1:],'->',f(*a))
    except BaseException as e: print(f.__name__,a[1:],'!!',type(e).__name__,e, e.args)
m,s=os.openpty()
A=termios.tcgetattr(s)
print(A)
t(termios.tcgetattr,'a'); t(termios.tcgetattr,-1); t(termios.tcgetattr,999); t(termios.tcgetattr)
r,w=os.pipe(); t(termios.tcgetattr,r)
t(termios.tcsetattr,s,0,A); t(termios.tcsetattr,s,0,[]); t(termios.tcsetattr,s,0,A[:6]); t(termios.tcsetattr,s,0,tuple(A)); t(termios.tcsetattr,s,9,A); t(termios.tcsetattr,s,'a',A)
B=A[:]; B[6]=B[6][:-1]; t(termios.tcsetattr,s,0,B); B[6]=5; t(termios.tcsetattr,s,0,B)
B=A[:]; B[6]=A[6][:]; B[6][0]='a'; t(termios.tcsetattr,s,0,B); B[6][0]=b'ab'; t(termios.tcsetattr,s,0,B); B[6][0]=7; t(termios.tcsetattr,s,0,B); print(termios.tcgetattr(s)[6][0]); B[6][0]=b'\x09'; t(termios.tcsetattr,s,0,B); B[6][0]=300;t(termios.tcsetattr,s,0,B);print(termios.tcgetattr(s)[6][0])
for i in range(6):
    B=A[:]; B[i]='x'; t(termios.tcsetattr,s,0,B)
B=A[:]; B[0]=2**70; t(termios.tcsetattr,s,0,B)
B=A[:]; B[4]=12345; t(termios.tcsetattr,s,0,B); B=A[:]; B[4]=0;B[5]=9; t(termios.tcsetattr,s,0,B); print(termios.tcgetattr(s)[:6])
B=A[:]; B[3]&=~termios.ICANON; termios.tcsetattr(s,termios.TCSANOW,B); print(termios.tcgetattr(s)[3:])
t(termios.tcsendbreak,m,0);t(termios.tcsendbreak,r,0);t(termios.tcdrain,m);t(termios.tcdrain,r);t(termios.tcflush,m,0);t(termios.tcflush,m,99);t(termios.tcflow,s,99);t(termios.tcflow,s,1)
pass
print(termios.error, termios.error.__module__)
print(sorted((k,v) for k,v in vars(termios).items() if isinstance(v,int)))
import syslog
print(sorted((k,v) for k,v in vars(syslog).items() if isinstance(v,int)))
for f,*a in ((syslog.LOG_MASK,3),(syslog.LOG_UPTO,3),(syslog.setlogmask,255),(syslog.syslog,),(syslog.syslog,1),(syslog.syslog,'a',1),(syslog.syslog,1,'x',3),(syslog.syslog,'hello'),(syslog.closelog,),(syslog.syslog,3,'\udc80')):
    try: print(f.__name__,a,f(*a))
    except BaseException as e: print(f.__name__,a,type(e).__name__,e)
syslog.openlog('x',logoption=syslog.LOG_PID,facility=syslog.LOG_USER); syslog.syslog(7,'a%sb'); syslog.closelog()
