/* marshal.c - module marshal over runtime/marshal.h. */
#include "modules/module.h"
#include "objects/audit.h"
#include "runtime/marshal.h"
#include "runtime/runtime.h"
#include "bytecode/code.h"
#include "modules/marshal.gen.h"

GI_FUNCTION(marshal, dumps, "(value, version: int = 4, /)", "Return the bytes object that would be written to a file by dump(value, file).") {
    if (GI_AUDIT(ts, "marshal.dumps", a->value, gi_smallint(a->version)) < 0) return GI_NULL;
    return gi_marshal_dump(ts, a->value, a->version);
}
/* The bytes object whose memory a buffer shows; null when there is none: then it may change. */
static GiRef bytes_behind(GiThread *ts, GiVal owner) {
    if (gi_is_null(owner) || !gi_is_exact(owner, &gi_memoryview_type)) return gi_xdup(ts, owner);
    return gi_getattr_cstr(ts, owner, "obj");
}

GI_FUNCTION(marshal, loads, "(bytes: buffer, /)", "Convert the bytes-like object to a value.") {
    if (gi_audit_wanted(ts)) {
        GiRef bytes = gi_bytes_from(ts, a->bytes.data, (size_t)a->bytes.len);
        GiStatus status = gi_is_null(bytes) ? GI_FAIL : GI_AUDIT(ts, "marshal.loads", gi_val(bytes));
        gi_xdrop(ts, bytes);
        if (status < 0) return GI_NULL;
    }
    GiRef owner = bytes_behind(ts, gi_val(a->bytes.owner)), source = GI_NULL;
    if (gi_raised(ts)) return GI_NULL;
    GiRef v = GI_NULL;
    if (!gi_is_null(owner) && gi_is_bytes_exact(gi_val(owner))) source = gi_marshal_source(ts, gi_val(owner), NULL, 0);
    /* What the import system reads, it runs: to verify that it can be looked at is no use there. */
    if (!gi_is_null(source)) ((GiCodeSource *)gi_obj(source))->trusted = gi_import_is_caller(ts);
    if (!gi_raised(ts)) v = gi_marshal_load(ts, a->bytes.data, (size_t)a->bytes.len, gi_val(source));
    gi_xdrop(ts, source);
    gi_xdrop(ts, owner);
    return v;
}
GI_FUNCTION(marshal, dump, "(value, file, version: int = 4, /)", "Write the value on the open file.") {
    if (GI_AUDIT(ts, "marshal.dumps", a->value, gi_smallint(a->version)) < 0) return GI_NULL;
    GiRef bytes = gi_marshal_dump(ts, a->value, a->version);
    if (gi_is_null(bytes)) return bytes;
    GiVal arg = gi_val(bytes);
    GiRef r = gi_call_method_cstr(ts, a->file, "write", &arg, 1);
    gi_drop(ts, bytes);
    return r;
}
GI_FUNCTION(marshal, load, "(file, /)", "Read one value from the open file and return it.") {
    if (gi_audit(ts, "marshal.load", NULL, 0) < 0) return GI_NULL;
    GiVal nothing = gi_smallint(0);
    GiRef data = gi_call_method_cstr(ts, a->file, "read", &nothing, 1); /* a file of text is told at once */
    if (gi_is_null(data)) return data;
    if (!gi_is_bytes(gi_val(data))) {
        gi_raise(ts, &gi_exc_TypeError, "file.read() returned not bytes but %T", gi_val(data));
        gi_drop(ts, data);
        return GI_NULL;
    }
    gi_drop(ts, data);
    return gi_marshal_read(ts, a->file);
}
static GiStatus marshal_exec(GiThread *ts, GiVal module) { return gi_module_add_int(ts, module, "version", 4); }
const GiModuleDef gi_module_marshal = {.name = "marshal", .doc = "This module contains functions that can read and write Python values in\na binary format. The format is specific to Python, but independent of\nmachine architecture issues.",
                                       .functions = marshal_functions, .exec = marshal_exec};
