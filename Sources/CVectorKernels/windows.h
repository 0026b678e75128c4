// How a pass with windows goes over activations: for normalisation, activation and pooling, and for what of it has no
// statistics.
#pragma once
#include "tiles.h"

// Channels are the lanes of a vector here: a slab of them goes through all positions, and windows, winners and
// slopes are plain elementwise arithmetic. Every pass takes a few images at a time and all slabs of those, so that
// the slabs of a position come from memory together; sums over channels wait in arrays meanwhile.

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

// Images first ..< last.
typedef struct {
  ptrdiff_t first, last;
} span;

// All windows (image n, row h, column w of the output); all positions that no window covers; all places of a window.
#define EACH_WINDOW(g, pool)                                \
  for (ptrdiff_t n = images.first; n < images.last; n++)    \
    for (ptrdiff_t h = 0; h < g.height / (pool); h++)       \
      for (ptrdiff_t w = 0; w < g.width / (pool); w++)
#define EACH_UNCOVERED(g, pool)                             \
  for (ptrdiff_t n = images.first; n < images.last; n++)    \
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

// G, the cotangent at v, as it reaches the winner of a window: u, times the slope where v ≤ 0.
INLINE vec reaching(mask code, vec u, real slope) { return where((code & INACTIVE) != 0, slope * u, u); }
// G at place i of a window.
INLINE vec at_place(mask code, int i, vec reaching) { return (vec)((mask)reaching & ((code & ~INACTIVE) == i)); }

// Calls SLAB for a few images after another and all slabs of them. Windows of 1 and 2 and whole slabs are constants;
// anything else goes by the same code with variables.
#define EACH_SLAB(SLAB, ...)                                                       \
  for (span images = {0, 0}; images.first < g.batch; images.first = images.last) { \
    images.last = images.first + together(g);                                      \
    if (images.last > g.batch) images.last = g.batch;                              \
    for (ptrdiff_t k = g.from; k < g.to; k += FS_LANES) {                          \
      ptrdiff_t lanes = g.to - k;                                                  \
      if (lanes >= FS_LANES && g.pool == 1) {                                      \
        SLAB(g, 1, FS_LANES, images, __VA_ARGS__);                                 \
      } else if (lanes >= FS_LANES && g.pool == 2) {                               \
        SLAB(g, 2, FS_LANES, images, __VA_ARGS__);                                 \
      } else {                                                                     \
        SLAB(g, g.pool, lanes < FS_LANES ? lanes : FS_LANES, images, __VA_ARGS__); \
      }                                                                            \
    }                                                                              \
  }

// Images of one pass: as many as the second-level cache holds, at least one.
INLINE ptrdiff_t together(fs_norm_geometry g) {
  ptrdiff_t image = g.height * g.width * g.channels * (ptrdiff_t)sizeof(real);
  return image < 128 * 1024 ? 128 * 1024 / image : 1;
}
