/* list.h - list: a growable array of slots. LOCK: the object's byte lock guards items/count. */
#ifndef GI_OBJECTS_LIST_H
#define GI_OBJECTS_LIST_H

#include "objects/type.h"
#include <sys/types.h>

typedef struct GiList {
    GiObj obj;
    GiSlot *items;
    size_t count;
    size_t capacity;
} GiList;

extern GiType gi_list_type, gi_list_iter_type, gi_list_reverse_iter_type;
/* list null: exhausted. */
typedef struct GiListIter { GiObj obj; GiSlot list; ssize_t index; } GiListIter;
#define gi_is_list(v) (gi_is_heap(v) && (gi_obj_type(gi_obj(v))->flags & GI_TYPE_LIST))
#define gi_is_list_exact(v) gi_is_exact(v, &gi_list_type)
#define gi_list_of(v) ((GiList *)gi_obj(v))
#define gi_list_len(v) __atomic_load_n(&gi_list_of(v)->count, __ATOMIC_RELAXED)

GI_NODISCARD GiRef gi_list_new(GiThread *ts, size_t capacity);          /* empty */
GI_NODISCARD GiRef gi_list_from(GiThread *ts, const GiVal *items, size_t count);
GI_NODISCARD GiStatus gi_list_append(GiThread *ts, GiVal list, GiRef item); /* consumes item */
/* Null without exception when out of range. index is not adjusted. */
GiRef gi_list_get(GiThread *ts, GiVal list, size_t index);
/* The same, where a negative index counts from the end. */
GiRef gi_list_at(GiThread *ts, GiVal list, ssize_t index);
/* Borrowed; only while the lock is held or the list is known to be private. */
static inline GiVal gi_list_peek_locked(GiVal list, size_t i) { return gi_val(gi_list_of(list)->items[i]); }
GI_NODISCARD GiStatus gi_list_set(GiThread *ts, GiVal list, size_t index, GiRef item);
GI_NODISCARD GiStatus gi_list_insert(GiThread *ts, GiVal list, ssize_t index, GiRef item);
/* With the lock held; they consume item only on success. 0 <= index <= length. */
GI_NODISCARD GiStatus gi_list_append_locked(GiThread *ts, GiList *list, GiRef item);
GI_NODISCARD GiStatus gi_list_insert_locked(GiThread *ts, GiList *list, size_t index, GiRef item);
/* Makes `to`, which is fresh, a copy of `from`, which is locked. */
GI_NODISCARD GiStatus gi_list_clone_locked(GiThread *ts, GiList *to, const GiList *from);
GI_NODISCARD GiStatus gi_list_extend(GiThread *ts, GiVal list, GiVal iterable);
GI_NODISCARD GiStatus gi_list_sort(GiThread *ts, GiVal list, GiVal key, bool reverse);
GI_NODISCARD GiStatus gi_list_reverse(GiThread *ts, GiVal list);
GI_NODISCARD GiRef gi_list_slice(GiThread *ts, GiVal list, ssize_t start, ssize_t stop);
void gi_list_clear(GiThread *ts, GiVal list);
GI_NODISCARD GiRef gi_list_to_tuple(GiThread *ts, GiVal list);

#endif
