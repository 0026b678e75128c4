#include "tiles.h"

// Channels are the lanes of a vector here: a slab of them goes through all positions, and windows, winners and
// slopes are plain elementwise arithmetic.

typedef __typeof__((vec){0} > (vec){0}) mask;
typedef uint8_t bytes __attribute__((vector_size(FS_LANES), aligned(1)));
// The top bit of a code.
enum { INACTIVE = 128 };

INLINE vec where(mask m, vec a, vec b) { return (vec)(((mask)a & m) | ((mask)b & ~m)); }

INLINE mask load_codes(const uint8_t *from, ptrdiff_t lanes) {
  bytes b = {0};
  if (lanes == FS_LANES) {
    b = *(const bytes *)from;
  } else {
    memcpy(&b, from, (size_t)lanes);
  }
  return __builtin_convertvector(b, mask);
}

INLINE void store_codes(uint8_t *to, mask code, ptrdiff_t lanes) {
  bytes b = __builtin_convertvector(code, bytes);
  if (lanes == FS_LANES) {
    *(bytes *)to = b;
  } else {
    memcpy(to, &b, (size_t)lanes);
  }
}

// All windows (image n, row h, column w of the output); all positions that no window covers; all places of a window.
#define EACH_WINDOW(g, pool)                                \
  for (ptrdiff_t n = 0; n < g.batch; n++)                   \
    for (ptrdiff_t h = 0; h < g.height / (pool); h++)       \
      for (ptrdiff_t w = 0; w < g.width / (pool); w++)
#define EACH_UNCOVERED(g, pool)                             \
  for (ptrdiff_t n = 0; n < g.batch; n++)                   \
    for (ptrdiff_t h = 0; h < g.height; h++)                \
      for (ptrdiff_t w = h < g.height / (pool) * (pool) ? g.width / (pool) * (pool) : 0; w < g.width; w++)
#define EACH_PLACE(pool) for (int i = 0; i < (pool) * (pool); i++)

// Where position (n, h, w), a window's output and a window's place i are, in scalars.
INLINE ptrdiff_t position(fs_norm_geometry g, ptrdiff_t n, ptrdiff_t h, ptrdiff_t w) {
  return ((n * g.height + h) * g.width + w) * g.channels;
}
INLINE ptrdiff_t output(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t n, ptrdiff_t h, ptrdiff_t w) {
  return ((n * (g.height / pool) + h) * (g.width / pool) + w) * g.channels;
}
INLINE ptrdiff_t place(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t n, ptrdiff_t h, ptrdiff_t w, int i) {
  return position(g, n, h * pool + i / pool, w * pool + i % pool);
}

// Mean and 1/deviation of a slab, block by block: a block's mean and squares come from the first-level cache and
// are merged exactly (Chan et al. 1979); the one-pass formula would cancel in single precision.
INLINE void statistics(const real *y, ptrdiff_t m, ptrdiff_t channels, ptrdiff_t lanes, real epsilon, vec *mean,
                       vec *inverse) {
  enum { BLOCK = 64 };
  vec mu = {0}, squares = {0};
  for (ptrdiff_t p = 0; p < m; p += BLOCK) {
    ptrdiff_t count = m - p < BLOCK ? m - p : BLOCK, i = 0;
    const real *from = y + p * channels;
    vec sum[4] = {{0}};
    for (; i + 4 <= count; i += 4)
      UNROLL for (int k = 0; k < 4; k++) sum[k] += load(from + (i + k) * channels, lanes);
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
    squares += (spread[0] + spread[1]) + (spread[2] + spread[3]) + delta * delta * ((real)p * share);
  }
  *mean = mu;
  vec variance = squares / (real)m + epsilon;
  for (int l = 0; l < FS_LANES; l++) (*inverse)[l] = (real)1 / (real)__builtin_sqrt(variance[l]);
}

INLINE void forward_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, const real *y, const real *scale,
                         const real *shift, real *out, uint8_t *code, real *mean, real *inverse) {
  vec mu, r;
  statistics(y, g.batch * g.height * g.width, g.channels, lanes, g.epsilon, &mu, &r);
  store(mean, mu, lanes);
  store(inverse, r, lanes);
  vec a = load(scale, lanes) * r, b = load(shift, lanes) - a * mu;
  EACH_WINDOW(g, pool) {
    vec best = {0};
    mask winner = {0};
    EACH_PLACE(pool) {
      vec v = a * load(y + place(g, pool, n, h, w, i), lanes) + b;
      mask higher = v > best;
      best = i == 0 ? v : where(higher, v, best);
      if (i > 0) winner = (winner & ~higher) | (higher & i);
    }
    mask active = best > 0;
    ptrdiff_t q = output(g, pool, n, h, w);
    store(out + q, where(active, best, g.slope * best), lanes);
    store_codes(code + q, winner | (~active & INACTIVE), lanes);
  }
}

// G, the cotangent at v, as it reaches the winner of a window: u, times the slope where v ≤ 0.
INLINE vec reaching(mask code, vec u, real slope) { return where((code & INACTIVE) != 0, slope * u, u); }
// G at place i of a window.
INLINE vec at_place(mask code, int i, vec reaching) { return (vec)((mask)reaching & ((code & ~INACTIVE) == i)); }

INLINE void backward_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, const real *y, const real *scale,
                          const uint8_t *code, const real *mean, const real *inverse, const real *u, real *dy,
                          real *dscale, real *dshift) {
  vec r = load(inverse, lanes), mu = load(mean, lanes), s = load(scale, lanes) * r;
  // S0 = ΣG, S1 = ΣG·x̂.
  vec s0 = {0}, s1 = {0};
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    mask k = load_codes(code + q, lanes);
    vec reach = reaching(k, load(u + q, lanes), g.slope), won = {0};
    EACH_PLACE(pool) won = where((k & ~INACTIVE) == i, load(y + place(g, pool, n, h, w, i), lanes), won);
    s0 += reach;
    s1 += reach * (won - mu);
  }
  s1 *= r;
  store(dscale, s1, lanes);
  store(dshift, s0, lanes);
  // dy = s·(G − S0/M − x̂·S1/M).
  real m = (real)(g.batch * g.height * g.width);
  vec slope = -s * s1 * r / m, offset = -s * s0 / m - slope * mu;
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    mask k = load_codes(code + q, lanes);
    vec reach = s * reaching(k, load(u + q, lanes), g.slope);
    EACH_PLACE(pool) {
      ptrdiff_t at = place(g, pool, n, h, w, i);
      store(dy + at, slope * load(y + at, lanes) + offset + at_place(k, i, reach), lanes);
    }
  }
  EACH_UNCOVERED(g, pool) {
    ptrdiff_t at = position(g, n, h, w);
    store(dy + at, slope * load(y + at, lanes) + offset, lanes);
  }
}

INLINE void double_backward_slab(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t lanes, const real *y,
                                 const real *scale, const uint8_t *code, const real *mean, const real *inverse,
                                 const real *u, const real *a, const real *b, const real *c, real *gy, real *gscale,
                                 real *gu) {
  vec r = load(inverse, lanes), mu = load(mean, lanes), s = load(scale, lanes) * r, zero = {0};
  vec bk = b ? load(b, lanes) : zero, ck = c ? load(c, lanes) : zero;
  real m = (real)(g.batch * g.height * g.width);
  // Sums over the channel: S as above, A0 = Σa, A1 = Σa·x̂, AG = Σa·G.
  vec s0 = {0}, s1 = {0}, ag = {0}, a0 = {0}, a1 = {0};
  EACH_WINDOW(g, pool) {
    ptrdiff_t q = output(g, pool, n, h, w);
    mask k = load_codes(code + q, lanes);
    vec reach = reaching(k, load(u + q, lanes), g.slope);
    s0 += reach;
    EACH_PLACE(pool) {
      ptrdiff_t at = place(g, pool, n, h, w, i);
      vec x = load(y + at, lanes) - mu, won = at_place(k, i, reach);
      s1 += won * x;
      if (a) {
        vec ai = load(a + at, lanes);
        ag += won * ai;
        a0 += ai;
        a1 += ai * x;
      }
    }
  }
  if (a) {
    EACH_UNCOVERED(g, pool) {
      ptrdiff_t at = position(g, n, h, w);
      vec ai = load(a + at, lanes);
      a0 += ai;
      a1 += ai * (load(y + at, lanes) - mu);
    }
  }
  s1 *= r;
  a1 *= r;
  // L = s·T + b·S1 + c·S0 with T = AG − (S0·A0 + S1·A1)/M; x̂ and r depend on y, G only on u.
  vec t = ag - (s0 * a0 + s1 * a1) / m;
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
      store(gy + at, on_a * ai + on_y * yi + constant + at_place(k, i, reach), lanes);
      to_u = where((k & ~INACTIVE) == i, along * ((yi - mu) * r) + offset + s * ai, to_u);
    }
    store(gu + q, reaching(k, to_u, g.slope), lanes);
  }
  EACH_UNCOVERED(g, pool) {
    ptrdiff_t at = position(g, n, h, w);
    vec ai = a ? load(a + at, lanes) : zero;
    store(gy + at, on_a * ai + on_y * load(y + at, lanes) + constant, lanes);
  }
}

// Windows of 1 and 2 and whole slabs as constants; anything else by the same code with variables.
#define EACH_SLAB(SLAB, ...)                                         \
  (void)rows;                                                        \
  for (ptrdiff_t k = 0; k < g.channels; k += FS_LANES) {             \
    ptrdiff_t lanes = g.channels - k;                                \
    if (lanes >= FS_LANES && g.pool == 1) {                          \
      SLAB(g, 1, FS_LANES, __VA_ARGS__);                             \
    } else if (lanes >= FS_LANES && g.pool == 2) {                   \
      SLAB(g, 2, FS_LANES, __VA_ARGS__);                             \
    } else {                                                         \
      SLAB(g, g.pool, lanes < FS_LANES ? lanes : FS_LANES, __VA_ARGS__); \
    }                                                                \
  }

INLINE void fs_norm_forward_body(int rows, fs_norm_geometry g, const real *y, const real *scale, const real *shift,
                                 real *out, uint8_t *code, real *mean, real *inverse) {
  EACH_SLAB(forward_slab, y + k, scale + k, shift + k, out + k, code + k, mean + k, inverse + k)
}
FOR_EACH_SET(fs_norm_forward,
             (fs_norm_geometry g, const real *y, const real *scale, const real *shift, real *out, uint8_t *code,
              real *mean, real *inverse),
             g, y, scale, shift, out, code, mean, inverse)

INLINE void fs_norm_backward_body(int rows, fs_norm_geometry g, const real *y, const real *scale,
                                  const uint8_t *code, const real *mean, const real *inverse, const real *u,
                                  real *dy, real *dscale, real *dshift) {
  EACH_SLAB(backward_slab, y + k, scale + k, code + k, mean + k, inverse + k, u + k, dy + k, dscale + k, dshift + k)
}
FOR_EACH_SET(fs_norm_backward,
             (fs_norm_geometry g, const real *y, const real *scale, const uint8_t *code, const real *mean,
              const real *inverse, const real *u, real *dy, real *dscale, real *dshift),
             g, y, scale, code, mean, inverse, u, dy, dscale, dshift)

INLINE void fs_norm_double_backward_body(int rows, fs_norm_geometry g, const real *y, const real *scale,
                                         const uint8_t *code, const real *mean, const real *inverse, const real *u,
                                         const real *a, const real *b, const real *c, real *gy, real *gscale,
                                         real *gu) {
  EACH_SLAB(double_backward_slab, y + k, scale + k, code + k, mean + k, inverse + k, u + k, a ? a + k : 0,
            b ? b + k : 0, c ? c + k : 0, gy + k, gscale + k, gu + k)
}
FOR_EACH_SET(fs_norm_double_backward,
             (fs_norm_geometry g, const real *y, const real *scale, const uint8_t *code, const real *mean,
              const real *inverse, const real *u, const real *a, const real *b, const real *c, real *gy,
              real *gscale, real *gu),
             g, y, scale, code, mean, inverse, u, a, b, c, gy, gscale, gu)
