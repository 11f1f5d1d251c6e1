/* _zoneinfo.c - ZoneInfo: time zones of the tz database, each made once and shared.
 *
 * The library's Python files find and read a zone's file (zoneinfo._tzpath, zoneinfo._common); what
 * they give becomes numbers here (zone.h). A ZoneInfo does not change once it is made.
 *
 * Caches, one for ZoneInfo and one for each subclass: a dict from key to an entry that holds a weak
 * reference to the zone; of ZoneInfo itself the few zones that were asked for last are kept alive. Two threads that ask for
 * a new key may both read the file; the entry decides whose zone everybody gets. Entries stay when
 * their zone is gone: there are no more of them than files. LOCK: an entry's reference and the list of kept zones
 * change in steps (modules/step.h), in which no Python code runs; the dict guards itself.
 */
#include "modules/_datetime/internal.h"
#include "modules/_zoneinfo/zone.h"
#include "modules/step.h"

enum { KEPT = 8 };

typedef struct GiZoneEntry {
    GiObj obj;
    GiSlot zone; /* weak reference, or null */
} GiZoneEntry;

typedef struct GiZoneCache {
    GiObj obj;
    GiSlot owner;       /* the class, weakly: a weak reference, or null for ZoneInfo itself */
    GiSlot entries;     /* dict */
    GiSlot kept[KEPT];  /* zones, the last one asked for first; null: no more */
} GiZoneCache;

/* Types of local time: those of the file, then the two of the rule. */
typedef struct GiZone {
    GiObj obj;
    GiSlot key;          /* None: from a file without one */
    GiSlot file_repr;    /* str or null */
    GiSlot *texts;       /* for each type: utcoffset, dst, tzname */
    size_t text_count;
    int64_t *times;      /* transitions in UTC, by local clocks with fold 0, with fold 1; then `types` */
    size_t transitions;
    const uint8_t *types; /* of each transition: the type that it begins */
    int before, after;   /* types; before -1: none */
    bool has_rule;       /* after the last transition `after` (standard) and after + 1 (summer) alternate */
    bool fixed;          /* one type for ever */
    uint8_t source;
    GiZoneRule rule;     /* offsets and dates only */
} GiZone;
enum { FROM_CACHE = 1, NOT_CACHED = 0, FROM_FILE = 2 };
enum { TEXT_OFFSET, TEXT_DST, TEXT_NAME, TEXTS };

typedef struct ZoneState {
    GiSlot cache; /* that of ZoneInfo itself */
} ZoneState;

static GiRef zoneinfo_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames);
#include "modules/_zoneinfo/_zoneinfo.gen.h"

extern GiType gi_zoneinfo_type, gi_zone_entry_type, gi_zone_cache_type;
extern const GiModuleDef gi_module__zoneinfo;

#define zone_of(v) ((GiZone *)gi_obj(v))
#define entry_of(v) ((GiZoneEntry *)gi_obj(v))
#define cache_of(v) ((GiZoneCache *)gi_obj(v))

/* ---- Filling ---- */

/* What zoneinfo._common.load_data gives, as arrays. */
typedef struct Loaded {
    GiRef data;
    GiVal types, times, offsets, flags, names, tz_text;
    size_t transitions, type_count;
    int32_t *offset, *dst; /* by type, room for the rule's two */
    bool *is_dst;
} Loaded;

static GiStatus bad_data(GiThread *ts) {
    return gi_raise_status(ts, &gi_exc_ValueError, "load_data() returned no proper time zone");
}

static GiStatus read_types(GiThread *ts, Loaded *l) {
    l->offset = gi_mem_calloc(ts, l->type_count + 2, 2 * sizeof *l->offset + sizeof *l->is_dst);
    if (!l->offset) return GI_FAIL;
    l->dst = l->offset + l->type_count + 2;
    l->is_dst = (bool *)(l->dst + l->type_count + 2);
    for (size_t i = 0; i < l->type_count; i++) {
        int64_t offset;
        if (gi_as_i64(ts, gi_tuple_get(l->offsets, i), &offset)) return GI_FAIL;
        GiTruth flag = gi_truth(ts, gi_tuple_get(l->flags, i));
        if (flag.value < 0) return GI_FAIL;
        if (offset < INT32_MIN / 2 || offset > INT32_MAX / 2 || !gi_is_str(gi_tuple_get(l->names, i))) return bad_data(ts);
        l->offset[i] = (int32_t)offset;
        l->is_dst[i] = flag.value;
    }
    return GI_OK;
}

static GiStatus read_transitions(GiThread *ts, Loaded *l, GiZone *z) {
    size_t n = l->transitions;
    int64_t *times = gi_mem_calloc(ts, n + 1, 3 * sizeof(int64_t) + 1);
    if (!times) return GI_FAIL;
    z->times = times;
    uint8_t *types = (uint8_t *)(times + 3 * n);
    z->types = types;
    for (size_t i = 0; i < n; i++) {
        int64_t type;
        if (gi_as_i64(ts, gi_tuple_get(l->times, i), &times[i]) || gi_as_i64(ts, gi_tuple_get(l->types, i), &type))
            return GI_FAIL;
        if (type < 0 || (size_t)type >= l->type_count || type > 255)
            return gi_raise_status(ts, &gi_exc_ValueError, "Invalid transition index found while reading TZif: %lld", (long long)type);
        types[i] = (uint8_t)type;
        int32_t from = l->offset[i ? types[i - 1] : 0], to = l->offset[type];
        if (__builtin_add_overflow(times[i], (int64_t)GI_MAX(from, to), &times[n + i]) ||
            __builtin_add_overflow(times[i], (int64_t)GI_MIN(from, to), &times[2 * n + i]))
            return bad_data(ts);
    }
    z->transitions = n;
    gi_zone_infer_dst(types, n, l->offset, l->is_dst, l->type_count, l->dst);
    z->before = n ? types[0] : -1;
    for (size_t i = l->type_count; i-- > 0;)
        if (!l->is_dst[i]) z->before = (int)i;
    return GI_OK;
}

/* What holds after the last transition. *extra: how many types it adds to those of the file. */
static GiStatus read_rule(GiThread *ts, Loaded *l, GiZone *z, size_t *extra) {
    *extra = 0;
    if (gi_is_none(l->tz_text) || (gi_is_bytes(l->tz_text) && gi_bytes_len(l->tz_text) == 0)) {
        if (l->type_count == 0) return gi_raise_status(ts, &gi_exc_ValueError, "No time zone information found.");
        z->after = z->transitions ? z->types[z->transitions - 1] : (int)l->type_count - 1;
        return GI_OK;
    }
    if (!gi_is_bytes(l->tz_text)) return bad_data(ts);
    const char *wrong = gi_zone_parse_rule((const char *)gi_bytes_data(l->tz_text), gi_bytes_len(l->tz_text), &z->rule);
    if (wrong) return gi_raise_status(ts, &gi_exc_ValueError, "%s %R", wrong, l->tz_text);
    z->has_rule = z->rule.dst_name != NULL;
    z->after = (int)l->type_count;
    *extra = z->has_rule ? 2 : 1;
    l->offset[l->type_count] = z->rule.std_offset;
    if (z->has_rule) {
        l->offset[l->type_count + 1] = z->rule.dst_offset;
        l->dst[l->type_count + 1] = z->rule.dst_offset - z->rule.std_offset;
    }
    return GI_OK;
}

static GiRef seconds_delta(GiThread *ts, int32_t seconds) { return gi_dt_delta(ts, seconds * (__int128)DT_US_PER_SECOND); }

/* The objects that utcoffset, dst and tzname give for each type. */
static GiStatus make_texts(GiThread *ts, Loaded *l, GiZone *z, size_t extra) {
    size_t count = l->type_count + extra;
    z->texts = gi_mem_calloc(ts, count, TEXTS * sizeof(GiSlot));
    if (!z->texts) return GI_FAIL;
    z->text_count = count * TEXTS;
    for (size_t i = 0; i < count; i++) {
        GiRef offset = seconds_delta(ts, l->offset[i]), name;
        if (gi_is_null(offset)) return GI_FAIL;
        gi_slot_init(&z->texts[i * TEXTS + TEXT_OFFSET], offset);
        GiRef dst = seconds_delta(ts, l->dst[i]);
        if (gi_is_null(dst)) return GI_FAIL;
        gi_slot_init(&z->texts[i * TEXTS + TEXT_DST], dst);
        if (i < l->type_count) name = gi_dup(ts, gi_tuple_get(l->names, i));
        else if (i == l->type_count) name = gi_str_from_latin1(ts, z->rule.std_name, z->rule.std_len);
        else name = gi_str_from_latin1(ts, z->rule.dst_name, z->rule.dst_len);
        if (gi_is_null(name)) return GI_FAIL;
        gi_slot_init(&z->texts[i * TEXTS + TEXT_NAME], name);
    }
    return GI_OK;
}

static bool same_type(const GiZone *z, const Loaded *l, int x, int y) {
    return l->offset[x] == l->offset[y] && l->dst[x] == l->dst[y] &&
           gi_str_equal(gi_val(z->texts[x * TEXTS + TEXT_NAME]), gi_val(z->texts[y * TEXTS + TEXT_NAME]));
}

static GiStatus fill_from(GiThread *ts, Loaded *l, GiZone *z) {
    GiVal d = gi_val(l->data);
    if (!gi_is_tuple(d) || gi_tuple_len(d) != 6) return bad_data(ts);
    for (size_t i = 0; i < 5; i++)
        if (!gi_is_tuple(gi_tuple_get(d, i))) return bad_data(ts);
    l->types = gi_tuple_get(d, 0), l->times = gi_tuple_get(d, 1), l->offsets = gi_tuple_get(d, 2);
    l->flags = gi_tuple_get(d, 3), l->names = gi_tuple_get(d, 4), l->tz_text = gi_tuple_get(d, 5);
    l->transitions = gi_tuple_len(l->times), l->type_count = gi_tuple_len(l->offsets);
    if (gi_tuple_len(l->types) != l->transitions || gi_tuple_len(l->flags) != l->type_count ||
        gi_tuple_len(l->names) != l->type_count || l->type_count > 256)
        return bad_data(ts);
    size_t extra;
    if (read_types(ts, l) || read_transitions(ts, l, z) || read_rule(ts, l, z, &extra) || make_texts(ts, l, z, extra))
        return GI_FAIL;
    z->rule.std_name = z->rule.dst_name = NULL; /* the text goes */
    z->fixed = !z->has_rule && (l->type_count == 0 || (l->type_count == 1 && same_type(z, l, 0, z->after)));
    return GI_OK;
}

/* Reads the zone in an open file. */
static GiStatus fill_zone(GiThread *ts, GiVal zone, GiVal file) {
    GI_AUTO GiRef load = gi_import_attr(ts, "zoneinfo._common", "load_data");
    if (gi_is_null(load)) return GI_FAIL;
    Loaded l = {.data = gi_call1(ts, gi_val(load), file)};
    if (gi_is_null(l.data)) return GI_FAIL;
    GiStatus status = fill_from(ts, &l, zone_of(zone));
    gi_mem_free(l.offset);
    gi_drop(ts, l.data);
    return status;
}

/* ---- Making ---- */

/* The file of a key, open for reading. */
static GiRef open_key(GiThread *ts, GiVal key) {
    GI_AUTO GiRef find = gi_import_attr(ts, "zoneinfo._tzpath", "find_tzfile");
    GI_AUTO GiRef path = gi_is_null(find) ? GI_NULL : gi_call1(ts, gi_val(find), key);
    if (gi_is_null(path)) return GI_NULL;
    if (gi_is_none(path)) {
        GI_AUTO GiRef load = gi_import_attr(ts, "zoneinfo._common", "load_tzdata");
        return gi_is_null(load) ? GI_NULL : gi_call1(ts, gi_val(load), key);
    }
    GI_AUTO GiRef open = gi_import_attr(ts, "io", "open");
    GI_AUTO GiRef mode = gi_is_null(open) ? GI_NULL : gi_str_from_cstr(ts, "rb");
    return gi_is_null(mode) ? GI_NULL : gi_call2(ts, gi_val(open), gi_val(path), gi_val(mode));
}

static GiRef new_zone(GiThread *ts, GiType *type, GiVal key, uint8_t source) {
    GiRef r = gi_type_alloc(ts, type, 0);
    if (gi_is_null(r)) return r;
    gi_slot_init(&zone_of(r)->key, gi_dup(ts, key));
    zone_of(r)->source = source;
    return r;
}

/* Closes the file whatever happened; an earlier exception stays. */
static GiStatus close_file(GiThread *ts, GiVal file) {
    GiRef raised = gi_exc_take(ts), done = gi_call_method_cstr(ts, file, "close", NULL, 0);
    GiStatus status = gi_is_null(done) ? GI_FAIL : GI_OK;
    gi_xdrop(ts, done);
    if (gi_is_null(raised)) return status;
    if (status) gi_exc_chain_context(ts, raised);
    else gi_exc_restore(ts, raised);
    return GI_FAIL;
}

static GiRef load_key(GiThread *ts, GiType *type, GiVal key, uint8_t source) {
    GI_AUTO GiRef file = open_key(ts, key);
    if (gi_is_null(file)) return GI_NULL;
    GiRef zone = new_zone(ts, type, key, source);
    if (!gi_is_null(zone) && fill_zone(ts, gi_val(zone), gi_val(file))) {
        gi_drop(ts, zone);
        zone = GI_NULL;
    }
    if (close_file(ts, gi_val(file))) {
        gi_xdrop(ts, zone);
        return GI_NULL;
    }
    return zone;
}

/* ---- Caches ---- */

static GiRef new_cache(GiThread *ts, GiVal owner) {
    GiRef r = gi_type_alloc(ts, &gi_zone_cache_type, 0);
    if (gi_is_null(r)) return r;
    GiRef entries = gi_dict_new(ts);
    if (!gi_is_null(entries)) gi_slot_init(&cache_of(r)->entries, entries);
    GiRef weak = gi_is_null(owner) ? GI_NULL : gi_weakref_new(ts, &gi_weakref_type, owner, GI_NOVAL);
    if (gi_raised(ts)) {
        gi_drop(ts, r);
        return GI_NULL;
    }
    gi_slot_init(&cache_of(r)->owner, weak);
    return r;
}

/* Does the cache belong to this subclass itself, and not to a base of it? */
static bool is_cache_of(GiThread *ts, GiVal cache, GiType *type) {
    if (!gi_is_exact(cache, &gi_zone_cache_type) || gi_slot_empty(&cache_of(cache)->owner)) return false;
    GiRef owner = gi_weakref_get(ts, gi_val(cache_of(cache)->owner));
    bool own = !gi_is_null(owner) && gi_as_type(owner) == type;
    gi_xdrop(ts, owner);
    return own;
}

/* Gives a subclass a cache of its own. */
static GiStatus add_cache(GiThread *ts, GiVal cls) {
    GI_AUTO GiRef cache = new_cache(ts, cls);
    return gi_is_null(cache) ? GI_FAIL : gi_setattr_cstr(ts, cls, "_weak_cache", gi_val(cache));
}

/* The cache of a class; a subclass whose __init_subclass__ did not make one gets it now. */
static GiRef cache_for(GiThread *ts, GiType *type) {
    if (type == &gi_zoneinfo_type) {
        ZoneState *state = gi_module_state_of(ts, &gi_module__zoneinfo);
        return gi_slot_dup(ts, &state->cache);
    }
    for (int i = 0; i < 2; i++) {
        GI_AUTO GiRef name = gi_intern_cstr(ts, "_weak_cache");
        GiRef found;
        if (gi_is_null(name) || gi_getattr_opt(ts, gi_type_val(type), gi_val(name), &found)) return GI_NULL;
        if (!gi_is_null(found) && is_cache_of(ts, gi_val(found), type)) return found;
        gi_xdrop(ts, found);
        if (i == 0 && add_cache(ts, gi_type_val(type))) return GI_NULL;
    }
    return gi_raise_ref(ts, &gi_exc_RuntimeError, "the cache of %N is gone", type);
}

/* In a step of the cache: the zone moves to the front of those that are kept; what falls out is for the caller to
 * drop. A reference is taken over unless the zone was kept already (then it is given back). */
static GiRef keep_locked(GiZoneCache *cache, GiRef zone) {
    GiRef out = zone;
    for (size_t i = 0; i < KEPT; i++) {
        GiRef here = gi_step_swap(&cache->kept[i], out);
        if (gi_is_null(here)) return here;
        if (gi_same(here, zone)) {
            /* Only the others moved on: i == 0 leaves everything as it was. */
            return here;
        }
        out = here;
    }
    return out;
}

static void keep(GiThread *ts, GiVal cache, GiVal zone) {
    GiRef out = gi_dup(ts, zone);
    GI_STEP(ts, cache) out = keep_locked(cache_of(cache), out);
    gi_xdrop(ts, out);
}

/* The kept zone of a key that is an exact str, or null. */
static GiRef kept_zone(GiThread *ts, GiVal cache, GiVal key) {
    GiRef found = GI_NULL, again = GI_NULL;
    GI_STEP(ts, cache) {
        GiSlot *kept = cache_of(cache)->kept;
        for (size_t i = 0; i < KEPT && kept[i].bits && gi_is_null(found); i++) {
            GiVal its = gi_val(zone_of(kept[i])->key);
            if (gi_is_str_exact(its) && gi_str_equal(its, key)) {
                found = gi_slot_dup(ts, &kept[i]);
                if (i) again = keep_locked(cache_of(cache), gi_slot_dup(ts, &kept[i]));
            }
        }
    }
    gi_xdrop(ts, again);
    return found;
}

/* The living zone of an entry, or null. */
static GiRef entry_zone(GiThread *ts, GiVal entry) {
    GiRef weak = gi_slot_load(ts, &entry_of(entry)->zone);
    if (gi_is_null(weak)) return weak;
    GiRef zone = gi_weakref_get(ts, gi_val(weak));
    gi_drop(ts, weak);
    return zone;
}

/* Puts the zone into the entry unless a living one is there: gives the one that is there. Consumes zone. */
static GiRef settle(GiThread *ts, GiVal entry, GiRef zone) {
    GI_AUTO GiRef weak = gi_weakref_new(ts, &gi_weakref_type, gi_val(zone), GI_NOVAL);
    if (gi_is_null(weak)) {
        gi_drop(ts, zone);
        return GI_NULL;
    }
    for (;;) {
        GI_AUTO GiRef old = gi_slot_load(ts, &entry_of(entry)->zone);
        GiRef other = gi_is_null(old) ? GI_NULL : gi_weakref_get(ts, gi_val(old));
        if (!gi_is_null(other)) {
            gi_drop(ts, zone);
            return other;
        }
        GiRef gone = GI_NULL;
        bool done = false;
        GI_STEP(ts, entry) {
            if (gi_same(entry_of(entry)->zone, old)) {
                gone = gi_step_swap(&entry_of(entry)->zone, gi_dup(ts, gi_val(weak)));
                done = true;
            }
        }
        gi_xdrop(ts, gone);
        if (done) return zone;
    }
}

static GiRef cached_zone(GiThread *ts, GiType *type, GiVal key) {
    GI_AUTO GiRef cache = cache_for(ts, type);
    if (gi_is_null(cache)) return GI_NULL;
    GiRef zone = GI_NULL;
    if (gi_is_str_exact(key)) zone = kept_zone(ts, gi_val(cache), key);
    if (!gi_is_null(zone)) return zone;
    GiVal entries = gi_val(cache_of(cache)->entries);
    GiRef found;
    if (gi_dict_get(ts, entries, key, &found)) return GI_NULL;
    GI_AUTO GiRef entry = found;
    if (!gi_is_null(entry)) zone = entry_zone(ts, gi_val(entry));
    if (gi_is_null(zone)) {
        zone = load_key(ts, type, key, FROM_CACHE);
        if (gi_is_null(zone)) return zone;
        if (gi_is_null(entry)) {
            GI_AUTO GiRef fresh = gi_type_alloc(ts, &gi_zone_entry_type, 0);
            entry = gi_is_null(fresh) ? GI_NULL : gi_dict_setdefault(ts, entries, key, gi_val(fresh));
            if (gi_is_null(entry)) {
                gi_drop(ts, zone);
                return GI_NULL;
            }
        }
        zone = settle(ts, gi_val(entry), zone);
        if (gi_is_null(zone)) return zone;
    }
    if (type == &gi_zoneinfo_type) keep(ts, gi_val(cache), gi_val(zone)); /* PYSEM: subclasses keep none */
    return zone;
}

/* Forgets one zone, or all of them (null). */
static void release(GiThread *ts, GiVal cache, GiVal zone) {
    GiRef out[KEPT] = {{0}};
    size_t left = 0, gone = 0;
    GI_STEP(ts, cache) {
        GiSlot *kept = cache_of(cache)->kept;
        for (size_t i = 0; i < KEPT; i++) {
            GiRef here = gi_step_take(&kept[i]);
            if (gi_is_null(here)) continue;
            if (gi_is_null(zone) || gi_same(here, zone)) out[gone++] = here;
            else (void)gi_step_swap(&kept[left++], here);
        }
    }
    for (size_t i = 0; i < gone; i++) gi_drop(ts, out[i]);
}

static GiStatus forget_key(GiThread *ts, GiVal cache, GiVal key) {
    GI_AUTO GiRef entry = gi_dict_pop(ts, gi_val(cache_of(cache)->entries), key);
    if (gi_is_null(entry)) return gi_raised(ts) ? GI_FAIL : GI_OK;
    GI_AUTO GiRef zone = entry_zone(ts, gi_val(entry));
    if (!gi_is_null(zone)) release(ts, cache, gi_val(zone));
    return GI_OK;
}

/* ---- Looking up ---- */

/* The seconds that local clocks show. Any object with the attributes of a datetime will do. */
static GiStatus local_seconds(GiThread *ts, GiVal dt, int64_t *out, int *year, int *fold) {
    if (gi_is_datetime(dt)) {
        GiDateTime *d = gi_datetime_of(dt);
        *out = (dt_day_ordinal(d->day) - DT_EPOCH_ORDINAL) * DT_DAY_SECONDS + dt_clock_seconds(d->clock);
        *year = d->day.year;
        *fold = d->clock.fold;
        return GI_OK;
    }
    static const struct { const char *name; int64_t unit; } parts[] = {{"hour", 3600}, {"minute", 60}, {"second", 1}};
    GI_AUTO GiRef ordinal = gi_call_method_cstr(ts, dt, "toordinal", NULL, 0);
    int64_t n;
    if (gi_is_null(ordinal) || gi_as_i64(ts, gi_val(ordinal), &n)) return GI_FAIL;
    *out = (n - DT_EPOCH_ORDINAL) * DT_DAY_SECONDS;
    for (size_t i = 0; i < GI_COUNTOF(parts); i++) {
        GI_AUTO GiRef part = gi_getattr_cstr(ts, dt, parts[i].name);
        if (gi_is_null(part) || gi_as_i64(ts, gi_val(part), &n)) return GI_FAIL;
        *out += n * parts[i].unit;
    }
    GI_AUTO GiRef its_year = gi_getattr_cstr(ts, dt, "year");
    GI_AUTO GiRef its_fold = gi_is_null(its_year) ? GI_NULL : gi_getattr_cstr(ts, dt, "fold");
    return gi_is_null(its_fold) || gi_dt_int(ts, gi_val(its_year), year) || gi_dt_int(ts, gi_val(its_fold), fold) ? GI_FAIL : GI_OK;
}

/* The type that holds at a datetime (or None), -1: none. */
static GiStatus type_at(GiThread *ts, GiVal self, GiVal dt, int *type) {
    GiZone *z = zone_of(self);
    if (gi_is_none(dt)) {
        *type = z->fixed ? z->after : -1;
        return GI_OK;
    }
    int64_t t;
    int year, fold;
    if (local_seconds(ts, dt, &t, &year, &fold)) return GI_FAIL;
    size_t n = z->transitions;
    const int64_t *local = z->times + (fold ? 2 * n : n);
    if (n && t < local[0]) *type = z->before;
    else if (n && t <= local[n - 1]) *type = z->types[gi_zone_search(local, n, t) - 1];
    else *type = z->after + (z->has_rule && gi_zone_rule_local(&z->rule, t, year, fold));
    return GI_OK;
}

static GiRef text_at(GiThread *ts, GiVal self, GiVal dt, int which) {
    int type;
    if (type_at(ts, self, dt, &type)) return GI_NULL;
    return type < 0 ? GI_REF_NONE : gi_slot_dup(ts, &zone_of(self)->texts[type * TEXTS + which]);
}

static int64_t offset_of_type(const GiZone *z, int type) {
    if (type < 0) return 0;
    const GiDelta *d = gi_delta_of(z->texts[type * TEXTS + TEXT_OFFSET]);
    return d->days * DT_DAY_SECONDS + d->seconds;
}

/* The offset at a time in UTC, and whether local clocks show that time again. */
static int64_t offset_from_utc(const GiZone *z, int64_t utc, int64_t year, bool *fold) {
    size_t n = z->transitions, passed = gi_zone_search(z->times, n, utc);
    *fold = false;
    if (n && passed == 0) return offset_of_type(z, z->before);
    if (z->has_rule && (n == 0 || utc > z->times[n - 1]))
        return offset_of_type(z, z->after + gi_zone_rule_utc(&z->rule, utc, year, fold));
    if (n == 0) return offset_of_type(z, z->after);
    int64_t now = offset_of_type(z, z->types[passed - 1]);
    int64_t earlier = offset_of_type(z, passed > 1 ? z->types[passed - 2] : z->before);
    *fold = utc - z->times[passed - 1] < earlier - now;
    return now;
}

/* ---- Methods ---- */

static const char *const key_names[] = {"key"};
static const DtParams key_params = {NULL, key_names, "O", 1, 1};

static GiRef zoneinfo_new(GiThread *ts, GiType *type, const GiVal *args, size_t nargs, GiVal kwnames) {
    DtArg key;
    return gi_dt_unpack(ts, &key_params, args, nargs, kwnames, &key) ? GI_NULL : cached_zone(ts, type, key.v);
}

GI_CLASSMETHOD(zoneinfo, clear_cache, "(type, *args, **kwargs)", "Clear the ZoneInfo cache.") {
    static const char *const names[] = {"only_keys"};
    static const DtParams params = {NULL, names, "O", 0, 0};
    DtArg only_keys;
    if (gi_dt_unpack_dict(ts, &params, a->args, a->args_count, a->kwargs, &only_keys)) return GI_NULL;
    GI_AUTO GiRef cache = cache_for(ts, gi_as_type(self));
    if (gi_is_null(cache)) return GI_NULL;
    if (gi_is_null(only_keys.v) || gi_is_none(only_keys.v)) {
        gi_dict_clear(ts, gi_val(cache_of(cache)->entries));
        release(ts, gi_val(cache), GI_NOVAL);
        return GI_REF_NONE;
    }
    GI_AUTO GiRef keys = gi_iter(ts, only_keys.v);
    while (!gi_is_null(keys)) {
        GI_AUTO GiRef key = gi_next(ts, gi_val(keys));
        if (gi_is_null(key)) return gi_raised(ts) ? GI_NULL : GI_REF_NONE;
        if (forget_key(ts, gi_val(cache), gi_val(key))) return GI_NULL;
    }
    return GI_NULL;
}
GI_CLASSMETHOD(zoneinfo, no_cache, "(type, *args, **kwargs)",
               "Get a new instance of ZoneInfo, bypassing the cache.") {
    DtArg key;
    if (gi_dt_unpack_dict(ts, &key_params, a->args, a->args_count, a->kwargs, &key)) return GI_NULL;
    return load_key(ts, gi_as_type(self), key.v, NOT_CACHED);
}
GI_CLASSMETHOD(zoneinfo, from_file, "(type, *args, **kwargs)", "Create a ZoneInfo file from a file object.") {
    static const char *const names[] = {"", "key"};
    static const DtParams params = {NULL, names, "OO", 1, 2};
    DtArg arg[2];
    if (a->args_count == 0)
        return gi_raise_ref(ts, &gi_exc_TypeError, "function takes at least 1 positional argument (0 given)");
    if (gi_dt_unpack_dict(ts, &params, a->args, a->args_count, a->kwargs, arg)) return GI_NULL;
    GiVal file = arg[0].v, key = gi_is_null(arg[1].v) ? GI_NONE : arg[1].v;
    GI_AUTO GiRef zone = new_zone(ts, gi_as_type(self), key, FROM_FILE);
    GI_AUTO GiRef text = gi_is_null(zone) ? GI_NULL : gi_repr(ts, file);
    if (gi_is_null(text)) return GI_NULL;
    gi_slot_init(&zone_of(zone)->file_repr, gi_move(&text));
    return fill_zone(ts, gi_val(zone), file) ? GI_NULL : gi_move(&zone);
}
GI_METHOD(zoneinfo, utcoffset, "(self, dt, /)",
          "Retrieve a timedelta representing the UTC offset in a zone at the given datetime.") {
    return text_at(ts, self, a->dt, TEXT_OFFSET);
}
GI_METHOD(zoneinfo, dst, "(self, dt, /)",
          "Retrieve a timedelta representing the amount of DST applied in a zone at the given datetime.") {
    return text_at(ts, self, a->dt, TEXT_DST);
}
GI_METHOD(zoneinfo, tzname, "(self, dt, /)",
          "Retrieve a string containing the abbreviation for the time zone that applies in a zone at a given datetime.") {
    return text_at(ts, self, a->dt, TEXT_NAME);
}

/* The datetime with fold 1: a subclass has its own replace(). */
static GiRef with_fold(GiThread *ts, GiVal dt) {
    if (gi_is_exact(dt, &gi_datetime_type)) {
        GiDateTime *d = gi_datetime_of(dt);
        DtClock clock = d->clock;
        clock.fold = 1;
        return gi_dt_datetime_new(ts, &gi_datetime_type, d->day, clock, gi_val(d->tzinfo));
    }
    GI_AUTO GiRef replace = gi_getattr_cstr(ts, dt, "replace");
    GI_AUTO GiRef name = gi_is_null(replace) ? GI_NULL : gi_intern_cstr(ts, "fold");
    GI_AUTO GiRef names = gi_is_null(name) ? GI_NULL : gi_tuple_pack(ts, 1, gi_val(name));
    GiVal one = gi_smallint(1);
    return gi_is_null(names) ? GI_NULL : gi_call(ts, gi_val(replace), &one, 0, gi_val(names));
}

GI_METHOD(zoneinfo, fromutc, "(self, dt, /)",
          "Given a datetime with local time in UTC, retrieve an adjusted datetime in local time.") {
    if (!gi_is_datetime(a->dt)) return gi_raise_ref(ts, &gi_exc_TypeError, "fromutc: argument must be a datetime");
    if (!gi_same(gi_datetime_of(a->dt)->tzinfo, self))
        return gi_raise_ref(ts, &gi_exc_ValueError, "fromutc: dt.tzinfo is not self");
    int64_t utc;
    int year, its_fold;
    bool fold;
    if (local_seconds(ts, a->dt, &utc, &year, &its_fold)) return GI_NULL;
    int64_t offset = offset_from_utc(zone_of(self), utc, year, &fold);
    GiRef local = gi_dt_datetime_add(ts, a->dt, offset * (__int128)DT_US_PER_SECOND);
    if (!fold || gi_is_null(local)) return local;
    GiRef again = with_fold(ts, gi_val(local));
    gi_drop(ts, local);
    return again;
}

static GiRef zoneinfo_repr(GiThread *ts, GiVal self) {
    GiZone *z = zone_of(self);
    const char *name = gi_type_name(self);
    if (!gi_is_none(z->key)) return gi_str_format(ts, "%s(key=%R)", name, gi_val(z->key));
    return gi_str_format(ts, "%s.from_file(%U)", name, gi_val(z->file_repr));
}
static GiRef zoneinfo_str(GiThread *ts, GiVal self) {
    return gi_is_none(zone_of(self)->key) ? gi_repr(ts, self) : gi_slot_dup(ts, &zone_of(self)->key);
}

GI_METHOD(zoneinfo, __reduce__, "(self)", "Function for serialization with the pickle protocol.") {
    GiZone *z = zone_of(self);
    if (z->source == FROM_FILE) {
        GI_AUTO GiRef error = gi_import_attr(ts, "pickle", "PicklingError");
        if (!gi_is_null(error) && gi_is_type(gi_val(error)))
            gi_raise(ts, gi_as_type(error), "Cannot pickle a ZoneInfo file from a file stream.");
        return GI_NULL;
    }
    GI_AUTO GiRef make = gi_getattr_cstr(ts, gi_type_val(gi_type_of(self)), "_unpickle");
    GI_AUTO GiRef args = gi_is_null(make) ? GI_NULL : gi_tuple_pack(ts, 2, gi_val(z->key), gi_smallint(z->source));
    return gi_is_null(args) ? GI_NULL : gi_tuple_pack(ts, 2, gi_val(make), gi_val(args));
}
GI_CLASSMETHOD(zoneinfo, _unpickle, "(type, *args)", "Private method used in unpickling.") {
    if (a->args_count != 2)
        return gi_raise_ref(ts, &gi_exc_TypeError, "function takes exactly 2 arguments (%zu given)", a->args_count);
    GiTruth cached = gi_truth(ts, a->args[1]);
    if (cached.value < 0) return GI_NULL;
    if (cached.value) return gi_call1(ts, self, a->args[0]);
    return load_key(ts, gi_as_type(self), a->args[0], NOT_CACHED);
}
GI_CLASSMETHOD(zoneinfo, __init_subclass__, "(type, *args, **kwargs)", "Function to initialize subclasses.") {
    return add_cache(ts, self) ? GI_NULL : GI_REF_NONE;
}

/* ---- Types ---- */

static const GiField zone_fields[] = {GI_SLOT(GiZone, key), GI_SLOT(GiZone, file_repr), GI_ARRAY(GiZone, texts, text_count),
                                      GI_BUFFER_FIELD(GiZone, times), GI_FIELDS_END};
static const GiMemberDef zone_members[] = {{"key", GI_MEMBER_OBJECT, offsetof(GiZone, key), true, NULL}, {.name = NULL}};
GiType gi_zoneinfo_type = {
    .obj = GI_TYPE_HEAD,
    .name = "zoneinfo.ZoneInfo",
    .module = "zoneinfo",
    .size = sizeof(GiZone),
    .base = &gi_tzinfo_type,
    .flags = GI_TYPE_BASE | GI_TYPE_WEAKREF | GI_TYPE_IMMUTABLE,
    .fields = zone_fields,
    .methods = zoneinfo_methods,
    .members = zone_members,
    .new_ = zoneinfo_new,
    .getattr = gi_object_getattr,
    .repr = zoneinfo_repr,
    .str = zoneinfo_str,
};

static const GiField entry_fields[] = {GI_SLOT(GiZoneEntry, zone), GI_FIELDS_END};
GiType gi_zone_entry_type = {
    .obj = GI_TYPE_HEAD, .name = "_zoneinfo.Entry", .module = "_zoneinfo", .size = sizeof(GiZoneEntry),
    .base = &gi_object_type, .flags = GI_TYPE_NO_NEW | GI_TYPE_IMMUTABLE, .fields = entry_fields};

static void each_kept(GiObj *obj, GiVisit visit, void *arg) {
    for (size_t i = 0; i < KEPT; i++) visit(&((GiZoneCache *)obj)->kept[i], arg);
}
static const GiField cache_fields[] = {GI_SLOT(GiZoneCache, owner), GI_SLOT(GiZoneCache, entries), GI_CUSTOM(each_kept),
                                       GI_FIELDS_END};
GiType gi_zone_cache_type = {
    .obj = GI_TYPE_HEAD, .name = "_zoneinfo.Cache", .module = "_zoneinfo", .size = sizeof(GiZoneCache),
    .base = &gi_object_type, .flags = GI_TYPE_NO_NEW | GI_TYPE_GC | GI_TYPE_IMMUTABLE, .fields = cache_fields};

static GiStatus _zoneinfo_exec(GiThread *ts, GiVal module) {
    GiRef datetime = gi_import(ts, "_datetime"); /* readies tzinfo and what all share */
    if (gi_is_null(datetime)) return GI_FAIL;
    gi_drop(ts, datetime);
    if (gi_type_ready(ts, &gi_zone_entry_type) || gi_type_ready(ts, &gi_zone_cache_type) ||
        gi_module_add_type(ts, module, &gi_zoneinfo_type))
        return GI_FAIL;
    GiRef cache = new_cache(ts, GI_NOVAL);
    if (gi_is_null(cache)) return GI_FAIL;
    gi_slot_init(&((ZoneState *)gi_module_state(module))->cache, cache);
    return GI_OK;
}

const GiModuleDef gi_module__zoneinfo = {
    .name = "_zoneinfo",
    .doc = "C implementation of the zoneinfo module",
    .exec = _zoneinfo_exec,
    .state_size = sizeof(ZoneState),
    .state_fields = (const GiField[]){GI_SLOT(ZoneState, cache), GI_FIELDS_END},
};
