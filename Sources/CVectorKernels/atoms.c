#include <string.h>
#include "CVectorKernels.h"
#include "clones.h"

// One output row of one tap: pointers that make y[w] ↔ x[w·stride] line up, and the columns inside.
INLINE int tap_row(fs_geometry g, ptrdiff_t row, ptrdiff_t ky, ptrdiff_t kx, ptrdiff_t *at, ptrdiff_t *first,
                   ptrdiff_t *last) {
  ptrdiff_t n = row / g.outHeight, h = (row % g.outHeight) * g.stride + ky - g.padding;
  if (h < 0 || h >= g.height) return 0;
  ptrdiff_t offset = kx - g.padding;
  *at = (n * g.height + h) * g.width + offset;
  *first = offset >= 0 ? 0 : (-offset + g.stride - 1) / g.stride;
  ptrdiff_t high = g.width - 1 - offset < 0 ? 0 : (g.width - 1 - offset) / g.stride + 1;
  *last = high < g.outWidth ? high : g.outWidth;
  return *first < *last;
}

CLONES void fs_atoms_expand(const real *x, const real *atoms, ptrdiff_t channels, ptrdiff_t count, fs_geometry g,
                            ptrdiff_t row0, ptrdiff_t row1, real *z, int32_t accumulate) {
  ptrdiff_t plane = g.batch * g.height * g.width, columns = (row1 - row0) * g.outWidth;
  ptrdiff_t taps = g.kernel * g.kernel;
  if (!accumulate) memset(z, 0, sizeof(real) * (size_t)(channels * count * columns));
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t j = 0; j < count; j++)
      for (ptrdiff_t r = row0; r < row1; r++)
        for (ptrdiff_t k = 0; k < taps; k++) {
          ptrdiff_t at, first, last;
          if (!tap_row(g, r, k / g.kernel, k % g.kernel, &at, &first, &last)) continue;
          const real *from = x + c * plane + at;
          real *to = z + (c * count + j) * columns + (r - row0) * g.outWidth, weight = atoms[j * taps + k];
          for (ptrdiff_t w = first; w < last; w++) to[w] += weight * from[w * g.stride];
        }
}

CLONES void fs_atoms_input_add(const real *z, const real *atoms, ptrdiff_t channels, ptrdiff_t count,
                               fs_geometry g, ptrdiff_t row0, ptrdiff_t row1, real *x) {
  ptrdiff_t plane = g.batch * g.height * g.width, columns = (row1 - row0) * g.outWidth;
  ptrdiff_t taps = g.kernel * g.kernel;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t j = 0; j < count; j++)
      for (ptrdiff_t r = row0; r < row1; r++)
        for (ptrdiff_t k = 0; k < taps; k++) {
          ptrdiff_t at, first, last;
          if (!tap_row(g, r, k / g.kernel, k % g.kernel, &at, &first, &last)) continue;
          real *to = x + c * plane + at, weight = atoms[j * taps + k];
          const real *from = z + (c * count + j) * columns + (r - row0) * g.outWidth;
          for (ptrdiff_t w = first; w < last; w++) to[w * g.stride] += weight * from[w];
        }
}

CLONES void fs_atoms_atoms_add(const real *z, const real *x, ptrdiff_t channels, ptrdiff_t count, fs_geometry g,
                               ptrdiff_t row0, ptrdiff_t row1, real *atoms) {
  LANES
  ptrdiff_t plane = g.batch * g.height * g.width, columns = (row1 - row0) * g.outWidth;
  ptrdiff_t taps = g.kernel * g.kernel;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t j = 0; j < count; j++)
      for (ptrdiff_t r = row0; r < row1; r++)
        for (ptrdiff_t k = 0; k < taps; k++) {
          ptrdiff_t at, first, last;
          if (!tap_row(g, r, k / g.kernel, k % g.kernel, &at, &first, &last)) continue;
          const real *a = z + (c * count + j) * columns + (r - row0) * g.outWidth, *b = x + c * plane + at;
          real sum = 0;
          for (ptrdiff_t w = first; w < last; w++) sum += a[w] * b[w * g.stride];
          atoms[j * taps + k] += sum;
        }
}
