/* marshal.c - module marshal over runtime/marshal.h. */
#include "modules/module.h"
#include "objects/audit.h"
#include "runtime/marshal.h"
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
    if (!gi_raised(ts)) v = gi_marshal_load(ts, a->bytes.data, (size_t)a->bytes.len, gi_val(source), NULL);
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
    /* The file may go on behind the value: read all there is, then step back. */
    GiRef data = gi_call_method_cstr(ts, a->file, "read", NULL, 0);
    if (gi_is_null(data)) return data;
    if (!gi_is_bytes(gi_val(data))) {
        gi_raise(ts, &gi_exc_TypeError, "file.read() returned not bytes but %T", gi_val(data));
        gi_drop(ts, data);
        return GI_NULL;
    }
    size_t used, len = gi_bytes_len(data);
    GiRef v = gi_marshal_load(ts, gi_bytes_data(data), len, GI_NOVAL, &used);
    gi_drop(ts, data);
    if (!gi_is_null(v) && used < len) {
        GiVal args[2] = {gi_smallint(-(int64_t)(len - used)), gi_smallint(1)};
        GiRef r = gi_call_method_cstr(ts, a->file, "seek", args, 2);
        if (gi_is_null(r)) {
            gi_drop(ts, v);
            return r;
        }
        gi_drop(ts, r);
    }
    return v;
}
static GiStatus marshal_exec(GiThread *ts, GiVal module) { return gi_module_add_int(ts, module, "version", 4); }
const GiModuleDef gi_module_marshal = {.name = "marshal", .doc = "This module contains functions that can read and write Python values in\na binary format. The format is specific to Python, but independent of\nmachine architecture issues.",
                                       .functions = marshal_functions, .exec = marshal_exec};
