/* pyexpat.c - the XML parser, over libexpat.
 *
 * Handlers run inside XML_Parse, on the thread that called it. When one raises, all handlers are let
 * go, the rest of the input is parsed in silence, and the call fails.
 * LOCK: a parser belongs to one thread at a time: Parse holds `use`, and without the GIL so does everything
 * that looks into the parser or changes it. `busy` turns away who parses already (expat itself refuses
 * to be entered again), and under the GIL other threads, too.
 */
#include "memory/keep.h"
#include "modules/wait_lock.h"
#include "objects/container.h"
#include <expat.h>
#include <sys/random.h>

typedef enum {
    H_StartElement, H_EndElement, H_ProcessingInstruction, H_CharacterData, H_UnparsedEntityDecl, H_NotationDecl,
    H_StartNamespaceDecl, H_EndNamespaceDecl, H_Comment, H_StartCdataSection, H_EndCdataSection, H_Default, H_DefaultExpand,
    H_NotStandalone, H_ExternalEntityRef, H_StartDoctypeDecl, H_EndDoctypeDecl, H_EntityDecl, H_XmlDecl, H_ElementDecl,
    H_AttlistDecl, H_SkippedEntity, HANDLERS,
} Handler;

typedef struct GiXmlParser {
    GiObj obj;
    XML_Parser expat;
    GiSlot intern; /* dict of names, or null */
    GiSlot parent; /* of a parser for an external entity: its expat refers to the parent's */
    size_t handler_count;
    GiSlot handlers[HANDLERS];
    bool ordered_attributes, specified_attributes, namespace_prefixes, in_callback;
    _Atomic bool busy;
    GiBusy use;
    char *text; /* character data that is gathered; NULL: it is passed on as it comes */
    int text_size, text_used;
} GiXmlParser;
typedef struct ExpatState { GiSlot error; } ExpatState;
extern const GiModuleDef gi_module_pyexpat;
extern GiType gi_xmlparser_type;
#include "modules/pyexpat.gen.h"

enum { TEXT_SIZE = 8192, CHUNK = 1 << 20, FILE_CHUNK = 2048 };
#define PARSER(v) ((GiXmlParser *)gi_obj(v))

/* ---- Values for handlers ---- */

static GiRef text_of(GiThread *ts, const char *s) { return s ? gi_str_from_utf8(ts, s, strlen(s)) : GI_REF_NONE; }
/* A name, shared with equal ones. */
static GiRef name_of(GiThread *ts, GiXmlParser *p, const char *s) {
    GiRef name = text_of(ts, s);
    if (gi_is_null(name) || gi_is_none(name) || gi_is_null(p->intern)) return name;
    GiRef known = gi_dict_setdefault(ts, gi_val(p->intern), gi_val(name), gi_val(name));
    gi_drop(ts, name);
    return known;
}
static void let_go(GiThread *ts, GiXmlParser *p);

/* Calls a handler with n values (consumed); a null one means that an exception is set. The result;
 * null: raised, and all handlers are gone. */
static GiRef call_raw(GiThread *ts, GiXmlParser *p, Handler which, GiRef *values, size_t n) {
    GiRef handler = gi_slot_dup(ts, &p->handlers[which]), r = GI_NULL;
    bool complete = !gi_is_null(handler);
    for (size_t i = 0; i < n; i++) complete &= !gi_is_null(values[i]);
    if (complete) {
        GiVal args[8] = {GI_NOVAL};
        bool before = p->in_callback;
        for (size_t i = 0; i < n; i++) args[i] = gi_val(values[i]);
        p->in_callback = true;
        r = gi_call(ts, gi_val(handler), args, n, GI_NOVAL);
        p->in_callback = before;
    }
    gi_drop_all(ts, values, n);
    gi_xdrop(ts, handler);
    if (gi_is_null(r)) let_go(ts, p);
    return r;
}
/* Passes gathered character data on. */
static GiStatus flush_text(GiThread *ts, GiXmlParser *p) {
    if (p->text == NULL || p->text_used == 0) return GI_OK;
    GiRef value = gi_str_from_utf8(ts, p->text, (size_t)p->text_used);
    p->text_used = 0;
    if (gi_is_null(p->handlers[H_CharacterData])) {
        gi_xdrop(ts, value);
        return gi_raised(ts) ? GI_FAIL : GI_OK;
    }
    GiRef r = call_raw(ts, p, H_CharacterData, &value, 1);
    gi_xdrop(ts, r);
    return gi_is_null(r) ? GI_FAIL : GI_OK;
}
/* True if the handler is to be called: it is there, nothing is raised, earlier text is passed on. */
static bool wanted(GiThread *ts, GiXmlParser *p, Handler which) {
    return !gi_is_null(p->handlers[which]) && !gi_raised(ts) && flush_text(ts, p) == GI_OK && !gi_is_null(p->handlers[which]);
}
static void call(GiThread *ts, GiXmlParser *p, Handler which, GiRef *values, size_t n) {
    gi_xdrop(ts, call_raw(ts, p, which, values, n));
}
/* As call; the result as a C truth: 0 when it failed. */
static int call_int(GiThread *ts, GiXmlParser *p, Handler which, GiRef *values, size_t n) {
    GiRef r = call_raw(ts, p, which, values, n);
    if (gi_is_null(r)) return 0;
    int64_t value = 0;
    if (gi_as_i64(ts, gi_val(r), &value) < 0) let_go(ts, p), value = 0;
    gi_drop(ts, r);
    return value != 0;
}

#define CALLBACK(result, name, ...) static result on_##name(void *user, ##__VA_ARGS__)
#define ENTER(name, nothing)                     \
    GiXmlParser *p = user;                       \
    GiThread *ts = gi_current_thread();          \
    if (!wanted(ts, p, H_##name)) return nothing
#define CALL(name, ...)                                           \
    do {                                                          \
        GiRef values_[] = {__VA_ARGS__};                          \
        call(ts, p, H_##name, values_, GI_COUNTOF(values_));      \
    } while (0)

/* ---- Callbacks ---- */

static GiRef attributes(GiThread *ts, GiXmlParser *p, const char **list) {
    int n = 0;
    if (p->specified_attributes) n = XML_GetSpecifiedAttributeCount(p->expat);
    else while (list[n]) n += 2;
    GiRef all = p->ordered_attributes ? gi_list_new(ts, (size_t)n) : gi_dict_new(ts);
    for (int i = 0; i < n && !gi_is_null(all); i += 2) {
        GiRef name = name_of(ts, p, list[i]), value = gi_is_null(name) ? GI_NULL : text_of(ts, list[i + 1]);
        GiStatus status = GI_FAIL;
        if (!gi_is_null(value)) {
            if (!p->ordered_attributes) {
                status = gi_dict_set(ts, gi_val(all), gi_val(name), gi_val(value));
            } else {
                status = gi_list_append(ts, gi_val(all), gi_dup(ts, gi_val(name)));
                if (status == GI_OK) status = gi_list_append(ts, gi_val(all), gi_dup(ts, gi_val(value)));
            }
        }
        gi_xdrop(ts, name);
        gi_xdrop(ts, value);
        if (status < 0) {
            gi_drop(ts, all);
            all = GI_NULL;
        }
    }
    return all;
}
CALLBACK(void, StartElement, const char *name, const char **list) {
    ENTER(StartElement, );
    GiRef all = attributes(ts, p, list), element = gi_is_null(all) ? GI_NULL : name_of(ts, p, name);
    CALL(StartElement, element, all);
}
CALLBACK(void, EndElement, const char *name) {
    ENTER(EndElement, );
    CALL(EndElement, name_of(ts, p, name));
}
CALLBACK(void, ProcessingInstruction, const char *target, const char *data) {
    ENTER(ProcessingInstruction, );
    CALL(ProcessingInstruction, name_of(ts, p, target), text_of(ts, data));
}
CALLBACK(void, CharacterData, const char *data, int n) {
    GiXmlParser *p = user;
    GiThread *ts = gi_current_thread();
    if (gi_is_null(p->handlers[H_CharacterData]) || gi_raised(ts)) return;
    if (p->text) {
        if (n > p->text_size - p->text_used && flush_text(ts, p) < 0) return;
        if (gi_is_null(p->handlers[H_CharacterData])) return;
        if (p->text && n <= p->text_size - p->text_used) { /* the handler may have changed the buffer */
            memcpy(p->text + p->text_used, data, (size_t)n);
            p->text_used += n;
            return;
        }
    }
    CALL(CharacterData, gi_str_from_utf8(ts, data, (size_t)n));
}
CALLBACK(void, UnparsedEntityDecl, const char *entity, const char *base, const char *system, const char *public, const char *notation) {
    ENTER(UnparsedEntityDecl, );
    CALL(UnparsedEntityDecl, name_of(ts, p, entity), name_of(ts, p, base), name_of(ts, p, system), name_of(ts, p, public), name_of(ts, p, notation));
}
CALLBACK(void, NotationDecl, const char *notation, const char *base, const char *system, const char *public) {
    ENTER(NotationDecl, );
    CALL(NotationDecl, name_of(ts, p, notation), name_of(ts, p, base), name_of(ts, p, system), name_of(ts, p, public));
}
CALLBACK(void, StartNamespaceDecl, const char *prefix, const char *uri) {
    ENTER(StartNamespaceDecl, );
    CALL(StartNamespaceDecl, name_of(ts, p, prefix), name_of(ts, p, uri));
}
CALLBACK(void, EndNamespaceDecl, const char *prefix) {
    ENTER(EndNamespaceDecl, );
    CALL(EndNamespaceDecl, name_of(ts, p, prefix));
}
CALLBACK(void, Comment, const char *data) {
    ENTER(Comment, );
    CALL(Comment, text_of(ts, data));
}
CALLBACK(void, StartCdataSection) {
    ENTER(StartCdataSection, );
    call(ts, p, H_StartCdataSection, NULL, 0);
}
CALLBACK(void, EndCdataSection) {
    ENTER(EndCdataSection, );
    call(ts, p, H_EndCdataSection, NULL, 0);
}
CALLBACK(void, Default, const char *data, int n) {
    ENTER(Default, );
    CALL(Default, gi_str_from_utf8(ts, data, (size_t)n));
}
CALLBACK(void, DefaultExpand, const char *data, int n) {
    ENTER(DefaultExpand, );
    CALL(DefaultExpand, gi_str_from_utf8(ts, data, (size_t)n));
}
CALLBACK(int, NotStandalone) {
    ENTER(NotStandalone, 0);
    return call_int(ts, p, H_NotStandalone, NULL, 0);
}
/* The first parameter of this one is the expat parser. */
static int on_ExternalEntityRef(XML_Parser expat, const char *context, const char *base, const char *system, const char *public) {
    void *user = XML_GetUserData(expat);
    ENTER(ExternalEntityRef, 0);
    GiRef values[] = {text_of(ts, context), name_of(ts, p, base), name_of(ts, p, system), name_of(ts, p, public)};
    return call_int(ts, p, H_ExternalEntityRef, values, 4);
}
CALLBACK(void, StartDoctypeDecl, const char *name, const char *system, const char *public, int internal) {
    ENTER(StartDoctypeDecl, );
    CALL(StartDoctypeDecl, name_of(ts, p, name), name_of(ts, p, system), name_of(ts, p, public), gi_smallint_ref(internal));
}
CALLBACK(void, EndDoctypeDecl) {
    ENTER(EndDoctypeDecl, );
    call(ts, p, H_EndDoctypeDecl, NULL, 0);
}
CALLBACK(void, EntityDecl, const char *entity, int parameter, const char *value, int n, const char *base, const char *system, const char *public, const char *notation) {
    ENTER(EntityDecl, );
    CALL(EntityDecl, name_of(ts, p, entity), gi_smallint_ref(parameter), value ? gi_str_from_utf8(ts, value, (size_t)n) : GI_REF_NONE,
         name_of(ts, p, base), name_of(ts, p, system), name_of(ts, p, public), name_of(ts, p, notation));
}
CALLBACK(void, XmlDecl, const char *version, const char *encoding, int standalone) {
    ENTER(XmlDecl, );
    CALL(XmlDecl, text_of(ts, version), text_of(ts, encoding), gi_smallint_ref(standalone));
}
/* (type, quantifier, name, children), nested. */
static GiRef model_of(GiThread *ts, GiXmlParser *p, const XML_Content *m) {
    if (gi_enter_recursive(ts, "") < 0) return GI_NULL;
    GiRef children = gi_tuple_new(ts, m->numchildren), result = GI_NULL;
    for (unsigned i = 0; i < m->numchildren && !gi_is_null(children); i++) {
        GiRef child = model_of(ts, p, &m->children[i]);
        if (gi_is_null(child)) {
            gi_drop(ts, children);
            children = GI_NULL;
        } else {
            gi_tuple_init(children, i, child);
        }
    }
    if (!gi_is_null(children)) {
        GiRef parts[] = {gi_smallint_ref(m->type), gi_smallint_ref(m->quant), name_of(ts, p, m->name), children};
        result = gi_tuple_steal(ts, parts, 4);
    }
    gi_leave_recursive(ts);
    return result;
}
CALLBACK(void, ElementDecl, const char *name, XML_Content *model) {
    GiXmlParser *p = user;
    GiThread *ts = gi_current_thread();
    if (wanted(ts, p, H_ElementDecl)) {
        GiRef tree = model_of(ts, p, model), element = gi_is_null(tree) ? GI_NULL : name_of(ts, p, name);
        CALL(ElementDecl, element, tree);
    }
    XML_FreeContentModel(p->expat, model);
}
CALLBACK(void, AttlistDecl, const char *element, const char *attribute, const char *type, const char *fallback, int required) {
    ENTER(AttlistDecl, );
    CALL(AttlistDecl, name_of(ts, p, element), name_of(ts, p, attribute), text_of(ts, type), text_of(ts, fallback), gi_smallint_ref(required));
}
CALLBACK(void, SkippedEntity, const char *entity, int parameter) {
    ENTER(SkippedEntity, );
    CALL(SkippedEntity, name_of(ts, p, entity), gi_smallint_ref(parameter));
}
/* Encodings of one byte a character that expat does not know. */
static int on_unknown_encoding(void *user GI_UNUSED, const char *name, XML_Encoding *info) {
    GiThread *ts = gi_current_thread();
    uint8_t all[256];
    if (gi_raised(ts)) return XML_STATUS_ERROR;
    for (int i = 0; i < 256; i++) all[i] = (uint8_t)i;
    GI_AUTO GiRef text = gi_decode(ts, all, 256, name, "replace");
    if (gi_is_null(text)) return XML_STATUS_ERROR;
    if (gi_str_len(text) != 256) {
        gi_raise(ts, &gi_exc_ValueError, "multi-byte encodings are not supported");
        return XML_STATUS_ERROR;
    }
    for (size_t i = 0; i < 256; i++) {
        uint32_t ch = gi_str_char(gi_val(text), i);
        info->map[i] = ch == 0xFFFD ? -1 : (int)ch;
    }
    info->data = NULL;
    info->convert = NULL;
    info->release = NULL;
    return XML_STATUS_OK;
}

/* Tells expat whether a handler is there. */
static void install(XML_Parser x, Handler which, bool on) {
#define SET(handler, name) case H_##handler: XML_Set##name##Handler(x, on ? on_##handler : NULL); break
    switch (which) {
    SET(StartElement, StartElement);
    SET(EndElement, EndElement);
    SET(ProcessingInstruction, ProcessingInstruction);
    SET(CharacterData, CharacterData);
    SET(UnparsedEntityDecl, UnparsedEntityDecl);
    SET(NotationDecl, NotationDecl);
    SET(StartNamespaceDecl, StartNamespaceDecl);
    SET(EndNamespaceDecl, EndNamespaceDecl);
    SET(Comment, Comment);
    SET(StartCdataSection, StartCdataSection);
    SET(EndCdataSection, EndCdataSection);
    SET(Default, Default);
    SET(NotStandalone, NotStandalone);
    SET(ExternalEntityRef, ExternalEntityRef);
    SET(StartDoctypeDecl, StartDoctypeDecl);
    SET(EndDoctypeDecl, EndDoctypeDecl);
    SET(EntityDecl, EntityDecl);
    SET(XmlDecl, XmlDecl);
    SET(ElementDecl, ElementDecl);
    SET(AttlistDecl, AttlistDecl);
    SET(SkippedEntity, SkippedEntity);
    case H_DefaultExpand: XML_SetDefaultHandlerExpand(x, on ? on_DefaultExpand : NULL); break;
    case HANDLERS: break;
    }
#undef SET
}
static int refuse_entities(XML_Parser expat GI_UNUSED, const char *a GI_UNUSED, const char *b GI_UNUSED, const char *c GI_UNUSED, const char *d GI_UNUSED) { return 0; }
static void let_go(GiThread *ts, GiXmlParser *p) {
    GiRef exc = gi_exc_take(ts); /* dropping handlers may run code */
    for (int i = 0; i < HANDLERS; i++) {
        if (gi_is_null(p->handlers[i])) continue;
        install(p->expat, (Handler)i, false);
        gi_slot_clear(ts, &p->handlers[i]);
    }
    XML_SetExternalEntityRefHandler(p->expat, refuse_entities);
    if (!gi_is_null(exc)) gi_exc_restore(ts, exc);
}

#define USING(self, failure) GI_BUSY_IF_FREE(ts, &PARSER(self)->use, failure)

/* ---- Handlers as attributes ---- */

static GiRef get_handler(GiThread *ts, GiVal self, Handler which) {
    USING(self, GI_NULL);
    GiRef r = gi_slot_dup(ts, &PARSER(self)->handlers[which]);
    return gi_is_null(r) ? GI_REF_NONE : r;
}
static GiStatus set_handler(GiThread *ts, GiVal self, GiVal value, Handler which) {
    GiXmlParser *p = PARSER(self);
    USING(self, GI_FAIL);
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_RuntimeError, "Cannot delete attribute");
    if (which == H_CharacterData && flush_text(ts, p) < 0) return GI_FAIL;
    bool on = !gi_is_none(value);
    /* Within a callback expat goes on with character data, which must find the callback. */
    if (!(which == H_CharacterData && !on && p->in_callback)) install(p->expat, which, on);
    gi_slot_set(ts, &p->handlers[which], on ? gi_dup(ts, value) : GI_NULL);
    return GI_OK;
}
#define HANDLER(name)                                                                                        \
    static GiRef get_##name##Handler(GiThread *ts, GiVal self) { return get_handler(ts, self, H_##name); }   \
    static GiStatus set_##name##Handler(GiThread *ts, GiVal self, GiVal value) { return set_handler(ts, self, value, H_##name); }
HANDLER(StartElement)
HANDLER(EndElement)
HANDLER(ProcessingInstruction)
HANDLER(CharacterData)
HANDLER(UnparsedEntityDecl)
HANDLER(NotationDecl)
HANDLER(StartNamespaceDecl)
HANDLER(EndNamespaceDecl)
HANDLER(Comment)
HANDLER(StartCdataSection)
HANDLER(EndCdataSection)
HANDLER(Default)
HANDLER(NotStandalone)
HANDLER(ExternalEntityRef)
HANDLER(StartDoctypeDecl)
HANDLER(EndDoctypeDecl)
HANDLER(EntityDecl)
HANDLER(XmlDecl)
HANDLER(ElementDecl)
HANDLER(AttlistDecl)
HANDLER(SkippedEntity)
static GiRef get_DefaultHandlerExpand(GiThread *ts, GiVal self) { return get_handler(ts, self, H_DefaultExpand); }
static GiStatus set_DefaultHandlerExpand(GiThread *ts, GiVal self, GiVal value) { return set_handler(ts, self, value, H_DefaultExpand); }
#define FLAG(name)                                                                                      \
    static GiRef get_##name(GiThread *ts GI_UNUSED, GiVal self) { return gi_bool_ref(PARSER(self)->name); } \
    static GiStatus set_##name(GiThread *ts, GiVal self, GiVal value) {                                 \
        if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_RuntimeError, "Cannot delete attribute"); \
        GiTruth truth = gi_truth(ts, value);                                                            \
        if (truth.value < 0) return GI_FAIL;                                                            \
        PARSER(self)->name = truth.value;                                                               \
        return GI_OK;                                                                                   \
    }
FLAG(ordered_attributes)
FLAG(specified_attributes)
static GiRef get_namespace_prefixes(GiThread *ts GI_UNUSED, GiVal self) { return gi_bool_ref(PARSER(self)->namespace_prefixes); }
static GiStatus set_namespace_prefixes(GiThread *ts, GiVal self, GiVal value) {
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_RuntimeError, "Cannot delete attribute");
    GiTruth truth = gi_truth(ts, value);
    if (truth.value < 0) return GI_FAIL;
    USING(self, GI_FAIL);
    PARSER(self)->namespace_prefixes = truth.value;
    XML_SetReturnNSTriplet(PARSER(self)->expat, truth.value);
    return GI_OK;
}
static GiRef get_buffer_text(GiThread *ts GI_UNUSED, GiVal self) { return gi_bool_ref(PARSER(self)->text != NULL); }
static GiStatus set_buffer_text(GiThread *ts, GiVal self, GiVal value) {
    GiXmlParser *p = PARSER(self);
    USING(self, GI_FAIL);
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_RuntimeError, "Cannot delete attribute");
    GiTruth truth = gi_truth(ts, value);
    if (truth.value < 0) return GI_FAIL;
    if (truth.value && p->text == NULL) {
        p->text = gi_mem_alloc(ts, (size_t)p->text_size);
        p->text_used = 0;
        return p->text ? GI_OK : GI_FAIL;
    }
    if (!truth.value && p->text != NULL) {
        if (flush_text(ts, p) < 0) return GI_FAIL;
        gi_mem_free(p->text);
        p->text = NULL;
    }
    return GI_OK;
}
static GiRef get_buffer_size(GiThread *ts GI_UNUSED, GiVal self) { return gi_smallint_ref(PARSER(self)->text_size); }
static GiStatus set_buffer_size(GiThread *ts, GiVal self, GiVal value) {
    GiXmlParser *p = PARSER(self);
    USING(self, GI_FAIL);
    if (gi_is_null(value)) return gi_raise_status(ts, &gi_exc_RuntimeError, "Cannot delete attribute");
    int64_t size;
    if (!gi_is_int(value)) return gi_raise_status(ts, &gi_exc_TypeError, "buffer_size must be an integer");
    if (gi_int_as_i64(value, &size)) return gi_raise_status(ts, &gi_exc_OverflowError, "Python int too large to convert to C long");
    if (size <= 0) return gi_raise_status(ts, &gi_exc_ValueError, "buffer_size must be greater than zero");
    if (size > INT32_MAX) return gi_raise_status(ts, &gi_exc_ValueError, "buffer_size must not be greater than %i", INT32_MAX);
    if (size == p->text_size) return GI_OK;
    if (p->text) {
        if (flush_text(ts, p) < 0) return GI_FAIL;
        char *text = gi_mem_alloc(ts, (size_t)size);
        if (text == NULL) return GI_FAIL;
        gi_mem_free(p->text);
        p->text = text;
    }
    p->text_size = (int)size;
    return GI_OK;
}
static GiRef get_buffer_used(GiThread *ts GI_UNUSED, GiVal self) { return gi_smallint_ref(PARSER(self)->text_used); }
#define NUMBER(name, function) \
    static GiRef get_##name(GiThread *ts, GiVal self) {                                   \
        USING(self, GI_NULL);                                                             \
        return gi_int_from_i64(ts, (int64_t)function(PARSER(self)->expat));               \
    }
NUMBER(ErrorCode, XML_GetErrorCode)
NUMBER(ErrorLineNumber, XML_GetErrorLineNumber)
NUMBER(ErrorColumnNumber, XML_GetErrorColumnNumber)
NUMBER(ErrorByteIndex, XML_GetErrorByteIndex)
NUMBER(CurrentLineNumber, XML_GetCurrentLineNumber)
NUMBER(CurrentColumnNumber, XML_GetCurrentColumnNumber)
NUMBER(CurrentByteIndex, XML_GetCurrentByteIndex)
#define RW(name) {#name, get_##name, set_##name, NULL}
#define RO(name) {#name, get_##name, NULL, NULL}
static const GiGetSetDef getset[] = {
    RW(StartElementHandler), RW(EndElementHandler), RW(ProcessingInstructionHandler),
    RW(CharacterDataHandler), RW(UnparsedEntityDeclHandler), RW(NotationDeclHandler),
    RW(StartNamespaceDeclHandler), RW(EndNamespaceDeclHandler), RW(CommentHandler),
    RW(StartCdataSectionHandler), RW(EndCdataSectionHandler), RW(DefaultHandler), RW(DefaultHandlerExpand),
    RW(NotStandaloneHandler), RW(ExternalEntityRefHandler), RW(StartDoctypeDeclHandler),
    RW(EndDoctypeDeclHandler), RW(EntityDeclHandler), RW(XmlDeclHandler), RW(ElementDeclHandler),
    RW(AttlistDeclHandler), RW(SkippedEntityHandler),
    RW(ordered_attributes), RW(specified_attributes), RW(namespace_prefixes), RW(buffer_text), RW(buffer_size), RO(buffer_used),
    RO(ErrorCode), RO(ErrorLineNumber), RO(ErrorColumnNumber), RO(ErrorByteIndex), RO(CurrentLineNumber), RO(CurrentColumnNumber),
    RO(CurrentByteIndex), {.name = NULL}};

/* ---- Parsing ---- */

/* xml.parsers.expat.ExpatError with code, offset and lineno. */
static GiRef raise_expat(GiThread *ts, GiXmlParser *p, enum XML_Error code) {
    ExpatState *state = gi_module_state_of(ts, &gi_module_pyexpat);
    long line = (long)XML_GetErrorLineNumber(p->expat), column = (long)XML_GetErrorColumnNumber(p->expat);
    GI_AUTO GiRef text = gi_str_format(ts, "%s: line %ld, column %ld", XML_ErrorString(code), line, column);
    GI_AUTO GiRef exc = gi_is_null(text) ? GI_NULL : gi_call1(ts, gi_val(state->error), gi_val(text));
    if (gi_is_null(exc) || gi_setattr_cstr(ts, gi_val(exc), "code", gi_smallint(code)) < 0 ||
        gi_setattr_cstr(ts, gi_val(exc), "offset", gi_smallint(column)) < 0 || gi_setattr_cstr(ts, gi_val(exc), "lineno", gi_smallint(line)) < 0)
        return GI_NULL;
    gi_raise_object(ts, gi_move(&exc));
    return GI_NULL;
}
static GiRef parse_result(GiThread *ts, GiXmlParser *p, int status) {
    if (gi_raised(ts)) return GI_NULL;
    if (status == XML_STATUS_ERROR) return raise_expat(ts, p, XML_GetErrorCode(p->expat));
    return flush_text(ts, p) < 0 ? GI_NULL : gi_smallint_ref(status);
}
static GiStatus enter(GiThread *ts, GiXmlParser *p) {
    bool waits = ts->core.free_running;
    if (waits && gi_busy_enter(ts, &p->use) < 0) return GI_FAIL;
    if (!atomic_exchange(&p->busy, true)) return waits ? GI_OK : gi_busy_enter(ts, &p->use);
    if (waits) gi_busy_leave(ts, &p->use);
    return gi_raise_status(ts, &gi_exc_RuntimeError, "the parser is being used");
}
static GiRef parse(GiThread *ts, GiXmlParser *p, const char *data, size_t n, bool final) {
    int status = XML_STATUS_OK;
    if (enter(ts, p) < 0) return GI_NULL;
    while (n > CHUNK && status == XML_STATUS_OK && !gi_raised(ts)) {
        status = XML_Parse(p->expat, data, CHUNK, 0);
        data += CHUNK;
        n -= CHUNK;
    }
    if (status == XML_STATUS_OK && !gi_raised(ts)) status = XML_Parse(p->expat, data, (int)n, final);
    atomic_store(&p->busy, false);
    GiRef result = parse_result(ts, p, status);
    gi_busy_leave(ts, &p->use);
    return result;
}
GI_METHOD(xmlparser, Parse, "(self, data, isfinal: bool = False, /)", "Parse XML data.\n\n`isfinal' should be true at end of input.") {
    GiXmlParser *p = PARSER(self);
    if (gi_is_str(a->data)) {
        size_t n;
        const char *text = gi_str_utf8(ts, a->data, &n);
        if (text == NULL) return GI_NULL;
        USING(self, GI_NULL);
        (void)XML_SetEncoding(p->expat, "utf-8");
        return parse(ts, p, text, n, a->isfinal);
    }
    GiBuffer view;
    if (gi_buffer_get(ts, a->data, &view, GI_BUF_BRIEF) < 0) return GI_NULL;
    GiRef r = parse(ts, p, view.data, (size_t)view.len, a->isfinal);
    gi_buffer_release(ts, &view);
    return r;
}
GI_METHOD(xmlparser, ParseFile, "(self, file, /)", "Parse XML data from file-like object.") {
    GiXmlParser *p = PARSER(self);
    GI_AUTO GiRef name = gi_intern_cstr(ts, "read");
    GI_AUTO GiRef read = GI_NULL;
    if (gi_is_null(name) || gi_getattr_opt(ts, a->file, gi_val(name), &read) < 0) return GI_NULL;
    if (gi_is_null(read)) return gi_raise_ref(ts, &gi_exc_TypeError, "argument must have 'read' attribute");
    for (;;) {
        GI_AUTO GiRef data = gi_call1(ts, gi_val(read), gi_smallint(FILE_CHUNK));
        if (gi_is_null(data)) return GI_NULL;
        GiVal v = gi_val(data);
        if (!gi_is_bytes(v) && !gi_is_bytearray(v))
            return gi_raise_ref(ts, &gi_exc_TypeError, "read() did not return a bytes object (type=%.400T)", v);
        GiBuffer view;
        if (gi_buffer_get(ts, v, &view, GI_BUF_BRIEF) < 0) return GI_NULL;
        size_t n = (size_t)view.len;
        GiRef r = n > FILE_CHUNK ? gi_raise_ref(ts, &gi_exc_ValueError, "read() returned too much data: %i bytes requested, %zd returned", FILE_CHUNK, (ssize_t)n)
                                 : parse(ts, p, view.data, n, n == 0);
        gi_buffer_release(ts, &view);
        if (gi_is_null(r) || n == 0) return r;
        gi_drop(ts, r);
    }
}
GI_METHOD(xmlparser, SetBase, "(self, base: cstr, /)", "Set the base URL for the parser.") {
    USING(self, GI_NULL);
    return XML_SetBase(PARSER(self)->expat, a->base) ? GI_REF_NONE : gi_raise_nomem(ts);
}
GI_METHOD(xmlparser, GetBase, "(self)", "Return base URL string for the parser.") {
    USING(self, GI_NULL);
    return text_of(ts, XML_GetBase(PARSER(self)->expat));
}
GI_METHOD(xmlparser, GetInputContext, "(self)", "Return the untranslated text of the input that caused the current event.\n\nIf the event was generated by a large amount of text (such as a start tag\nfor an element with many attributes), not all of the text may be available.") {
    GiXmlParser *p = PARSER(self);
    USING(self, GI_NULL);
    if (!p->in_callback) return GI_REF_NONE;
    int offset, size;
    const char *context = XML_GetInputContext(p->expat, &offset, &size);
    return context ? gi_bytes_from(ts, context + offset, (size_t)(size - offset)) : GI_REF_NONE;
}
GI_METHOD(xmlparser, SetParamEntityParsing, "(self, flag: int, /)", "Controls parsing of parameter entities (including the external DTD subset).\n\nPossible flag values are XML_PARAM_ENTITY_PARSING_NEVER,\nXML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE and\nXML_PARAM_ENTITY_PARSING_ALWAYS. Returns true if setting the flag\nwas successful.") {
    USING(self, GI_NULL);
    return gi_smallint_ref(XML_SetParamEntityParsing(PARSER(self)->expat, (enum XML_ParamEntityParsing)a->flag));
}
GI_METHOD(xmlparser, UseForeignDTD, "(self, flag: bool = True, /)", "Allows the application to provide an artificial external subset if one is not specified as part of the document instance.\n\nThis readily allows the use of a 'default' document type controlled by the\napplication, while still getting the advantage of providing document type\ninformation to the parser. 'flag' defaults to True if not provided.") {
    USING(self, GI_NULL);
    enum XML_Error code = XML_UseForeignDTD(PARSER(self)->expat, a->flag ? XML_TRUE : XML_FALSE);
    return code == XML_ERROR_NONE ? GI_REF_NONE : raise_expat(ts, PARSER(self), code);
}

/* ---- Making parsers ---- */

static GiRef wrap(GiThread *ts, XML_Parser expat, GiVal intern, GiVal parent) {
    GiRef made = expat == NULL ? gi_raise_nomem(ts) : gi_type_alloc(ts, &gi_xmlparser_type, 0);
    if (gi_is_null(made)) {
        if (expat) XML_ParserFree(expat);
        return made;
    }
    GiXmlParser *p = PARSER(made);
    p->expat = expat;
    p->handler_count = HANDLERS;
    p->text_size = TEXT_SIZE;
    gi_slot_init(&p->intern, gi_xdup(ts, intern));
    gi_slot_init(&p->parent, gi_xdup(ts, parent));
    XML_SetUserData(expat, p);
    XML_SetUnknownEncodingHandler(expat, on_unknown_encoding, NULL);
    return made;
}
GI_FUNCTION(pyexpat, ParserCreate, "(encoding: str? = None, namespace_separator: str? = None, intern = <unrepresentable>)", "Return a new XML parser object.") {
    const char *encoding = NULL, *separator = NULL;
    if (!gi_is_null(a->encoding) && (encoding = gi_str_cstr(ts, a->encoding)) == NULL) return GI_NULL;
    if (!gi_is_null(a->namespace_separator)) {
        size_t n;
        separator = gi_str_utf8(ts, a->namespace_separator, &n);
        if (separator == NULL) return GI_NULL;
        if (n > 1) return gi_raise_ref(ts, &gi_exc_ValueError, "namespace_separator must be at most one character, omitted, or None");
    }
    GI_AUTO GiRef names = GI_NULL;
    if (gi_is_null(a->intern)) names = gi_dict_new(ts);
    else if (!gi_is_none(a->intern)) names = gi_dup(ts, a->intern);
    if (gi_is_null(names) && gi_raised(ts)) return GI_NULL;
    if (!gi_is_null(names) && !gi_is_dict(gi_val(names))) return gi_raise_ref(ts, &gi_exc_TypeError, "intern must be a dictionary");
    XML_Parser expat = XML_ParserCreate_MM(encoding, NULL, separator);
    unsigned long salt = 0;
    if (expat && getrandom(&salt, sizeof salt, GRND_NONBLOCK) == (ssize_t)sizeof salt && salt) XML_SetHashSalt(expat, salt);
    return wrap(ts, expat, gi_val(names), GI_NOVAL);
}
GI_METHOD(xmlparser, ExternalEntityParserCreate, "(self, context: str?, encoding: cstr = <unrepresentable>, /)", "Create a parser for parsing an external entity based on the information passed to the ExternalEntityRefHandler.") {
    GiXmlParser *p = PARSER(self);
    const char *context = gi_is_null(a->context) ? NULL : gi_str_cstr(ts, a->context);
    if (context == NULL && gi_raised(ts)) return GI_NULL;
    USING(self, GI_NULL);
    GiRef made = wrap(ts, XML_ExternalEntityParserCreate(p->expat, context, a->encoding), gi_val(p->intern), self);
    if (gi_is_null(made)) return made;
    GiXmlParser *child = PARSER(made);
    child->text_size = p->text_size;
    child->ordered_attributes = p->ordered_attributes;
    child->specified_attributes = p->specified_attributes;
    child->namespace_prefixes = p->namespace_prefixes;
    if (p->text) {
        child->text = gi_mem_alloc(ts, (size_t)p->text_size);
        if (child->text == NULL) {
            gi_drop(ts, made);
            return GI_NULL;
        }
    }
    for (int i = 0; i < HANDLERS; i++) {
        if (gi_is_null(p->handlers[i])) continue;
        gi_slot_init(&child->handlers[i], gi_slot_dup(ts, &p->handlers[i]));
        install(child->expat, (Handler)i, true);
    }
    return made;
}
GI_FUNCTION(pyexpat, ErrorString, "(code: i64, /)", "Returns string error for given number.") { return text_of(ts, XML_ErrorString((enum XML_Error)a->code)); }

/* The parent's expat must outlive this one. */
static void each_parent(GiObj *obj, GiVisit visit, void *arg) {
    if (!gi_visit_empties(visit)) visit(&((GiXmlParser *)obj)->parent, arg);
}
static void xmlparser_destroy(GiThread *ts GI_UNUSED, GiObj *obj) {
    GiXmlParser *p = (GiXmlParser *)obj;
    if (p->expat) XML_ParserFree(p->expat);
    gi_mem_free(p->text);
}
static const GiMemberDef xmlparser_members[] = {{"intern", GI_MEMBER_OBJECT, offsetof(GiXmlParser, intern), true, NULL}, {.name = NULL}};
GiType gi_xmlparser_type = {
    .obj = GI_TYPE_HEAD, .name = "pyexpat.xmlparser", .module = "pyexpat", .size = sizeof(GiXmlParser), .base = &gi_object_type,
    .flags = GI_TYPE_GC | GI_TYPE_NO_NEW, .methods = xmlparser_methods, .getset = getset, .members = xmlparser_members,
    .fields = (const GiField[]){GI_SLOT(GiXmlParser, intern), GI_CUSTOM(each_parent), GI_INLINE(GiXmlParser, handlers, handler_count), GI_FIELDS_END},
    .destroy = xmlparser_destroy, .doc = "XML parser",
};

/* ---- The module and its two submodules ---- */

static const struct { const char *name; int code; } error_codes[] = {
    {"XML_ERROR_NO_MEMORY", 1}, {"XML_ERROR_SYNTAX", 2}, {"XML_ERROR_NO_ELEMENTS", 3},
    {"XML_ERROR_INVALID_TOKEN", 4}, {"XML_ERROR_UNCLOSED_TOKEN", 5}, {"XML_ERROR_PARTIAL_CHAR", 6},
    {"XML_ERROR_TAG_MISMATCH", 7}, {"XML_ERROR_DUPLICATE_ATTRIBUTE", 8}, {"XML_ERROR_JUNK_AFTER_DOC_ELEMENT",
    9}, {"XML_ERROR_PARAM_ENTITY_REF", 10}, {"XML_ERROR_UNDEFINED_ENTITY", 11},
    {"XML_ERROR_RECURSIVE_ENTITY_REF", 12}, {"XML_ERROR_ASYNC_ENTITY", 13}, {"XML_ERROR_BAD_CHAR_REF", 14},
    {"XML_ERROR_BINARY_ENTITY_REF", 15}, {"XML_ERROR_ATTRIBUTE_EXTERNAL_ENTITY_REF", 16},
    {"XML_ERROR_MISPLACED_XML_PI", 17}, {"XML_ERROR_UNKNOWN_ENCODING", 18}, {"XML_ERROR_INCORRECT_ENCODING",
    19}, {"XML_ERROR_UNCLOSED_CDATA_SECTION", 20}, {"XML_ERROR_EXTERNAL_ENTITY_HANDLING", 21},
    {"XML_ERROR_NOT_STANDALONE", 22}, {"XML_ERROR_UNEXPECTED_STATE", 23}, {"XML_ERROR_ENTITY_DECLARED_IN_PE",
    24}, {"XML_ERROR_FEATURE_REQUIRES_XML_DTD", 25}, {"XML_ERROR_CANT_CHANGE_FEATURE_ONCE_PARSING", 26},
    {"XML_ERROR_UNBOUND_PREFIX", 27}, {"XML_ERROR_UNDECLARING_PREFIX", 28}, {"XML_ERROR_INCOMPLETE_PE", 29},
    {"XML_ERROR_XML_DECL", 30}, {"XML_ERROR_TEXT_DECL", 31}, {"XML_ERROR_PUBLICID", 32},
    {"XML_ERROR_SUSPENDED", 33}, {"XML_ERROR_NOT_SUSPENDED", 34}, {"XML_ERROR_ABORTED", 35},
    {"XML_ERROR_FINISHED", 36}, {"XML_ERROR_SUSPEND_PE", 37}, {"XML_ERROR_RESERVED_PREFIX_XML", 38},
    {"XML_ERROR_RESERVED_PREFIX_XMLNS", 39}, {"XML_ERROR_RESERVED_NAMESPACE_URI", 40},
    {"XML_ERROR_INVALID_ARGUMENT", 41}, {"XML_ERROR_NO_BUFFER", 42}, {"XML_ERROR_AMPLIFICATION_LIMIT_BREACH",
    43},
};
static GiRef submodule(GiThread *ts, GiVal module, const char *name, const char *doc) {
    GI_AUTO GiRef full = gi_str_format(ts, "pyexpat.%s", name);
    GiRef made = gi_is_null(full) ? GI_NULL : gi_module_new(ts, gi_val(full));
    if (gi_is_null(made)) return made;
    if (gi_module_add_str(ts, gi_val(made), "__doc__", doc) < 0 || gi_dict_set(ts, gi_val(ts->vm->modules), gi_val(full), gi_val(made)) < 0 ||
        gi_module_add(ts, module, name, gi_dup(ts, gi_val(made))) < 0) {
        gi_drop(ts, made);
        return GI_NULL;
    }
    return made;
}
static GiStatus add_errors(GiThread *ts, GiVal module) {
    GI_AUTO GiRef errors = submodule(ts, module, "errors", "Constants used to describe error conditions.");
    GI_AUTO GiRef codes = gi_is_null(errors) ? GI_NULL : gi_dict_new(ts);
    GI_AUTO GiRef messages = gi_is_null(codes) ? GI_NULL : gi_dict_new(ts);
    if (gi_is_null(messages)) return GI_FAIL;
    for (size_t i = 0; i < GI_COUNTOF(error_codes); i++) {
        GI_AUTO GiRef text = text_of(ts, XML_ErrorString((enum XML_Error)error_codes[i].code));
        GiVal code = gi_smallint(error_codes[i].code);
        if (gi_is_null(text) || gi_is_none(text)) {
            if (gi_raised(ts)) return GI_FAIL;
            continue; /* a code that this expat does not have */
        }
        if (gi_dict_set_cstr(ts, gi_module_dict(gi_val(errors)), error_codes[i].name, gi_val(text)) < 0 ||
            gi_dict_set(ts, gi_val(codes), gi_val(text), code) < 0 || gi_dict_set(ts, gi_val(messages), code, gi_val(text)) < 0)
            return GI_FAIL;
    }
    if (gi_module_add(ts, gi_val(errors), "codes", gi_move(&codes)) < 0) return GI_FAIL;
    return gi_module_add(ts, gi_val(errors), "messages", gi_move(&messages));
}
static GiStatus add_features(GiThread *ts, GiVal module) {
    GI_AUTO GiRef list = gi_list_new(ts, 0);
    const XML_Feature *f = XML_GetFeatureList();
    for (; !gi_is_null(list) && f->feature != XML_FEATURE_END; f++) {
        GiRef parts[] = {text_of(ts, f->name), gi_int_from_i64(ts, f->value)};
        GiRef pair = gi_tuple_steal(ts, parts, 2);
        if (gi_is_null(pair) || gi_list_append(ts, gi_val(list), pair) < 0) return GI_FAIL;
    }
    return gi_module_add(ts, module, "features", gi_move(&list));
}
static GiStatus pyexpat_exec(GiThread *ts, GiVal module) {
#define X(name) {#name, name}
    static const GiIntConstant constants[] = {X(XML_PARAM_ENTITY_PARSING_NEVER), X(XML_PARAM_ENTITY_PARSING_UNLESS_STANDALONE), X(XML_PARAM_ENTITY_PARSING_ALWAYS)};
    static const GiIntConstant model[] = {
        X(XML_CTYPE_EMPTY), X(XML_CTYPE_ANY), X(XML_CTYPE_MIXED), X(XML_CTYPE_NAME), X(XML_CTYPE_CHOICE), X(XML_CTYPE_SEQ),
        X(XML_CQUANT_NONE), X(XML_CQUANT_OPT), X(XML_CQUANT_REP), X(XML_CQUANT_PLUS)};
#undef X
    XML_Expat_Version version = XML_ExpatVersionInfo();
    GiRef error = gi_type_make(ts, "xml.parsers.expat.ExpatError", &gi_exc_Exception, NULL);
    if (gi_is_null(error)) return GI_FAIL;
    gi_slot_init(&((ExpatState *)gi_module_state(module))->error, gi_dup(ts, gi_val(error)));
    if (gi_module_add(ts, module, "error", gi_dup(ts, gi_val(error))) < 0 || gi_module_add(ts, module, "ExpatError", error) < 0 ||
        gi_type_ready(ts, &gi_xmlparser_type) < 0 || gi_module_add(ts, module, "XMLParserType", gi_dup(ts, gi_type_val(&gi_xmlparser_type))) < 0 ||
        gi_module_add_str(ts, module, "EXPAT_VERSION", XML_ExpatVersion()) < 0 || gi_module_add_str(ts, module, "native_encoding", "UTF-8") < 0 ||
        gi_module_add(ts, module, "version_info", gi_tuple_pack(ts, 3, gi_smallint(version.major), gi_smallint(version.minor), gi_smallint(version.micro))) < 0 ||
        gi_module_add_ints(ts, module, constants, GI_COUNTOF(constants)) < 0 || add_features(ts, module) < 0 || add_errors(ts, module) < 0)
        return GI_FAIL;
    GI_AUTO GiRef sub = submodule(ts, module, "model", "Constants used to interpret content model information.");
    return gi_is_null(sub) ? GI_FAIL : gi_module_add_ints(ts, gi_val(sub), model, GI_COUNTOF(model));
}
static const GiField state_fields[] = {GI_SLOT(ExpatState, error), GI_FIELDS_END};
const GiModuleDef gi_module_pyexpat = {.name = "pyexpat", .doc = "Python wrapper for Expat parser.", .functions = pyexpat_functions, .exec = pyexpat_exec,
                                       .state_size = sizeof(ExpatState), .state_fields = state_fields};
