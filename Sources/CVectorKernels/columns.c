#include <string.h>
#include "CVectorKernels.h"
#include "clones.h"

// A tap of a strided convolution reads every s-th row and column. Sort the rows and columns of a plane by their
// remainder first, and every tap becomes a shift by whole positions of one of s² small planes: its columns are
// then one long copy. At stride 1 the plane is its own and only phase.

// floor(a / b) for b > 0.
INLINE ptrdiff_t floor_divide(ptrdiff_t a, ptrdiff_t b) { return a >= 0 ? a / b : -((-a + b - 1) / b); }

int32_t fs_is_shift(fs_geometry g) {
  // The planes must cover the image, and no shift may pass a whole row.
  return g.outHeight * g.stride >= g.height && g.outWidth * g.stride >= g.width && g.padding < g.width &&
         (g.stride > 1 || (g.outHeight == g.height && g.outWidth == g.width)) &&
         floor_divide(g.kernel - 1 - g.padding, g.stride) < g.outWidth;
}

// Walks the rows of planes and image together: row h of the image is row h / s of the phases (h mod s, ·).
INLINE void sort_phases(real *x, ptrdiff_t channels, fs_geometry g, ptrdiff_t s, real *planes, int merge) {
  ptrdiff_t plane = g.batch * g.outHeight * g.outWidth;
  for (ptrdiff_t c = 0; c < channels; c++, planes += s * s * plane)
    for (ptrdiff_t n = 0; n < g.batch; n++)
      for (ptrdiff_t h = 0; h < g.outHeight * s; h++) {
        real *to = planes + (h % s) * s * plane + (n * g.outHeight + h / s) * g.outWidth;
        if (h >= g.height) {
          if (!merge)
            for (ptrdiff_t p = 0; p < s; p++) memset(to + p * plane, 0, sizeof(real) * (size_t)g.outWidth);
          continue;
        }
        real *row = x + ((c * g.batch + n) * g.height + h) * g.width;
        ptrdiff_t whole = g.width / s;
        for (ptrdiff_t w = 0; w < whole; w++)
          for (ptrdiff_t p = 0; p < s; p++) {
            if (merge) {
              row[w * s + p] = to[p * plane + w];
            } else {
              to[p * plane + w] = row[w * s + p];
            }
          }
        for (ptrdiff_t w = whole; w < g.outWidth; w++)
          for (ptrdiff_t p = 0; p < s; p++) {
            int exists = w * s + p < g.width;
            if (merge) {
              if (exists) row[w * s + p] = to[p * plane + w];
            } else {
              to[p * plane + w] = exists ? row[w * s + p] : 0;
            }
          }
      }
}

CLONES void fs_split_phases(const real *x, ptrdiff_t channels, fs_geometry g, real *planes) {
  // Stride 2 is the one that occurs; as a constant it becomes vector shuffles.
  if (g.stride == 2) {
    sort_phases((real *)x, channels, g, 2, planes, 0);
  } else {
    sort_phases((real *)x, channels, g, g.stride, planes, 0);
  }
}

CLONES void fs_merge_phases(const real *planes, ptrdiff_t channels, fs_geometry g, real *x) {
  if (g.stride == 2) {
    sort_phases(x, channels, g, 2, (real *)planes, 1);
  } else {
    sort_phases(x, channels, g, g.stride, (real *)planes, 1);
  }
}

// One tap as a shift (dy, dx) of one phase.
typedef struct {
  ptrdiff_t phase, dy, dx;
} tap_shift;

INLINE tap_shift shift_of(fs_geometry g, ptrdiff_t ky, ptrdiff_t kx) {
  ptrdiff_t dy = floor_divide(ky - g.padding, g.stride), dx = floor_divide(kx - g.padding, g.stride);
  ptrdiff_t py = ky - g.padding - dy * g.stride, px = kx - g.padding - dx * g.stride;
  return (tap_shift){py * g.stride + px, dy, dx};
}

// Zeros in a run of columns everything that a shift drags across a border of its plane.
INLINE void clear_borders(fs_geometry g, tap_shift t, ptrdiff_t row0, ptrdiff_t row1, real *run) {
  ptrdiff_t width = g.outWidth, height = g.outHeight, rows = row1 - row0;
  if (t.dy != 0) {
    ptrdiff_t h = row0 % height;
    for (ptrdiff_t r = 0; r < rows; r++) {
      if (h + t.dy < 0 || h + t.dy >= height) memset(run + r * width, 0, sizeof(real) * (size_t)width);
      if (++h == height) h = 0;
    }
  }
  ptrdiff_t left = t.dx < 0 ? -t.dx : 0, right = t.dx > 0 ? width - t.dx : width;
  for (ptrdiff_t w = 0; w < left && w < width; w++)
    for (ptrdiff_t r = 0; r < rows; r++) run[r * width + w] = 0;
  for (ptrdiff_t w = right < 0 ? 0 : right; w < width; w++)
    for (ptrdiff_t r = 0; r < rows; r++) run[r * width + w] = 0;
}

// The part of a shifted run that lies inside its plane: first index within the run, and count.
INLINE void inside(fs_geometry g, tap_shift t, ptrdiff_t row0, ptrdiff_t row1, ptrdiff_t *begin, ptrdiff_t *skip,
                   ptrdiff_t *count) {
  ptrdiff_t total = g.batch * g.outHeight * g.outWidth, length = (row1 - row0) * g.outWidth;
  *begin = (row0 + t.dy) * g.outWidth + t.dx;
  *skip = *begin < 0 ? -*begin : 0;
  ptrdiff_t over = *begin + length > total ? *begin + length - total : 0;
  *count = length - *skip - over > 0 ? length - *skip - over : 0;
}

void fs_shift_columns(const real *planes, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1,
                      real *out) {
  ptrdiff_t plane = g.batch * g.outHeight * g.outWidth, length = (row1 - row0) * g.outWidth;
  for (ptrdiff_t c = 0; c < channels; c++, planes += g.stride * g.stride * plane)
    for (ptrdiff_t ky = 0; ky < g.kernel; ky++)
      for (ptrdiff_t kx = 0; kx < g.kernel; kx++, out += length) {
        tap_shift t = shift_of(g, ky, kx);
        ptrdiff_t begin, skip, count;
        inside(g, t, row0, row1, &begin, &skip, &count);
        if (count == 0) {
          memset(out, 0, sizeof(real) * (size_t)length);
          continue;
        }
        if (skip) memset(out, 0, sizeof(real) * (size_t)skip);
        memcpy(out + skip, planes + t.phase * plane + begin + skip, sizeof(real) * (size_t)count);
        if (skip + count < length) memset(out + skip + count, 0, sizeof(real) * (size_t)(length - skip - count));
        clear_borders(g, t, row0, row1, out);
      }
}

CLONES void fs_shift_columns_add(real *columns, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1,
                                 real *planes) {
  ptrdiff_t plane = g.batch * g.outHeight * g.outWidth, length = (row1 - row0) * g.outWidth;
  for (ptrdiff_t c = 0; c < channels; c++, planes += g.stride * g.stride * plane)
    for (ptrdiff_t ky = 0; ky < g.kernel; ky++)
      for (ptrdiff_t kx = 0; kx < g.kernel; kx++, columns += length) {
        tap_shift t = shift_of(g, ky, kx);
        ptrdiff_t begin, skip, count;
        inside(g, t, row0, row1, &begin, &skip, &count);
        clear_borders(g, t, row0, row1, columns);
        real *to = planes + t.phase * plane + begin + skip;
        for (ptrdiff_t i = 0; i < count; i++) to[i] += columns[skip + i];
      }
}

// Geometries without such a form: row by row.

// Output columns of one tap that fall inside the input row: first ≤ wo < last.
INLINE void inside_row(fs_geometry g, ptrdiff_t tap, ptrdiff_t *first, ptrdiff_t *last) {
  ptrdiff_t offset = tap - g.padding;
  ptrdiff_t low = offset >= 0 ? 0 : (-offset + g.stride - 1) / g.stride;
  ptrdiff_t high = g.width - 1 - offset < 0 ? 0 : (g.width - 1 - offset) / g.stride + 1;
  *first = low < g.outWidth ? low : g.outWidth;
  *last = high < g.outWidth ? high : g.outWidth;
  if (*last < *first) *last = *first;
}

void fs_row_columns(const real *x, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1, real *out) {
  ptrdiff_t plane = g.batch * g.height * g.width, count = (row1 - row0) * g.outWidth;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t ky = 0; ky < g.kernel; ky++)
      for (ptrdiff_t kx = 0; kx < g.kernel; kx++, out += count) {
        ptrdiff_t first, last;
        inside_row(g, kx, &first, &last);
        for (ptrdiff_t r = row0; r < row1; r++) {
          real *to = out + (r - row0) * g.outWidth;
          ptrdiff_t n = r / g.outHeight, h = (r % g.outHeight) * g.stride + ky - g.padding;
          if (h < 0 || h >= g.height) {
            memset(to, 0, sizeof(real) * (size_t)g.outWidth);
            continue;
          }
          const real *row = x + c * plane + (n * g.height + h) * g.width + kx - g.padding;
          for (ptrdiff_t w = 0; w < first; w++) to[w] = 0;
          for (ptrdiff_t w = first; w < last; w++) to[w] = row[w * g.stride];
          for (ptrdiff_t w = last; w < g.outWidth; w++) to[w] = 0;
        }
      }
}

void fs_row_columns_add(const real *columns, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1,
                        real *x) {
  ptrdiff_t plane = g.batch * g.height * g.width, count = (row1 - row0) * g.outWidth;
  for (ptrdiff_t c = 0; c < channels; c++)
    for (ptrdiff_t ky = 0; ky < g.kernel; ky++)
      for (ptrdiff_t kx = 0; kx < g.kernel; kx++, columns += count) {
        ptrdiff_t first, last;
        inside_row(g, kx, &first, &last);
        for (ptrdiff_t r = row0; r < row1; r++) {
          const real *from = columns + (r - row0) * g.outWidth;
          ptrdiff_t n = r / g.outHeight, h = (r % g.outHeight) * g.stride + ky - g.padding;
          if (h < 0 || h >= g.height) continue;
          real *row = x + c * plane + (n * g.height + h) * g.width + kx - g.padding;
          for (ptrdiff_t w = first; w < last; w++) row[w * g.stride] += from[w];
        }
      }
}
