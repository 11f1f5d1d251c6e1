"""pwd, grp: lookups, numbers that are none, wrong arguments."""
import pwd,grp
def t(f,*a,**k):
    try: print(f.__name__,a,k,'->',f(*a,**k))
    except BaseException as e: print(f.__name__,a,k,'!!',type(e).__name__,e)
for v in (0,-1,-2,2**31,2**32-1,2**32-2,2**32,2**64,2**70,-2**70,'0',1.0,None,True,b'x',123456):
    t(pwd.getpwuid,v); t(grp.getgrgid,v)
for v in ('root','nonexist',b'root',3,None,'ro\0ot','\udc80','a'*100):
    t(pwd.getpwnam,v); t(grp.getgrnam,v)
t(pwd.getpwuid); t(pwd.getpwnam); t(pwd.getpwnam,1,2); t(grp.getgrgid,id=0); t(grp.getgrnam,name='root');t(grp.getgrnam);t(grp.getgrgid)
t(pwd.getpwall,1)
print(type(pwd.getpwall()), pwd.getpwall()[0], grp.getgrall()[0], len(grp.getgrall()))
print(pwd.struct_passwd.__doc__); print(grp.struct_group)
