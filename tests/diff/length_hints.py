"""What asks for a length beforehand, and whose errors come through."""
class L:
    def __init__(self, e): self.e = e
    def __len__(self): raise self.e
    def __iter__(self): return iter([1,2,3])
class H:
    def __init__(self, e): self.e = e
    def __length_hint__(self):
        if isinstance(self.e, Exception): raise self.e
        return self.e
    def __iter__(self): return self
    def __next__(self): raise StopIteration
import collections, array, itertools, operator
def t(name, f, *a):
    try: print(name, f(*a))
    except Exception as e: print(name, type(e).__name__, e)
for mk in (lambda: L(ZeroDivisionError('z')), lambda: L(TypeError('t')), lambda: H(ValueError('v')), lambda: H(TypeError('t')), lambda: H(-1), lambda: H('x'), lambda: H(NotImplemented), lambda: H(1<<70), lambda: H(5)):
    t('list', list, mk()); t('tuple', tuple, mk()); t('bytearray', bytearray, mk()); t('bytes', bytes, mk()); t('ext', bytearray().extend, mk()); t('lext', [].extend, mk()); t('set', set, mk()); t('deque', collections.deque, mk()); t('hint', operator.length_hint, mk()); t('iadd', lambda: [].__iadd__(mk())); t('dict', dict, mk()); t('sorted', sorted, mk()); t('array', array.array, 'i', mk()); t('sl', lambda: [0].__setitem__(slice(0,0), mk())); t('star', lambda: [*mk()]); t('cycle', lambda: list(itertools.islice(itertools.chain(mk()), 2)))

import operator
print(operator.length_hint(object(), -1), operator.length_hint(5, -7))
