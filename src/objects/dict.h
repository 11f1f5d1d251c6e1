/* dict.h - compact ordered hash table. LOCK: the object's byte lock guards table and counts.
 *
 * Entries stand in insertion order; a sparse index of 8, 16, 32 or 64-bit entry numbers points to
 * them. `keys_version` is unique among all dicts of the VM and changes with every insertion of a
 * new key, deletion, and rebuild (not with a new value for a known key): inline caches of globals
 * remember version and entry number.
 */
#ifndef GI_OBJECTS_DICT_H
#define GI_OBJECTS_DICT_H

#include "objects/type.h"
#include <sys/types.h>

typedef struct GiDictEntry {
    int64_t hash;
    GiSlot key;   /* null: deleted */
    GiSlot value;
} GiDictEntry;

#define GI_DICT_LOG2_SHIFT 56

typedef struct GiDict {
    GiObj obj;
    size_t used;           /* live entries */
    size_t entry_count;    /* entries in use including deleted ones */
    size_t entry_capacity;
    size_t first;          /* no live entry stands before this number */
    size_t filled;         /* index cells that are not empty (live ones and marks of deletion) */
    GiDictEntry *entries;  /* the index follows the entries in the same block */
    void *index;
    uint64_t table;        /* entries | index_log2 << GI_DICT_LOG2_SHIFT: for readers without the lock */
    uint8_t index_log2;    /* log2 of the number of index cells */
    bool str_keys;         /* every key is an exact str */
    uint32_t keys_version; /* 0: not asked for yet */
    uint32_t mutations;    /* grows with every structural change: iteration checks it with used */
    uint32_t constants;    /* id that instructions know it by which remember values of it; 0: none does */
} GiDict;

extern GiType gi_dict_type, gi_dict_keys_type, gi_dict_values_type, gi_dict_items_type,
    gi_dict_keyiter_type, gi_dict_valueiter_type, gi_dict_itemiter_type, gi_dict_reverse_keyiter_type,
    gi_dict_reverse_valueiter_type, gi_dict_reverse_itemiter_type;
#define gi_is_dict(v) (gi_is_heap(v) && (gi_obj_type(gi_obj(v))->flags & GI_TYPE_DICT))
#define gi_is_dict_exact(v) gi_is_exact(v, &gi_dict_type)
#define gi_dict_of(v) ((GiDict *)gi_obj(v))
#define gi_dict_len(v) __atomic_load_n(&gi_dict_of(v)->used, __ATOMIC_RELAXED)

GI_NODISCARD GiRef gi_dict_new(GiThread *ts);
GI_NODISCARD GiRef gi_dict_new_sized(GiThread *ts, size_t expected);
/* Makes room for `more` items that are not there yet. MemoryError. */
GI_NODISCARD GiStatus gi_dict_reserve(GiThread *ts, GiVal dict, size_t more);
/* Lookup: GI_OK with *out null when absent. May run __hash__/__eq__. */
GI_NODISCARD GiStatus gi_dict_get(GiThread *ts, GiVal dict, GiVal key, GiRef *out);
/* The value of an exact str key; null when absent, without an exception unless the comparison with
 * a key that is no str raised one. For dicts that other threads may change. */
GiRef gi_dict_get_str(GiThread *ts, GiVal dict, GiVal key);
GiRef gi_dict_get_cstr(GiThread *ts, GiVal dict, const char *key);
/* The value of entry `index` if that is still the entry of this very `name`, else null; raises
 * nothing. */
GiRef gi_dict_entry_load(GiThread *ts, GiVal dict, uint32_t index, GiVal name);
/* An id of the dict for instructions that remember what it holds, never given again. From now on
 * vm->constants_epoch grows before a callable or a module in it is replaced, and before one of its
 * entries goes: what was read after the epoch is what it holds while the epoch stays. */
uint32_t gi_dict_constants(GiThread *ts, GiVal dict);
/* Whether a change of that value is told so. */
bool gi_dict_may_be_constant(GiVal value);
/* Replaces that value; consumes `value` only when it gives true (false: another entry by now). */
bool gi_dict_entry_store(GiThread *ts, GiVal dict, uint32_t index, GiVal name, GiRef value);
/* Class dicts alone, which change in a stopped world. Borrowed, exact str key, cannot raise or run Python code if all keys are str (else takes the
 * general way and swallows nothing: null with exception set is possible). */
GiVal gi_dict_get_str_peek(GiThread *ts, GiVal dict, GiVal key);
GiVal gi_dict_get_cstr_peek(GiThread *ts, GiVal dict, const char *key);
GI_NODISCARD GiStatus gi_dict_set(GiThread *ts, GiVal dict, GiVal key, GiVal value);
GI_NODISCARD GiStatus gi_dict_set_steal(GiThread *ts, GiVal dict, GiVal key, GiRef value); /* consumes value */
GI_NODISCARD GiStatus gi_dict_set_cstr(GiThread *ts, GiVal dict, const char *key, GiVal value);
/* *found tells whether it was there; no KeyError. */
GI_NODISCARD GiStatus gi_dict_del(GiThread *ts, GiVal dict, GiVal key, bool *found);
/* Removes and gives the value; null without exception when absent (check gi_raised). */
GI_NODISCARD GiRef gi_dict_pop(GiThread *ts, GiVal dict, GiVal key);
/* dict.setdefault: new reference to the value that is in the dict now. */
GI_NODISCARD GiRef gi_dict_setdefault(GiThread *ts, GiVal dict, GiVal key, GiVal value);
GiTruth gi_dict_contains(GiThread *ts, GiVal dict, GiVal key);
GI_NODISCARD GiStatus gi_dict_update(GiThread *ts, GiVal dict, GiVal other); /* mapping or pairs */
GI_NODISCARD GiStatus gi_dict_merge(GiThread *ts, GiVal dict, GiVal mapping, int override); /* 2: duplicate key raises KeyError */
GI_NODISCARD GiRef gi_dict_copy(GiThread *ts, GiVal dict);
void gi_dict_clear(GiThread *ts, GiVal dict);
/* Iteration in order: *pos starts at 0; borrowed key and value, valid until the dict changes. */
bool gi_dict_next_peek(GiVal dict, size_t *pos, GiVal *key, GiVal *value);
/* The same with owned references (key or value may be NULL: not wanted), tolerating changes. */
bool gi_dict_next(GiThread *ts, GiVal dict, size_t *pos, GiRef *key, GiRef *value);
bool gi_dict_next_key(GiThread *ts, GiVal dict, size_t *pos, GiRef *key, int64_t *hash);
/* As gi_dict_get and gi_dict_set_steal for who knows the hash already. */
GI_NODISCARD GiStatus gi_dict_get_hashed(GiThread *ts, GiVal dict, GiVal key, int64_t hash, GiRef *out);
GI_NODISCARD GiStatus gi_dict_set_hashed(GiThread *ts, GiVal dict, GiVal key, int64_t hash, GiRef value);
/* The first or last item, removed: *key null when the dict is empty. */
void gi_dict_popitem(GiThread *ts, GiVal dict, bool last, GiRef *key, GiRef *value);
/* Moves a key to an end; *found false when it is absent. */
GI_NODISCARD GiStatus gi_dict_move_to_end(GiThread *ts, GiVal dict, GiVal key, bool last, bool *found);
/* The general part of dict.__init__ and update: mapping or pairs, then keyword arguments. */
GI_NODISCARD GiStatus gi_dict_update_args(GiThread *ts, GiVal dict, const char *fname, const GiVal *args,
                                          size_t nargs, GiVal kwnames);
GI_NODISCARD GiRef gi_dict_repr_items(GiThread *ts, GiVal dict); /* "{k: v, ...}" without recursion guard */
/* An iterator over keys, values or items. */
typedef enum { GI_DICT_KEYS, GI_DICT_VALUES, GI_DICT_ITEMS } GiDictKind;
GI_NODISCARD GiRef gi_dict_iter_new(GiThread *ts, GiVal dict, GiDictKind kind, bool reverse);
GI_NODISCARD GiRef gi_dict_view_new(GiThread *ts, GiVal dict, GiDictKind kind);
typedef struct GiDictView { GiObj obj; GiSlot dict; } GiDictView;
GI_NODISCARD GiRef gi_dict_keys_list(GiThread *ts, GiVal dict);
GI_NODISCARD GiRef gi_dict_values_list(GiThread *ts, GiVal dict);
GI_NODISCARD GiRef gi_dict_items_list(GiThread *ts, GiVal dict);
/* For inline caches. Version (made on demand, never 0) and entry number of a str key (-1: none). */
uint32_t gi_dict_version(GiThread *ts, GiVal dict);
ssize_t gi_dict_entry_of(GiThread *ts, GiVal dict, GiVal key);

extern GiType gi_mappingproxy_type;
GI_NODISCARD GiRef gi_mappingproxy_new(GiThread *ts, GiVal mapping);

#endif
