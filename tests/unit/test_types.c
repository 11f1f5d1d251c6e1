/* Types: all builtin types become ready; lookup, calls, wrappers, class creation, unpacking. */
#include "check.h"

#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/int.h"
#include "objects/list.h"
#include "objects/names.h"
#include "objects/native.h"
#include "objects/protocol.h"
#include "objects/str.h"
#include "objects/tuple.h"
#include "os/memory.h"

static GiVm *vm;
static GiThread *ts;

static GiRef str(const char *text) {
    GiRef s = gi_intern_cstr(ts, text);
    CHECK(!gi_is_null(s));
    return s;
}

/* The text of a str or of a failed result's exception. */
static void expect(GiRef r, const char *text) {
    char got[400];
    if (gi_is_null(r)) {
        CHECK(gi_raised(ts));
        GiRef exc = gi_exc_take(ts), s = gi_str(ts, gi_val(exc));
        CHECK(!gi_is_null(s));
        snprintf(got, sizeof got, "%s: %s", gi_type_name(gi_val(exc)), gi_str_utf8(ts, gi_val(s), NULL));
        gi_drop(ts, s);
        gi_drop(ts, exc);
    } else {
        CHECK(!gi_raised(ts));
        GiRef s = gi_repr(ts, gi_val(r));
        if (gi_is_null(s)) {
            expect(s, "no error");
            return;
        }
        snprintf(got, sizeof got, "%s", gi_str_utf8(ts, gi_val(s), NULL));
        gi_drop(ts, s);
        gi_drop(ts, r);
    }
    CHECK_TEXT(got, strlen(got), text);
}

static GiRef attr(GiVal v, const char *name) { return gi_getattr_cstr(ts, v, name); }

static GiRef method(GiVal v, const char *name, const GiVal *args, size_t n) {
    return gi_call_method_cstr(ts, v, name, args, n);
}

static void check_builtin_types(void) {
    expect(attr(gi_type_val(&gi_list_type), "__mro__"), "(<class 'list'>, <class 'object'>)");
    expect(attr(gi_type_val(&gi_list_type), "append"), "<method 'append' of 'list' objects>");
    expect(attr(gi_type_val(&gi_dict_type), "__len__"), "<slot wrapper '__len__' of 'dict' objects>");
    expect(attr(gi_type_val(&gi_object_type), "__class__"), "<class 'type'>");
    expect(attr(gi_type_val(&gi_list_type), "__hash__"), "None");
    expect(attr(gi_type_val(&gi_type_type), "__name__"), "'type'");
    expect(attr(gi_type_val(&gi_namespace_type), "__module__"), "'types'");
    expect(attr(GI_NONE, "zz"), "AttributeError: 'NoneType' object has no attribute 'zz'");
    expect(attr(gi_type_val(&gi_list_type), "zz"), "AttributeError: type object 'list' has no attribute 'zz'");
    CHECK(gi_setattr_cstr(ts, gi_type_val(&gi_list_type), "x", GI_NONE) == GI_FAIL);
    expect(GI_NULL, "TypeError: cannot set 'x' attribute of immutable type 'list'");
}

static void check_native_calls(void) {
    GiRef list = gi_list_new(ts, 0);
    GiVal l = gi_val(list), one = gi_smallint(1), args[3] = {one, gi_smallint(2), gi_smallint(3)};
    expect(method(l, "append", args, 1), "None");
    expect(method(l, "append", args, 0), "TypeError: list.append() takes exactly one argument (0 given)");
    expect(method(l, "insert", args, 1), "TypeError: insert expected 2 arguments, got 1");
    expect(method(l, "insert", args, 2), "None");
    expect(method(l, "clear", args, 1), "TypeError: list.clear() takes no arguments (1 given)");
    expect(method(l, "pop", args, 2), "TypeError: pop expected at most 1 argument, got 2");
    expect(gi_repr(ts, l), "'[1, 2]'");
    expect(method(l, "__len__", NULL, 0), "2");
    expect(method(l, "__len__", args, 1), "TypeError: expected 0 arguments, got 1");
    GiRef s = str("a,b");
    GiVal kw[2] = {gi_val(str(",")), one};
    expect(method(gi_val(s), "split", kw, 1), "['a', 'b']");
    expect(method(gi_val(s), "split", args, 3), "TypeError: split() takes at most 2 arguments (3 given)");
    expect(method(gi_val(s), "replace", args, 2), "TypeError: replace() argument 1 must be str, not int");
    GiRef fn = attr(gi_val(s), "split");
    GiRef names = gi_tuple_pack(ts, 1, gi_val(str("foo")));
    expect(gi_call(ts, gi_val(fn), args, 0, gi_val(names)),
           "TypeError: 'foo' is an invalid keyword argument for split()");
    gi_drop(ts, fn);
    gi_drop(ts, names);
    expect(gi_call0(ts, one), "TypeError: 'int' object is not callable");
    expect(gi_iter(ts, one), "TypeError: 'int' object is not iterable");
    expect(gi_getitem(ts, GI_NONE, one), "TypeError: 'NoneType' object is not subscriptable");
    expect(gi_binary(ts, GI_BIN_ADD, one, gi_val(s)),
           "TypeError: unsupported operand type(s) for +: 'int' and 'str'");
    expect(gi_compare(ts, one, gi_val(s), GI_LT),
           "TypeError: '<' not supported between instances of 'int' and 'str'");
    gi_drop(ts, list);
}

static GiRef make_class(const char *name, GiVal bases, GiVal dict) {
    GiVal args[3] = {gi_val(str(name)), bases, dict};
    return gi_call(ts, gi_type_val(&gi_type_type), args, 3, GI_NOVAL);
}

static GiRef raw_len(GiThread *t, GiVal self, const GiVal *args, size_t n, GiVal kw) {
    (void)t, (void)self, (void)args, (void)n, (void)kw;
    return gi_smallint_ref(42);
}
static const GiMethodDef len_def = {.name = "length", .body = (GiNativeBody)(void *)raw_len, .shape = GI_CALL_RAW,
                                    .binding = GI_METHOD_STATIC};

static void check_classes(void) {
    GiRef empty = gi_tuple_new(ts, 0), dict = gi_dict_new(ts);
    GiRef a = make_class("A", gi_val(empty), gi_val(dict));
    expect(gi_repr(ts, gi_val(a)), "\"<class 'A'>\"");
    GiRef obj = gi_call0(ts, gi_val(a));
    CHECK(!gi_is_null(obj));
    CHECK(gi_setattr_cstr(ts, gi_val(obj), "x", gi_smallint(7)) == GI_OK);
    expect(attr(gi_val(obj), "x"), "7");
    expect(attr(gi_val(obj), "__dict__"), "{'x': 7}");
    expect(attr(gi_val(obj), "y"), "AttributeError: 'A' object has no attribute 'y'");
    expect(gi_call1(ts, gi_val(a), GI_NONE), "TypeError: A() takes no arguments");
    CHECK(gi_length(ts, gi_val(obj)) < 0);
    expect(GI_NULL, "TypeError: object of type 'A' has no len()");
    GiRef fn = gi_native_new(ts, &len_def, GI_NOVAL, GI_NOVAL);
    CHECK(gi_setattr_cstr(ts, gi_val(a), "__len__", gi_val(fn)) == GI_OK);
    CHECK_INT(gi_length(ts, gi_val(obj)), 42);
    CHECK(gi_truth(ts, gi_val(obj)).value == 1);
    GiRef base = gi_tuple_pack(ts, 1, gi_val(a)), two = gi_tuple_pack(ts, 2, gi_val(a), gi_type_val(&gi_list_type));
    GiRef b = make_class("B", gi_val(base), gi_val(dict)), c = make_class("C", gi_val(two), gi_val(dict));
    expect(attr(gi_val(c), "__mro__"), "(<class 'C'>, <class 'A'>, <class 'list'>, <class 'object'>)");
    expect(method(gi_val(a), "__subclasses__", NULL, 0), "[<class 'B'>, <class 'C'>]");
    GiRef l = gi_call0(ts, gi_val(c));
    CHECK_INT(gi_length(ts, gi_val(l)), 42);
    GiVal arg = gi_smallint(5);
    expect(method(gi_val(l), "append", &arg, 1), "None");
    expect(gi_repr(ts, gi_val(l)), "'[5]'");
    CHECK(gi_delattr(ts, gi_val(a), GI_N(__len__)) == GI_OK);
    CHECK_INT(gi_length(ts, gi_val(l)), 1);
    gi_drop(ts, l);
    gi_drop(ts, a);
    gi_drop(ts, b);
    gi_drop(ts, c);
    gi_drop(ts, base);
    gi_drop(ts, two);
    gi_drop(ts, obj);
    gi_drop(ts, fn);
    gi_drop(ts, empty);
    gi_drop(ts, dict);
}

int main(void) {
    vm = gi_os_aligned_zalloc(sizeof *vm, 64);
    CHECK(vm && gi_vm_memory_init(vm, GI_MODE_GIL) == GI_OK);
    ts = gi_thread_new(vm, NULL);
    CHECK(ts);
    gi_set_current_thread(ts);
    gi_core_bind(&ts->core);
    gi_attach(&ts->core);
    CHECK(gi_names_init(ts) == GI_OK);
    if (gi_types_init(ts) != GI_OK) expect(GI_NULL, "no error");
    check_builtin_types();
    check_native_calls();
    check_classes();
    CHECK(!gi_raised(ts));
    return 0;
}
