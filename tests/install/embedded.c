/* An interpreter inside another program: started, used and stopped, twice over. */
#include <gila/gila.h>
#include <stdio.h>

static const char text[] = "import json, sys, threading\n"
                           "seen = []\n"
                           "t = threading.Thread(target=lambda: seen.append(json.dumps({'a': [1, 2.5]})))\n"
                           "t.start(); t.join()\n"
                           "print(seen, sys.argv, 'é', flush=True)\n"
                           "x = 5\n";

static int counts[3];
static void ready(unsigned long thread, void *arg) {
    if (thread) __atomic_add_fetch((int *)arg, 1, __ATOMIC_RELAXED);
}
static void resumed(unsigned long thread, void *arg) {
    if (thread) __atomic_add_fetch((int *)arg + 1, 1, __ATOMIC_RELAXED);
}
static void suspended(unsigned long thread, void *arg) {
    if (thread) __atomic_add_fetch((int *)arg + 2, 1, __ATOMIC_RELAXED);
}

/* What threads do with the lock is told to the hooks, and to nobody when they are taken away. */
static int try_hooks(Gila *gila) {
    GilaThreadHooks hooks = {ready, resumed, suspended, counts};
    counts[0] = counts[1] = counts[2] = 0;
    gila_set_thread_hooks(gila, &hooks);
    /* On a busy machine two threads may come one after the other, and nobody waits. */
    for (int turn = 0; turn < 50 && !counts[0]; turn++)
        gila_run_string(gila, "import time\n"
                              "def work():\n"
                              "    end = time.monotonic() + 0.1\n"
                              "    while time.monotonic() < end: time.sleep(0)\n"
                              "crew = [threading.Thread(target=work) for _ in range(2)]\n"
                              "for t in crew: t.start()\n"
                              "for t in crew: t.join()\n");
    gila_set_thread_hooks(gila, NULL);
    int before = counts[0] + counts[1] + counts[2];
    if (!counts[0] || counts[1] < counts[0] || counts[2] < 4) return 1;
    gila_run_string(gila, "time.sleep(0.001)");
    return before != counts[0] + counts[1] + counts[2];
}

int main(int argc, char **argv) {
    for (int round = 0; round < 2; round++) {
        Gila *gila = gila_start(round == 0 ? argc : 0, round == 0 ? argv : NULL);
        if (!gila) return 3;
        int first = gila_run_string(gila, text);
        int second = gila_run_string(gila, "assert x == 5; sys.exit(7)");
        int third = gila_run_string(gila, "1/0");
        if (try_hooks(gila)) return 4;
        gila_detach(gila);
        gila_attach(gila);
        int missing = gila_run_file(gila, "/nonexistent/file.py");
        int last = gila_stop(gila);
        printf("%d %d %d %d %d\n", first, second, third, missing, last);
        fflush(stdout);
    }
    return 0;
}
