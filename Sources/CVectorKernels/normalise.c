#include "windows.h"

// Merges some rows into the mean and the centred squares of a slab, block by block: a block's mean and squares come
// from the first-level cache and are merged exactly (Chan et al. 1979); the one-pass formula would cancel in single
// precision.
INLINE void statistics_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, span rows, const real *y,
                            real *mean, real *squares) {
  enum { BLOCK = 64 };
  ptrdiff_t channels = g.channels, last = row_start(g, pool, rows.last), next = to_next(g, pool, rows);
  vec mu = load(mean, lanes), total = load(squares, lanes);
  for (ptrdiff_t p = row_start(g, pool, rows.first); p < last; p += BLOCK) {
    ptrdiff_t count = last - p < BLOCK ? last - p : BLOCK, i = 0;
    const real *from = y + p * channels;
    vec sum[4] = {{0}};
    for (; i + 4 <= count; i += 4)
      UNROLL for (int k = 0; k < 4; k++) {
        fetch(from + next + (i + k) * channels);
        sum[k] += load(from + (i + k) * channels, lanes);
      }
    for (; i < count; i++) sum[0] += load(from + i * channels, lanes);
    vec centre = ((sum[0] + sum[1]) + (sum[2] + sum[3])) / (real)count, spread[4] = {{0}};
    for (i = 0; i + 4 <= count; i += 4)
      UNROLL for (int k = 0; k < 4; k++) {
        vec d = load(from + (i + k) * channels, lanes) - centre;
        spread[k] += d * d;
      }
    for (; i < count; i++) {
      vec d = load(from + i * channels, lanes) - centre;
      spread[0] += d * d;
    }
    vec delta = centre - mu;
    real share = (real)count / (real)(p + count);
    mu += delta * share;
    total += (spread[0] + spread[1]) + (spread[2] + spread[3]) + delta * delta * ((real)p * share);
  }
  store(mean, mu, lanes);
  store(squares, total, lanes);
}

INLINE void forward_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, span rows, const real *y,
                         const real *scale, const real *shift, const real *around, real *out, uint8_t *code,
                         const real *mean, const real *inverse, int past) {
  vec a = load(scale, lanes) * load(inverse, lanes), b = load(shift, lanes) - a * load(mean, lanes);
  ptrdiff_t next = to_next(g, pool, rows);
  EACH_WINDOW(g, pool) {
    vec best = {0};
    mask winner = {0};
    EACH_PLACE(pool) {
      ptrdiff_t at = place(g, pool, n, h, w, i);
      fetch(y + next + at);
      vec v = a * load(y + at, lanes) + b;
      if (around) {
        fetch(around + next + at);
        v += load(around + at, lanes);
      }
      mask higher = v > best;
      best = i == 0 ? v : where(higher, v, best);
      if (i > 0) winner = (winner & ~higher) | (higher & i);
    }
    mask active = best > 0;
    ptrdiff_t q = output(g, pool, n, h, w);
    put(out + q, where(active, best, g.slope * best), lanes, past);
    store_codes(code + q, winner | (~active & INACTIVE), lanes);
  }
}

// Adds to S0 = ΣG and S1 = ΣG·(y − mean).
INLINE void backward_sums(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, span rows, const real *y,
                          const uint8_t *code, const real *mean, const real *u, real *sum0, real *sum1) {
  vec mu = load(mean, lanes), s0 = load(sum0, lanes), s1 = load(sum1, lanes);
  ptrdiff_t next = to_next(g, pool, rows);
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    mask k = load_codes(code + q, lanes);
    vec reach = reaching(k, load(u + q, lanes), g.slope), won = {0};
    fetch(u + q + next / (pool * pool));
    EACH_PLACE(pool) {
      ptrdiff_t at = place(g, pool, n, h, w, i);
      fetch(y + next + at);
      won = where((k & ~INACTIVE) == i, load(y + at, lanes), won);
    }
    s0 += reach;
    s1 += reach * (won - mu);
  }
  store(sum0, s0, lanes);
  store(sum1, s1, lanes);
}

// dy = s·(G − S0/M − x̂·S1/M), S1 now with x̂.
INLINE void backward_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, span rows, const real *y,
                          const real *scale, const uint8_t *code, const real *mean, const real *inverse,
                          const real *u, real *dy, const real *sum0, const real *sum1, int past) {
  vec r = load(inverse, lanes), mu = load(mean, lanes), s = load(scale, lanes) * r;
  vec s0 = load(sum0, lanes), s1 = load(sum1, lanes);
  real m = (real)(g.batch * g.height * g.width);
  vec slope = -s * s1 * r / m, offset = -s * s0 / m - slope * mu;
  ptrdiff_t next = to_next(g, pool, rows);
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    fetch(u + q + next / (pool * pool));
    mask k = load_codes(code + q, lanes);
    vec reach = s * reaching(k, load(u + q, lanes), g.slope);
    EACH_PLACE(pool) {
      ptrdiff_t at = place(g, pool, n, h, w, i);
      fetch(y + next + at);
      put(dy + at, slope * load(y + at, lanes) + offset + at_place(k, i, reach), lanes, past);
    }
  }
  EACH_UNCOVERED(g, pool) {
    ptrdiff_t at = position(g, n, h, w);
    put(dy + at, slope * load(y + at, lanes) + offset, lanes, past);
  }
}

// Sums of the second derivative: S0 and S1 as above, A0 = Σa, A1 = Σa·(y − mean), AG = Σa·G; C numbers each.
enum { S0, S1, A0, A1, AG, SUMS };

INLINE void double_backward_sums(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, span rows, const real *y,
                                 const uint8_t *code, const real *mean, const real *u, const real *a, real *sums) {
  vec mu = load(mean, lanes), sum[SUMS];
  UNROLL for (int i = 0; i < SUMS; i++) sum[i] = load(sums + i * g.channels, lanes);
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    mask k = load_codes(code + q, lanes);
    vec reach = reaching(k, load(u + q, lanes), g.slope);
    sum[S0] += reach;
    EACH_PLACE(pool) {
      ptrdiff_t at = place(g, pool, n, h, w, i);
      vec x = load(y + at, lanes) - mu, won = at_place(k, i, reach);
      sum[S1] += won * x;
      if (a) {
        vec ai = load(a + at, lanes);
        sum[AG] += won * ai;
        sum[A0] += ai;
        sum[A1] += ai * x;
      }
    }
  }
  if (a) {
    EACH_UNCOVERED(g, pool) {
      ptrdiff_t at = position(g, n, h, w);
      vec ai = load(a + at, lanes);
      sum[A0] += ai;
      sum[A1] += ai * (load(y + at, lanes) - mu);
    }
  }
  UNROLL for (int i = 0; i < SUMS; i++) store(sums + i * g.channels, sum[i], lanes);
}

// L = s·T + b·S1 + c·S0 with T = AG − (S0·A0 + S1·A1)/M and S1, A1 with x̂; x̂ and r depend on y, G only on u.
INLINE void double_backward_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, span rows, const real *y,
                                 const real *scale, const uint8_t *code, const real *mean, const real *inverse,
                                 const real *u, const real *a, const real *b, const real *c, const real *sums,
                                 real *gy, real *gscale, real *gu, int past) {
  vec r = load(inverse, lanes), mu = load(mean, lanes), s = load(scale, lanes) * r, zero = {0};
  vec bk = b ? load(b, lanes) : zero, ck = c ? load(c, lanes) : zero;
  real m = (real)(g.batch * g.height * g.width);
  vec s0 = load(sums + S0 * g.channels, lanes), s1 = r * load(sums + S1 * g.channels, lanes);
  vec a0 = load(sums + A0 * g.channels, lanes), a1 = r * load(sums + A1 * g.channels, lanes);
  vec t = load(sums + AG * g.channels, lanes) - (s0 * a0 + s1 * a1) / m;
  store(gscale, r * t, lanes);
  // h = dL/dx̂ = −(s/M)(G·A1 + a·S1) + b·G, and its sums H0 = Σh, H1 = Σh·x̂.
  vec h0 = -s / m * (s0 * a1 + a0 * s1) + bk * s0, h1 = -2 * s * s1 * a1 / m + bk * s1;
  vec on_a = -r * s * s1 / m, on_y = -r * (h1 + s * t) / m * r, constant = -r * h0 / m - on_y * mu;
  vec along = bk - s * a1 / m, offset = ck - s * a0 / m;
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    mask k = load_codes(code + q, lanes);
    vec reach = r * along * reaching(k, load(u + q, lanes), g.slope), to_u = {0};
    EACH_PLACE(pool) {
      ptrdiff_t at = place(g, pool, n, h, w, i);
      vec yi = load(y + at, lanes), ai = a ? load(a + at, lanes) : zero;
      put(gy + at, on_a * ai + on_y * yi + constant + at_place(k, i, reach), lanes, past);
      to_u = where((k & ~INACTIVE) == i, along * ((yi - mu) * r) + offset + s * ai, to_u);
    }
    put(gu + q, reaching(k, to_u, g.slope), lanes, past);
  }
  EACH_UNCOVERED(g, pool) {
    ptrdiff_t at = position(g, n, h, w);
    vec ai = a ? load(a + at, lanes) : zero;
    put(gy + at, on_a * ai + on_y * load(y + at, lanes) + constant, lanes, past);
  }
}

// Sums of a channel start at zero.
INLINE void zero_channels(fs_norm_geometry g, real *sums) {
  memset(sums + g.from, 0, sizeof(real) * (size_t)(g.to - g.from));
}

INLINE void fs_norm_forward_body(fs_norm_geometry g, const real *y, const real *scale, const real *shift,
                                 const real *around, real *out, uint8_t *code, real *mean, real *inverse) {
  zero_channels(g, mean);
  zero_channels(g, inverse);
  EACH_SLAB(statistics_slab, y + k, mean + k, inverse + k)
  real m = (real)(g.batch * g.height * g.width);
  for (ptrdiff_t c = g.from; c < g.to; c++)
    inverse[c] = (real)1 / (real)__builtin_sqrt(inverse[c] / m + g.epsilon);
  int past = passes_by(all_windows(g) * g.channels, g.channels, out);
  EACH_SLAB(forward_slab, y + k, scale + k, shift + k, around ? around + k : 0, out + k, code + k, mean + k,
            inverse + k, past)
  settle(past);
}
FOR_EACH_SET(fs_norm_forward,
             (fs_norm_geometry g, const real *y, const real *scale, const real *shift, const real *around, real *out,
              uint8_t *code, real *mean, real *inverse),
             g, y, scale, shift, around, out, code, mean, inverse)

INLINE void fs_norm_backward_body(fs_norm_geometry g, const real *y, const real *scale,
                                  const uint8_t *code, const real *mean, const real *inverse, const real *u,
                                  real *dy, real *dscale, real *dshift) {
  zero_channels(g, dscale);
  zero_channels(g, dshift);
  EACH_SLAB(backward_sums, y + k, code + k, mean + k, u + k, dshift + k, dscale + k)
  for (ptrdiff_t c = g.from; c < g.to; c++) dscale[c] *= inverse[c];
  int past = passes_by(all_positions(g) * g.channels, g.channels, dy);
  EACH_SLAB(backward_slab, y + k, scale + k, code + k, mean + k, inverse + k, u + k, dy + k, dshift + k, dscale + k,
            past)
  settle(past);
}
FOR_EACH_SET(fs_norm_backward,
             (fs_norm_geometry g, const real *y, const real *scale, const uint8_t *code, const real *mean,
              const real *inverse, const real *u, real *dy, real *dscale, real *dshift),
             g, y, scale, code, mean, inverse, u, dy, dscale, dshift)

INLINE void fs_norm_double_backward_body(fs_norm_geometry g, const real *y, const real *scale,
                                         const uint8_t *code, const real *mean, const real *inverse, const real *u,
                                         const real *a, const real *b, const real *c, real *gy, real *gscale,
                                         real *gu, real *sums) {
  for (int i = 0; i < SUMS; i++) zero_channels(g, sums + i * g.channels);
  EACH_SLAB(double_backward_sums, y + k, code + k, mean + k, u + k, a ? a + k : 0, sums + k)
  int past = passes_by(all_windows(g) * g.channels, g.channels, gu) &&
             passes_by(all_positions(g) * g.channels, g.channels, gy);
  EACH_SLAB(double_backward_slab, y + k, scale + k, code + k, mean + k, inverse + k, u + k, a ? a + k : 0,
            b ? b + k : 0, c ? c + k : 0, sums + k, gy + k, gscale + k, gu + k, past)
  settle(past);
}
FOR_EACH_SET(fs_norm_double_backward,
             (fs_norm_geometry g, const real *y, const real *scale, const uint8_t *code, const real *mean,
              const real *inverse, const real *u, const real *a, const real *b, const real *c, real *gy,
              real *gscale, real *gu, real *sums),
             g, y, scale, code, mean, inverse, u, a, b, c, gy, gscale, gu, sums)
