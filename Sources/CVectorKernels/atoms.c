#include <string.h>
#include "CVectorKernels.h"
#include "clones.h"

// The atom stage, channel by channel: the taps of one channel are laid out as rows of columns, which stay in
// the first-level cache, and small products between those k² rows and the m atoms do the rest.

// 32 bytes at a time, at any address: one register with AVX, two without.
typedef real vector __attribute__((vector_size(32), aligned(sizeof(real))));
enum { LANE = 32 / sizeof(real) };
// Columns of one tile: k² rows of this length stay in the first-level cache.
enum { TILE = 448 };

// c[0..<ROWS, n] (+)= a·b for a few rows: each load of b serves all of them. Row i of a starts at a + i·ai, its
// entries are ak apart. ROWS is a constant wherever this is inlined.
INLINE void rows_product(int rows, ptrdiff_t depth, ptrdiff_t n, const real *a, ptrdiff_t ai, ptrdiff_t ak,
                         const real *b, ptrdiff_t ldb, real *c, ptrdiff_t ldc, int32_t accumulate) {
  ptrdiff_t p = 0;
  for (; p + 2 * LANE <= n; p += 2 * LANE) {
    vector low[6], high[6];
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) low[i] = high[i] = (vector){0};
    for (ptrdiff_t k = 0; k < depth; k++) {
      vector x = *(const vector *)(b + k * ldb + p), y = *(const vector *)(b + k * ldb + p + LANE);
#pragma clang loop unroll(full)
      for (int i = 0; i < rows; i++) {
        real weight = a[i * ai + k * ak];
        low[i] += weight * x;
        high[i] += weight * y;
      }
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      vector *to = (vector *)(c + i * ldc + p);
      to[0] = accumulate ? to[0] + low[i] : low[i];
      to[1] = accumulate ? to[1] + high[i] : high[i];
    }
  }
  for (; p < n; p++)
    for (int i = 0; i < rows; i++) {
      real sum = accumulate ? c[i * ldc + p] : 0;
      for (ptrdiff_t k = 0; k < depth; k++) sum += a[i * ai + k * ak] * b[k * ldb + p];
      c[i * ldc + p] = sum;
    }
}

// c[rows, n] (+)= a[rows, depth]·b[depth, n].
INLINE void product(ptrdiff_t rows, ptrdiff_t depth, ptrdiff_t n, const real *a, ptrdiff_t ai, ptrdiff_t ak,
                    const real *b, ptrdiff_t ldb, real *c, ptrdiff_t ldc, int32_t accumulate) {
  while (rows > 0) {
    int now = rows >= 6 ? 6 : rows >= 3 ? 3 : rows >= 2 ? 2 : 1;
    if (now == 6) rows_product(6, depth, n, a, ai, ak, b, ldb, c, ldc, accumulate);
    if (now == 3) rows_product(3, depth, n, a, ai, ak, b, ldb, c, ldc, accumulate);
    if (now == 2) rows_product(2, depth, n, a, ai, ak, b, ldb, c, ldc, accumulate);
    if (now == 1) rows_product(1, depth, n, a, ai, ak, b, ldb, c, ldc, accumulate);
    rows -= now;
    a += now * ai;
    c += now * ldc;
  }
}

// g[i, t] += Σ_p z[i, p]·b[t, p] for ROWS × 3 sums at once.
INLINE void rows_gram(int rows, int taps, ptrdiff_t n, const real *z, ptrdiff_t ldz, const real *b, ptrdiff_t ldb,
                      real *g, ptrdiff_t ldg) {
  vector sum[3][3];
#pragma clang loop unroll(full)
  for (int i = 0; i < rows; i++)
#pragma clang loop unroll(full)
    for (int t = 0; t < taps; t++) sum[i][t] = (vector){0};
  ptrdiff_t p = 0;
  for (; p + LANE <= n; p += LANE) {
#pragma clang loop unroll(full)
    for (int i = 0; i < rows; i++) {
      vector x = *(const vector *)(z + i * ldz + p);
#pragma clang loop unroll(full)
      for (int t = 0; t < taps; t++) sum[i][t] += x * *(const vector *)(b + t * ldb + p);
    }
  }
  for (int i = 0; i < rows; i++)
    for (int t = 0; t < taps; t++) {
      real total = 0;
      for (int l = 0; l < LANE; l++) total += sum[i][t][l];
      for (ptrdiff_t q = p; q < n; q++) total += z[i * ldz + q] * b[t * ldb + q];
      g[i * ldg + t] += total;
    }
}

INLINE void gram(ptrdiff_t rows, ptrdiff_t taps, ptrdiff_t n, const real *z, ptrdiff_t ldz, const real *b,
                 ptrdiff_t ldb, real *g) {
  for (ptrdiff_t i = 0; i < rows; i += 3)
    for (ptrdiff_t t = 0; t < taps; t += 3) {
      const real *zi = z + i * ldz, *bt = b + t * ldb;
      real *to = g + i * taps + t;
      if (rows - i >= 3 && taps - t >= 3) {
        rows_gram(3, 3, n, zi, ldz, bt, ldb, to, taps);
      } else {
        for (ptrdiff_t a = i; a < rows && a < i + 3; a++)
          for (ptrdiff_t s = t; s < taps && s < t + 3; s++)
            rows_gram(1, 1, n, z + a * ldz, ldz, b + s * ldb, ldb, g + a * taps + s, taps);
      }
    }
}

// Output rows of a tile: as many as fit its columns, at least one.
INLINE ptrdiff_t tile_rows(fs_geometry g) {
  ptrdiff_t rows = TILE / g.outWidth;
  return rows > 0 ? rows : 1;
}

// Scalars of one channel of x, or of its phase planes.
INLINE ptrdiff_t channel_size(fs_geometry g) {
  return fs_is_shift(g) ? g.stride * g.stride * g.batch * g.outHeight * g.outWidth : g.batch * g.height * g.width;
}

INLINE void columns_of(const real *x, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1, real *out) {
  if (fs_is_shift(g)) {
    fs_shift_columns(x, 1, g, row0, row1, out);
  } else {
    fs_row_columns(x, 1, g, row0, row1, out);
  }
}

CLONES void fs_atoms_expand(const real *x, const real *atoms, ptrdiff_t channels, ptrdiff_t count, fs_geometry g,
                            ptrdiff_t row0, ptrdiff_t row1, real *z, int32_t accumulate, real *tile) {
  ptrdiff_t plane = channel_size(g), columns = (row1 - row0) * g.outWidth;
  ptrdiff_t taps = g.kernel * g.kernel, step = tile_rows(g);
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t r = row0; r < row1; r += step) {
      ptrdiff_t end = r + step < row1 ? r + step : row1, n = (end - r) * g.outWidth;
      columns_of(x + c * plane, g, r, end, tile);
      product(count, taps, n, atoms, taps, 1, tile, n, z + c * count * columns + (r - row0) * g.outWidth, columns,
              accumulate);
    }
}

CLONES void fs_atoms_input_add(const real *z, const real *atoms, ptrdiff_t channels, ptrdiff_t count,
                               fs_geometry g, ptrdiff_t row0, ptrdiff_t row1, real *x, real *tile) {
  ptrdiff_t plane = channel_size(g), columns = (row1 - row0) * g.outWidth;
  ptrdiff_t taps = g.kernel * g.kernel, step = tile_rows(g);
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t r = row0; r < row1; r += step) {
      ptrdiff_t end = r + step < row1 ? r + step : row1, n = (end - r) * g.outWidth;
      product(taps, count, n, atoms, 1, taps, z + c * count * columns + (r - row0) * g.outWidth, columns, tile, n,
              0);
      if (fs_is_shift(g)) {
        fs_shift_columns_add(tile, 1, g, r, end, x + c * plane);
      } else {
        fs_row_columns_add(tile, 1, g, r, end, x + c * plane);
      }
    }
}

CLONES void fs_atoms_atoms_add(const real *z, const real *x, ptrdiff_t channels, ptrdiff_t count, fs_geometry g,
                               ptrdiff_t row0, ptrdiff_t row1, real *atoms, real *tile) {
  ptrdiff_t plane = channel_size(g), columns = (row1 - row0) * g.outWidth;
  ptrdiff_t taps = g.kernel * g.kernel, step = tile_rows(g);
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t r = row0; r < row1; r += step) {
      ptrdiff_t end = r + step < row1 ? r + step : row1, n = (end - r) * g.outWidth;
      columns_of(x + c * plane, g, r, end, tile);
      gram(count, taps, n, z + c * count * columns + (r - row0) * g.outWidth, columns, tile, n, atoms);
    }
}

ptrdiff_t fs_atoms_tile(fs_geometry g) { return g.kernel * g.kernel * tile_rows(g) * g.outWidth; }
