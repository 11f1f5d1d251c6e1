"""A code block with more constants than operands of 16 bits reach: what needs one of those still has one."""
def ex(s,ret='r'):
    d={}; exec(compile(s,'<x>','exec'),d); return d.get(ret)
body='\n'.join(f' x="s{i}"; y={i}.25' for i in range(40000))
print(ex('def g(**k): return sorted(k)\nclass C: pass\ndef f():\n'+body+'''
 def h(a, *, b=5, c=x): "doc"; return (a, b, c)
 d={"zz":1,"yy":2}
 match d:
  case {"zz": q}: pass
 match [1,2,3]:
  case [1, *z, 3]: pass
 o = C(); o.n = 7.75
 match o:
  case C(n=7.75): q2 = 1
 w = 3.125
 w += 1.0625
 if w == 4.1875: q2 += 1
 k = {"k1": 1, "k2": 2, 5: 6}
 return h(a=3), g(w=1,ww=2), d["zz"], q, z, q2, w, k, x + "tail", h.__doc__, [u for u in (1.5, 2.5, w)], lambda: 9.875 and x
r=f()[:-1]'''))
