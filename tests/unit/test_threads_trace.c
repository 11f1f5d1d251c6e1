/* test_threads_trace.c - rings that overflow, traces of threads that come and go, records of counters. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "check.h"
#include "threads/peek.h"
#include "threads/stats.h"
#include "threads/threads.h"
#include "threads/trace.h"

enum { THREADS = 4 };

static struct {
    GiWorld world;
    GiThreadCore main;
    GiThreadCore cores[THREADS];
    GiOsThread threads[THREADS];
    char path[64];
} T;

static const GiTraceHeader header = {.program = "a \"b\"\n\xFF", .version = "1", .argc = 1, .argv = (char *[]){"\xC3\xA4"}};

static void find_site(GiThreadCore *core, GiSite *site)
{
    (void)core;
    site->line = 7;
    strcpy(site->file, "dir/file.py");
    strcpy(site->function, "work");
}
static uint32_t number_site(GiThreadCore *core, GiEventRing *ring)
{
    GiTrace *trace = core->world->trace;
    (void)ring;
    if (!trace) return 0;
    uint32_t number = gi_trace_find_site(trace, &T, 3);
    if (number) return number;
    GiSite site = {.line = 7, .file = "di\"r", .function = "w"};
    return gi_trace_add_site(trace, &T, 3, &site);
}
static const GiSiteFinder finder = {find_site, number_site, NULL};

static void setup(void)
{
    memset(&T, 0, sizeof T);
    CHECK(gi_world_init(&T.world, GI_MODE_GIL) == GI_OK);
    T.world.sites = &finder;
    gi_core_init(&T.main, &T.world);
    CHECK(gi_core_register(&T.main, NULL) == GI_OK);
    gi_core_set_name(&T.main, "main");
    gi_core_bind(&T.main);
    gi_attach(&T.main);
    strcpy(T.path, "/tmp/gila-trace-XXXXXX");
    int fd = mkstemp(T.path);
    CHECK(fd >= 0);
    close(fd);
}

static void teardown(void)
{
    gi_core_unregister(&T.main, &T.main);
    gi_world_destroy(&T.world);
    unlink(T.path);
}

static void test_overflow(void)
{
    GiEventRing *ring = gi_ring_new(16);
    GiEventRecord record = {1, 0, NULL, GI_EVENT_GOT, 0}, out[32];
    for (int i = 0; i < 21; i++) gi_ring_put(ring, &record);
    CHECK_INT(gi_ring_take(ring, out, 1), 1);
    gi_ring_put(ring, &record); /* one place is not enough for the loss and the record */
    CHECK_INT(gi_ring_take(ring, out, 32), 15);
    gi_ring_put(ring, &record);
    CHECK_INT(gi_ring_take(ring, out, 32), 2);
    CHECK_INT(out[0].kind, GI_EVENT_LOST);
    CHECK_INT(out[0].arg, 6);
    CHECK_INT(out[1].kind, GI_EVENT_GOT);
    CHECK_INT(atomic_load(&ring->dropped), 6);
    gi_ring_free(ring);
}

static void actor(void *arg)
{
    GiThreadCore *core = arg;
    gi_core_bind(core);
    gi_attach(core);
    for (int i = 0; i < 300; i++) {
        if (i % 3 == 0) gi_yield_gil(core);
        else GI_BLOCKING(core, "pause") gi_os_sleep_until(gi_os_deadline(10000));
    }
    gi_core_unregister(core, core);
}

static void start_all(void)
{
    for (int i = 0; i < THREADS; i++) {
        gi_core_init(&T.cores[i], &T.world);
        CHECK(gi_core_register(&T.cores[i], &T.main) == GI_OK);
        gi_core_set_name(&T.cores[i], "worker with a name that is far too long, and ends with \xC3\xA4");
        CHECK(gi_os_thread_start(&T.threads[i], actor, &T.cores[i], 0, false) == 0);
    }
}
static void join_all(void)
{
    for (int i = 0; i < THREADS; i++) GI_BLOCKING(&T.main, "join") gi_os_thread_join(&T.threads[i]);
}

/* Lines of the file: whole ones, the first an opening bracket; gives how many events. */
static size_t read_file(bool finished)
{
    FILE *file = fopen(T.path, "r");
    char line[4096], last[4096] = "";
    size_t events = 0;
    CHECK(fgets(line, sizeof line, file) && strcmp(line, "[\n") == 0);
    while (fgets(line, sizeof line, file)) {
        strcpy(last, line);
        if (line[0] == ']') break;
        size_t n = strlen(line);
        CHECK(line[0] == '{' && line[n - 1] == '\n');
        CHECK(strcmp(line + n - 3, "},\n") == 0 || (finished && strcmp(line + n - 2, "}\n") == 0));
        events++;
    }
    CHECK((last[0] == ']') == finished);
    fclose(file);
    return events;
}

static void begin(void)
{
    GiTrace *trace = gi_trace_open(&T.world, T.path, &header);
    CHECK(trace != NULL);
    CHECK_INT(gi_trace_begin(&T.main, trace), 0);
    CHECK(T.world.trace == trace);
}

static GiTraceCounts finish(void)
{
    GiTraceCounts counts;
    GiTrace *trace = gi_trace_end(&T.main);
    CHECK(trace != NULL && T.world.trace == NULL);
    GI_BLOCKING(&T.main, "trace") gi_trace_finish(trace, &counts);
    CHECK(gi_trace_next_owner(trace) == &T);
    CHECK(gi_trace_next_owner(trace) == NULL);
    gi_trace_free(trace);
    return counts;
}

/* Traces that begin and end while threads run, more than one after the other. */
static void test_traces(void)
{
    setup();
    CHECK(gi_trace_end(&T.main) == NULL);
    errno = 0;
    CHECK(gi_trace_open(&T.world, "/nowhere/at/all", &header) == NULL && errno == ENOENT);
    start_all();
    for (int i = 0; i < 3; i++) {
        begin();
        GiTrace *second = gi_trace_open(&T.world, "/dev/null", &header);
        CHECK_INT(gi_trace_begin(&T.main, second), EBUSY);
        gi_trace_free(second);
        GI_BLOCKING(&T.main, "pause") gi_os_sleep_until(gi_os_deadline(5000000));
        /* A busy machine may keep the writer from running for longer than a sync waits. */
        for (int k = 0; k < 100 && read_file(false) <= 5; k++) gi_trace_sync(T.world.trace);
        CHECK(read_file(false) > 5);
        GiTraceCounts counts = finish();
        CHECK_INT(counts.error, 0);
        CHECK_INT(read_file(true), counts.events);
    }
    join_all();
    begin();
    start_all();
    join_all();
    GiTraceCounts counts = finish();
    CHECK_INT(counts.dropped, 0);
    CHECK(read_file(true) > 300 * THREADS);
    teardown();
}

/* The child of a fork lets go of the trace and leaves the parent's file alone. */
static void test_fork(void)
{
    setup();
    begin();
    GI_BLOCKING(&T.main, "pause") gi_os_sleep_until(gi_os_deadline(1000000));
    gi_world_before_fork(&T.main);
    pid_t pid = fork();
    if (pid == 0) {
        CHECK(gi_world_after_fork_child(&T.main) == NULL);
        GiTrace *trace = T.world.trace;
        CHECK(trace != NULL && atomic_load(&T.main.ring) == NULL);
        T.world.trace = NULL;
        gi_trace_free(trace);
        GI_BLOCKING(&T.main, "pause") {}
        _exit(0);
    }
    gi_world_after_fork_parent(&T.main);
    int status;
    GI_BLOCKING(&T.main, "wait") waitpid(pid, &status, 0);
    CHECK_INT(status, 0);
    GiTraceCounts counts = finish();
    CHECK_INT(read_file(true), counts.events);
    teardown();
}

/* Records of living and ended threads. */
static void test_records(void)
{
    setup();
    start_all();
    join_all();
    size_t count;
    GiThreadRecord *records = gi_stats_take(&T.main, &count);
    CHECK_INT(count, THREADS + 1);
    CHECK_TEXT(records[0].name, strlen(records[0].name), "main");
    CHECK_INT(records[0].state, GI_SHOWN_RUNNING);
    for (size_t i = 1; i < count; i++) {
        GiThreadRecord *r = &records[i];
        CHECK_INT(r->serial, i + 1);
        CHECK_INT(r->state, GI_SHOWN_ENDED);
        CHECK(r->acquisitions > 200 && r->cpu_known && r->lifetime >= r->blocked);
        CHECK(strlen(r->name) == GI_NAME_SIZE - 1);
        CHECK_INT(r->longest_hold_at.line, 7);
        CHECK(r->hold + r->wait + r->blocked + r->stopped <= r->lifetime + 1000000);
    }
    free(records);
    GiPeeked peeked;
    GiPeekStatus status = gi_peek((long)getpid(), &peeked);
    if (status == GI_PEEK_OK) {
        CHECK_INT(peeked.count, 1);
        CHECK_INT(peeked.world.threads_ended, THREADS);
        CHECK_TEXT(peeked.threads[0].name, strlen(peeked.threads[0].name), "main");
        gi_peek_free(&peeked);
    } else {
        CHECK(status == GI_PEEK_FORBIDDEN || status == GI_PEEK_UNSUPPORTED);
    }
    CHECK_INT(gi_peek(0, &peeked), GI_PEEK_NO_PROCESS);
    teardown();
}

int main(void)
{
    test_overflow();
    test_traces();
    test_fork();
    test_records();
    return 0;
}
