"""The report for machines; docs/gil.md describes every key."""
SCHEMA = 1


def report(verdict, title, ended=None, compared=None):
    """A dict that json.dump takes."""
    facts, trace = verdict.facts, verdict.facts.trace
    headline, sentences = verdict.what_to_do()
    found = {
        "schema": SCHEMA,
        "program": title,
        "exit": None if ended is None else {"status": ended.status, "interrupted": ended.interrupted},
        "mode": trace.mode, "lifted": facts.lifted, "policy": trace.policy, "interval": trace.interval, "cpus": trace.cpus,
        "wall": facts.wall, "cpu": facts.cpu, "children_cpu": facts.children_cpu,
        "cores_busy": facts.cores_busy, "lock_held": facts.held, "native": facts.native,
        "kind": verdict.kind, "wait_share": facts.wait_share, "contended": facts.contended,
        "demand": {str(n): s for n, s in sorted(facts.demand.items())},
        "handing_over": facts.handing_over, "events_lost": trace.lost, "complete": not (trace.cut or trace.full or trace.damaged),
        "threads": [_thread(t) for t in facts.threads],
        "at_once": facts.at_once, "locked_share": facts.locked_share, "stopped_share": facts.stopped_share,
        "objects": [{"kind": o.name, "seconds": o.seconds, "waits": o.waits, "longest": o.longest,
                     "objects": len(o.ids), "worst": o.worst, "at": _place(o.place),
                     "places": [{**_place(p), "seconds": s} for p, s in o.places.items() if p]} for o in facts.objects],
        "lock_matrix": [{"waiter": facts.names[w], "holder": facts.names.get(h, str(h)), "seconds": s}
                        for w, row in facts.lock_matrix.items() for h, s in row.items()],
        "stops": [{"for": s.name, "seconds": s.seconds, "times": s.times, "longest": s.longest, "at": _place(s.place)}
                  for s in facts.stops],
        "matrix": [{"waiter": facts.names[w], "holder": facts.names.get(h, str(h)), "seconds": s}
                   for w, row in facts.matrix.items() for h, s in row.items()],
        "sites": [{"file": s.file, "line": s.longest_line, "function": s.function, "seconds": s.seconds,
                   "holds": s.holds, "longest": s.longest, "until": s.whys}
                  for s in facts.sites],
        "advice": {"code": verdict.advice, "headline": headline, "text": sentences},
        "forecast": {"model_with_lock": verdict.forecast.with_lock, "model": verdict.model, "certainty": verdict.certainty,
                     "reasons": verdict.reasons, "rows": verdict.rows},
    }
    if compared is not None:
        found["compared"] = [row.as_dict() for row in compared]
    return found


def _place(at):
    return at and {"file": at[0], "line": at[1], "function": at[2]}


def _thread(t):
    return {"tid": t.tid, "name": t.name, "start": t.start, "lifetime": t.lifetime, "running": t.running,
            "waiting": t.waiting, "blocked": t.blocked, "stopped": t.stopped, "locked": t.locked, "lock_waits": t.lock_waits,
            "stopping": t.stopping, "cpu": t.cpu, "holds": t.holds,
            "waits": t.waits, "longest_wait": t.longest_wait, "asked": t.asked, "let_go": t.let_go,
            "calls": {c: {"seconds": s, "times": n} for c, (s, n) in t.calls.items()}}
