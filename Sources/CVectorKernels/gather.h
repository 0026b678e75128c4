// Reads kernels into the lanes of vectors, for every packing of this module.
#pragma once
#include <string.h>
#include "CVectorKernels.h"
#include "clones.h"

// Input channels and taps that are gathered at once: their scalars are stored long before they are read as vectors, and
// a lane's come one after another, for lanes lie far apart, often on the same sets of a cache.
enum { GATHERED = 8, TAPS = 9, GATHER = GATHERED * TAPS * FS_LANES };

// Four scalars that lie together.
typedef real quad __attribute__((vector_size(4 * sizeof(real)), aligned(sizeof(real))));

// Four columns of four rows as four rows.
INLINE void transpose(quad *m) {
  quad low = __builtin_shufflevector(m[0], m[1], 0, 4, 1, 5), high = __builtin_shufflevector(m[0], m[1], 2, 6, 3, 7);
  quad low2 = __builtin_shufflevector(m[2], m[3], 0, 4, 1, 5), high2 = __builtin_shufflevector(m[2], m[3], 2, 6, 3, 7);
  m[0] = __builtin_shufflevector(low, low2, 0, 1, 4, 5);
  m[1] = __builtin_shufflevector(low, low2, 2, 3, 6, 7);
  m[2] = __builtin_shufflevector(high, high2, 0, 1, 4, 5);
  m[3] = __builtin_shufflevector(high, high2, 2, 3, 6, 7);
}

// Kernels of nine scalars, of all lanes: two blocks of four taps and the last one by itself.
INLINE void gather_whole(const real *w, ptrdiff_t lane, ptrdiff_t depth, ptrdiff_t count, int turned, real *to) {
  for (ptrdiff_t j = 0; j < count; j++, w += depth, to += TAPS * FS_LANES)
    for (ptrdiff_t l = 0; l < FS_LANES; l += 4) {
      const real *from = w + l * lane;
      for (int t = 0; t < 8; t += 4) {
        quad m[4];
        for (int i = 0; i < 4; i++) m[i] = *(const quad *)(from + i * lane + t);
        transpose(m);
        for (int i = 0; i < 4; i++) *(quad *)(to + (turned ? 8 - t - i : t + i) * FS_LANES + l) = m[i];
      }
      for (int i = 0; i < 4; i++) to[(turned ? 0 : 8) * FS_LANES + l + i] = from[i * lane + 8];
    }
}

// The way back, to the kernels: `adds` adds to them.
INLINE void scatter_whole(const real *from, ptrdiff_t lane, ptrdiff_t depth, ptrdiff_t count, int adds, real *w) {
  for (ptrdiff_t j = 0; j < count; j++, w += depth, from += TAPS * FS_LANES)
    for (ptrdiff_t l = 0; l < FS_LANES; l += 4) {
      real *to = w + l * lane;
      for (int t = 0; t < 8; t += 4) {
        quad m[4];
        for (int i = 0; i < 4; i++) m[i] = *(const quad *)(from + (t + i) * FS_LANES + l);
        transpose(m);
        for (int i = 0; i < 4; i++) {
          quad *into = (quad *)(to + i * lane + t);
          *into = adds ? *into + m[i] : m[i];
        }
      }
      for (int i = 0; i < 4; i++) {
        real last = from[8 * FS_LANES + l + i];
        to[i * lane + 8] = adds ? to[i * lane + 8] + last : last;
      }
    }
}

// to[column][row] = from[row][column], rows so many scalars apart; rows and columns are whole numbers of quads.
INLINE void transpose_matrix(const real *from, ptrdiff_t apart, ptrdiff_t rows, ptrdiff_t columns, real *to,
                             ptrdiff_t to_apart) {
  for (ptrdiff_t c = 0; c < columns; c += 4)
    for (ptrdiff_t r = 0; r < rows; r += 4) {
      quad m[4];
      for (int i = 0; i < 4; i++) m[i] = *(const quad *)(from + (r + i) * apart + c);
      transpose(m);
      for (int i = 0; i < 4; i++) *(quad *)(to + (c + i) * to_apart + r) = m[i];
    }
}

// to[j·TAPS + t][l] = w[l·lane + j·depth + t] for the first `lanes`, zero for the others; `turned` reads the taps last
// first.
INLINE void gather(const real *w, ptrdiff_t lane, ptrdiff_t depth, ptrdiff_t lanes, ptrdiff_t count, ptrdiff_t taps,
                   int turned, real *to) {
  if (lanes == FS_LANES && taps == TAPS) return gather_whole(w, lane, depth, count, turned, to);
  if (lanes < FS_LANES) memset(to, 0, GATHER * sizeof(real));
  for (ptrdiff_t l = 0; l < lanes; l++)
    for (ptrdiff_t j = 0; j < count; j++) {
      const real *from = w + l * lane + j * depth;
      for (ptrdiff_t t = 0; t < taps; t++)
        to[(j * TAPS + t) * FS_LANES + l] = turned ? from[taps - 1 - t] : from[t];
    }
}
