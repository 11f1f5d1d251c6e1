/* suggest.c - "Did you mean": the known name nearest to one that was not found.
 *
 * Distance is that of Levenshtein, where a changed letter costs two, and one changed in case only
 * costs one. PYSEM: tests/diff/display_suggestions.py.
 */
#include "memory/slots.h"
#include "objects/descr.h"
#include "objects/dict.h"
#include "objects/error.h"
#include "objects/exceptions.h"
#include "objects/list.h"
#include "objects/protocol.h"
#include "objects/tuple.h"
#include "runtime/display.h"
#include "vm/frame.h"

enum { MOST_NAMES = 750, LONGEST = 40, MOVE = 2, CASE = 1 };

static unsigned change_cost(unsigned char a, unsigned char b) {
    if (a == b) return 0;
    unsigned char low_a = a >= 'A' && a <= 'Z' ? a + 32 : a, low_b = b >= 'A' && b <= 'Z' ? b + 32 : b;
    return low_a == low_b ? CASE : MOVE;
}

/* The distance of two texts, or more than `most` when it is greater than that. */
static unsigned distance(const char *a, size_t n, const char *b, size_t m, unsigned most) {
    while (n && m && a[0] == b[0]) a++, b++, n--, m--;
    while (n && m && a[n - 1] == b[m - 1]) n--, m--;
    if (n == 0 || m == 0) return (unsigned)(n + m) * MOVE;
    if (n > LONGEST || m > LONGEST) return most + 1;
    if (n > m) {
        const char *t = a;
        size_t k = n;
        a = b, n = m;
        b = t, m = k;
    }
    if ((m - n) * MOVE > most) return most + 1;
    unsigned row[LONGEST + 1];
    for (size_t i = 0; i <= n; i++) row[i] = (unsigned)i * MOVE;
    for (size_t j = 1; j <= m; j++) {
        unsigned diagonal = row[0], least = row[0] = (unsigned)j * MOVE;
        for (size_t i = 1; i <= n; i++) {
            unsigned change = diagonal + change_cost((unsigned char)a[i - 1], (unsigned char)b[j - 1]);
            diagonal = row[i];
            row[i] = GI_MIN(change, GI_MIN(row[i - 1], row[i]) + MOVE);
            least = GI_MIN(least, row[i]);
        }
        if (least > most) return most + 1;
    }
    return row[n];
}

/* The nearest of a list of names, as text; null when none is near, or the list is no list of names. */
static GiRef nearest(GiThread *ts, GiVal name, GiRef list) {
    if (gi_is_null(list)) return list;
    size_t size, count = gi_list_len(list);
    const char *wanted = gi_str_utf8(ts, name, &size);
    GiVal best = GI_NOVAL;
    unsigned best_distance = UINT32_MAX;
    for (size_t i = 0; wanted && count < MOST_NAMES && i < count; i++) {
        GiVal item = gi_list_peek_locked(gi_val(list), i);
        size_t n;
        const char *text = gi_is_str(item) ? gi_str_utf8(ts, item, &n) : NULL;
        if (text == NULL) {
            best = GI_NOVAL;
            break;
        }
        if (n == size && memcmp(text, wanted, n) == 0) continue;
        unsigned most = (unsigned)(size + n + 3) * MOVE / 6;
        most = GI_MIN(most, best_distance - 1);
        unsigned far = distance(wanted, size, text, n, most);
        if (far > most) continue;
        best = item;
        best_distance = far;
    }
    GiRef found = gi_is_null(best) ? GI_NULL : gi_dup(ts, best);
    gi_drop(ts, list);
    if (gi_raised(ts)) gi_exc_clear(ts);
    return found;
}

static GiRef for_attribute(GiThread *ts, GiVal exc) {
    GiAttributeError *e = (GiAttributeError *)gi_obj(exc);
    GiRef name = gi_slot_load(ts, &e->name), object = gi_slot_load(ts, &e->object), found = GI_NULL;
    GiRef dir = gi_dict_get_cstr(ts, gi_val(ts->vm->builtins_dict), "dir");
    if (!gi_is_null(name) && !gi_is_null(object) && gi_is_str(gi_val(name)) && !gi_is_null(dir))
        found = nearest(ts, gi_val(name), gi_call1(ts, gi_val(dir), gi_val(object)));
    gi_xdrop(ts, dir);
    gi_xdrop(ts, name);
    gi_xdrop(ts, object);
    return found;
}

static GiRef for_name(GiThread *ts, GiVal exc) {
    GiNameError *e = (GiNameError *)gi_obj(exc);
    GiRef held = gi_slot_load(ts, &e->name), trace = gi_slot_load(ts, &e->base.traceback), found = GI_NULL;
    if (gi_is_null(held) || !gi_is_str(gi_val(held)) || gi_is_null(trace)) {
        gi_xdrop(ts, held);
        gi_xdrop(ts, trace);
        return GI_NULL;
    }
    GiTraceback *tb = (GiTraceback *)gi_obj(trace);
    while (tb->next.bits) tb = (GiTraceback *)gi_obj(tb->next);
    GiFrame *frame = ((GiFrameObject *)gi_obj(tb->frame))->frame;
    GiFunction *func = gi_frame_func(frame);
    GiRef code = gi_dup(ts, gi_from_obj(frame->code));
    GiRef globals = gi_slot_dup(ts, &func->globals), builtins = gi_slot_dup(ts, &func->builtins);
    GiRef varnames = gi_getattr_cstr(ts, gi_val(code), "co_varnames");
    GiVal name = gi_val(held);
    if (!gi_is_null(varnames)) found = nearest(ts, name, gi_to_list(ts, gi_val(varnames)));
    if (gi_is_null(found)) found = nearest(ts, name, gi_to_list(ts, gi_val(globals)));
    if (gi_is_null(found) && !gi_is_null(builtins)) found = nearest(ts, name, gi_to_list(ts, gi_val(builtins)));
    gi_xdrop(ts, varnames);
    gi_xdrop(ts, builtins);
    gi_drop(ts, globals);
    gi_drop(ts, code);
    gi_drop(ts, trace);
    gi_drop(ts, held);
    return found;
}

GiRef gi_suggestion(GiThread *ts, GiVal exc) {
    GiRef found = GI_NULL;
    if (gi_is_exact(exc, &gi_exc_AttributeError)) found = for_attribute(ts, exc);
    else if (gi_is_exact(exc, &gi_exc_NameError)) found = for_name(ts, exc);
    if (gi_raised(ts)) gi_exc_clear(ts);
    return found;
}
