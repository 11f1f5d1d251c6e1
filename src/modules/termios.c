/* termios.c - attributes of terminals. Calls that can wait for output are detached. */
#include "modules/posix/internal.h"
#include <sys/ioctl.h>
#include <sys/ttydefaults.h>
#include <termios.h>

typedef struct TermiosState { GiSlot error; } TermiosState;
extern const GiModuleDef gi_module_termios;
#include "modules/termios.gen.h"

/* termios.error(errno, text). */
static GI_COLD GiRef raise_error(GiThread *ts, GiVal module, int error) {
    TermiosState *state = gi_module_state(module);
    GI_AUTO GiRef text = gi_str_from_cstr(ts, strerror(error));
    if (gi_is_null(text)) return GI_NULL;
    GiRef exc = gi_call2(ts, gi_val(state->error), gi_smallint(error), gi_val(text));
    if (!gi_is_null(exc)) gi_raise_object(ts, exc);
    return GI_NULL;
}
/* Runs a call detached, again after EINTR; the function's result is None. */
#define RUN(name, call)                                         \
    do {                                                        \
        int result;                                             \
        bool raised;                                            \
        GI_SYSCALL(ts, name, result, raised, call);             \
        if (result < 0) return raised ? GI_NULL : raise_error(ts, self, errno); \
    } while (0)

GI_FUNCTION(termios, tcgetattr, "(fd: fd, /)", "Get the tty attributes for file descriptor fd.\n\nReturns a list [iflag, oflag, cflag, lflag, ispeed, ospeed, cc]\nwhere cc is a list of the tty special characters (each a string of\nlength 1, except the items with indices VMIN and VTIME, which are\nintegers when these fields are defined).  The interpretation of the\nflags and the speeds as well as the indexing in the cc array must be\ndone using the symbolic constants defined in this module.") {
    struct termios mode;
    if (tcgetattr(a->fd, &mode) < 0) return raise_error(ts, self, errno);
    GI_AUTO GiRef cc = gi_list_new(ts, NCCS);
    if (gi_is_null(cc)) return cc;
    bool numbers = !(mode.c_lflag & ICANON);
    for (int i = 0; i < NCCS; i++) {
        GiRef item = numbers && (i == VMIN || i == VTIME) ? gi_smallint_ref(mode.c_cc[i]) : gi_bytes_from(ts, &mode.c_cc[i], 1);
        if (gi_is_null(item) || gi_list_append(ts, gi_val(cc), item) < 0) return GI_NULL;
    }
    const GiVal items[] = {gi_smallint(mode.c_iflag), gi_smallint(mode.c_oflag), gi_smallint(mode.c_cflag), gi_smallint(mode.c_lflag),
                           gi_smallint(cfgetispeed(&mode)), gi_smallint(cfgetospeed(&mode)), gi_val(cc)};
    return gi_list_from(ts, items, GI_COUNTOF(items));
}

/* Item i of a list as a C number; another thread may have cut the list. */
static GiStatus read_number(GiThread *ts, GiVal list, size_t i, int64_t *out) {
    GI_AUTO GiRef item = gi_list_get(ts, list, i);
    if (gi_is_null(item)) return gi_raise_status(ts, &gi_exc_IndexError, "list index out of range");
    GI_AUTO GiRef n = gi_index(ts, gi_val(item));
    if (gi_is_null(n)) return GI_FAIL;
    if (gi_int_as_i64(gi_val(n), out)) return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
    return GI_OK;
}
static GiStatus read_cc(GiThread *ts, GiVal attributes, struct termios *mode) {
    GI_AUTO GiRef cc = gi_list_get(ts, attributes, 6);
    if (gi_is_null(cc) || !gi_is_list(gi_val(cc)) || gi_list_len(cc) != NCCS)
        return gi_raise_status(ts, &gi_exc_TypeError, "tcsetattr: attributes[6] must be %d element list", NCCS);
    for (size_t i = 0; i < NCCS; i++) {
        GI_AUTO GiRef item = gi_list_get(ts, gi_val(cc), i);
        GiVal v = gi_val(item);
        int64_t n;
        if (!gi_is_null(v) && gi_is_bytes(v) && gi_bytes_len(v) == 1) {
            mode->c_cc[i] = gi_bytes_data(v)[0];
        } else if (!gi_is_null(v) && gi_is_int(v)) {
            if (gi_as_i64(ts, v, &n) < 0) return GI_FAIL;
            mode->c_cc[i] = (cc_t)n;
        } else {
            return gi_raise_status(ts, &gi_exc_TypeError, "tcsetattr: elements of attributes must be characters or integers");
        }
    }
    return GI_OK;
}
GI_FUNCTION(termios, tcsetattr, "(fd: fd, when: int, attributes, /)", "Set the tty attributes for file descriptor fd.\n\nThe attributes to be set are taken from the attributes argument, which\nis a list like the one returned by tcgetattr(). The when argument\ndetermines when the attributes are changed: termios.TCSANOW to\nchange immediately, termios.TCSADRAIN to change after transmitting all\nqueued output, or termios.TCSAFLUSH to change after transmitting all\nqueued output and discarding all queued input.") {
    if (!gi_is_list(a->attributes) || gi_list_len(a->attributes) != 7)
        return gi_raise_ref(ts, &gi_exc_TypeError, "tcsetattr, arg 3: must be 7 element list");
    struct termios mode;
    if (tcgetattr(a->fd, &mode) < 0) return raise_error(ts, self, errno);
    int64_t n[6];
    for (size_t i = 0; i < 6; i++)
        if (read_number(ts, a->attributes, i, &n[i]) < 0) return GI_NULL;
    mode.c_iflag = (tcflag_t)n[0];
    mode.c_oflag = (tcflag_t)n[1];
    mode.c_cflag = (tcflag_t)n[2];
    mode.c_lflag = (tcflag_t)n[3];
    if (read_cc(ts, a->attributes, &mode) < 0) return GI_NULL;
    if (cfsetispeed(&mode, (speed_t)n[4]) < 0 || cfsetospeed(&mode, (speed_t)n[5]) < 0) return raise_error(ts, self, errno);
    RUN("tcsetattr", tcsetattr(a->fd, a->when, &mode));
    return GI_REF_NONE;
}
GI_FUNCTION(termios, tcsendbreak, "(fd: fd, duration: int, /)", "Send a break on file descriptor fd.\n\nA zero duration sends a break for 0.25-0.5 seconds; a nonzero duration\nhas a system dependent meaning.") {
    RUN("tcsendbreak", tcsendbreak(a->fd, a->duration));
    return GI_REF_NONE;
}
GI_FUNCTION(termios, tcdrain, "(fd: fd, /)", "Wait until all output written to file descriptor fd has been transmitted.") {
    RUN("tcdrain", tcdrain(a->fd));
    return GI_REF_NONE;
}
GI_FUNCTION(termios, tcflush, "(fd: fd, queue: int, /)", "Discard queued data on file descriptor fd.\n\nThe queue selector specifies which queue: termios.TCIFLUSH for the input\nqueue, termios.TCOFLUSH for the output queue, or termios.TCIOFLUSH for\nboth queues.") {
    RUN("tcflush", tcflush(a->fd, a->queue));
    return GI_REF_NONE;
}
GI_FUNCTION(termios, tcflow, "(fd: fd, action: int, /)", "Suspend or resume input or output on file descriptor fd.\n\nThe action argument can be termios.TCOOFF to suspend output,\ntermios.TCOON to restart output, termios.TCIOFF to suspend input,\nor termios.TCION to restart input.") {
    RUN("tcflow", tcflow(a->fd, a->action));
    return GI_REF_NONE;
}
GI_FUNCTION(termios, tcgetwinsize, "(fd: fd, /)", "Get the tty winsize for file descriptor fd.\n\nReturns a tuple (ws_row, ws_col).") {
    struct winsize w;
    if (ioctl(a->fd, TIOCGWINSZ, &w) < 0) return raise_error(ts, self, errno);
    return gi_tuple_pack(ts, 2, gi_smallint(w.ws_row), gi_smallint(w.ws_col));
}
GI_FUNCTION(termios, tcsetwinsize, "(fd: fd, winsize, /)", "Set the tty winsize for file descriptor fd.\n\nThe winsize to be set is taken from the winsize argument, which\nis a two-item tuple (ws_row, ws_col) like the one returned by tcgetwinsize().") {
    struct winsize w;
    ssize_t len = gi_is_sequence(a->winsize) ? gi_length(ts, a->winsize) : -1;
    if (len != 2) {
        if (gi_raised(ts)) gi_exc_clear(ts);
        return gi_raise_ref(ts, &gi_exc_TypeError, "tcsetwinsize, arg 2: must be a two-item sequence");
    }
    int64_t n[2];
    for (ssize_t i = 0; i < 2; i++) {
        GI_AUTO GiRef item = gi_sequence_item(ts, a->winsize, i);
        if (gi_is_null(item)) return GI_NULL;
        GI_AUTO GiRef number = gi_index(ts, gi_val(item));
        if (gi_is_null(number)) return GI_NULL;
        if (gi_int_as_i64(gi_val(number), &n[i])) return gi_raise_ref(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
    }
    if (ioctl(a->fd, TIOCGWINSZ, &w) < 0) return raise_error(ts, self, errno);
    w.ws_row = (unsigned short)n[0];
    w.ws_col = (unsigned short)n[1];
    if (w.ws_row != n[0] || w.ws_col != n[1]) return gi_raise_ref(ts, &gi_exc_OverflowError, "winsize value(s) out of range.");
    if (ioctl(a->fd, TIOCSWINSZ, &w) < 0) return raise_error(ts, self, errno);
    return GI_REF_NONE;
}

static GiStatus termios_exec(GiThread *ts, GiVal module) {
#define C(name) {#name, name}
    static const GiIntConstant constants[] = {
        C(B0), C(B1000000), C(B110), C(B115200), C(B1152000), C(B1200), C(B134), C(B150), C(B1500000), C(B1800),
        C(B19200), C(B200), C(B2000000), C(B230400), C(B2400), C(B2500000), C(B300), C(B3000000), C(B3500000),
        C(B38400), C(B4000000), C(B460800), C(B4800), C(B50), C(B500000), C(B57600), C(B576000), C(B600), C(B75),
        C(B921600), C(B9600), C(BRKINT), C(BS0), C(BS1), C(BSDLY), C(CBAUD), C(CBAUDEX), C(CDSUSP), C(CEOF), C(CEOL),
        C(CEOT), C(CERASE), C(CFLUSH), C(CIBAUD), C(CINTR), C(CKILL), C(CLNEXT), C(CLOCAL), C(CQUIT), C(CR0), C(CR1),
        C(CR2), C(CR3), C(CRDLY), C(CREAD), C(CRPRNT), C(CRTSCTS), C(CS5), C(CS6), C(CS7), C(CS8), C(CSIZE), C(CSTART),
        C(CSTOP), C(CSTOPB), C(CSUSP), C(CWERASE), C(ECHO), C(ECHOCTL), C(ECHOE), C(ECHOK), C(ECHOKE), C(ECHONL),
        C(ECHOPRT), C(EXTA), C(EXTB), C(FF0), C(FF1), C(FFDLY), C(FIOASYNC), C(FIOCLEX), C(FIONBIO), C(FIONCLEX),
        C(FIONREAD), C(FLUSHO), C(HUPCL), C(ICANON), C(ICRNL), C(IEXTEN), C(IGNBRK), C(IGNCR), C(IGNPAR), C(IMAXBEL),
        C(INLCR), C(INPCK), C(IOCSIZE_MASK), C(IOCSIZE_SHIFT), C(ISIG), C(ISTRIP), C(IUCLC), C(IXANY), C(IXOFF),
        C(IXON), C(NCC), C(NCCS), C(NL0), C(NL1), C(NLDLY), C(NOFLSH), C(N_MOUSE), C(N_PPP), C(N_SLIP), C(N_STRIP),
        C(N_TTY), C(OCRNL), C(OFDEL), C(OFILL), C(OLCUC), C(ONLCR), C(ONLRET), C(ONOCR), C(OPOST), C(PARENB),
        C(PARMRK), C(PARODD), C(PENDIN), C(TAB0), C(TAB1), C(TAB2), C(TAB3), C(TABDLY), C(TCFLSH), C(TCGETA),
        C(TCGETS), C(TCIFLUSH), C(TCIOFF), C(TCIOFLUSH), C(TCION), C(TCOFLUSH), C(TCOOFF), C(TCOON), C(TCSADRAIN),
        C(TCSAFLUSH), C(TCSANOW), C(TCSBRK), C(TCSBRKP), C(TCSETA), C(TCSETAF), C(TCSETAW), C(TCSETS), C(TCSETSF),
        C(TCSETSW), C(TCXONC), C(TIOCCONS), C(TIOCEXCL), C(TIOCGETD), C(TIOCGICOUNT), C(TIOCGLCKTRMIOS), C(TIOCGPGRP),
        C(TIOCGSERIAL), C(TIOCGSOFTCAR), C(TIOCGWINSZ), C(TIOCINQ), C(TIOCLINUX), C(TIOCMBIC), C(TIOCMBIS),
        C(TIOCMGET), C(TIOCMIWAIT), C(TIOCMSET), C(TIOCM_CAR), C(TIOCM_CD), C(TIOCM_CTS), C(TIOCM_DSR), C(TIOCM_DTR),
        C(TIOCM_LE), C(TIOCM_RI), C(TIOCM_RNG), C(TIOCM_RTS), C(TIOCM_SR), C(TIOCM_ST), C(TIOCNOTTY), C(TIOCNXCL),
        C(TIOCOUTQ), C(TIOCPKT), C(TIOCPKT_DATA), C(TIOCPKT_DOSTOP), C(TIOCPKT_FLUSHREAD), C(TIOCPKT_FLUSHWRITE),
        C(TIOCPKT_NOSTOP), C(TIOCPKT_START), C(TIOCPKT_STOP), C(TIOCSCTTY), C(TIOCSERCONFIG), C(TIOCSERGETLSR),
        C(TIOCSERGETMULTI), C(TIOCSERGSTRUCT), C(TIOCSERGWILD), C(TIOCSERSETMULTI), C(TIOCSERSWILD), C(TIOCSER_TEMT),
        C(TIOCSETD), C(TIOCSLCKTRMIOS), C(TIOCSPGRP), C(TIOCSSERIAL), C(TIOCSSOFTCAR), C(TIOCSTI), C(TIOCSWINSZ),
        C(TOSTOP), C(VDISCARD), C(VEOF), C(VEOL), C(VEOL2), C(VERASE), C(VINTR), C(VKILL), C(VLNEXT), C(VMIN),
        C(VQUIT), C(VREPRINT), C(VSTART), C(VSTOP), C(VSUSP), C(VSWTC), {"VSWTCH", 7}, C(VT0), C(VT1), C(VTDLY),
        C(VTIME), C(VWERASE), C(XCASE), C(XTABS)};
#undef C
    GiRef error = gi_type_make(ts, "termios.error", &gi_exc_Exception, NULL);
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&((TermiosState *)gi_module_state(module))->error, gi_dup(ts, gi_val(error)));
    if (gi_module_add(ts, module, "error", error) < 0) return GI_FAIL;
    return gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants));
}
static const GiField state_fields[] = {GI_SLOT(TermiosState, error), GI_FIELDS_END};
const GiModuleDef gi_module_termios = {
    .name = "termios", .functions = termios_functions, .exec = termios_exec, .state_size = sizeof(TermiosState), .state_fields = state_fields,
    .doc = "This module provides an interface to the Posix calls for tty I/O control.\nFor a complete description of these calls, see the Posix or Unix manual\npages. It is only available for those Unix versions that support Posix\ntermios style tty I/O control.\n\nAll functions in this module take a file descriptor fd as their first\nargument. This can be an integer file descriptor, such as returned by\nsys.stdin.fileno(), or a file object, such as sys.stdin itself.",
};
