// How a pass with windows goes over activations: for normalisation, activation and pooling, and for what of it has no
// statistics.
#pragma once
#include "tiles.h"

// Channels are the lanes of a vector here: a slab of them goes through all positions, and windows, winners and
// slopes are plain elementwise arithmetic. Every pass takes a few rows at a time and all slabs of those, so that
// the slabs of a position come from memory together, and fetches the next; sums over channels wait in arrays meanwhile.

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

// Rows of windows first ..< last, those of an image after those of another.
typedef struct {
  ptrdiff_t first, last;
} span;

// All windows (image n, row h, column w of the output); all positions that no window covers, those below an image's windows
// with its last row; all places of a window.
#define EACH_WINDOW(g, pool)                                                        \
  for (ptrdiff_t at_row = rows.first; at_row < rows.last; at_row++)                 \
    for (ptrdiff_t n = at_row / (g.height / (pool)), h = at_row % (g.height / (pool)), w = 0; w < g.width / (pool); w++)
#define EACH_UNCOVERED(g, pool)                                                     \
  for (ptrdiff_t at_row = rows.first; at_row < rows.last; at_row++)                 \
    for (ptrdiff_t n = at_row / (g.height / (pool)), below = (at_row % (g.height / (pool)) + 1) * (pool), \
                   end = below / (pool) < g.height / (pool) ? below : g.height, h = below - (pool);       \
         h < end; h++)                                                              \
      for (ptrdiff_t w = h < below ? g.width / (pool) * (pool) : 0; w < g.width; w++)
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

// G, the cotangent at v, as it reaches the winner of a window: u, times the slope where v ≤ 0.
INLINE vec reaching(mask code, vec u, real slope) { return where((code & INACTIVE) != 0, slope * u, u); }
// G at place i of a window.
INLINE vec at_place(mask code, int i, vec reaching) { return (vec)((mask)reaching & ((code & ~INACTIVE) == i)); }

// The position at which row r of windows begins.
INLINE ptrdiff_t row_start(fs_norm_geometry g, ptrdiff_t pool, ptrdiff_t r) {
  ptrdiff_t rows = g.height / pool;
  return (r / rows * g.height + r % rows * pool) * g.width;
}

// Scalars from some rows to as many that come next, which a pass over the former fetches.
INLINE ptrdiff_t to_next(fs_norm_geometry g, ptrdiff_t pool, span rows) {
  return (row_start(g, pool, rows.last) - row_start(g, pool, rows.first)) * g.channels;
}
INLINE void fetch(const real *from) { __builtin_prefetch(from); }

INLINE ptrdiff_t all_positions(fs_norm_geometry g) { return g.batch * g.height * g.width; }
INLINE ptrdiff_t all_windows(fs_norm_geometry g) { return g.batch * (g.height / g.pool) * (g.width / g.pool); }

// Calls SLAB for a few rows after another and all slabs of them. Windows of 1 and 2 and whole slabs are constants;
// anything else goes by the same code with variables.
#define EACH_SLAB(SLAB, ...)                                                       \
  for (span rows = {0, 0}; rows.first < all_rows(g); rows.first = rows.last) {     \
    rows.last = rows.first + together(g);                                          \
    if (rows.last > all_rows(g)) rows.last = all_rows(g);                          \
    for (ptrdiff_t k = g.from; k < g.to; k += FS_LANES) {                          \
      ptrdiff_t lanes = g.to - k;                                                  \
      if (lanes >= FS_LANES && g.pool == 1) {                                      \
        SLAB(g, 1, FS_LANES, rows, __VA_ARGS__);                                   \
      } else if (lanes >= FS_LANES && g.pool == 2) {                               \
        SLAB(g, 2, FS_LANES, rows, __VA_ARGS__);                                   \
      } else {                                                                     \
        SLAB(g, g.pool, lanes < FS_LANES ? lanes : FS_LANES, rows, __VA_ARGS__);   \
      }                                                                            \
    }                                                                              \
  }

INLINE ptrdiff_t all_rows(fs_norm_geometry g) { return g.batch * (g.height / g.pool); }
// Rows of one pass: as many as the first-level cache holds, at least one.
INLINE ptrdiff_t together(fs_norm_geometry g) {
  ptrdiff_t row = g.pool * g.width * g.channels * (ptrdiff_t)sizeof(real);
  return row < 24 * 1024 ? 24 * 1024 / row : 1;
}
