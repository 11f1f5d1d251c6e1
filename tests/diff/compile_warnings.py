cases = ["x is 1","x is not 'a'","1 is 1","x is ()","x is None","x is ...","assert (x, 'a')","assert ()","(1)()","'a'()","[1](2)","{}()","f'{x}'(1)","(1,2)(3)","(lambda:0)[0]","{1}[0]","1[0]","None[0]","'a'['b']","[1]['a']","(1,2)['a']","[1][1.5]","'a'[1]","[1][x]","[1][1:2]","[1][True]","[1][{}]","[1][None]","[1][f'']","f'{x}'['a']","b'a'['x']", "...[0]","(1,2)()", "[x for x in y]()", "[x for x in y]['a']", "{x for x in y}[0]","{x:1 for x in y}()","(x for x in y)[0]", "(x for x in y)()", "x = 1 if y is 5 else 2"]
W = []
import_ok = True
try:
    import warnings
except ImportError: warnings = None
for s in cases:
    if warnings:
        with warnings.catch_warnings(record=True) as w:
            warnings.simplefilter("always")
            compile(s, "<w>", "exec")
        print(s, [(str(x.message), x.lineno, x.category.__name__) for x in w])
        warnings.simplefilter("error")
        try: compile(s, "<w>", "exec")
        except SyntaxError as e: print("  err", e, e.lineno, e.offset, e.end_lineno, e.end_offset)
