/* fault_dump.c - the Python stacks of threads, written from a signal handler or a foreign thread.
 *
 * Nothing is trusted: the threads may be running, and memory may be damaged. Every word of the
 * interpreter is read through the kernel (process_vm_readv on ourselves), which reports a bad
 * address instead of raising a fault; where that call is forbidden memory is read directly. No
 * allocation, no lock, no stdio: all of it is async-signal-safe.
 */
#include "modules/fault_dump.h"
#include "bytecode/code.h"
#include "modules/module.h"
#include "runtime/runtime.h"
#include "vm/frame.h"
#include <sys/uio.h>
#include <unistd.h>

enum { MAX_TEXT = 500, MAX_DEPTH = 100, MAX_THREADS = 100, MAX_MODULES = 10000 };

/* Copies n bytes from an address that may be bad. */
static bool peek(const void *from, void *to, size_t n) {
    struct iovec local = {to, n}, remote = {(void *)(uintptr_t)from, n};
    ssize_t got = process_vm_readv(getpid(), &local, 1, &remote, 1, 0);
    if (got == (ssize_t)n) return true;
    if (got >= 0 || (errno != ENOSYS && errno != EPERM)) return false;
    memcpy(to, from, n);
    return true;
}

static void put(int fd, const char *text, size_t n) {
    while (n) {
        ssize_t done = write(fd, text, n);
        if (done < 0 && errno == EINTR) continue;
        if (done <= 0) return;
        text += done;
        n -= (size_t)done;
    }
}
void gi_fault_write(int fd, const char *text) { put(fd, text, strlen(text)); }

/* Writes a number of at least `width` digits. */
static void put_number(int fd, uint64_t n, unsigned base, unsigned width) {
    char digits[24];
    size_t i = sizeof digits;
    do digits[--i] = "0123456789abcdef"[n % base];
    while ((n /= base) || sizeof digits - i < width);
    put(fd, digits + i, sizeof digits - i);
}
static void put_char(int fd, uint32_t ch) {
    char c = (char)ch;
    if (ch >= 0x20 && ch < 0x7f) {
        put(fd, &c, 1);
        return;
    }
    unsigned width = ch < 0x100 ? 2 : ch < 0x10000 ? 4 : 8;
    gi_fault_write(fd, ch < 0x100 ? "\\x" : ch < 0x10000 ? "\\u" : "\\U");
    put_number(fd, ch, 16, width);
}
/* Writes a str, without quotes, all but ASCII escaped; "???" when it is none. */
static bool put_str(int fd, GiSlot slot) {
    GiStr s;
    uint32_t chars[MAX_TEXT];
    if (gi_is_null(slot) || !gi_is_heap(slot) || !peek(gi_obj(slot), &s, sizeof s)) return false;
    GiStrKind kind = (GiStrKind)((gi_obj_flags(&s.obj) >> GI_OBJ_TYPE_SHIFT) & 3);
    int shift = gi_str_shift(kind);
    size_t n = GI_MIN((size_t)s.length, (size_t)MAX_TEXT);
    if (n && !peek((const GiStr *)gi_obj(slot) + 1, chars, n << shift)) return false;
    for (size_t i = 0; i < n; i++)
        put_char(fd, shift == 0 ? ((uint8_t *)chars)[i] : shift == 1 ? ((uint16_t *)chars)[i] : chars[i]);
    if (n < s.length) gi_fault_write(fd, "...");
    return true;
}

/* The line of word `at`; 0 when unknown. */
static int line_of(const GiCode *code, size_t at) {
    size_t low = 0, high = code->position_count;
    GiPosition p = {.line = code->first_line};
    if (at > code->instr_count) return 0;
    while (low < high) {
        size_t mid = (low + high) / 2;
        GiPosition middle;
        if (!peek(&code->positions[mid], &middle, sizeof middle)) return 0;
        if (middle.start <= at) low = mid + 1, p = middle;
        else high = mid;
    }
    return p.line;
}
static void dump_frame(int fd, const GiFrame *frame) {
    GiCode code;
    bool known = frame->code && peek(frame->code, &code, sizeof code);
    gi_fault_write(fd, "  File ");
    gi_fault_write(fd, "\"");
    if (!known || !put_str(fd, code.filename)) gi_fault_write(fd, "???");
    gi_fault_write(fd, "\", line ");
    int line = known ? line_of(&code, (size_t)(frame->pc - code.instrs)) : 0;
    if (line > 0) put_number(fd, (uint64_t)line, 10, 1);
    else gi_fault_write(fd, "???");
    gi_fault_write(fd, " in ");
    if (!known || !put_str(fd, code.name)) gi_fault_write(fd, "???");
    gi_fault_write(fd, "\n");
}
static void dump_frames(int fd, GiThread *ts) {
    GiFrame *at, frame;
    if (!peek(&ts->frame, &at, sizeof at)) return;
    if (at == NULL) gi_fault_write(fd, "  <no Python frame>\n");
    for (int depth = 0; at != NULL; depth++, at = frame.back) {
        if (depth == MAX_DEPTH) {
            gi_fault_write(fd, "  ...\n");
            return;
        }
        if (!peek(at, &frame, sizeof frame)) {
            gi_fault_write(fd, "  <damaged frame>\n");
            return;
        }
        dump_frame(fd, &frame);
    }
}
void gi_fault_dump_thread(int fd, GiThread *ts) {
    gi_fault_write(fd, "Stack (most recent call first):\n");
    dump_frames(fd, ts);
}
void gi_fault_dump_threads(int fd, GiVm *vm, GiThread *current) {
    GiThread *ts;
    if (!peek(&vm->threads, &ts, sizeof ts)) return;
    for (int i = 0; ts != NULL; i++) {
        if (i) gi_fault_write(fd, "\n");
        if (i == MAX_THREADS) {
            gi_fault_write(fd, "...\n");
            return;
        }
        uint64_t ident = 0;
        if (!peek(&ts->core.ident, &ident, sizeof ident)) return;
        gi_fault_write(fd, ts == current ? "Current thread 0x" : "Thread 0x");
        put_number(fd, ident, 16, 16);
        gi_fault_write(fd, " (most recent call first):\n");
        GiGcState *gc = vm->gc;
        bool collecting = false;
        if (ts == current && gc && peek(&gc->collecting, &collecting, sizeof collecting) && collecting)
            gi_fault_write(fd, "  Garbage-collecting\n");
        dump_frames(fd, ts);
        if (!peek(&ts->next, &ts, sizeof ts)) return;
    }
}

/* Is this text one of the names in sys.stdlib_module_names? */
static bool in_library(GiVal names, GiVal name) {
    size_t pos = 0;
    GiVal item;
    while (gi_set_next_peek(names, &pos, &item))
        if (gi_is_str(item) && gi_str_equal(item, name)) return true;
    return false;
}
void gi_fault_dump_modules(int fd, GiVm *vm) {
    GiVal names = gi_dict_get_cstr_peek(vm->main_thread, gi_val(vm->sys_dict), "stdlib_module_names"), key, module;
    if (gi_is_null(names) || !gi_is_set(names) || gi_is_null(vm->modules) || !gi_is_dict(gi_val(vm->modules))) return;
    size_t pos = 0, count = 0;
    while (count < MAX_MODULES && gi_dict_next_peek(gi_val(vm->modules), &pos, &key, &module)) {
        if (!gi_is_str(key) || !gi_is_exact(module, &gi_module_type)) continue;
        bool native = ((GiModule *)gi_obj(module))->def || gi_str_equals_cstr(key, "sys") || gi_str_equals_cstr(key, "builtins");
        if (!native || in_library(names, key)) continue;
        gi_fault_write(fd, count++ ? ", " : "\nExtension modules: ");
        put_str(fd, (GiSlot){key.bits});
    }
    if (count == 0) return;
    gi_fault_write(fd, " (total: ");
    put_number(fd, count, 10, 1);
    gi_fault_write(fd, ")\n");
}
