/* singletons.c - the types of None, Ellipsis and NotImplemented, which are immediates.
 *
 * No state.
 */
#include "objects/dispatch.h"
#include "objects/error.h"
#include "objects/native.h"
#include "objects/str.h"
#include "objects/tuple.h"

#include "singletons.gen.h"

GiType *const gi_special_types[8] = {
    &gi_none_type, &gi_none_type, &gi_bool_type, &gi_bool_type, &gi_ellipsis_type, &gi_notimplemented_type,
    &gi_none_type, &gi_none_type,
};

static GiStatus no_arguments(GiThread *ts, const char *name, size_t nargs, GiVal kwnames) {
    if (!nargs && (gi_is_null(kwnames) || !gi_tuple_len(kwnames))) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s takes no arguments", name);
}

static GiRef none_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args GI_UNUSED, size_t nargs,
                      GiVal kwnames) {
    return no_arguments(ts, "NoneType", nargs, kwnames) ? GI_NULL : GI_REF_NONE;
}
static GiRef none_repr(GiThread *ts, GiVal self GI_UNUSED) { return gi_intern_cstr(ts, "None"); }
static GiTruth none_truth(GiThread *ts GI_UNUSED, GiVal self GI_UNUSED) { return GI_TRUTH_NO; }

GiType gi_none_type = {
    .obj = GI_TYPE_HEAD, .name = "NoneType", .size = sizeof(GiObj), .new_ = none_new, .repr = none_repr,
    .truth = none_truth,
};

static GiRef ellipsis_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args GI_UNUSED, size_t nargs,
                          GiVal kwnames) {
    return no_arguments(ts, "EllipsisType", nargs, kwnames) ? GI_NULL : GI_REF_ELLIPSIS;
}
static GiRef ellipsis_repr(GiThread *ts, GiVal self GI_UNUSED) { return gi_intern_cstr(ts, "Ellipsis"); }
GI_METHOD(ellipsis, __reduce__, "(self, /)", "") { return gi_intern_cstr(ts, "Ellipsis"); }

GiType gi_ellipsis_type = {
    .obj = GI_TYPE_HEAD, .name = "ellipsis", .size = sizeof(GiObj), .new_ = ellipsis_new,
    .repr = ellipsis_repr, .methods = ellipsis_methods,
};

static GiRef notimplemented_new(GiThread *ts, GiType *type GI_UNUSED, const GiVal *args GI_UNUSED,
                                size_t nargs, GiVal kwnames) {
    return no_arguments(ts, "NotImplementedType", nargs, kwnames) ? GI_NULL : GI_REF_NOTIMPLEMENTED;
}
static GiRef notimplemented_repr(GiThread *ts, GiVal self GI_UNUSED) {
    return gi_intern_cstr(ts, "NotImplemented");
}
static GiTruth notimplemented_truth(GiThread *ts, GiVal self GI_UNUSED) {
    if (gi_warn(ts, &gi_exc_DeprecationWarning, 1, "NotImplemented should not be used in a boolean context"))
        return GI_TRUTH_FAIL;
    return GI_TRUTH_YES;
}
GI_METHOD(notimplemented, __reduce__, "(self, /)", "") { return gi_intern_cstr(ts, "NotImplemented"); }

GiType gi_notimplemented_type = {
    .obj = GI_TYPE_HEAD, .name = "NotImplementedType", .size = sizeof(GiObj), .new_ = notimplemented_new,
    .repr = notimplemented_repr, .truth = notimplemented_truth, .methods = notimplemented_methods,
};
