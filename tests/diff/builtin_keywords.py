"""Which constructors and initialisers of builtin types take keyword arguments, in subclasses too."""
def t(f):
    try: print(f())
    except TypeError as e: print(e)
for base in (set,frozenset,list,tuple,int,float,str,bytes,bytearray,dict,complex):
    class S(base): pass
    class I(base):
        def __init__(self, *a, x=1): print('init', a, x)
    class N(base):
        def __new__(cls, *a, x=None): return super().__new__(cls, *a)
    class O(base):
        def __init__(self, *a, **k): super().__init__(*a, **k)
    for c in (base,S,I,N,O):
        print(base.__name__, c.__name__)
        t(lambda: c(x=1))
        t(lambda: c(**{}))
        t(lambda: base.__new__(c, x=1))
        t(lambda: c().__init__(x=1))
