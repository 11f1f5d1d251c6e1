"""Functions of posix with good and bad arguments: results, and the errors to the letter."""
import os
import posix
import signal
import tempfile

os.chdir(tempfile.mkdtemp())
def t(f,*a,**k):
    try: r=f(*a,**k)
    except BaseException as e: print(f.__name__,a,k,'->',type(e).__name__,e)
    else: print(f.__name__,a,k,'->',r if not isinstance(r,int) or r<3 or r>100000 else 'int')
P=posix
t(P.confstr,'CS_PATH'); t(P.confstr,'nope'); t(P.confstr,[]); t(P.confstr,99999); t(P.confstr,'CS_GNU_LIBC_VERSION')
t(P.pathconf,'/','PC_NAME_MAX'); t(P.pathconf,'/nope','PC_NAME_MAX'); t(P.pathconf,'/','x'); t(P.pathconf,0,'PC_NAME_MAX'); t(P.fpathconf,99,'PC_NAME_MAX'); t(P.fpathconf,0,'PC_NAME_MAX')
t(P.sysconf,'x');t(P.sysconf,1.5);t(P.sysconf,99999)
t(P.ctermid); t(P.chroot,'/nope')
t(P.eventfd_read,99); t(P.eventfd,-1); t(P.eventfd,1,1<<20);
fd=P.eventfd(3); t(P.eventfd_read,fd); t(P.eventfd_write,fd,7); t(P.eventfd_read,fd); t(P.eventfd_write,fd,-1);t(P.eventfd_write,fd,2**64)
t(P.getgrouplist,'root',0); t(P.getgrouplist,5,0); t(P.getgrouplist,'root',-1); t(P.getgrouplist,'root','x'); t(P.getgrouplist,'nosuch',5)
t(P.getpriority,P.PRIO_PROCESS,0); t(P.getpriority,9,0); t(P.setpriority,9,0,0); t(P.setpriority,0,0,0)
t(P.getresuid); t(P.getresgid)
t(P.setresuid,-1,-1,-1); t(P.setresuid,'a',1,1); t(P.setresuid,-2,1,1); t(P.setresuid,2**32,1,1)
t(P.initgroups,'root','x'); t(P.setgroups,5); t(P.setgroups,['a']); t(P.setgroups,range(70000)); pass
t(P.setuid,-5); t(P.setuid,'x'); t(P.setuid,2**33); t(P.setuid,1.5); t(P.setgid,'x')
t(P.getxattr,'/tmp','user.x'); t(P.setxattr,'/tmp/nope','user.x',b'1'); t(P.listxattr,'/nope'); t(P.removexattr,'/tmp','user.zz'); t(P.getxattr,0,'user.x',follow_symlinks=False); t(P.getxattr,'/tmp',5); t(P.listxattr)
t(P.listxattr,1.5)
open('xa','w').close()
t(P.setxattr,'xa','user.a',b'v'*300); t(P.getxattr,'xa',b'user.a'); t(P.listxattr,'xa'); t(P.listxattr,b'xa'); t(P.setxattr,'xa','user.a',b'v',P.XATTR_CREATE); t(P.removexattr,'xa','user.a'); t(P.setxattr,'xa','user.a',b'v',P.XATTR_REPLACE)
t(P.login_tty,99); t(P.tcgetpgrp,99); t(P.tcsetpgrp,99,1)
t(P.posix_fadvise,99,0,0,0); fd=P.open('xa',P.O_RDWR); t(P.posix_fadvise,fd,0,0,P.POSIX_FADV_NORMAL); t(P.posix_fadvise,fd,0,0,99)
t(P.writev,fd,[b'abc',b'defg']); t(P.pwritev,fd,[b'X',bytearray(b'Y')],3); t(P.readv,fd,[bytearray(2)])
b1,b2=bytearray(3),bytearray(10)
t(P.preadv,fd,[b1,b2],1); print(b1,b2); t(P.readv,fd,5); t(P.readv,fd,[b'a']); t(P.writev,fd,5); t(P.writev,fd,['a']); t(P.preadv,fd,5,0); t(P.pwritev,fd,5,0); t(P.readv,99,[bytearray(1)]); t(P.preadv,fd,[bytearray(1)],-1); t(P.readv, fd, []); t(P.writev,fd,[])
t(P.preadv,fd,[bytearray(2)],0,1<<20); t(P.writev,fd,{1:2}); 
fd2=P.open('xb',P.O_RDWR|P.O_CREAT|P.O_TRUNC)
t(P.copy_file_range,fd,fd2,5,0); t(P.copy_file_range,fd,fd2,-1); t(P.copy_file_range,fd,fd2,5,'x'); t(P.copy_file_range,fd,fd2,5,0,2); print(P.pread(fd2,20,0))
t(P.copy_file_range,99,98,1); t(P.copy_file_range,fd,fd2,5,None,None)
r,w=P.pipe(); t(P.splice,fd,w,3,0); print(P.read(r,10)); t(P.splice,fd,w,-1); t(P.splice,fd,fd2,3); t(P.splice,fd,w,3,'a'); t(P.splice,fd,w,3,offset_src=1,flags=0); print(P.read(r,10)); t(P.splice,fd,w,3,offset_dst=1)
t(P.sched_get_priority_max,1); t(P.sched_get_priority_min,1); t(P.sched_get_priority_min,99)
t(P.sched_getparam,0); t(P.sched_getscheduler,0); t(P.sched_rr_get_interval,-1); t(P.sched_setparam,0,5); t(P.sched_setparam,0,P.sched_param(0)); t(P.sched_setscheduler,0,P.SCHED_OTHER,P.sched_param(0)); t(P.sched_setscheduler,0,99,P.sched_param(0)); t(P.sched_param); t(P.sched_param,'a'); t(P.sched_setparam,0,P.sched_param('a')); t(P.sched_param,1,2); t(P.sched_param,sched_priority=3); t(P.sched_setparam,0,P.sched_param(2**40)); t(P.sched_getparam,999999999); t(P.sched_getscheduler,-1)
t(P.sched_setaffinity,0,[]); t(P.sched_setaffinity,0,[-1]); t(P.sched_setaffinity,0,['a']); t(P.sched_setaffinity,0,5); t(P.sched_setaffinity,-1,[0]); t(P.sched_setaffinity,0,[2**31]);t(P.sched_setaffinity,0,[999999])
print(P.sched_param.__module__, P.sched_param.__name__, repr(P.sched_param(3)), P.sched_param(3)==(3,), P.sched_param(3).__reduce__())
for T in (P.waitid_result,P.times_result,P.uname_result,P.terminal_size,P.stat_result,P.statvfs_result): print(T, T.__module__, T.__name__, T.__qualname__, T.__doc__, T.n_fields)
t(P.waitid,P.P_ALL,0,P.WEXITED); t(P.waitid,9,0,P.WEXITED); t(P.waitid,P.P_PID,1,0)
pid=P.posix_spawn('/bin/sh',['sh','-c','exit 5'],os.environ); x=P.waitid(P.P_PID,pid,P.WEXITED); print(x.si_status,x.si_code==P.CLD_EXITED,x.si_signo==signal.SIGCHLD,x.si_pid==pid, type(x))
pid=P.posix_spawnp('sh',[b'sh','-c','echo hi; echo err >&2'],{'A':'b'},file_actions=[(P.POSIX_SPAWN_OPEN,1,'spawned',P.O_WRONLY|P.O_CREAT|P.O_TRUNC,0o644),(P.POSIX_SPAWN_DUP2,1,2),(P.POSIX_SPAWN_CLOSE,0)]); print(P.waitpid(pid,0)[1]); print(open('spawned').read())
E_=os.environ
for kw in [dict(file_actions=5),dict(file_actions=[1]),dict(file_actions=[()]),dict(file_actions=[(9,)]),dict(file_actions=[(None,)]),dict(file_actions=[(P.POSIX_SPAWN_CLOSE,)]),dict(file_actions=[(P.POSIX_SPAWN_OPEN,1,'x')]),dict(file_actions=[(P.POSIX_SPAWN_OPEN,1,'x\0',1,1)]),dict(file_actions=[(P.POSIX_SPAWN_DUP2,'a',1)]),dict(setsigmask=5),dict(setsigmask=[0]),dict(setsigmask=[99]),dict(setsigdef=['x']),dict(scheduler=(None,)),dict(scheduler=('x',P.sched_param(0))),dict(scheduler=(None,5)),dict(setpgroup='a'),dict(resetids=1.5),dict(setsid='a'),dict(setsid=True),dict(setpgroup=0),dict(scheduler=(None,P.sched_param(0))),dict(setsigdef=[signal.SIGINT],setsigmask=[signal.SIGUSR1]),dict(nope=1)]:
    try: pid=P.posix_spawn('/bin/true',['true'],E_,**kw); print(kw,P.waitpid(pid,0)[1])
    except BaseException as e: print(kw,type(e).__name__,e)
t(P.posix_spawn,'/nope',['a'],{}); t(P.posix_spawn,'/bin/true',[],{}); t(P.posix_spawn,'/bin/true',5,{}); t(P.posix_spawn,'/bin/true',['a'],5); t(P.posix_spawn,'/bin/true',[1],{}); t(P.posix_spawn,'/bin/true',[''],{}); t(P.posix_spawn,'/bin/true',['a'],{1:2}); t(P.posix_spawn,'/bin/true',['a'],{'a=b':'2'}); t(P.posix_spawn,'/bin/true',['a'],{'a':'\0'}); t(P.posix_spawnp,'nosuchprogram',['a'],{}); t(P.posix_spawn,'/bin/true',['a\0'],{})
t(P.execv,'/nope',[]); t(P.execv,'/nope',['']); t(P.execv,'/nope',5); t(P.execv,'/nope',['a']); t(P.execve,'/nope',['a'],5); t(P.execve,'/nope',['a'],{}); t(P.execve,'/nope',[],{}); t(P.execv,'/nope',[1]); t(P.execve,5000,['a'],{}); t(P.execve,'/nope',5,{}); t(P.execv,'/nope\0',['a'])
t(P._path_normpath,'//a/./b/../c//'); t(P._path_normpath,''); t(P._path_normpath,5); t(P._path_normpath,'/..'); t(P._path_normpath,'../..'); t(P._path_normpath,'///a'); t(P._path_normpath,'a/..')
for f,a in [(P.mkdir,('\0',)),(P.open,('\0',0)),(P.stat,('\0',)),(P.listdir,('a\0',)),(P.rename,('\0','b')),(P.rename,('b','\0')),(P.listdir,('/nope',)),(P.rmdir,('/nope',)),(P.listdir,(99,)),(P.scandir,(1.5,)),(P.chdir,(None,)),(P.chmod,('/nope',0)),(P.chmod,(1.5,0)),(P.utime,('/nope',)),(P.utime,('/tmp',5)),(P.truncate,('/nope',5)),(P.access,('\0',0)),(P.readlink,('/nope',)),(P.symlink,('a','/nope/b')),(P.link,('/nope','/b')),(P.unlink,(b'/nope',)),(P.mkfifo,('/nope/a',)),(P.mknod,('/nope/a',)),(P.statvfs,('/nope',)),(P.chown,('/nope','a',1)),(P.chown,('/nope',-2,1)),(P.chown,('/nope',1.0,1)),(P.chown,('/nope',2**32,1)),(P.getsid,(-5,)),(P.getpgid,(-5,)),(P.kill,(-999999,0)),(P.killpg,(999999,0)),(P.nice,('a',)),(P.strerror,(5,)),(P.getrandom,(-1,)),(P.urandom,(-1,)),(P.memfd_create,('a\0',)),(P.ttyname,(0,)),(P.get_terminal_size,(99,)),(P.device_encoding,(99,)),(P.device_encoding,(0,)),(P.umask,('a',)),(P.dup,(99,)),(P.dup2,(99,98)),(P.close,(99,)),(P.read,(0,-1)),(P.lseek,(99,0,0)),(P.fspath,(5,)),(P.waitstatus_to_exitcode,(256,)),(P.waitstatus_to_exitcode,(9,)),(P.waitstatus_to_exitcode,(0x7f,)),(P.major,(-1,)),(P.makedev,(1,2)),(P.sendfile,(99,98,0,1)),(P.lockf,(99,0,0)),(P.posix_fallocate,(99,0,1)),(P.get_blocking,(99,)),(P.set_blocking,(99,True)),(P.get_inheritable,(99,)),(P.set_inheritable,(99,True)),(P.isatty,(99,)),(P.fchmod,(99,0)),(P.fchown,(99,0,0)),(P.fsync,(99,)),(P.fsync,('a',)),(P.fsync,(-1,)),(P.fchdir,(99,)),(P.ftruncate,(99,0)),(P.pread,(99,1,0)),(P.pwrite,(99,b'',0)),(P.fstat,(99,)),(P.fstatvfs,(99,)),(P.putenv,('a=b','c')),(P.putenv,(1,2)),(P.putenv,('','c')),(P.unsetenv,('',)),(P.unsetenv,('a=b',)),(P.setpgid,(-1,-1)),(P.getlogin,()),(P.waitpid,(999999,0)),(P.pidfd_open,(-1,)),(P.times,(1,)),(P.uname,(1,)),(P.wait,()),(P._exit,('a',)),(P.abort,(1,)),(P.getenv if hasattr(P,'getenv') else P.getpid,(1,)),(P.register_at_fork,()),(P.closerange,('a',1))]:
    t(f,*a)
t(P.stat,'/tmp',dir_fd='a'); t(P.stat,0,dir_fd=0); print(P.stat(0,follow_symlinks=False).st_mode > 0); t(P.chmod,'xa',0o600,follow_symlinks=False); t(P.chown,0,-1,-1,follow_symlinks=False); t(P.chown,0,-1,-1,dir_fd=0); t(P.utime,0,dir_fd=0); t(P.utime,0,follow_symlinks=False); t(P.access,'/tmp',0,effective_ids=True); t(P.mkdir,'/tmp/x',dir_fd=1.5)
print(sorted(n for n in dir(posix)))
