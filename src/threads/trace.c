/* trace.c - recording threads, and the thread that writes the trace file. See trace.h. */
#include "threads/trace.h"

#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "threads/stats.h"

#define DRAIN_NS (20 * GI_NS_PER_MS)
#define CPU_NS (100 * GI_NS_PER_MS)
#define SYNC_NS (200 * GI_NS_PER_MS)
enum { BUFFER = 256 * 1024, MARGIN = 8 * 1024, BATCH = 256, SITE_BLOCK = 1024, SITE_HEADS = 4096 };

/* What a track shows; slices do not nest. */
typedef enum { NOWHERE, RUNNING, WAITING, BLOCKED, STOPPED, LOCKED, STOPPING } Slice;

struct GiTrack {
    GiShared owners;
    GiTrack *next; /* of the trace */
    GiEventRing *ring;
    _Atomic bool ended;
    _Atomic bool taken; /* by a trace that is not finished */
    bool shown; /* its name is written */
    char where[72]; /* as it stands in each line: process, thread, and what follows up to the time */
    uint32_t where_size;
    uint64_t native_id; /* 0 until it is known */
    char name[GI_NAME_SIZE];
    char last_name[GI_NAME_SIZE]; /* as the recording ends */
    Slice slice;
    const char *call; /* of BLOCKED; of STOPPING: what for */
    uint64_t object;  /* whose lock it wants: the address of that */
    uint32_t kind;    /* ... and the number of what it is, among the places */
};

/* A place, as it stands in the file. */
typedef struct {
    const void *owner;
    uint32_t at, same_hash; /* the next one in its chain, as a number; 0: none */
    char *text;
} Site;

struct GiTrace {
    GiWorld *world;
    char *path;
    int fd;
    uint32_t number;
    uint64_t pid;
    bool began;
    GiOsThread thread;
    _Atomic uint32_t wake; /* futex: bit 0 finish; above it, how many syncs were asked for */
    _Atomic uint32_t synced;
    _Atomic bool hurried; /* a ring is half full, and the writer was told */
    GiMutex lock; /* pushing tracks, adding sites; short */
    GiTrack *tracks;
    Site *site_blocks[GI_TRACE_SITES / SITE_BLOCK];
    _Atomic uint32_t site_count;
    uint32_t owner_next;
    GiMutex sites_lock;
    uint32_t site_heads[SITE_HEADS]; /* numbers, by hash */
    /* The writer's. */
    uint64_t tick0, ns0, scale; /* from ticks to the monotonic clock, 32.32 */
    uint64_t cpu_at, cpu_was, cpu_own, cpu0;
    _Atomic uint64_t events, dropped;
    _Atomic int error;
    size_t used;
    char buffer[BUFFER];
};

/* ---- Lines ---- */

static void flush(GiTrace *t)
{
    size_t done = 0;
    while (done < t->used && !atomic_load_explicit(&t->error, memory_order_relaxed)) {
        ssize_t n = write(t->fd, t->buffer + done, t->used - done);
        if (n >= 0) done += (size_t)n;
        else if (errno == EAGAIN) gi_os_sleep_until(gi_os_deadline(GI_NS_PER_MS));
        else if (errno != EINTR) atomic_store_explicit(&t->error, errno, memory_order_relaxed);
    }
    t->used = 0;
}

static inline void put_bytes(GiTrace *t, const char *text, size_t n)
{
    memcpy(t->buffer + t->used, text, n);
    t->used += n;
}

/* PERF: in place everywhere, so that the length of what is written here as text is known. */
__attribute__((always_inline)) static inline void put(GiTrace *t, const char *text)
{
    size_t n = strlen(text);
    if (n <= MARGIN) put_bytes(t, text, n); /* no text here is longer */
}

/* The digits of n at the end of 20 bytes; gives the first one. */
static char *digits_of(uint64_t n, char *end)
{
    static const char pairs[] = "00010203040506070809101112131415161718192021222324252627282930313233343536373839"
                                "40414243444546474849505152535455565758596061626364656667686970717273747576777879"
                                "8081828384858687888990919293949596979899";
    for (; n >= 100; n /= 100) memcpy(end -= 2, pairs + n % 100 * 2, 2);
    if (n < 10) *--end = (char)('0' + n);
    else memcpy(end -= 2, pairs + n * 2, 2);
    return end;
}

static void put_number(GiTrace *t, uint64_t n)
{
    char digits[20], *first = digits_of(n, digits + sizeof digits);
    put_bytes(t, first, (size_t)(digits + sizeof digits - first));
}

static void put_us(GiTrace *t, uint64_t ns)
{
    put_number(t, ns / 1000);
    unsigned rest = (unsigned)(ns % 1000);
    char *at = t->buffer + t->used;
    at[0] = '.';
    at[1] = (char)('0' + rest / 100);
    at[2] = (char)('0' + rest / 10 % 10);
    at[3] = (char)('0' + rest % 10);
    t->used += 4;
}

static void put_seconds(GiTrace *t, uint64_t ns)
{
    char text[40];
    snprintf(text, sizeof text, "%llu.%09llu", (unsigned long long)(ns / GI_NS_PER_SEC),
             (unsigned long long)(ns % GI_NS_PER_SEC));
    put(t, text);
}

/* Bytes of the UTF-8 character at p, 0 when it is none. */
static size_t character(const unsigned char *p)
{
    static const struct { unsigned char from, to, least, most, more; } forms[] = {
        {0x00, 0x7F, 0, 0, 0},       {0xC2, 0xDF, 0x80, 0xBF, 1}, {0xE0, 0xE0, 0xA0, 0xBF, 2},
        {0xE1, 0xEC, 0x80, 0xBF, 2}, {0xED, 0xED, 0x80, 0x9F, 2}, {0xEE, 0xEF, 0x80, 0xBF, 2},
        {0xF0, 0xF0, 0x90, 0xBF, 3}, {0xF1, 0xF3, 0x80, 0xBF, 3}, {0xF4, 0xF4, 0x80, 0x8F, 3},
    };
    for (size_t i = 0; i < GI_COUNTOF(forms); i++) {
        if (*p < forms[i].from || *p > forms[i].to) continue;
        if (forms[i].more && (p[1] < forms[i].least || p[1] > forms[i].most)) return 0;
        for (size_t k = 2; k <= forms[i].more; k++)
            if ((p[k] & 0xC0) != 0x80) return 0;
        return forms[i].more + 1u;
    }
    return 0;
}

/* Writes text as a JSON string, cut to the room; bytes that are no UTF-8 become U+FFFD. */
static size_t escape(char *out, size_t room, const char *text)
{
    size_t n = 0, len;
    out[n++] = '"';
    for (const unsigned char *p = (const unsigned char *)text; *p && n + 8 < room; p += len) {
        len = character(p);
        if (len == 0) {
            memcpy(out + n, "\xEF\xBF\xBD", 3);
            n += 3;
            len = 1;
        } else if (*p < 0x20 || *p == '"' || *p == '\\' || *p == 0x7F) {
            n += (size_t)sprintf(out + n, "\\u%04x", *p);
        } else {
            memcpy(out + n, p, len);
            n += len;
        }
    }
    out[n++] = '"';
    out[n] = 0;
    return n;
}

static void put_string(GiTrace *t, const char *text)
{
    t->used += escape(t->buffer + t->used, MARGIN / 2, text);
}

/* What a line says first. `cat` may be NULL. */
static inline void put_kind(GiTrace *t, const char *ph, const char *cat, const char *name)
{
    if (t->used > BUFFER - 2 * MARGIN) flush(t);
    put(t, "{\"ph\":\"");
    put(t, ph);
    if (cat) {
        put(t, "\",\"cat\":\"");
        put(t, cat);
    }
    put(t, "\",\"name\":\"");
    put(t, name);
}

/* Begins a line: everything up to the time. */
static void begin(GiTrace *t, const char *ph, const char *cat, const char *name, uint64_t tid, uint64_t ns)
{
    put_kind(t, ph, cat, name);
    put(t, "\",\"pid\":");
    put_number(t, t->pid);
    put(t, ",\"tid\":");
    put_number(t, tid);
    put(t, ",\"ts\":");
    put_us(t, ns);
}

/* The same of a track that is shown. */
static void begin_on(GiTrace *t, const GiTrack *track, const char *ph, const char *cat, const char *name, uint64_t ns)
{
    put_kind(t, ph, cat, name);
    put_bytes(t, track->where, track->where_size);
    put_us(t, ns);
}

static void end(GiTrace *t)
{
    put(t, "},\n");
    atomic_fetch_add_explicit(&t->events, 1, memory_order_relaxed);
}

static void put_metadata_name(GiTrace *t, const char *kind, uint64_t tid, const char *name, uint64_t ns)
{
    begin(t, "M", NULL, kind, tid, ns);
    put(t, ",\"args\":{\"name\":");
    put_string(t, name);
    put(t, "}");
    end(t);
}

static void put_cpu(GiTrace *t, uint64_t tid, uint64_t cpu, uint64_t ns)
{
    begin(t, "M", NULL, "thread_cpu", tid, ns);
    put(t, ",\"args\":{\"cpu_s\":");
    put_seconds(t, cpu);
    put(t, "}");
    end(t);
}

static void put_header(GiTrace *t, const GiTraceHeader *header)
{
    GiWorldRecord world;
    gi_stats_convert_world(t->world, 0, &world);
    put(t, "[\n");
    begin(t, "M", NULL, "gila", t->pid, t->ns0);
    put(t, ",\"args\":{\"version\":1,\"gila\":");
    put_string(t, header->version);
    put(t, ",\"program\":");
    put_string(t, header->program);
    put(t, ",\"argv\":[");
    for (int i = 0; i < header->argc; i++) {
        if (t->used > BUFFER - 4 * MARGIN) flush(t);
        if (i) put(t, ",");
        put_string(t, header->argv[i]);
    }
    put(t, "],\"mode\":\"");
    /* With -X gil=0 it is lifted when the second thread is made. */
    uint32_t wish = atomic_load_explicit(&t->world->wish, memory_order_relaxed);
    put(t, world.mode == GI_MODE_FREE || wish == GI_WISH_NONE ? "free" : wish == GI_WISH_AUTO ? "auto" : "gil");
    put(t, "\",\"policy\":\"");
    put(t, world.policy == GI_POLICY_CPYTHON ? "cpython" : "budget");
    put(t, "\",\"interval_us\":");
    put_us(t, world.interval);
    put(t, ",\"clock\":\"CLOCK_MONOTONIC\",\"unix_s\":");
    put_seconds(t, (uint64_t)gi_os_real_ns());
    put(t, ",\"cpus\":");
    put_number(t, (uint64_t)gi_os_cpu_usable());
    put(t, "}");
    end(t);
    char name[300];
    snprintf(name, sizeof name, "gila %.280s", header->program);
    put_metadata_name(t, "process_name", t->pid, name, t->ns0);
}

/* ---- The writer: events to slices ---- */

static const char *slice_cat(Slice slice)
{
    static const char *const names[] = {"", "running", "waiting", "blocked", "stopped", "locked", "stopping"};
    return names[slice];
}

static const char *slice_name(const GiTrack *track)
{
    return track->slice == BLOCKED || track->slice == STOPPING ? track->call : slice_cat(track->slice);
}

static void open_slice(GiTrace *t, GiTrack *track, Slice slice, const char *call, uint64_t ns)
{
    track->slice = slice;
    track->call = call ? call : "call";
    begin_on(t, track, "B", slice_cat(slice), slice_name(track), ns);
}

/* Begins the line that closes the slice; false when none is open. */
static bool close_slice(GiTrace *t, GiTrack *track, uint64_t ns)
{
    if (track->slice == NOWHERE) return false;
    begin_on(t, track, "E", slice_cat(track->slice), slice_name(track), ns);
    track->slice = NOWHERE;
    return true;
}

static void close_plain(GiTrace *t, GiTrack *track, uint64_t ns)
{
    if (close_slice(t, track, ns)) end(t);
}

static void put_arg(GiTrace *t, const char *key, uint64_t value)
{
    put(t, ",\"args\":{\"");
    put(t, key);
    put(t, "\":");
    put_number(t, value);
    put(t, "}");
}

/* The text of a place, beginning with a comma; nothing when it is none of this trace: a thread that
 * was late to learn of the last one's end may have put a number of that. */
static void put_site(GiTrace *t, uint32_t number)
{
    if (number == 0 || number > atomic_load_explicit(&t->site_count, memory_order_acquire)) return;
    put(t, t->site_blocks[(number - 1) / SITE_BLOCK][(number - 1) % SITE_BLOCK].text);
}

static void open_locked(GiTrace *t, GiTrack *track, uint64_t ns)
{
    open_slice(t, track, LOCKED, NULL, ns);
    put(t, ",\"args\":{\"id\":");
    put_number(t, track->object);
    put_site(t, track->kind);
    put(t, "}");
    end(t);
}

/* The thread that stops all others computes for itself meanwhile, as it were. */
static void show_stop(GiTrace *t, GiTrack *track, const GiEventRecord *e, uint64_t ns)
{
    if (e->kind == GI_EVENT_STOP_BEGIN) {
        if (close_slice(t, track, ns)) {
            put(t, ",\"args\":{\"why\":\"stop\"");
            put_site(t, e->site);
            put(t, "}");
            end(t);
        }
        open_slice(t, track, STOPPING, e->why, ns);
        put(t, ",\"args\":{\"stood_after_us\":");
        put_us(t, gi_ticks_to_ns(&t->world->ticks, e->arg));
        put(t, "}");
        end(t);
    } else if (track->slice == STOPPING) {
        close_plain(t, track, ns);
        open_slice(t, track, RUNNING, NULL, ns);
        end(t);
    }
}

static void show_left(GiTrace *t, GiTrack *track, const GiEventRecord *e, uint64_t ns)
{
    bool was_running = track->slice == RUNNING;
    if (close_slice(t, track, ns)) {
        if (was_running) {
            put(t, ",\"args\":{\"why\":\"");
            put(t, gi_cause_name((GiCause)e->arg));
            put(t, "\"");
            if (e->arg == GI_CAUSE_BLOCK && e->why) {
                put(t, ",\"call\":\"");
                put(t, e->why);
                put(t, "\"");
            }
            put_site(t, e->site);
            put(t, "}");
        }
        end(t);
    }
    if (e->arg == GI_CAUSE_BLOCK && e->why == gi_why_object_lock) {
        open_locked(t, track, ns);
    } else if (e->arg == GI_CAUSE_BLOCK) {
        open_slice(t, track, BLOCKED, e->why, ns);
        end(t);
    }
}

static void show_got(GiTrace *t, GiTrack *track, const GiEventRecord *e, uint64_t ns)
{
    bool waited = track->slice == WAITING || (track->slice == LOCKED && e->arg);
    if (close_slice(t, track, ns)) {
        if (waited) put_arg(t, "from", e->arg);
        end(t);
    }
    open_slice(t, track, RUNNING, NULL, ns);
    end(t);
}

/* What is known of the track is written; its number may have come only now. */
static void show_track(GiTrace *t, GiTrack *track, uint64_t ns)
{
    if (track->shown) return;
    track->native_id = atomic_load_explicit(&track->ring->thread, memory_order_relaxed);
    if (!track->native_id) return;
    track->shown = true;
    track->where_size = (uint32_t)snprintf(track->where, sizeof track->where, "\",\"pid\":%llu,\"tid\":%llu,\"ts\":",
                                           (unsigned long long)t->pid, (unsigned long long)track->native_id);
    put_metadata_name(t, "thread_name", track->native_id, track->name, ns);
}

static void show(GiTrace *t, GiTrack *track, const GiEventRecord *e, uint64_t ns)
{
    show_track(t, track, ns);
    switch ((GiEventKind)e->kind) {
    case GI_EVENT_ASKED:
        close_plain(t, track, ns);
        open_slice(t, track, WAITING, NULL, ns);
        put_arg(t, "holder", e->arg);
        end(t);
        break;
    case GI_EVENT_GOT: show_got(t, track, e, ns); break;
    case GI_EVENT_LEFT: show_left(t, track, e, ns); break;
    case GI_EVENT_DROP_ASKED:
        begin_on(t, track, "i", "gil", "asked holder", ns);
        put(t, ",\"s\":\"t\"");
        put_arg(t, "holder", e->arg);
        end(t);
        break;
    case GI_EVENT_SUSPENDED:
        close_plain(t, track, ns);
        open_slice(t, track, STOPPED, NULL, ns);
        put_arg(t, "by", e->arg);
        end(t);
        break;
    case GI_EVENT_RESUMED: close_plain(t, track, ns); break;
    case GI_EVENT_STOP_BEGIN:
    case GI_EVENT_STOP_END: show_stop(t, track, e, ns); break;
    case GI_EVENT_LIFTED:
        begin_on(t, track, "i", "gil", "lock lifted", ns);
        put(t, ",\"s\":\"p\"");
        end(t);
        break;
    case GI_EVENT_LOCK_WAIT:
        track->object = e->arg;
        track->kind = e->site;
        break;
    case GI_EVENT_LOST:
        close_plain(t, track, ns);
        begin_on(t, track, "i", "gil", "events lost", ns);
        put(t, ",\"s\":\"t\"");
        put_arg(t, "count", e->arg);
        end(t);
        break;
    case GI_EVENT_END: put_cpu(t, track->native_id, e->arg, ns); break;
    default: break;
    }
}

static uint64_t to_ns(const GiTrace *t, uint64_t ticks)
{
    if (ticks <= t->tick0) return t->ns0;
    return t->ns0 + (uint64_t)(((unsigned __int128)(ticks - t->tick0) * t->scale) >> 32);
}

/* Reads both clocks at nearly one moment. */
static void read_clocks(const GiTrace *t, uint64_t *ticks, uint64_t *ns)
{
    uint64_t best = UINT64_MAX;
    for (int i = 0; i < 5; i++) {
        uint64_t before = gi_ticks(&t->world->ticks), now = gi_os_mono_ns(),
                 after = gi_ticks(&t->world->ticks);
        if (after - before >= best) continue;
        best = after - before;
        *ticks = before + best / 2;
        *ns = now;
    }
}

/* The world's own scale was measured in 20 microseconds; a trace may last hours. */
static void measure_scale(GiTrace *t)
{
    uint64_t ticks = 0, ns = 0;
    read_clocks(t, &ticks, &ns);
    if (ticks <= t->tick0 || ns <= t->ns0) return;
    t->scale = (uint64_t)(((unsigned __int128)(ns - t->ns0) << 32) / (ticks - t->tick0));
}

static void drain_track(GiTrace *t, GiTrack *track)
{
    GiEventRecord batch[BATCH];
    /* Before the first event: a thread that has slept all along is shown too. */
    if (!track->shown) {
        show_track(t, track, t->ns0);
        if (track->shown && track->slice != NOWHERE) {
            open_slice(t, track, track->slice, track->call, t->ns0);
            end(t);
        }
    }
    size_t n;
    do {
        n = gi_ring_take(track->ring, batch, BATCH);
        for (size_t i = 0; i < n; i++) show(t, track, &batch[i], to_ns(t, batch[i].when));
    } while (n == BATCH);
}

static void drop_track(GiTrack *track)
{
    if (!gi_shared_drop(&track->owners)) return;
    gi_ring_free(track->ring);
    free(track);
}

static void drain(GiTrace *t)
{
    gi_mutex_lock(&t->lock);
    GiTrack *first = t->tracks;
    gi_mutex_unlock(&t->lock);
    uint64_t dropped = 0;
    GiTrack *before = NULL;
    for (GiTrack *track = first, *next; track; track = next) {
        next = track->next;
        bool ended = atomic_load_explicit(&track->ended, memory_order_acquire);
        drain_track(t, track);
        dropped += atomic_exchange_explicit(&track->ring->dropped, 0, memory_order_relaxed);
        /* The first one stays: others may be pushed before it. */
        if (ended && before) {
            before->next = next;
            /* The recording ended before the thread did, in the midst of something. */
            if (track->shown) close_plain(t, track, gi_os_mono_ns());
            drop_track(track);
        } else {
            before = track;
        }
    }
    atomic_fetch_add_explicit(&t->dropped, dropped, memory_order_relaxed);
}

/* How many processors the process kept busy since the last time, the writer apart. */
static void show_cores(GiTrace *t, uint64_t now)
{
    uint64_t cpu = gi_os_process_cpu_ns(), own = gi_os_thread_cpu_ns();
    uint64_t used = cpu - t->cpu_was, mine = own - t->cpu_own, passed = now - t->cpu_at;
    double cores = passed && used > mine ? (double)(used - mine) / (double)passed : 0;
    t->cpu_was = cpu;
    t->cpu_own = own;
    t->cpu_at = now;
    begin(t, "C", NULL, "cores busy", t->pid, now);
    char text[64];
    snprintf(text, sizeof text, ",\"args\":{\"cores\":%u.%03u}", (unsigned)cores,
             (unsigned)((cores - (unsigned)cores) * 1000));
    put(t, text);
    end(t);
}

static void writer(void *arg)
{
    GiTrace *t = arg;
    gi_os_thread_set_name("gil-trace");
    uint32_t asked;
    uint64_t next = t->ns0 + DRAIN_NS;
    do {
        asked = atomic_load(&t->wake);
        while (asked == atomic_load(&t->synced) && gi_os_mono_ns() < next) {
            gi_os_futex_wait(&t->wake, asked, next);
            asked = atomic_load(&t->wake);
        }
        atomic_store(&t->hurried, false);
        next = gi_os_mono_ns() + DRAIN_NS;
        if (t->scale == 0) measure_scale(t);
        drain(t);
        uint64_t now = gi_os_mono_ns();
        if (now - t->cpu_at >= CPU_NS) show_cores(t, now);
        flush(t);
        atomic_store(&t->synced, asked);
        gi_os_futex_wake(&t->synced, INT32_MAX);
    } while (!(asked & 1));
}

/* Starts the writer with all signals blocked: handlers are the program's threads' business. */
static int start_writer(GiTrace *t)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    int error = gi_os_thread_start(&t->thread, writer, t, 256 * 1024, false);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return error;
}

/* ---- Beginning and ending ---- */

/* The path with the process's number for %p; NULL when out of memory. */
static char *expand(const char *path)
{
    char number[24];
    size_t digits = (size_t)snprintf(number, sizeof number, "%ld", (long)getpid()), n = 0;
    char *out = malloc(strlen(path) * digits + 1);
    for (const char *p = path; out && *p; p++) {
        if (p[0] == '%' && p[1] == 'p') {
            memcpy(out + n, number, digits);
            n += digits;
            p++;
        } else {
            out[n++] = *p;
        }
    }
    if (out) out[n] = 0;
    return out;
}

/* A descriptor that programs which count on low numbers, or close them all, do not meet. */
static int out_of_the_way(int fd)
{
    for (int least = 1000; least >= 100; least /= 4) {
        int high = fcntl(fd, F_DUPFD_CLOEXEC, least);
        if (high < 0) continue;
        close(fd);
        return high;
    }
    return fd;
}

GiTrace *gi_trace_open(GiWorld *world, const char *path, const GiTraceHeader *header)
{
    GiTrace *t = calloc(1, sizeof *t);
    if (!t) return NULL;
    t->world = world;
    t->pid = (uint64_t)getpid();
    t->path = expand(path);
    t->fd = t->path ? open(t->path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY, 0666) : -1;
    if (t->fd < 0) {
        int error = t->path ? errno : ENOMEM;
        gi_trace_free(t);
        errno = error;
        return NULL;
    }
    t->fd = out_of_the_way(t->fd);
    read_clocks(t, &t->tick0, &t->ns0);
    t->cpu_at = t->ns0;
    t->cpu_was = t->cpu0 = gi_os_process_cpu_ns();
    t->number = (uint32_t)t->tick0 | 1;
    put_header(t, header);
    flush(t);
    return t;
}

/* The core's track, made if need be and taken into the trace; the ring is set. In a stopped world
 * or under world->lock. False: out of memory, the thread is not recorded. */
static bool join_trace(GiTrace *t, GiThreadCore *core)
{
    GiTrack *track = core->track;
    if (!track) {
        track = calloc(1, sizeof *track);
        if (!track) return false;
        track->ring = gi_ring_new(GI_TRACE_RING);
        if (!track->ring) {
            free(track);
            return false;
        }
        gi_shared_init(&track->owners);
        core->track = track;
    }
    gi_shared_keep(&track->owners);
    atomic_store(&track->taken, true);
    /* What an earlier trace left unread. */
    atomic_store(&track->ring->tail, atomic_load(&track->ring->head));
    atomic_store(&track->ring->dropped, 0);
    track->shown = false;
    track->slice = NOWHERE;
    atomic_store(&track->ring->thread, core->native_id);
    memcpy(track->name, core->name, sizeof track->name);
    gi_mutex_lock(&t->lock);
    track->next = t->tracks;
    t->tracks = track;
    gi_mutex_unlock(&t->lock);
    return true;
}

void gi_trace_join_locked(GiThreadCore *core)
{
    GiTrace *t = core->world->trace;
    if (t && join_trace(t, core)) atomic_store_explicit(&core->ring, core->track->ring, memory_order_release);
}

void gi_trace_named(GiThreadCore *core)
{
    if (core->track && core->native_id == 0) memcpy(core->track->name, core->name, sizeof core->name);
}

/* What a thread that does not run is doing as the recording begins. */
static void guess_slice(GiTrack *track, GiThreadCore *core)
{
    const char *why = atomic_load_explicit(&core->why, memory_order_relaxed);
    if (!core->native_id) return;
    if (gi_is_attached(core)) {
        track->slice = WAITING;
    } else {
        track->slice = BLOCKED;
        track->call = why ? why : "call";
    }
}

int gi_trace_begin(GiThreadCore *self, GiTrace *t)
{
    GiWorld *world = self->world;
    gi_stop_world_for(self, "trace");
    int error = world->trace ? EBUSY : 0;
    /* One that has ended, but is not finished, has its hands on the tracks. */
    for (GiThreadCore *c = world->cores; !error && c; c = c->next)
        if (c->track && atomic_load(&c->track->taken)) error = EBUSY;
    /* Tracks first: the writer takes those it finds. */
    for (GiThreadCore *c = world->cores; !error && c; c = c->next) {
        if (!join_trace(t, c)) continue;
        if (c != self) guess_slice(c->track, c);
    }
    if (!error) error = start_writer(t);
    if (!error) {
        t->began = true;
        world->trace = t;
        for (GiThreadCore *c = world->cores; c; c = c->next)
            if (c->track) atomic_store_explicit(&c->ring, c->track->ring, memory_order_release);
    }
    gi_start_world(self);
    if (!error) gi_event(self, GI_EVENT_GOT, 0, NULL);
    return error;
}

GiTrace *gi_trace_end(GiThreadCore *self)
{
    GiWorld *world = self->world;
    gi_stop_world_for(self, "trace");
    GiTrace *t = world->trace;
    world->trace = NULL;
    for (GiThreadCore *c = world->cores; t && c; c = c->next) {
        atomic_store_explicit(&c->ring, NULL, memory_order_release);
        /* The name may have changed. */
        if (c->track) memcpy(c->track->last_name, c->name, sizeof c->name);
    }
    gi_start_world(self);
    return t;
}

/* Gives the tracks back, for the next trace. */
static void leave_tracks(GiTrace *t)
{
    for (GiTrack *track = t->tracks, *next; track; track = next) {
        next = track->next;
        atomic_store(&track->taken, false);
        drop_track(track);
    }
    t->tracks = NULL;
}

/* Closes what is open, and says what the processors' time of each thread was. */
static void put_end(GiTrace *t)
{
    uint64_t now = gi_os_mono_ns(), cpu;
    for (GiTrack *track = t->tracks; track; track = track->next) {
        if (!track->shown) continue;
        close_plain(t, track, now);
        if (atomic_load(&track->ended)) continue;
        if (strcmp(track->name, track->last_name) != 0)
            put_metadata_name(t, "thread_name", track->native_id, track->last_name, now);
        if (gi_os_thread_cpu_of(track->native_id, &cpu)) put_cpu(t, track->native_id, cpu, now);
    }
    show_cores(t, now);
    begin(t, "M", NULL, "gila_end", t->pid, now);
    put(t, ",\"args\":{\"events\":");
    put_number(t, atomic_load(&t->events) + 1);
    put(t, ",\"dropped\":");
    put_number(t, atomic_load(&t->dropped));
    put(t, ",\"wall_s\":");
    put_seconds(t, now - t->ns0);
    put(t, ",\"cpu_s\":");
    put_seconds(t, gi_os_process_cpu_ns() - t->cpu0);
    put(t, "}}\n]\n");
    atomic_fetch_add_explicit(&t->events, 1, memory_order_relaxed);
}

void gi_trace_finish(GiTrace *t, GiTraceCounts *counts)
{
    atomic_fetch_or(&t->wake, 1);
    gi_os_futex_wake(&t->wake, 1);
    gi_os_thread_join(&t->thread);
    t->cpu_own = gi_os_thread_cpu_ns(); /* another thread's clock from here on */
    put_end(t);
    flush(t);
    if (close(t->fd) != 0 && !atomic_load(&t->error)) atomic_store(&t->error, errno);
    t->fd = -1;
    *counts = gi_trace_counts(t);
    leave_tracks(t);
}

void gi_trace_free(GiTrace *t)
{
    leave_tracks(t);
    for (uint32_t i = 0; i < atomic_load(&t->site_count); i++) free(t->site_blocks[i / SITE_BLOCK][i % SITE_BLOCK].text);
    for (size_t i = 0; i < GI_COUNTOF(t->site_blocks); i++) free(t->site_blocks[i]);
    if (t->fd >= 0) close(t->fd);
    free(t->path);
    free(t);
}

GiTraceCounts gi_trace_counts(GiTrace *t)
{
    return (GiTraceCounts){atomic_load(&t->events), atomic_load(&t->dropped), atomic_load(&t->error)};
}

const char *gi_trace_path(GiTrace *t) { return t->path; }
uint32_t gi_trace_number(GiTrace *t) { return t->number; }

void gi_trace_sync(GiTrace *t)
{
    uint32_t asked = atomic_fetch_add(&t->wake, 2) + 2, seen;
    uint64_t deadline = gi_os_deadline(SYNC_NS);
    gi_os_futex_wake(&t->wake, 1);
    while ((seen = atomic_load(&t->synced)) < (asked & ~1u) && gi_os_mono_ns() < deadline)
        gi_os_futex_wait(&t->synced, seen, deadline);
}

void gi_trace_hurry(GiTrace *t)
{
    if (atomic_load_explicit(&t->hurried, memory_order_relaxed) || atomic_exchange(&t->hurried, true)) return;
    atomic_fetch_add(&t->wake, 2);
    gi_os_futex_wake(&t->wake, 1);
}

/* ---- Places ---- */

static Site *site_of(GiTrace *t, uint32_t number)
{
    return &t->site_blocks[(number - 1) / SITE_BLOCK][(number - 1) % SITE_BLOCK];
}

static uint32_t *site_head(GiTrace *t, const void *owner, uint32_t at)
{
    uint64_t hash = ((uint64_t)(uintptr_t)owner + at) * UINT64_C(0x9E3779B97F4A7C15);
    return &t->site_heads[(hash >> 40) % SITE_HEADS];
}

static uint32_t find_site_locked(GiTrace *t, const void *owner, uint32_t at)
{
    for (uint32_t n = *site_head(t, owner, at); n; n = site_of(t, n)->same_hash)
        if (site_of(t, n)->owner == owner && site_of(t, n)->at == at) return n;
    return 0;
}

uint32_t gi_trace_find_site(GiTrace *t, const void *owner, uint32_t at)
{
    gi_mutex_lock(&t->sites_lock);
    uint32_t number = find_site_locked(t, owner, at);
    gi_mutex_unlock(&t->sites_lock);
    return number;
}

static uint32_t add_site_locked(GiTrace *t, const void *owner, uint32_t at, char *text)
{
    uint32_t i = atomic_load(&t->site_count);
    if (i == GI_TRACE_SITES) return 0;
    Site **block = &t->site_blocks[i / SITE_BLOCK];
    if (!*block) *block = calloc(SITE_BLOCK, sizeof **block);
    if (!*block) return 0;
    uint32_t *head = site_head(t, owner, at);
    (*block)[i % SITE_BLOCK] = (Site){owner, at, *head, text};
    *head = i + 1;
    atomic_store_explicit(&t->site_count, i + 1, memory_order_release);
    return i + 1;
}

uint32_t gi_trace_add_site(GiTrace *t, const void *owner, uint32_t at, const GiSite *site)
{
    char text[sizeof site->file * 6 + sizeof site->function * 6 + 128];
    size_t n = 0;
    if (at == GI_TRACE_OBJECT) {
        n = (size_t)sprintf(text, ",\"object\":");
    } else {
        n = (size_t)sprintf(text, ",\"file\":");
        n += escape(text + n, sizeof site->file * 6 + 16, site->file);
        n += (size_t)sprintf(text + n, ",\"line\":%d,\"func\":", site->line);
    }
    n += escape(text + n, sizeof site->function * 6 + 16, site->function);
    char *copy = strdup(text);
    if (!copy) return 0;
    gi_mutex_lock(&t->sites_lock);
    uint32_t number = add_site_locked(t, owner, at, copy);
    gi_mutex_unlock(&t->sites_lock);
    if (!number) free(copy);
    return number;
}

const void *gi_trace_next_owner(GiTrace *t)
{
    if (t->owner_next >= atomic_load(&t->site_count)) return NULL;
    uint32_t i = t->owner_next++;
    return t->site_blocks[i / SITE_BLOCK][i % SITE_BLOCK].owner;
}

/* ---- Threads that go, processes that fork ---- */

void gi_trace_part(GiThreadCore *core)
{
    GiTrack *track = core->track;
    if (!track) return;
    core->track = NULL;
    atomic_store_explicit(&core->ring, NULL, memory_order_relaxed);
    /* The last access but for the count of owners. */
    atomic_store_explicit(&track->ended, true, memory_order_release);
    drop_track(track);
}

void gi_trace_after_fork_child(GiThreadCore *core)
{
    atomic_store(&core->ring, NULL);
    gi_trace_part(core);
    GiTrace *t = core->world->trace;
    if (!t) return;
    gi_mutex_after_fork_child(&t->lock);
    gi_mutex_after_fork_child(&t->sites_lock);
    /* Before anything else can write into the parent's file. */
    close(t->fd);
    t->fd = -1;
}
