/* pickler.c - the type Pickler, dump and dumps. */
#include "modules/_pickle/pickle.h"
#include "memory/slots.h"
#include "objects/container.h"

typedef struct GiPickler {
    GiObj obj;
    GiSlot write;          /* null: __init__ was not called */
    GiSlot persistent_id, dispatch_table, buffer_callback;
    GiMemo memo;
    int protocol, bin, fast, fix_imports;
    GiBusy busy;
} GiPickler;
typedef struct GiPicklerMemo { GiObj obj; GiSlot pickler; } GiPicklerMemo;
#include "modules/_pickle/pickler.gen.h"

#define PICKLER(v) ((GiPickler *)gi_obj(v))

GiStatus gi_pickle_protocol(GiThread *ts, GiVal v, GiVal buffer_callback, int *protocol) {
    *protocol = GI_PICKLE_DEFAULT;
    if (!gi_is_null(v) && !gi_is_none(v)) {
        if (gi_as_int(ts, v, protocol) < 0) return GI_FAIL;
        if (*protocol < 0) *protocol = GI_PICKLE_HIGHEST;
        if (*protocol > GI_PICKLE_HIGHEST)
            return gi_raise_status(ts, &gi_exc_ValueError, "pickle protocol must be <= %d", GI_PICKLE_HIGHEST);
    }
    if (!gi_is_null(buffer_callback) && !gi_is_none(buffer_callback) && *protocol < 5)
        return gi_raise_status(ts, &gi_exc_ValueError, "buffer_callback needs protocol >= 5");
    return GI_OK;
}
static GiVal given(GiVal v) { return !gi_is_null(v) && gi_is_none(v) ? GI_NOVAL : v; }
/* file.write, or TypeError. */
static GiRef write_method(GiThread *ts, GiVal file) {
    GiRef write;
    GI_AUTO GiRef name = gi_intern_cstr(ts, "write");
    if (gi_is_null(name) || gi_getattr_opt(ts, file, gi_val(name), &write) < 0) return GI_NULL;
    return gi_is_null(write) ? gi_raise_ref(ts, &gi_exc_TypeError, "file must have a 'write' attribute") : write;
}
static void saver_free(GiSaver *s) {
    gi_mem_free(s->out);
    gi_xdrop(s->ts, s->fast_seen);
}

GI_FUNCTION(_pickle, dump, "(obj, file, protocol = None, *, fix_imports: bool = True, buffer_callback = None)", "Write a pickled representation of obj to the open file object file.\n\nThis is equivalent to ``Pickler(file, protocol).dump(obj)``, but may\nbe more efficient.\n\nThe optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default\nprotocol is 4. It was introduced in Python 3.4, and is incompatible\nwith previous versions.\n\nSpecifying a negative protocol version selects the highest protocol\nversion supported.  The higher the protocol used, the more recent the\nversion of Python needed to read the pickle produced.\n\nThe *file* argument must have a write() method that accepts a single\nbytes argument.  It can thus be a file object opened for binary\nwriting, an io.BytesIO instance, or any other custom object that meets\nthis interface.\n\nIf *fix_imports* is True and protocol is less than 3, pickle will try\nto map the new Python 3 names to the old module names used in Python\n2, so that the pickle data stream is readable with Python 2.\n\nIf *buffer_callback* is None (the default), buffer views are serialized\ninto *file* as part of the pickle stream.  It is an error if\n*buffer_callback* is not None and *protocol* is None or smaller than 5.") {
    GiMemo memo = {0};
    GiSaver s = {.ts = ts, .state = gi_pickle_state(ts), .memo = &memo, .fix_imports = a->fix_imports, .buffer_callback = given(a->buffer_callback)};
    if (gi_pickle_protocol(ts, a->protocol, a->buffer_callback, &s.protocol) < 0) return GI_NULL;
    s.binary = s.protocol > 0;
    GiRef write = write_method(ts, a->file);
    if (gi_is_null(write)) return write;
    s.write = gi_val(write);
    GiStatus status = gi_save_stream(&s, a->obj);
    gi_drop(ts, write);
    gi_memo_clear(ts, &memo);
    saver_free(&s);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}
GI_FUNCTION(_pickle, dumps, "(obj, protocol = None, *, fix_imports: bool = True, buffer_callback = None)", "Return the pickled representation of the object as a bytes object.\n\nThe optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default\nprotocol is 4. It was introduced in Python 3.4, and is incompatible\nwith previous versions.\n\nSpecifying a negative protocol version selects the highest protocol\nversion supported.  The higher the protocol used, the more recent the\nversion of Python needed to read the pickle produced.\n\nIf *fix_imports* is True and *protocol* is less than 3, pickle will\ntry to map the new Python 3 names to the old module names used in\nPython 2, so that the pickle data stream is readable with Python 2.\n\nIf *buffer_callback* is None (the default), buffer views are serialized\ninto *file* as part of the pickle stream.  It is an error if\n*buffer_callback* is not None and *protocol* is None or smaller than 5.") {
    GiMemo memo = {0};
    GiSaver s = {.ts = ts, .state = gi_pickle_state(ts), .memo = &memo, .fix_imports = a->fix_imports, .buffer_callback = given(a->buffer_callback)};
    if (gi_pickle_protocol(ts, a->protocol, a->buffer_callback, &s.protocol) < 0) return GI_NULL;
    s.binary = s.protocol > 0;
    GiStatus status = gi_save_stream(&s, a->obj);
    gi_memo_clear(ts, &memo);
    GiRef r = status < 0 ? GI_NULL : gi_bytes_from(ts, s.out, s.len);
    saver_free(&s);
    return r;
}

/* ---- Pickler ---- */

GI_INIT(pickler, "(self, file, protocol = None, fix_imports: bool = True, buffer_callback = None)") {
    GiPickler *p = PICKLER(self);
    int protocol;
    if (gi_pickle_protocol(ts, a->protocol, a->buffer_callback, &protocol) < 0) return GI_FAIL;
    GiRef write = write_method(ts, a->file), method, table;
    if (gi_is_null(write)) return GI_FAIL;
    if (gi_busy_enter(ts, &p->busy) < 0) {
        gi_drop(ts, write);
        return GI_FAIL;
    }
    GI_BUSY_SCOPE(ts, &p->busy);
    gi_slot_store(ts, &p->write, write);
    gi_slot_store(ts, &p->persistent_id, GI_NULL);
    gi_memo_clear(ts, &p->memo);
    p->protocol = protocol;
    p->bin = protocol > 0;
    p->fast = 0;
    p->fix_imports = a->fix_imports && protocol < 3;
    gi_slot_store(ts, &p->buffer_callback, gi_xdup(ts, given(a->buffer_callback)));
    /* What a subclass defines, or an attribute of its instance. */
    GI_AUTO GiRef id_name = gi_intern_cstr(ts, "persistent_id");
    GI_AUTO GiRef table_name = gi_intern_cstr(ts, "dispatch_table");
    if (gi_is_null(id_name) || gi_is_null(table_name) || gi_getattr_opt(ts, self, gi_val(id_name), &method) < 0) return GI_FAIL;
    gi_slot_store(ts, &p->persistent_id, method);
    if (gi_getattr_opt(ts, self, gi_val(table_name), &table) < 0) return GI_FAIL;
    gi_slot_store(ts, &p->dispatch_table, table);
    return GI_OK;
}
static GiStatus dump_to(GiThread *ts, GiVal self, GiVal obj) {
    GiPickler *p = PICKLER(self);
    GI_AUTO GiRef override_name = gi_intern_cstr(ts, "reducer_override");
    GI_AUTO GiRef override = GI_NULL;
    if (gi_is_null(override_name) || gi_getattr_opt(ts, self, gi_val(override_name), &override) < 0) return GI_FAIL;
    GI_AUTO GiRef write = gi_slot_load(ts, &p->write);
    GI_AUTO GiRef persistent_id = gi_slot_load(ts, &p->persistent_id);
    GI_AUTO GiRef table = gi_slot_load(ts, &p->dispatch_table);
    GI_AUTO GiRef callback = gi_slot_load(ts, &p->buffer_callback);
    GiSaver s = {.ts = ts, .state = gi_pickle_state(ts), .memo = &p->memo, .protocol = p->protocol, .binary = p->bin != 0,
                 .fast = p->fast != 0, .fix_imports = p->fix_imports != 0, .write = gi_val(write), .persistent_id = gi_val(persistent_id),
                 .dispatch_table = gi_val(table), .buffer_callback = gi_val(callback), .reducer_override = gi_val(override)};
    GiStatus status = gi_save_stream(&s, obj);
    saver_free(&s);
    return status;
}
GI_METHOD(pickler, dump, "(self, obj, /)", "Write a pickled representation of the given object to the open file.") {
    GiPickler *p = PICKLER(self);
    if (gi_is_null(gi_slot_peek_shared(&p->write)))
        return gi_pickling_error(ts, "Pickler.__init__() was not called by %s.__init__()", gi_type_of(self)->name);
    if (gi_busy_enter(ts, &p->busy) < 0) return GI_NULL;
    GiStatus status = dump_to(ts, self, a->obj);
    gi_busy_leave(ts, &p->busy);
    return status < 0 ? GI_NULL : GI_REF_NONE;
}
GI_METHOD(pickler, clear_memo, "(self)", "Clears the pickler's \"memo\".\n\nThe memo is the data structure that remembers which objects the\npickler has already seen, so that shared or recursive objects are\npickled by reference and not by value.  This method is useful when\nre-using picklers.") {
    GiPickler *p = PICKLER(self);
    if (gi_busy_enter(ts, &p->busy) < 0) return GI_NULL;
    gi_memo_clear(ts, &p->memo);
    gi_busy_leave(ts, &p->busy);
    return GI_REF_NONE;
}
GI_METHOD(pickler, __sizeof__, "(self)", "Returns size in memory, in bytes.") {
    return gi_int_from_u64(ts, sizeof(GiPickler) + PICKLER(self)->memo.capacity * sizeof(GiMemoEntry));
}
GI_GETTER(pickler, memo, NULL) {
    GiRef proxy = gi_type_alloc(ts, &gi_pickler_memo_type, 0);
    if (!gi_is_null(proxy)) gi_slot_init(&((GiPicklerMemo *)gi_obj(proxy))->pickler, gi_dup(ts, self));
    return proxy;
}
/* Fills a memo from another one, or from a dict of id -> (number, object). */
static GiStatus fill_memo(GiThread *ts, GiMemo *to, GiVal value) {
    if (gi_is_exact(value, &gi_pickler_memo_type)) {
        GiPickler *other = PICKLER(((GiPicklerMemo *)gi_obj(value))->pickler);
        const GiMemo *from = &other->memo;
        if (gi_busy_enter(ts, &other->busy) < 0) return GI_FAIL;
        GiStatus status = GI_OK;
        for (size_t i = 0; i < from->capacity && status == GI_OK; i++)
            if (!gi_is_null(from->entries[i].key)) status = gi_memo_put(ts, to, gi_val(from->entries[i].key), from->entries[i].index);
        gi_busy_leave(ts, &other->busy);
        return status;
    }
    if (!gi_is_dict(value))
        return gi_raise_status(ts, &gi_exc_TypeError, "'memo' attribute must be a PicklerMemoProxy object or dict, not %.200T", value);
    size_t pos = 0;
    GiRef pair;
    while (gi_dict_next(ts, value, &pos, NULL, &pair)) {
        GiVal v = gi_val(pair);
        int64_t index = 0;
        GiStatus status = GI_OK;
        if (!gi_is_tuple(v) || gi_tuple_len(v) != 2) status = gi_raise_status(ts, &gi_exc_TypeError, "'memo' values must be 2-item tuples");
        else if (gi_as_i64(ts, gi_tuple_get(v, 0), &index) < 0 || gi_memo_put(ts, to, gi_tuple_get(v, 1), (size_t)index) < 0) status = GI_FAIL;
        gi_drop(ts, pair);
        if (status < 0) return GI_FAIL;
    }
    return GI_OK;
}
GI_SETTER(pickler, memo) {
    GiPickler *p = PICKLER(self);
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "attribute deletion is not supported");
    GiMemo fresh = {0};
    GiStatus status = fill_memo(ts, &fresh, value);
    if (status == GI_OK && gi_busy_enter(ts, &p->busy) == GI_OK) {
        GiMemo old = p->memo;
        p->memo = fresh;
        gi_busy_leave(ts, &p->busy);
        gi_memo_clear(ts, &old);
        return GI_OK;
    }
    gi_memo_clear(ts, &fresh);
    return GI_FAIL;
}
GI_GETTER(pickler, persistent_id, NULL) {
    GiRef r = gi_slot_load(ts, &PICKLER(self)->persistent_id);
    return gi_is_null(r) ? gi_raise_ref(ts, &gi_exc_AttributeError, "persistent_id") : r;
}
GI_SETTER(pickler, persistent_id) {
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_TypeError, "attribute deletion is not supported");
    if (!gi_is_callable(value)) return gi_raise_status(ts, &gi_exc_TypeError, "persistent_id must be a callable taking one argument");
    gi_slot_store(ts, &PICKLER(self)->persistent_id, gi_dup(ts, value));
    return GI_OK;
}

/* ---- The memo as Python sees it ---- */

#define MEMO_OF(v) PICKLER(((GiPicklerMemo *)gi_obj(v))->pickler)
GI_METHOD(pickler_memo, clear, "(self)", "Remove all items from memo.") {
    GiPickler *p = MEMO_OF(self);
    if (gi_busy_enter(ts, &p->busy) < 0) return GI_NULL;
    gi_memo_clear(ts, &p->memo);
    gi_busy_leave(ts, &p->busy);
    return GI_REF_NONE;
}
static GiRef memo_as_dict(GiThread *ts, GiVal self) {
    GiPickler *p = MEMO_OF(self);
    const GiMemo *memo = &p->memo;
    if (gi_busy_enter(ts, &p->busy) < 0) return GI_NULL;
    GiRef dict = gi_dict_new(ts);
    for (size_t i = 0; i < memo->capacity && !gi_is_null(dict); i++) {
        GiVal key = gi_val(memo->entries[i].key);
        if (gi_is_null(key)) continue;
        GI_AUTO GiRef id = gi_int_from_u64(ts, key.bits);
        GI_AUTO GiRef pair = gi_tuple_pack(ts, 2, gi_smallint((int64_t)memo->entries[i].index), key);
        if (gi_is_null(id) || gi_is_null(pair) || gi_dict_set(ts, gi_val(dict), gi_val(id), gi_val(pair)) < 0) {
            gi_drop(ts, dict);
            dict = GI_NULL;
        }
    }
    gi_busy_leave(ts, &p->busy);
    return dict;
}
GI_METHOD(pickler_memo, copy, "(self)", "Copy the memo to a new object.") { return memo_as_dict(ts, self); }
GI_METHOD(pickler_memo, __reduce__, "(self)", "Implement pickle support.") {
    GI_AUTO GiRef dict = memo_as_dict(ts, self);
    GI_AUTO GiRef args = gi_is_null(dict) ? GI_NULL : gi_tuple_pack(ts, 1, gi_val(dict));
    return gi_is_null(args) ? GI_NULL : gi_tuple_pack(ts, 2, gi_type_val(&gi_dict_type), gi_val(args));
}

static const GiMemberDef pickler_members[] = {
    {"bin", GI_MEMBER_INT, offsetof(GiPickler, bin), false, NULL}, {"fast", GI_MEMBER_INT, offsetof(GiPickler, fast), false, NULL},
    {"dispatch_table", GI_MEMBER_OBJECT_EX, offsetof(GiPickler, dispatch_table), false, NULL}, {.name = NULL}};
static void each_memo_key(GiObj *obj, GiVisit visit, void *arg) {
    GiMemo *memo = &((GiPickler *)obj)->memo;
    for (size_t i = 0; i < memo->capacity; i++) visit(&memo->entries[i].key, arg);
}
static void pickler_destroy(GiThread *ts, GiObj *obj) { gi_memo_clear(ts, &((GiPickler *)obj)->memo); }
GiType gi_pickler_type = {
    .obj = GI_TYPE_HEAD, .name = "_pickle.Pickler", .module = "_pickle", .size = sizeof(GiPickler), .base = &gi_object_type,
    .flags = GI_TYPE_BASE | GI_TYPE_GC, .init = pickler_init, .methods = pickler_methods, .getset = pickler_getset, .members = pickler_members,
    .fields = (const GiField[]){GI_SLOT(GiPickler, write), GI_SLOT(GiPickler, persistent_id), GI_SLOT(GiPickler, dispatch_table),
                                GI_SLOT(GiPickler, buffer_callback), GI_CUSTOM(each_memo_key), GI_FIELDS_END},
    .destroy = pickler_destroy,
    .doc = "Pickler(file, protocol=None, fix_imports=True, buffer_callback=None)\n--\n\nThis takes a binary file for writing a pickle data stream.\n\nThe optional *protocol* argument tells the pickler to use the given\nprotocol; supported protocols are 0, 1, 2, 3, 4 and 5.  The default\nprotocol is 4. It was introduced in Python 3.4, and is incompatible\nwith previous versions.\n\nSpecifying a negative protocol version selects the highest protocol\nversion supported.  The higher the protocol used, the more recent the\nversion of Python needed to read the pickle produced.\n\nThe *file* argument must have a write() method that accepts a single\nbytes argument. It can thus be a file object opened for binary\nwriting, an io.BytesIO instance, or any other custom object that meets\nthis interface.\n\nIf *fix_imports* is True and protocol is less than 3, pickle will try\nto map the new Python 3 names to the old module names used in Python\n2, so that the pickle data stream is readable with Python 2.\n\nIf *buffer_callback* is None (the default), buffer views are\nserialized into *file* as part of the pickle stream.\n\nIf *buffer_callback* is not None, then it can be called any number\nof times with a buffer view.  If the callback returns a false value\n(such as None), the given buffer is out-of-band; otherwise the\nbuffer is serialized in-band, i.e. inside the pickle stream.\n\nIt is an error if *buffer_callback* is not None and *protocol*\nis None or smaller than 5.",
};
GiType gi_pickler_memo_type = {
    .obj = GI_TYPE_HEAD, .name = "_pickle.PicklerMemoProxy", .module = "_pickle", .size = sizeof(GiPicklerMemo), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .methods = pickler_memo_methods,
    .fields = (const GiField[]){GI_SLOT(GiPicklerMemo, pickler), GI_FIELDS_END},
};
const GiMethodDef *const gi_pickler_functions = _pickle_functions;
