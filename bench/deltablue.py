"""A one-way constraint solver that keeps variables consistent as constraints come and go (after
the DeltaBlue algorithm): many small objects, virtual calls and lists."""

REQUIRED, STRONG, PREFERRED, NORMAL, WEAK, WEAKEST = range(6)


class Variable:
    def __init__(self, name, value=0):
        self.name, self.value = name, value
        self.constraints = []
        self.by = None
        self.strength = WEAKEST
        self.stays = True
        self.mark = 0


class Constraint:
    is_input = False

    def __init__(self, strength, *variables):
        self.strength, self.variables = strength, variables
        self.output = None

    def install(self, planner):
        for v in self.variables:
            v.constraints.append(self)
        planner.add(self)

    def remove(self, planner):
        if self.output is not None:
            planner.retract(self)
        else:
            for v in self.variables:
                v.constraints.remove(self)

    def inputs(self):
        return [v for v in self.variables if v is not self.output]

    def choose(self, mark):
        best = None
        for v in self.possible_outputs():
            if v.mark != mark and v.strength > self.strength and (best is None or v.strength > best.strength):
                best = v
        return best

    def possible_outputs(self):
        return self.variables

    def satisfy(self, mark, planner):
        out = self.choose(mark)
        if out is None:
            if self.strength == REQUIRED:
                raise ValueError("a required constraint cannot be met")
            return None
        for v in self.inputs_for(out):
            v.mark = mark
        overridden = out.by
        if overridden is not None:
            overridden.output = None
        self.output = out
        out.by = self
        if not planner.propagate(self, mark):
            raise ValueError("cycle")
        out.mark = mark
        return overridden

    def inputs_for(self, out):
        return [v for v in self.variables if v is not out]

    def known(self, mark):
        for v in self.inputs():
            if not (v.mark == mark or v.stays or v.by is None):
                return False
        return True

    def recalculate(self):
        out = self.output
        strength, stays = self.strength, not self.is_input
        for v in self.inputs():
            if v.strength > strength:
                strength = v.strength
            stays = stays and v.stays
        out.strength, out.stays = strength, stays
        if stays:
            self.execute()

    def execute(self):
        raise NotImplementedError


class Stay(Constraint):
    def execute(self):
        pass


class Edit(Constraint):
    is_input = True

    def execute(self):
        pass


class Equal(Constraint):
    def execute(self):
        a, b = self.variables
        if self.output is b:
            b.value = a.value
        else:
            a.value = b.value


class Scale(Constraint):
    """target = source * scale + offset, in both directions; scale and offset are only read."""

    def possible_outputs(self):
        return self.variables[:2]

    def execute(self):
        source, target, scale, offset = self.variables
        if self.output is target:
            target.value = source.value * scale.value + offset.value
        else:
            source.value = (target.value - offset.value) // scale.value


class Planner:
    def __init__(self):
        self.mark = 0

    def next_mark(self):
        self.mark += 1
        return self.mark

    def add(self, constraint):
        mark = self.next_mark()
        overridden = constraint.satisfy(mark, self)
        while overridden is not None:
            overridden = overridden.satisfy(mark, self)

    def retract(self, constraint):
        out = constraint.output
        constraint.output = None
        for v in constraint.variables:
            v.constraints.remove(constraint)
        out.by = None
        out.strength, out.stays = WEAKEST, True
        unsatisfied = []
        todo = [out]
        while todo:
            v = todo.pop()
            for c in v.constraints:
                if c.output is None:
                    unsatisfied.append(c)
            for c in self.consumers(v):
                c.recalculate()
                todo.append(c.output)
        unsatisfied.sort(key=lambda c: c.strength)
        for c in unsatisfied:
            if c.output is None:
                self.add(c)

    def consumers(self, v):
        return [c for c in v.constraints if c.output is not None and c.output is not v]

    def propagate(self, constraint, mark):
        todo = [constraint]
        while todo:
            c = todo.pop()
            if c.output.mark == mark:
                return False
            c.recalculate()
            todo.extend(self.consumers(c.output))
        return True

    def plan(self, sources):
        mark = self.next_mark()
        plan = []
        todo = list(sources)
        while todo:
            c = todo.pop()
            if c.output is not None and c.output.mark != mark and c.known(mark):
                plan.append(c)
                c.output.mark = mark
                todo.extend(self.consumers(c.output))
        return plan


def change(planner, variable, value, rounds=10):
    edit = Edit(PREFERRED, variable)
    edit.install(planner)
    plan = planner.plan([edit])
    for i in range(rounds):
        variable.value = value
        for c in plan:
            c.execute()
    edit.remove(planner)


def chain(n):
    planner = Planner()
    line = [Variable(f"v{i}") for i in range(n + 1)]
    for a, b in zip(line, line[1:]):
        Equal(REQUIRED, a, b).install(planner)
    Stay(STRONG, line[-1]).install(planner)
    edit = Edit(REQUIRED, line[0])
    edit.install(planner)
    plan = planner.plan([edit])
    total = 0
    for i in range(60):
        line[0].value = i
        for c in plan:
            c.execute()
        total += line[-1].value
    edit.remove(planner)
    return total


def projection(n):
    planner = Planner()
    scale, offset = Variable("scale", 10), Variable("offset", 1000)
    targets, sources = [], []
    for i in range(n):
        source, target = Variable(f"s{i}", i), Variable(f"t{i}", i)
        Stay(NORMAL, source).install(planner)
        Scale(REQUIRED, source, target, scale, offset).install(planner)
        sources.append(source)
        targets.append(target)
    change(planner, sources[0], 17)
    first = targets[0].value
    change(planner, targets[1], 1050)
    second = sources[1].value
    change(planner, scale, 5)
    third = sum(t.value for t in targets)
    change(planner, offset, 2000)
    return first, second, third, sum(t.value for t in targets)


print(chain(700), projection(1000))
