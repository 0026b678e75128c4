#include <math.h>
#include <string.h>
#include "tiles.h"

// VALUE for whole slabs, past the caches where the output is large, and then for single scalars.
#define EVERY(VALUE)                                                                  \
  ptrdiff_t i = 0;                                                                    \
  if (passes_by(n, FS_LANES, out)) {                                                  \
    for (; i + FS_LANES <= n; i += FS_LANES) put(out + i, VALUE(vec), FS_LANES, 1);   \
    settle(1);                                                                        \
  }                                                                                   \
  for (; i < n; i++) out[i] = VALUE(real);

#define SUM(type) *(const type *)(x + i) + *(const type *)(y + i)
CLONES void fs_add(const real *x, const real *y, real *out, ptrdiff_t n) { EVERY(SUM) }

#define DIFFERENCE(type) *(const type *)(x + i) - *(const type *)(y + i)
CLONES void fs_subtract(const real *x, const real *y, real *out, ptrdiff_t n) { EVERY(DIFFERENCE) }

#define PRODUCT(type) *(const type *)(x + i) * *(const type *)(y + i)
CLONES void fs_multiply(const real *x, const real *y, real *out, ptrdiff_t n) { EVERY(PRODUCT) }

#define AFFINE(type) scale * *(const type *)(x + i) + offset
CLONES void fs_affine(real scale, real offset, const real *x, real *out, ptrdiff_t n) { EVERY(AFFINE) }

void fs_exp(const real *x, real *out, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (real)exp(x[i]);
}

void fs_log(const real *x, real *out, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (real)log(x[i]);
}

void fs_power(const real *x, real exponent, real *out, ptrdiff_t n) {
  for (ptrdiff_t i = 0; i < n; i++) out[i] = (real)pow(x[i], exponent);
}

CLONES void fs_row_sums(const real *x, real *out, ptrdiff_t rows, ptrdiff_t columns) {
  LANES
  for (ptrdiff_t r = 0; r < rows; r++) {
    real sum = 0;
    for (ptrdiff_t i = 0; i < columns; i++) sum += x[r * columns + i];
    out[r] = sum;
  }
}

void fs_row_maxima(const real *x, real *out, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++) {
    real best = x[r * columns];
    for (ptrdiff_t i = 1; i < columns; i++)
      if (x[r * columns + i] > best) best = x[r * columns + i];
    out[r] = best;
  }
}

CLONES void fs_expand_rows(const real *x, real *out, ptrdiff_t rows, ptrdiff_t columns) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t i = 0; i < columns; i++) out[r * columns + i] = x[r];
}

void fs_gather(const real *x, const int32_t *index, real *out, ptrdiff_t rows, ptrdiff_t columns,
               ptrdiff_t picked) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t q = 0; q < picked; q++) out[r * picked + q] = x[r * columns + index[r * picked + q]];
}

void fs_scatter_add(const real *x, const int32_t *index, real *out, ptrdiff_t rows, ptrdiff_t columns,
                    ptrdiff_t picked) {
  for (ptrdiff_t r = 0; r < rows; r++)
    for (ptrdiff_t q = 0; q < picked; q++) out[r * columns + index[r * picked + q]] += x[r * picked + q];
}

void fs_permute(const real *x, real *out, const ptrdiff_t *extents, const int32_t *axes, int32_t rank) {
  // Pad to six axes on the left, then walk the output in order; the innermost axis is copied or strided.
  ptrdiff_t extent[6], stride[6], source[6];
  ptrdiff_t step = 1;
  for (int i = rank - 1; i >= 0; i--) {
    source[i] = step;
    step *= extents[i];
  }
  int lead = 6 - rank;
  for (int i = 0; i < lead; i++) extent[i] = 1, stride[i] = 0;
  for (int i = 0; i < rank; i++) extent[lead + i] = extents[axes[i]], stride[lead + i] = source[axes[i]];
  for (ptrdiff_t a = 0; a < extent[0]; a++)
    for (ptrdiff_t b = 0; b < extent[1]; b++)
      for (ptrdiff_t c = 0; c < extent[2]; c++)
        for (ptrdiff_t d = 0; d < extent[3]; d++)
          for (ptrdiff_t e = 0; e < extent[4]; e++) {
            const real *from = x + a * stride[0] + b * stride[1] + c * stride[2] + d * stride[3] + e * stride[4];
            if (stride[5] == 1) {
              memcpy(out, from, sizeof(real) * (size_t)extent[5]);
            } else {
              for (ptrdiff_t f = 0; f < extent[5]; f++) out[f] = from[f * stride[5]];
            }
            out += extent[5];
          }
}
