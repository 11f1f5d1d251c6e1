/* blake2_core.h - BLAKE2 for one word size; included once for each, with WORD, NAME, BLOCK, ROUNDS,
 * ROT1 to ROT4 and IV defined, which it undefines. Little-endian machines only.
 */
struct NAME(State) {
    WORD h[8], count[2];
    uint8_t buffer[BLOCK];
    size_t used;
    bool last_node;
};

static inline WORD NAME(rotate)(WORD x, int n) { return x >> n | x << (sizeof(WORD) * 8 - (unsigned)n); }

static inline void NAME(mix)(WORD v[16], int a, int b, int c, int d, WORD x, WORD y) {
    v[a] += v[b] + x;
    v[d] = NAME(rotate)(v[d] ^ v[a], ROT1);
    v[c] += v[d];
    v[b] = NAME(rotate)(v[b] ^ v[c], ROT2);
    v[a] += v[b] + y;
    v[d] = NAME(rotate)(v[d] ^ v[a], ROT3);
    v[c] += v[d];
    v[b] = NAME(rotate)(v[b] ^ v[c], ROT4);
}

static void NAME(compress)(struct NAME(State) *s, const uint8_t block[BLOCK], size_t bytes, bool last) {
    static const WORD iv[8] = IV;
    WORD m[16], v[16];
    s->count[0] += (WORD)bytes;
    s->count[1] += s->count[0] < (WORD)bytes;
    memcpy(m, block, BLOCK);
    memcpy(v, s->h, sizeof s->h);
    memcpy(v + 8, iv, sizeof iv);
    v[12] ^= s->count[0];
    v[13] ^= s->count[1];
    if (last) v[14] = ~v[14];
    if (last && s->last_node) v[15] = ~v[15];
    for (int r = 0; r < ROUNDS; r++) {
        const uint8_t *p = sigma[r % 10];
        NAME(mix)(v, 0, 4, 8, 12, m[p[0]], m[p[1]]);
        NAME(mix)(v, 1, 5, 9, 13, m[p[2]], m[p[3]]);
        NAME(mix)(v, 2, 6, 10, 14, m[p[4]], m[p[5]]);
        NAME(mix)(v, 3, 7, 11, 15, m[p[6]], m[p[7]]);
        NAME(mix)(v, 0, 5, 10, 15, m[p[8]], m[p[9]]);
        NAME(mix)(v, 1, 6, 11, 12, m[p[10]], m[p[11]]);
        NAME(mix)(v, 2, 7, 8, 13, m[p[12]], m[p[13]]);
        NAME(mix)(v, 3, 4, 9, 14, m[p[14]], m[p[15]]);
    }
    for (int i = 0; i < 8; i++) s->h[i] ^= v[i] ^ v[i + 8];
}

static void NAME(init)(struct NAME(State) *s, const uint8_t parameters[64], bool last_node) {
    static const WORD iv[8] = IV;
    WORD p[8];
    memset(s, 0, sizeof *s);
    memcpy(p, parameters, sizeof p);
    for (int i = 0; i < 8; i++) s->h[i] = iv[i] ^ p[i];
    s->last_node = last_node;
}

/* The last block stays in the buffer, for final. */
static void NAME(update)(struct NAME(State) *s, const uint8_t *data, size_t len) {
    while (len) {
        if (s->used == BLOCK) {
            NAME(compress)(s, s->buffer, BLOCK, false);
            s->used = 0;
        }
        if (s->used == 0 && len > BLOCK) {
            NAME(compress)(s, data, BLOCK, false);
            data += BLOCK, len -= BLOCK;
            continue;
        }
        size_t n = GI_MIN(len, BLOCK - s->used);
        memcpy(s->buffer + s->used, data, n);
        s->used += n;
        data += n, len -= n;
    }
}

static void NAME(final)(struct NAME(State) *s, uint8_t *out) {
    memset(s->buffer + s->used, 0, BLOCK - s->used);
    NAME(compress)(s, s->buffer, s->used, true);
    memcpy(out, s->h, sizeof s->h);
}

#undef WORD
#undef NAME
#undef BLOCK
#undef ROUNDS
#undef ROT1
#undef ROT2
#undef ROT3
#undef ROT4
#undef IV
