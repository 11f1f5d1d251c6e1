"""Exceptions that except* raises again: tracebacks, metadata, groups that are derived anew."""
import sys


def show(f):
    try:
        f()
        print(f.__name__, 'no exception')
    except BaseException as e:
        print(f.__name__, '-----')
        def dump(e, ind):
            if ind > 16: return
            t=e.__traceback__; tb=[]
            while t: tb.append((t.tb_frame.f_code.co_name,t.tb_lineno)); t=t.tb_next
            print(' '*ind, repr(e), tb, 'ctx', repr(e.__context__), 'cause', repr(e.__cause__), e.__suppress_context__, getattr(e,'__notes__',None))
            if isinstance(e, BaseExceptionGroup):
                for x in e.exceptions: dump(x, ind+2)
            if e.__context__ is not None:
                print(' '*ind, 'context:'); dump(e.__context__, ind+4)
        dump(e, 0)
def f1():
    try:
        raise ValueError(1)
    except* ValueError:
        raise
def f2():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise
def f3():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        raise KeyError(3)
def f4():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        raise KeyError(3) from e
    except* TypeError as e:
        raise OSError(4)
def f5():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("h", [ValueError(5), KeyError(6)])])
    except* ValueError as e:
        raise
    except* KeyError:
        raise
def f6():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2), ExceptionGroup("h", [ValueError(5), KeyError(6)])])
    except* ValueError as e:
        raise e
    except* KeyError:
        pass
def f7():
    try:
        raise ValueError(1)
    except* TypeError:
        pass
def f8():
    try:
        raise ValueError(1)
    except* ValueError as e:
        raise e
def f9():
    try:
        raise ValueError(1)
    except* ValueError as e:
        raise e.exceptions[0]
def f10():
    try:
        raise ValueError(1)
    except* ExceptionGroup:
        pass
def f11():
    try:
        raise ValueError(1)
    except* 5:
        pass
def f12():
    try:
        raise ExceptionGroup("g", [ValueError(1)])
    except* (TypeError, ExceptionGroup):
        pass
def f13():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* (TypeError, KeyError) as e:
        print(repr(e))
def f14():
    try:
        raise BaseExceptionGroup("g", [ValueError(1), KeyboardInterrupt(2)])
    except* Exception as e:
        print(repr(e))
def f15():
    try:
        try:
            raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
        except* ValueError as e:
            print(sys.exc_info()[1])
            raise
        finally:
            print(sys.exc_info()[1])
    except* TypeError as e:
        print(repr(e), sys.exc_info()[1])
def f16():
    try:
        1/0
    except ZeroDivisionError:
        try:
            raise ValueError
        except* ValueError:
            raise TypeError
def f17():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        e.add_note("n")
        e.exceptions[0].add_note('m')
        raise
def f18():
    class EG(ExceptionGroup):
        def derive(self, x): return EG("derived", x)
    try:
        raise EG("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        print(type(e).__name__, e)
        raise
def f19():
    class EG(ExceptionGroup): pass
    try:
        raise EG("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        print(type(e).__name__, e)
def f20():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        del e
    except* TypeError as e:
        e = 5
    try: e
    except UnboundLocalError as x: print(x)
def f21():
    for i in range(3):
        try:
            raise ValueError(i)
        except* ValueError:
            for j in range(3):
                if j == 1: break
                if j == 0: continue
            def g(): return 5
            g()
    return j
def f22():
    try:
        raise ExceptionGroup("g", [ExceptionGroup("a", [ValueError(1)]), ExceptionGroup("b",[ValueError(2), TypeError(3)])])
    except* TypeError:
        raise
    except* ValueError as e:
        raise e from None
def f23():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        try:
            raise
        except* ValueError as e:
            raise KeyError
    except* Exception:
        raise
def f24():
    try:
        try: 1/0
        finally:
            raise ExceptionGroup("g", [ValueError(1)])
    except* ValueError:
        raise
    else:
        pass
def f25():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* ValueError:
        pass
    finally:
        return 4
def f26():
    class EG(ExceptionGroup):
        def derive(self, x): return 5
    try:
        raise EG("g", [ValueError(1), TypeError(2)])
    except* ValueError as e:
        pass
def f29():
    try:
        raise ExceptionGroup("g", [ValueError(1), TypeError(2)])
    except* (yy for yy in (ValueError,)) as e:
        pass
def f30():
    class EG(ExceptionGroup): pass
    try:
        raise EG("g", [ValueError(1), TypeError(2)])
    except* KeyError: pass
def f31():
    try:
        raise ExceptionGroup("g", [ValueError(1), ExceptionGroup("h", [TypeError(2)])])
    except* KeyError: pass
def f32():
    class EG(ExceptionGroup):
        def derive(self, x): return EG("derived", x)
    e = EG("g", [ValueError(1), TypeError(2)])
    e.__cause__ = KeyError(5)
    try:
        raise e
    except* Exception:
        raise
for name in [name for name in globals() if name[1:].isdigit()]:
    show(globals()[name])
