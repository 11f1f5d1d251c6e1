/* path.c - path arguments. */
#include "modules/posix/internal.h"

/* A path in a bytes-like object. */
static GiStatus bytes_like(GiThread *ts, GiVal v, const char *function, const char *argument, GiPath *path) {
    GiBuffer view;
    if (gi_buffer_get(ts, v, &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
    path->bytes = gi_bytes_from(ts, view.data, (size_t)view.len);
    gi_buffer_release(ts, &view);
    if (gi_is_null(path->bytes)) return GI_FAIL;
    path->was_bytes = true;
    path->text = (const char *)gi_bytes_data(path->bytes);
    if (strlen(path->text) == gi_bytes_len(path->bytes)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_ValueError, "%s%sembedded null character in %s", function ? function : "",
                           function ? ": " : "", argument);
}

void gi_path_free(GiPath *path) {
    if (gi_is_null(path->bytes) && gi_is_null(path->held)) return;
    GiThread *ts = gi_current_thread();
    int error = errno;
    gi_xdrop(ts, path->bytes);
    gi_xdrop(ts, path->held);
    errno = error;
}

GiStatus gi_path_get(GiThread *ts, GiVal v, const char *function, const char *argument, bool allow_fd, bool allow_none,
                     GiPath *path) {
    *path = GI_PATH_EMPTY;
    path->object = v;
    const char *prefix = function ? function : "", *colon = function ? ": " : "";
    const char *kinds = allow_fd && allow_none ? "string, bytes, os.PathLike, integer or None"
                        : allow_fd             ? "string, bytes, os.PathLike or integer"
                        : allow_none           ? "string, bytes, os.PathLike or None"
                                               : "string, bytes or os.PathLike";
    if (gi_is_null(v) || (allow_none && gi_is_none(v))) {
        path->text = ".";
        path->object = GI_NOVAL;
        return GI_OK;
    }
    if (!gi_is_str(v) && !gi_is_bytes(v)) {
        GiRef index = GI_NULL;
        if (allow_fd && (gi_is_int(v) || gi_type_of(v)->index)) {
            index = gi_index(ts, v);
            if (gi_is_null(index)) return GI_FAIL;
            int status = gi_as_int(ts, gi_val(index), &path->fd);
            gi_drop(ts, index);
            if (status < 0) return GI_FAIL;
            if (path->fd < 0) path->fd = -2; /* the system call says EBADF */
            return GI_OK;
        }
        GiRef method;
        if (gi_lookup_special(ts, v, GI_N(__fspath__), &method) < 0) return GI_FAIL;
        if (!gi_is_null(method)) {
            path->held = gi_call0(ts, gi_val(method));
            gi_drop(ts, method);
            if (gi_is_null(path->held)) return GI_FAIL;
            GiVal given = v;
            v = path->object = gi_val(path->held);
            if (!gi_is_str(v) && !gi_is_bytes(v))
                return gi_raise_status(ts, &gi_exc_TypeError, "expected %T.__fspath__() to return str or bytes, not %T", given, v);
        } else if (gi_has_buffer(v)) {
            /* PYSEM: other bytes-like objects still serve, with a warning. */
            if (gi_warn(ts, &gi_exc_DeprecationWarning, 1, "%s%s%s should be %s, not %T", prefix, colon, argument, kinds, v) < 0)
                return GI_FAIL;
            return bytes_like(ts, v, function, argument, path);
        } else {
            return gi_raise_status(ts, &gi_exc_TypeError, "%s%s%s should be %s, not %T", prefix, colon, argument, kinds, v);
        }
    }
    path->was_bytes = gi_is_bytes(v);
    size_t n = gi_is_str(v) ? gi_str_len(v) : gi_bytes_len(v);
    for (size_t i = 0; gi_is_str(v) && i < n; i++)
        if (gi_str_char(v, i) == 0) return gi_raise_status(ts, &gi_exc_ValueError, "embedded null byte");
    if (gi_is_bytes(v) && memchr(gi_bytes_data(v), 0, n) != NULL)
        return gi_raise_status(ts, &gi_exc_ValueError, "%s%sembedded null character in %s", prefix, colon, argument);
    path->bytes = gi_fs_path(ts, v);
    if (gi_is_null(path->bytes)) return GI_FAIL;
    path->text = (const char *)gi_bytes_data(path->bytes);
    return GI_OK;
}

void gi_path_drop(GiThread *ts, GiPath *path) {
    int error = errno;
    gi_xdrop(ts, path->bytes);
    path->bytes = GI_NULL;
    errno = error;
}

GiRef gi_path_error(GiThread *ts, const GiPath *path) { return gi_raise_errno(ts, errno, path->object); }

GiRef gi_path_name(GiThread *ts, const GiPath *path, const char *name, size_t len) {
    return path->was_bytes ? gi_bytes_from(ts, name, len) : gi_str_from_fs(ts, name, len);
}

GiStatus gi_dir_fd(GiThread *ts, GiVal v, int *fd) {
    *fd = AT_FDCWD;
    if (gi_is_null(v) || gi_is_none(v)) return GI_OK;
    if (!gi_is_int(v) && !gi_type_of(v)->index)
        return gi_raise_status(ts, &gi_exc_TypeError, "argument should be integer or None, not %T", v);
    return gi_as_int(ts, v, fd);
}
