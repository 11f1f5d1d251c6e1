/* An interpreter inside another program: started, used and stopped, twice over. */
#include <gila/gila.h>
#include <stdio.h>

static const char text[] = "import json, sys, threading\n"
                           "seen = []\n"
                           "t = threading.Thread(target=lambda: seen.append(json.dumps({'a': [1, 2.5]})))\n"
                           "t.start(); t.join()\n"
                           "print(seen, sys.argv, 'é', flush=True)\n"
                           "x = 5\n";

int main(int argc, char **argv) {
    for (int round = 0; round < 2; round++) {
        Gila *gila = gila_start(round == 0 ? argc : 0, round == 0 ? argv : NULL);
        if (!gila) return 3;
        int first = gila_run_string(gila, text);
        int second = gila_run_string(gila, "assert x == 5; sys.exit(7)");
        int third = gila_run_string(gila, "1/0");
        gila_detach(gila);
        gila_attach(gila);
        int missing = gila_run_file(gila, "/nonexistent/file.py");
        int last = gila_stop(gila);
        printf("%d %d %d %d %d\n", first, second, third, missing, last);
        fflush(stdout);
    }
    return 0;
}
