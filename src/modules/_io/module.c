/* module.c - module _io: open, open_code, text_encoding, UnsupportedOperation. */
#include "modules/_io/io.h"

#include "modules/_io/module.gen.h"

/* ---- open ---- */

typedef struct Mode { bool creating, reading, writing, appending, updating, text, binary; } Mode;

static GiStatus parse_mode(GiThread *ts, const char *text, Mode *m) {
    *m = (Mode){0};
    for (const char *p = text; *p; p++) {
        bool *flag = *p == 'x'   ? &m->creating
                     : *p == 'r' ? &m->reading
                     : *p == 'w' ? &m->writing
                     : *p == 'a' ? &m->appending
                     : *p == '+' ? &m->updating
                     : *p == 't' ? &m->text
                     : *p == 'b' ? &m->binary
                                 : NULL;
        if (flag == NULL || *flag) return gi_raise_status(ts, &gi_exc_ValueError, "invalid mode: '%s'", text);
        *flag = true;
    }
    if (m->text && m->binary) return gi_raise_status(ts, &gi_exc_ValueError, "can't have text and binary mode at once");
    if (m->creating + m->reading + m->writing + m->appending > 1)
        return gi_raise_status(ts, &gi_exc_ValueError, "must have exactly one of create/read/write/append mode");
    return GI_OK;
}

static GiStatus check_binary(GiThread *ts, const Mode *m, GiVal encoding, GiVal errors, GiVal newline) {
    if (!m->binary) return GI_OK;
    const char *what = !gi_is_null(encoding) && !gi_is_none(encoding) ? "an encoding"
                       : !gi_is_null(errors) && !gi_is_none(errors)   ? "an errors"
                       : !gi_is_null(newline) && !gi_is_none(newline) ? "a newline"
                                                                      : NULL;
    return what ? gi_raise_status(ts, &gi_exc_ValueError, "binary mode doesn't take %s argument", what) : GI_OK;
}

/* The raw stream. */
static GiRef open_raw(GiThread *ts, GiVal file, const Mode *m, bool closefd, GiVal opener) {
    GiRef path = GI_NULL;
    if (!gi_is_str(file) && !gi_is_bytes(file) && !gi_is_int(file)) {
        GiRef method;
        if (gi_lookup_special(ts, file, GI_N(__fspath__), &method) < 0) return GI_NULL;
        bool number = gi_is_float(file) || gi_type_of(file)->index || gi_type_of(file)->to_int || gi_type_of(file)->to_float;
        if (gi_is_null(method) && !number)
            return gi_raise_ref(ts, &gi_exc_TypeError, "expected str, bytes or os.PathLike object, not %T", file);
        if (!gi_is_null(method)) {
            path = gi_call0(ts, gi_val(method));
            gi_drop(ts, method);
            if (gi_is_null(path)) return path;
            if (!gi_is_str(gi_val(path)) && !gi_is_bytes(gi_val(path))) {
                gi_raise(ts, &gi_exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", file, gi_val(path));
                gi_drop(ts, path);
                return GI_NULL;
            }
            file = gi_val(path);
        }
    }
    char mode[6];
    snprintf(mode, sizeof mode, "%s%s%s%s%s", m->creating ? "x" : "", m->reading ? "r" : "", m->writing ? "w" : "",
             m->appending ? "a" : "", m->updating ? "+" : "");
    GiRef text = gi_str_from_cstr(ts, mode), raw = GI_NULL;
    if (!gi_is_null(text)) {
        GiVal args[4] = {file, gi_val(text), gi_bool(closefd), gi_is_null(opener) ? GI_NONE : opener};
        raw = gi_call(ts, gi_type_val(&gi_fileio_type), args, 4, GI_NOVAL);
        gi_drop(ts, text);
    }
    gi_xdrop(ts, path);
    return raw;
}

/* The layers above raw (consumed). */
static GiRef wrap(GiThread *ts, GiRef raw, const Mode *m, int buffering, GiVal mode, GiVal encoding, GiVal errors, GiVal newline) {
    GiFileIO *f = GI_FILEIO(raw);
    GiRef result = gi_dup(ts, gi_val(raw)), buffer = GI_NULL;
    bool terminal = false, line_buffering = false;
    if (buffering < 0) {
        /* Only character devices have a block size below the page's; asking costs a system call. */
        GiRef answer = gi_io_call0(ts, gi_val(raw), GI_N(isatty));
        if (gi_is_null(answer)) goto fail;
        terminal = gi_is_true(answer);
        gi_drop(ts, answer);
    }
    if (buffering == 1 || terminal) {
        buffering = -1;
        line_buffering = true;
    }
    if (buffering < 0) buffering = f->block_size;
    if (buffering == 0) {
        if (!m->binary) {
            gi_raise(ts, &gi_exc_ValueError, "can't have unbuffered text I/O");
            goto fail;
        }
        gi_drop(ts, raw);
        return result;
    }
    GiType *kind = m->updating                                      ? &gi_buffered_random_type
                   : m->creating || m->writing || m->appending ? &gi_buffered_writer_type
                                                                    : &gi_buffered_reader_type;
    if (!m->updating && !m->creating && !m->writing && !m->appending && !m->reading) {
        gi_raise(ts, &gi_exc_ValueError, "unknown mode: '%U'", mode);
        goto fail;
    }
    buffer = gi_call2(ts, gi_type_val(kind), gi_val(raw), gi_smallint(buffering));
    if (gi_is_null(buffer)) goto fail;
    gi_drop(ts, result);
    result = gi_dup(ts, gi_val(buffer));
    if (!m->binary) {
        GiVal args[6] = {gi_val(buffer), gi_is_null(encoding) ? GI_NONE : encoding, gi_is_null(errors) ? GI_NONE : errors,
                         gi_is_null(newline) ? GI_NONE : newline, gi_bool(line_buffering), GI_FALSE};
        GiRef text = gi_call(ts, gi_type_val(&gi_textio_type), args, 6, GI_NOVAL);
        if (gi_is_null(text)) goto fail;
        gi_drop(ts, result);
        result = text;
        if (gi_setattr(ts, gi_val(text), GI_N(mode), mode) < 0) goto fail;
    }
    gi_drop(ts, buffer);
    gi_drop(ts, raw);
    return result;
fail:;
    GiRef first = gi_exc_take(ts);
    GiRef closed = gi_io_call0(ts, gi_val(result), GI_N(close));
    gi_io_chain(ts, first);
    gi_xdrop(ts, closed);
    gi_drop(ts, result);
    gi_xdrop(ts, buffer);
    gi_drop(ts, raw);
    return GI_NULL;
}

GI_FUNCTION(_io, open, "(file, mode: str = 'r', buffering: int = -1, encoding: str? = None, errors: str? = None, newline: str? = None, closefd: bool = True, opener = None)", "Open file and return a stream.  Raise OSError upon failure.\n\nfile is either a text or byte string giving the name (and the path\nif the file isn't in the current working directory) of the file to\nbe opened or an integer file descriptor of the file to be\nwrapped. (If a file descriptor is given, it is closed when the\nreturned I/O object is closed, unless closefd is set to False.)\n\nmode is an optional string that specifies the mode in which the file\nis opened. It defaults to 'r' which means open for reading in text\nmode.  Other common values are 'w' for writing (truncating the file if\nit already exists), 'x' for creating and writing to a new file, and\n'a' for appending (which on some Unix systems, means that all writes\nappend to the end of the file regardless of the current seek position).\nIn text mode, if encoding is not specified the encoding used is platform\ndependent: locale.getencoding() is called to get the current locale encoding.\n(For reading and writing raw bytes use binary mode and leave encoding\nunspecified.) The available modes are:\n\n========= ===============================================================\nCharacter Meaning\n--------- ---------------------------------------------------------------\n'r'       open for reading (default)\n'w'       open for writing, truncating the file first\n'x'       create a new file and open it for writing\n'a'       open for writing, appending to the end of the file if it exists\n'b'       binary mode\n't'       text mode (default)\n'+'       open a disk file for updating (reading and writing)\n========= ===============================================================\n\nThe default mode is 'rt' (open for reading text). For binary random\naccess, the mode 'w+b' opens and truncates the file to 0 bytes, while\n'r+b' opens the file without truncation. The 'x' mode implies 'w' and\nraises an `FileExistsError` if the file already exists.\n\nPython distinguishes between files opened in binary and text modes,\neven when the underlying operating system doesn't. Files opened in\nbinary mode (appending 'b' to the mode argument) return contents as\nbytes objects without any decoding. In text mode (the default, or when\n't' is appended to the mode argument), the contents of the file are\nreturned as strings, the bytes having been first decoded using a\nplatform-dependent encoding or using the specified encoding if given.\n\nbuffering is an optional integer used to set the buffering policy.\nPass 0 to switch buffering off (only allowed in binary mode), 1 to select\nline buffering (only usable in text mode), and an integer > 1 to indicate\nthe size of a fixed-size chunk buffer.  When no buffering argument is\ngiven, the default buffering policy works as follows:\n\n* Binary files are buffered in fixed-size chunks; the size of the buffer\n  is chosen using a heuristic trying to determine the underlying device's\n  \"block size\" and falling back on `io.DEFAULT_BUFFER_SIZE`.\n  On many systems, the buffer will typically be 4096 or 8192 bytes long.\n\n* \"Interactive\" text files (files for which isatty() returns True)\n  use line buffering.  Other text files use the policy described above\n  for binary files.\n\nencoding is the name of the encoding used to decode or encode the\nfile. This should only be used in text mode. The default encoding is\nplatform dependent, but any encoding supported by Python can be\npassed.  See the codecs module for the list of supported encodings.\n\nerrors is an optional string that specifies how encoding errors are to\nbe handled---this argument should not be used in binary mode. Pass\n'strict' to raise a ValueError exception if there is an encoding error\n(the default of None has the same effect), or pass 'ignore' to ignore\nerrors. (Note that ignoring encoding errors can lead to data loss.)\nSee the documentation for codecs.register or run 'help(codecs.Codec)'\nfor a list of the permitted encoding error strings.\n\nnewline controls how universal newlines works (it only applies to text\nmode). It can be None, '', '\\n', '\\r', and '\\r\\n'.  It works as\nfollows:\n\n* On input, if newline is None, universal newlines mode is\n  enabled. Lines in the input can end in '\\n', '\\r', or '\\r\\n', and\n  these are translated into '\\n' before being returned to the\n  caller. If it is '', universal newline mode is enabled, but line\n  endings are returned to the caller untranslated. If it has any of\n  the other legal values, input lines are only terminated by the given\n  string, and the line ending is returned to the caller untranslated.\n\n* On output, if newline is None, any '\\n' characters written are\n  translated to the system default line separator, os.linesep. If\n  newline is '' or '\\n', no translation takes place. If newline is any\n  of the other legal values, any '\\n' characters written are translated\n  to the given string.\n\nIf closefd is False, the underlying file descriptor will be kept open\nwhen the file is closed. This does not work when a file name is given\nand must be True in that case.\n\nA custom opener can be used by passing a callable as *opener*. The\nunderlying file descriptor for the file object is then obtained by\ncalling *opener* with (*file*, *flags*). *opener* must return an open\nfile descriptor (passing os.open as *opener* results in functionality\nsimilar to passing None).\n\nopen() returns a file object whose type depends on the mode, and\nthrough which the standard file operations such as reading and writing\nare performed. When open() is used to open a file in a text mode ('w',\n'r', 'wt', 'rt', etc.), it returns a TextIOWrapper. When used to open\na file in a binary mode, the returned class varies: in read binary\nmode, it returns a BufferedReader; in write binary and append binary\nmodes, it returns a BufferedWriter, and in read/write mode, it returns\na BufferedRandom.\n\nIt is also possible to use a string or bytearray as a file for both\nreading and writing. For strings StringIO can be used like a file\nopened in a text mode, and for bytes a BytesIO can be used like a file\nopened in a binary mode.") {
    GiVal mode = gi_is_null(a->mode) ? GI_STR_LATIN1_CHAR('r') : a->mode;
    const char *text = gi_str_cstr(ts, mode);
    Mode m;
    if (!text || parse_mode(ts, text, &m) < 0 || check_binary(ts, &m, a->encoding, a->errors, a->newline) < 0) return GI_NULL;
    if (m.binary && a->buffering == 1 &&
        gi_warn(ts, &gi_exc_RuntimeWarning, 1,
                "line buffering (buffering=1) isn't supported in binary mode, the default buffer size will be used") < 0)
        return GI_NULL;
    GiRef raw = open_raw(ts, a->file, &m, a->closefd, a->opener);
    if (gi_is_null(raw)) return raw;
    return wrap(ts, raw, &m, a->buffering, mode, a->encoding, a->errors, a->newline);
}

GI_FUNCTION(_io, open_code, "(path: str)", "Opens the provided file with the intent to import the contents.\n\nThis may perform extra validation beyond open(), but is otherwise interchangeable\nwith calling open(path, 'rb').") {
    Mode m = {.reading = true, .binary = true};
    GiRef mode = gi_str_from_cstr(ts, "rb");
    if (gi_is_null(mode)) return mode;
    GiRef raw = open_raw(ts, a->path, &m, true, GI_NOVAL);
    GiRef result = gi_is_null(raw) ? GI_NULL : wrap(ts, raw, &m, -1, gi_val(mode), GI_NOVAL, GI_NOVAL, GI_NOVAL);
    gi_drop(ts, mode);
    return result;
}

GI_FUNCTION(_io, text_encoding, "(encoding, stacklevel: int = 2, /)", "A helper function to choose the text encoding.\n\nWhen encoding is not None, this function returns it.\nOtherwise, this function returns the default text encoding\n(i.e. \"locale\" or \"utf-8\" depends on UTF-8 mode).\n\nThis function emits an EncodingWarning if encoding is None and\nsys.flags.warn_default_encoding is true.\n\nThis can be used in APIs with an encoding=None parameter.\nHowever, please consider using encoding=\"utf-8\" for new APIs.") {
    if (!gi_is_none(a->encoding)) return gi_dup(ts, a->encoding);
    const GiConfig *config = &ts->vm->runtime->config;
    if (config->warn_default_encoding &&
        gi_warn(ts, &gi_exc_EncodingWarning, a->stacklevel, "'encoding' argument not specified") < 0)
        return GI_NULL;
    return gi_str_from_cstr(ts, config->utf8_mode ? "utf-8" : "locale");
}

/* ---- the module ---- */

static GiRef make_unsupported(GiThread *ts) {
    GiRef name = gi_str_from_cstr(ts, "UnsupportedOperation"), module = gi_str_from_cstr(ts, "io"), dict = gi_dict_new(ts);
    GiRef bases = gi_tuple_pack(ts, 2, gi_type_val(&gi_exc_OSError), gi_type_val(&gi_exc_ValueError)), made = GI_NULL;
    if (!gi_is_null(name) && !gi_is_null(module) && !gi_is_null(dict) && !gi_is_null(bases) &&
        gi_dict_set(ts, gi_val(dict), GI_N(__module__), gi_val(module)) == GI_OK)
        made = gi_type_new_class(ts, &gi_type_type, gi_val(name), gi_val(bases), gi_val(dict), NULL, GI_NOVAL);
    gi_xdrop(ts, name);
    gi_xdrop(ts, module);
    gi_xdrop(ts, dict);
    gi_xdrop(ts, bases);
    return made;
}

/* The functions present themselves as those of module io. */
static GiStatus name_functions(GiThread *ts, GiVal module) {
    GiRef io = gi_intern_cstr(ts, "io");
    if (gi_is_null(io)) return GI_FAIL;
    for (const GiMethodDef *row = _io_functions; row->name != NULL; row++) {
        GiRef f = gi_dict_get_cstr(ts, gi_module_dict(module), row->name);
        if (!gi_is_null(f)) gi_slot_set(ts, &((GiNative *)gi_obj(f))->module, gi_dup(ts, gi_val(io)));
        gi_xdrop(ts, f);
    }
    gi_drop(ts, io);
    return GI_OK;
}

static GiStatus _io_exec(GiThread *ts, GiVal module) {
    static GiType *const types[] = {
        &gi_iobase_type, &gi_rawiobase_type, &gi_bufferediobase_type, &gi_textiobase_type, &gi_fileio_type,
        &gi_bytesio_type, &gi_stringio_type, &gi_buffered_reader_type, &gi_buffered_writer_type,
        &gi_buffered_rwpair_type, &gi_buffered_random_type, &gi_textio_type, &gi_newline_decoder_type};
    GiIoState *state = gi_module_state(module);
    GiRef unsupported = make_unsupported(ts);
    if (gi_is_null(unsupported) || name_functions(ts, module) < 0) return GI_FAIL;
    gi_slot_set(ts, &state->unsupported, unsupported);
    if (gi_module_add(ts, module, "UnsupportedOperation", gi_slot_dup(ts, &state->unsupported)) < 0 ||
        gi_module_add(ts, module, "BlockingIOError", gi_dup(ts, gi_type_val(&gi_exc_BlockingIOError))) < 0 ||
        gi_module_add_int(ts, module, "DEFAULT_BUFFER_SIZE", GI_IO_BUFFER_SIZE) < 0)
        return GI_FAIL;
    for (size_t i = 0; i < GI_COUNTOF(types); i++)
        if (gi_module_add_type(ts, module, types[i]) < 0) return GI_FAIL;
    return gi_type_ready(ts, &gi_bytesio_buffer_type);
}

static const GiField state_fields[] = {GI_SLOT(GiIoState, unsupported), GI_FIELDS_END};
const GiModuleDef gi_module__io = {
    .name = "_io", .functions = _io_functions, .exec = _io_exec, .state_size = sizeof(GiIoState), .state_fields = state_fields,
    .doc = "The io module provides the Python interfaces to stream handling. The\nbuiltin open function is defined in this module.\n\nAt the top of the I/O hierarchy is the abstract base class IOBase. It\ndefines the basic interface to a stream. Note, however, that there is no\nseparation between reading and writing to streams; implementations are\nallowed to raise an OSError if they do not support a given operation.\n\nExtending IOBase is RawIOBase which deals simply with the reading and\nwriting of raw bytes to a stream. FileIO subclasses RawIOBase to provide\nan interface to OS files.\n\nBufferedIOBase deals with buffering on a raw byte stream (RawIOBase). Its\nsubclasses, BufferedWriter, BufferedReader, and BufferedRWPair buffer\nstreams that are readable, writable, and both respectively.\nBufferedRandom provides a buffered interface to random access\nstreams. BytesIO is a simple stream of in-memory bytes.\n\nAnother IOBase subclass, TextIOBase, deals with the encoding and decoding\nof streams into text. TextIOWrapper, which extends it, is a buffered text\ninterface to a buffered raw stream (`BufferedIOBase`). Finally, StringIO\nis an in-memory stream for text.\n\nArgument names are not part of the specification, and only the arguments\nof open() are intended to be used as keyword arguments.\n\ndata:\n\nDEFAULT_BUFFER_SIZE\n\n   An int containing the default buffer size used by the module's buffered\n   I/O classes. open() uses the file's blksize (as obtained by os.stat) if\n   possible.\n",
};
