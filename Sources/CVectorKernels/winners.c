#include "windows.h"

// What activation and pooling do, once their winners are known, is linear: cotangents of windows go to the winners, and
// numbers at the winners come back. Each is the adjoint of the other.

INLINE void spread_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, span rows, const uint8_t *code,
                        const real *u, real *x, int past) {
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    mask k = load_codes(code + q, lanes);
    vec reach = reaching(k, load(u + q, lanes), g.slope);
    EACH_PLACE(pool) put(x + place(g, pool, n, h, w, i), at_place(k, i, reach), lanes, past);
  }
  EACH_UNCOVERED(g, pool) put(x + position(g, n, h, w), (vec){0}, lanes, past);
}

INLINE void pick_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, span rows, const uint8_t *code,
                      const real *x, real *out, int past) {
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    mask k = load_codes(code + q, lanes);
    vec won = {0};
    EACH_PLACE(pool) won = where((k & ~INACTIVE) == i, load(x + place(g, pool, n, h, w, i), lanes), won);
    put(out + q, reaching(k, won, g.slope), lanes, past);
  }
}

INLINE void fs_norm_spread_body(fs_norm_geometry g, const uint8_t *code, const real *u, real *x) {
  int past = passes_by(all_positions(g) * g.channels, g.channels, x);
  EACH_SLAB(spread_slab, code + k, u + k, x + k, past)
  settle(past);
}
FOR_EACH_SET(fs_norm_spread, (fs_norm_geometry g, const uint8_t *code, const real *u, real *x), g, code, u, x)

INLINE void fs_norm_pick_body(fs_norm_geometry g, const uint8_t *code, const real *x, real *out) {
  int past = passes_by(all_windows(g) * g.channels, g.channels, out);
  EACH_SLAB(pick_slab, code + k, x + k, out + k, past)
  settle(past);
}
FOR_EACH_SET(fs_norm_pick, (fs_norm_geometry g, const uint8_t *code, const real *x, real *out), g, code, x, out)
