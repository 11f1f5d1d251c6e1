"""Finalizers that run at the very end can still use types of native modules."""
import socket
import struct
import threading
import time


class Last:
    def __init__(self):
        self.me = self

    def __del__(self, socket=socket.socket, pack=struct.Struct, lock=threading.RLock, strptime=time.localtime):
        with socket() as s:
            s.settimeout(1)
        pack("<i").pack(5)
        with lock():
            strptime(0).tm_year
        print("used")


kept = Last()
