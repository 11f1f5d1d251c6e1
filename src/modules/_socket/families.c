/* families.c - addresses of the rarer families: netlink, packet, CAN, vsock, kernel crypto. */
#include "modules/_socket/internal.h"
#include <linux/can.h>
#include <linux/if_alg.h>
#include <linux/netlink.h>
#include <linux/vm_sockets.h>
#include <net/if.h>
#include <netpacket/packet.h>
#include <sys/ioctl.h>

_Static_assert(sizeof(struct sockaddr_alg) <= sizeof(GiAddress), "room for every address");

static GiStatus need_tuple(GiThread *ts, GiVal v, const char *function, const char *family) {
    if (gi_is_tuple(v)) return GI_OK;
    return gi_raise_status(ts, &gi_exc_TypeError, "%s(): %s address must be tuple, not %.500T", function, family, v);
}
/* Item i as an unsigned int; what is beyond 32 bits is cut off. */
static GiStatus read_word(GiThread *ts, GiVal tuple, size_t i, uint32_t *out) {
    if (i >= gi_tuple_len(tuple)) return GI_OK;
    GiRef n = gi_index(ts, gi_tuple_get(tuple, i));
    if (gi_is_null(n)) return GI_FAIL;
    *out = (uint32_t)gi_int_mask_u64(gi_val(n));
    gi_drop(ts, n);
    return GI_OK;
}
/* The number of a network interface, of which only the name is known; 0 for an empty name. */
static GiStatus interface_index(GiThread *ts, int fd, GiVal name, int *index) {
    struct ifreq request = {.ifr_ifindex = 0};
    GiRef bytes = gi_fs_path(ts, name);
    *index = 0;
    if (gi_is_null(bytes)) return GI_FAIL;
    size_t n = gi_bytes_len(bytes);
    if (n < sizeof request.ifr_name) memcpy(request.ifr_name, gi_bytes_data(bytes), n);
    gi_drop(ts, bytes);
    if (n == 0) return GI_OK;
    if (n >= sizeof request.ifr_name) return gi_raise_status(ts, &gi_exc_OSError, "AF_CAN interface name too long");
    if (ioctl(fd, SIOCGIFINDEX, &request) < 0) return gi_raise_errno(ts, errno, GI_NOVAL), GI_FAIL;
    *index = request.ifr_ifindex;
    return GI_OK;
}

static GiStatus netlink_from(GiThread *ts, GiVal v, const char *function, GiAddress *out, socklen_t *len) {
    struct sockaddr_nl *a = (struct sockaddr_nl *)out;
    if (need_tuple(ts, v, function, "AF_NETLINK") < 0) return GI_FAIL;
    if (gi_tuple_len(v) != 2) return gi_raise_status(ts, &gi_exc_TypeError, "AF_NETLINK address must be a pair (pid, groups)");
    a->nl_family = AF_NETLINK;
    *len = sizeof *a;
    return read_word(ts, v, 0, &a->nl_pid) < 0 ? GI_FAIL : read_word(ts, v, 1, &a->nl_groups);
}
static GiStatus vsock_from(GiThread *ts, GiVal v, GiAddress *out, socklen_t *len) {
    struct sockaddr_vm *a = (struct sockaddr_vm *)out;
    if (!gi_is_tuple(v))
        return gi_raise_status(ts, &gi_exc_TypeError, "getsockaddrarg: AF_VSOCK address must be tuple, not %.500T", v);
    if (gi_tuple_len(v) != 2)
        return gi_raise_status(ts, &gi_exc_TypeError, "getsockaddrarg() takes exactly 2 arguments (%zu given)", gi_tuple_len(v));
    a->svm_family = AF_VSOCK;
    *len = sizeof *a;
    return read_word(ts, v, 0, &a->svm_cid) < 0 ? GI_FAIL : read_word(ts, v, 1, &a->svm_port);
}
/* (interface, protocol[, packet type[, hardware type[, hardware address]]]) */
static GiStatus packet_from(GiThread *ts, int fd, GiVal v, const char *function, GiAddress *out, socklen_t *len) {
    struct sockaddr_ll *a = (struct sockaddr_ll *)out;
    if (need_tuple(ts, v, function, "AF_PACKET") < 0) return GI_FAIL;
    size_t n = gi_tuple_len(v);
    if (n < 2 || n > 5 || !gi_is_str(gi_tuple_get(v, 0)))
        return gi_raise_status(ts, &gi_exc_TypeError, "AF_PACKET address must be a tuple of two to five elements");
    int protocol, type = 0, hardware = 0;
    if (gi_as_int(ts, gi_tuple_get(v, 1), &protocol) < 0 || (n > 2 && gi_as_int(ts, gi_tuple_get(v, 2), &type) < 0) ||
        (n > 3 && gi_as_int(ts, gi_tuple_get(v, 3), &hardware) < 0))
        return GI_FAIL;
    if (n > 4) {
        GiBuffer view;
        if (gi_buffer_get(ts, gi_tuple_get(v, 4), &view, GI_BUF_BRIEF) < 0) return GI_FAIL;
        size_t size = (size_t)view.len;
        if (size <= sizeof a->sll_addr) memcpy(a->sll_addr, view.data, size);
        gi_buffer_release(ts, &view);
        if (size > sizeof a->sll_addr)
            return gi_raise_status(ts, &gi_exc_ValueError, "Hardware address must be 8 bytes or less");
        a->sll_halen = (uint8_t)size;
    }
    if (interface_index(ts, fd, gi_tuple_get(v, 0), &a->sll_ifindex) < 0) return GI_FAIL;
    if (protocol < 0 || protocol > 0xffff)
        return gi_raise_status(ts, &gi_exc_OverflowError, "%s(): proto must be 0-65535.", function);
    a->sll_family = AF_PACKET;
    a->sll_protocol = htons((uint16_t)protocol);
    a->sll_pkttype = (uint8_t)type;
    a->sll_hatype = (uint16_t)hardware;
    *len = sizeof *a;
    return GI_OK;
}
/* (interface,); for ISO-TP (interface, receiving id, sending id). */
static GiStatus can_from(GiThread *ts, const GiSocket *s, GiVal v, const char *function, GiAddress *out, socklen_t *len) {
    struct sockaddr_can *a = (struct sockaddr_can *)out;
    bool isotp = s->proto == CAN_ISOTP;
    if (s->proto != CAN_RAW && s->proto != CAN_BCM && !isotp)
        return gi_raise_status(ts, &gi_exc_OSError, "%s(): unsupported CAN protocol", function);
    if (need_tuple(ts, v, function, "AF_CAN") < 0) return GI_FAIL;
    if (gi_tuple_len(v) != (isotp ? 3 : 1))
        return gi_raise_status(ts, &gi_exc_TypeError, isotp ? "AF_CAN address must be a tuple (interface, rx_addr, tx_addr)"
                                                            : "AF_CAN address must be a tuple (interface, )");
    if (interface_index(ts, s->fd, gi_tuple_get(v, 0), &a->can_ifindex) < 0) return GI_FAIL;
    a->can_family = AF_CAN;
    *len = sizeof *a;
    if (!isotp) return GI_OK;
    uint32_t receive = 0, send = 0;
    if (read_word(ts, v, 1, &receive) < 0 || read_word(ts, v, 2, &send) < 0) return GI_FAIL;
    a->can_addr.tp.rx_id = receive;
    a->can_addr.tp.tx_id = send;
    return GI_OK;
}
/* (type, name[, feature[, mask]]) */
static GiStatus alg_from(GiThread *ts, GiVal v, const char *function, GiAddress *out, socklen_t *len) {
    static const char shape[] = "AF_ALG address must be a tuple (type, name[, feat[, mask]])";
    struct sockaddr_alg *a = (struct sockaddr_alg *)out;
    if (need_tuple(ts, v, function, "AF_ALG") < 0) return GI_FAIL;
    size_t n = gi_tuple_len(v);
    if (n < 2 || n > 4 || !gi_is_str(gi_tuple_get(v, 0)) || !gi_is_str(gi_tuple_get(v, 1)))
        return gi_raise_status(ts, &gi_exc_TypeError, shape);
    const char *type = gi_str_cstr(ts, gi_tuple_get(v, 0)), *name = type ? gi_str_cstr(ts, gi_tuple_get(v, 1)) : NULL;
    if (name == NULL || read_word(ts, v, 2, &a->salg_feat) < 0 || read_word(ts, v, 3, &a->salg_mask) < 0) return GI_FAIL;
    if (strlen(type) >= sizeof a->salg_type) return gi_raise_status(ts, &gi_exc_ValueError, "AF_ALG type too long.");
    if (strlen(name) >= sizeof a->salg_name) return gi_raise_status(ts, &gi_exc_ValueError, "AF_ALG name too long.");
    a->salg_family = AF_ALG;
    strcpy((char *)a->salg_type, type);
    strcpy((char *)a->salg_name, name);
    *len = sizeof *a;
    return GI_OK;
}

GiStatus gi_family_address(GiThread *ts, const GiSocket *s, GiVal v, const char *function, GiAddress *out, socklen_t *len) {
    memset(out, 0, sizeof *out);
    switch (s->family) {
    case AF_NETLINK: return netlink_from(ts, v, function, out, len);
    case AF_PACKET: return packet_from(ts, s->fd, v, function, out, len);
    case AF_CAN: return can_from(ts, s, v, function, out, len);
    case AF_VSOCK: return vsock_from(ts, v, out, len);
    case AF_ALG: return alg_from(ts, v, function, out, len);
    default: return gi_raise_status(ts, &gi_exc_OSError, "%s(): bad family", function);
    }
}

static GiRef two_words(GiThread *ts, uint32_t first, uint32_t second) {
    return gi_tuple_pack(ts, 2, gi_smallint(first), gi_smallint(second));
}
GiRef gi_family_object(GiThread *ts, const GiSocket *s, const GiAddress *address) {
    char name[IF_NAMESIZE] = "";
    switch (address->any.sa_family) {
    case AF_NETLINK: {
        const struct sockaddr_nl *a = (const struct sockaddr_nl *)address;
        return two_words(ts, a->nl_pid, a->nl_groups);
    }
    case AF_VSOCK: {
        const struct sockaddr_vm *a = (const struct sockaddr_vm *)address;
        return two_words(ts, a->svm_cid, a->svm_port);
    }
    case AF_PACKET: {
        const struct sockaddr_ll *a = (const struct sockaddr_ll *)address;
        if (a->sll_ifindex) (void)!if_indextoname((unsigned)a->sll_ifindex, name);
        return gi_tuple_steal(ts, (GiRef[]){gi_str_from_fs(ts, name, strlen(name)), gi_smallint_ref(ntohs(a->sll_protocol)),
                              gi_smallint_ref(a->sll_pkttype), gi_smallint_ref(a->sll_hatype),
                              gi_bytes_from(ts, a->sll_addr, GI_MIN(a->sll_halen, sizeof a->sll_addr))}, 5);
    }
    case AF_CAN: {
        const struct sockaddr_can *a = (const struct sockaddr_can *)address;
        if (a->can_ifindex) (void)!if_indextoname((unsigned)a->can_ifindex, name);
        GiRef items[3] = {gi_str_from_fs(ts, name, strlen(name)), gi_smallint_ref(a->can_addr.tp.rx_id), gi_smallint_ref(a->can_addr.tp.tx_id)};
        return gi_tuple_steal(ts, items, s && s->proto == CAN_ISOTP ? 3 : 1);
    }
    default:
        return gi_tuple_steal(ts, (GiRef[]){gi_smallint_ref(address->any.sa_family),
                              gi_bytes_from(ts, address->any.sa_data, sizeof address->any.sa_data)}, 2);
    }
}
