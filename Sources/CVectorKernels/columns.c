#include <string.h>
#include "CVectorKernels.h"
#include "clones.h"

// Output columns of one tap that fall inside the input row: first ≤ wo < last.
INLINE void inside(fs_geometry g, ptrdiff_t tap, ptrdiff_t *first, ptrdiff_t *last) {
  ptrdiff_t offset = tap - g.padding;
  ptrdiff_t low = offset >= 0 ? 0 : (-offset + g.stride - 1) / g.stride;
  ptrdiff_t high = g.width - 1 - offset < 0 ? 0 : (g.width - 1 - offset) / g.stride + 1;
  *first = low < g.outWidth ? low : g.outWidth;
  *last = high < g.outWidth ? high : g.outWidth;
  if (*last < *first) *last = *first;
}

// A stride-1 convolution that keeps the size: one tap's columns are the whole channel, shifted. Copy the run
// at once and then zero what the shift dragged across a border.
INLINE void shifted(const real *plane, fs_geometry g, ptrdiff_t ky, ptrdiff_t kx, ptrdiff_t row0, ptrdiff_t row1,
                    real *out) {
  ptrdiff_t total = g.batch * g.height * g.width;
  ptrdiff_t dx = kx - g.padding, dy = ky - g.padding;
  ptrdiff_t begin = row0 * g.width + dy * g.width + dx, count = (row1 - row0) * g.width;
  ptrdiff_t skip = begin < 0 ? -begin : 0;
  ptrdiff_t over = begin + count > total ? begin + count - total : 0;
  if (skip + over >= count) {
    memset(out, 0, sizeof(real) * (size_t)count);
    return;
  }
  memcpy(out + skip, plane + begin + skip, sizeof(real) * (size_t)(count - skip - over));
  if (skip) memset(out, 0, sizeof(real) * (size_t)skip);
  if (over) memset(out + count - over, 0, sizeof(real) * (size_t)over);
  if (dy != 0) {
    for (ptrdiff_t r = row0, h = row0 % g.height; r < row1; r++, h = h + 1 == g.height ? 0 : h + 1)
      if (h + dy < 0 || h + dy >= g.height)
        memset(out + (r - row0) * g.width, 0, sizeof(real) * (size_t)g.width);
  }
  for (ptrdiff_t w = 0; w < -dx; w++)
    for (ptrdiff_t r = 0; r < row1 - row0; r++) out[r * g.width + w] = 0;
  for (ptrdiff_t w = g.width - dx; w < g.width; w++)
    for (ptrdiff_t r = 0; r < row1 - row0; r++) out[r * g.width + w] = 0;
}

INLINE int same_size(fs_geometry g) {
  return g.stride == 1 && g.outHeight == g.height && g.outWidth == g.width && g.padding < g.width;
}

void fs_im2col(const real *x, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1, real *out) {
  ptrdiff_t plane = g.batch * g.height * g.width, count = (row1 - row0) * g.outWidth;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t ky = 0; ky < g.kernel; ky++)
      for (ptrdiff_t kx = 0; kx < g.kernel; kx++, out += count) {
        const real *from = x + c * plane;
        if (same_size(g)) {
          shifted(from, g, ky, kx, row0, row1, out);
          continue;
        }
        ptrdiff_t first, last;
        inside(g, kx, &first, &last);
        for (ptrdiff_t r = row0; r < row1; r++) {
          real *to = out + (r - row0) * g.outWidth;
          ptrdiff_t n = r / g.outHeight, h = (r % g.outHeight) * g.stride + ky - g.padding;
          if (h < 0 || h >= g.height) {
            memset(to, 0, sizeof(real) * (size_t)g.outWidth);
            continue;
          }
          const real *row = from + (n * g.height + h) * g.width + kx - g.padding;
          for (ptrdiff_t w = 0; w < first; w++) to[w] = 0;
          for (ptrdiff_t w = first; w < last; w++) to[w] = row[w * g.stride];
          for (ptrdiff_t w = last; w < g.outWidth; w++) to[w] = 0;
        }
      }
}

CLONES void fs_col2im_add(const real *columns, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1,
                          real *x) {
  ptrdiff_t plane = g.batch * g.height * g.width, count = (row1 - row0) * g.outWidth;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t ky = 0; ky < g.kernel; ky++)
      for (ptrdiff_t kx = 0; kx < g.kernel; kx++, columns += count) {
        ptrdiff_t first, last;
        inside(g, kx, &first, &last);
        for (ptrdiff_t r = row0; r < row1; r++) {
          const real *from = columns + (r - row0) * g.outWidth;
          ptrdiff_t n = r / g.outHeight, h = (r % g.outHeight) * g.stride + ky - g.padding;
          if (h < 0 || h >= g.height) continue;
          real *row = x + c * plane + (n * g.height + h) * g.width + kx - g.padding;
          for (ptrdiff_t w = first; w < last; w++) row[w * g.stride] += from[w];
        }
      }
}
