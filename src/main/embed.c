/* embed.c - the functions of include/gila/gila.h. */
#include "gila/gila.h"
#include "main/options.h"
#include "main/run.h"
#include "modules/registry.h"
#include "objects/error.h"
#include "runtime/gil_watch.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct Gila {
    GiThread *ts;
    GiOptions options;
    char *no_arguments[2]; /* argv when none is given; the VM keeps it */
    GilaThreadHooks hooks;
    GiThreadHooks inner;   /* what calls them */
};

Gila *gila_start(int argc, char **argv) {
    Gila *gila = calloc(1, sizeof *gila);
    if (!gila) return NULL;
    if (argc == 0) {
        argc = 1;
        gila->no_arguments[0] = (char *)"gila";
        argv = gila->no_arguments;
    }
    if (gi_options_parse(&gila->options, argc, argv) >= 0) {
        free(gila);
        return NULL;
    }
    gi_options_choose_locale(&gila->options);
    gila->options.config.natives = &gi_native_module_table;
    if (gi_options_find_library(&gila->options)) gila->ts = gi_vm_start(&gila->options.config);
    if (gila->ts && gi_gil_watch_begin(gila->ts)) return gila;
    if (gila->ts) (void)gi_vm_stop(gila->ts);
    gi_options_free(&gila->options);
    free(gila);
    return NULL;
}

int gila_run_string(Gila *gila, const char *text) {
    return gi_run_source(gila->ts, text, strlen(text), "<string>");
}

int gila_run_file(Gila *gila, const char *path) {
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        return 2;
    }
    size_t size = 0, capacity = 1 << 16;
    char *text = malloc(capacity), *grown;
    while (text && (size += fread(text + size, 1, capacity - size, file)) == capacity) {
        grown = realloc(text, capacity *= 2);
        if (!grown) free(text);
        text = grown;
    }
    bool bad = !text || ferror(file);
    if (bad) perror(path);
    fclose(file);
    int status = bad ? 2 : gi_run_source(gila->ts, text, size, path);
    free(text);
    return status;
}

void gila_detach(Gila *gila) { gi_detach(&gila->ts->core, "embedder"); }

void gila_attach(Gila *gila) { gi_attach(&gila->ts->core); }

static void call_ready(GiThreadCore *core, void *arg) {
    const GilaThreadHooks *hooks = arg;
    hooks->ready((unsigned long)core->native_id, hooks->arg);
}
static void call_resumed(GiThreadCore *core, void *arg) {
    const GilaThreadHooks *hooks = arg;
    hooks->resumed((unsigned long)core->native_id, hooks->arg);
}
static void call_suspended(GiThreadCore *core, void *arg) {
    const GilaThreadHooks *hooks = arg;
    hooks->suspended((unsigned long)core->native_id, hooks->arg);
}

void gila_set_thread_hooks(Gila *gila, const GilaThreadHooks *hooks) {
    GiThreadCore *core = &gila->ts->core;
    /* Nobody is between reading the pointer and calling when no other thread runs. */
    gi_stop_world(core);
    atomic_store(&core->world->hooks, NULL);
    if (hooks) {
        gila->hooks = *hooks;
        gila->inner = (GiThreadHooks){.ready = hooks->ready ? call_ready : NULL,
                                      .resumed = hooks->resumed ? call_resumed : NULL,
                                      .suspended = hooks->suspended ? call_suspended : NULL, .arg = &gila->hooks};
        atomic_store(&core->world->hooks, &gila->inner);
    }
    gi_start_world(core);
}

int gila_stop(Gila *gila) {
    gila_set_thread_hooks(gila, NULL);
    size_t left;
    int status = gi_vm_stop(gila->ts);
    /* Where daemon threads are still in frames of their own, the interpreter stays in memory. */
    if (!gi_vm_reclaim(gila->ts, &left)) gi_detach(&gila->ts->core, "end");
    gi_options_free(&gila->options);
    free(gila);
    return status;
}
