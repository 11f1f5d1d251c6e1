/* whole.h - taking all that an iterable gives in one step, for native code that goes through it: list(), sum(), dict.fromkeys ...
 *
 * Under the lock no thread comes between two items that need no Python code, so a builtin container is gone through as it
 * is at one moment. Without the lock its iterator would notice what others change meanwhile; so who takes all the items
 * takes them by gi_iter_whole or gi_iter_listed. In both, what only the caller can reach is stepped as ever.
 * How it is done stands with the iterators: `native` of a static iterator type is its GiRest.
 */
#ifndef GI_OBJECTS_WHOLE_H
#define GI_OBJECTS_WHOLE_H

#include "objects/dict.h"
#include "objects/protocol.h"

typedef struct GiRest {
    /* What is left of the iterator as a new list, at one moment; it is at its end then. `fresh`: nobody else has it, so that,
     * if no step was made yet, changes of the container since it was made do not count. Raises what the iterator would
     * raise. */
    GiRef (*list)(GiThread *ts, GiVal iterator, bool fresh);
    /* Instead of `list`, for an iterator that takes from others: where its part number i stands. NULL: no more parts, or
     * Python code comes between two items. */
    GiSlot *(*part)(GiVal iterator, size_t i);
} GiRest;

GiRef gi_iter_listed_free(GiThread *ts, GiVal v, bool *listed);
GiRef gi_iter_whole_free(GiThread *ts, GiVal v);
/* An iterator over what gi_iter_listed has listed; consumes the list. */
GI_NODISCARD GiRef gi_iter_of_list(GiThread *ts, GiRef list);

/* iter(v), or, *listed, a list of what v gives, which then has no other reference. */
GI_NODISCARD static inline GiRef gi_iter_listed(GiThread *ts, GiVal v, bool *listed) {
    if (GI_UNLIKELY(ts->core.free_running)) return gi_iter_listed_free(ts, v, listed);
    *listed = false;
    return gi_iter(ts, v);
}
/* True if v gives its items without Python code, and nobody can change it meanwhile or need see it at one moment: who
 * changes a container by all of them can list them first. */
bool gi_gives_natively(GiThread *ts, GiVal v);
/* An iterator over what v gives. */
GI_NODISCARD static inline GiRef gi_iter_whole(GiThread *ts, GiVal v) {
    return GI_UNLIKELY(ts->core.free_running) ? gi_iter_whole_free(ts, v) : gi_iter(ts, v);
}
/* An iterator over a builtin container, whose steps are native. */
bool gi_is_container_iterator(GiVal it);
/* A builtin function, method or class (which may call Python code for arguments that have some). */
bool gi_is_native_callable(GiVal callable);
/* The same if what is done with the items is the work of `callable`, and that is native (or null). */
GI_NODISCARD GiRef gi_iter_whole_for(GiThread *ts, GiVal v, GiVal callable);
/* The list of n keys, values or pairs; takes over taken[2 * i] and taken[2 * i + 1], key and value, of which the kind may
 * leave one null. */
GI_NODISCARD GiRef gi_dict_list_of_taken(GiThread *ts, GiDictKind kind, GiRef *taken, size_t n);
/* An iterator over the pairs that a dict is updated by. Null without an exception: they are in already, in one step, since
 * other threads use the dict. */
GI_NODISCARD GiRef gi_dict_iter_pairs(GiThread *ts, GiVal dict, GiVal pairs);
/* The mapping behind a mappingproxy, which keeps it. */
GiVal gi_mappingproxy_of(GiVal proxy);

#endif
