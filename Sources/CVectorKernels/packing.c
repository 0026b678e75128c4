#include <string.h>
#include "CVectorKernels.h"
#include "clones.h"
#include "gather.h"

void fs_pad(const real *x, ptrdiff_t images, ptrdiff_t rows, ptrdiff_t run, fs_border b, real *out) {
  size_t wide = sizeof(real) * (size_t)(b.left + run + b.right);
  for (ptrdiff_t n = 0; n < images; n++) {
    memset(out, 0, wide * (size_t)b.top);
    out += b.top * (b.left + run + b.right);
    for (ptrdiff_t h = 0; h < rows; h++, x += run) {
      memset(out, 0, sizeof(real) * (size_t)b.left);
      memcpy(out + b.left, x, sizeof(real) * (size_t)run);
      memset(out + b.left + run, 0, sizeof(real) * (size_t)b.right);
      out += b.left + run + b.right;
    }
    memset(out, 0, wide * (size_t)b.bottom);
    out += b.bottom * (b.left + run + b.right);
  }
}

void fs_crop(const real *x, ptrdiff_t images, ptrdiff_t rows, ptrdiff_t run, fs_border b, real *out) {
  ptrdiff_t wide = b.left + run + b.right;
  for (ptrdiff_t n = 0; n < images; n++, x += (b.top + rows + b.bottom) * wide)
    for (ptrdiff_t h = 0; h < rows; h++, out += run)
      memcpy(out, x + (b.top + h) * wide + b.left, sizeof(real) * (size_t)run);
}

void fs_widen(const real *x, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t wide, real *out) {
  for (ptrdiff_t r = 0; r < rows; r++, x += columns, out += wide) {
    memcpy(out, x, sizeof(real) * (size_t)columns);
    memset(out + columns, 0, sizeof(real) * (size_t)(wide - columns));
  }
}

// out[slab][t·C + c][lane] = w[o][c][t], taps a constant wherever this is inlined for a usual kernel.
INLINE void pack(const real *w, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, real *out) {
  ptrdiff_t depth = channels * taps;
  for (ptrdiff_t o = 0; o < outputs; o += FS_LANES, out += depth * FS_LANES) {
    ptrdiff_t lanes = outputs - o < FS_LANES ? outputs - o : FS_LANES;
    if (taps == 1 && lanes == FS_LANES && channels % 4 == 0) {
      transpose_matrix(w + o * channels, channels, FS_LANES, channels, out, FS_LANES);
      continue;
    }
    for (ptrdiff_t c = 0; c < channels; c += GATHERED) {
      ptrdiff_t now = channels - c < GATHERED ? channels - c : GATHERED;
      for (ptrdiff_t first = 0; first < taps; first += TAPS) {
        ptrdiff_t some = taps - first < TAPS ? taps - first : TAPS;
        real gathered[GATHER];
        gather(w + o * depth + c * taps + first, depth, taps, lanes, now, some, 0, gathered);
        for (ptrdiff_t t = 0; t < some; t++)
          for (ptrdiff_t j = 0; j < now; j++)
            memcpy(out + ((first + t) * channels + c + j) * FS_LANES, gathered + (j * TAPS + t) * FS_LANES,
                   FS_LANES * sizeof(real));
      }
    }
  }
}

CLONES void fs_pack(const real *w, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, real *out) {
  if (taps == 9) {
    pack(w, outputs, channels, 9, out);
  } else if (taps == 1) {
    pack(w, outputs, channels, 1, out);
  } else {
    pack(w, outputs, channels, taps, out);
  }
}

INLINE void unpack(const real *sums, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, real *w) {
  ptrdiff_t depth = channels * taps;
  for (ptrdiff_t o = 0; o < outputs; o += FS_LANES, sums += depth * FS_LANES, w += depth * FS_LANES) {
    ptrdiff_t lanes = outputs - o < FS_LANES ? outputs - o : FS_LANES;
    if (lanes == FS_LANES && taps == 1 && channels % 4 == 0) {
      transpose_matrix(sums, FS_LANES, channels, FS_LANES, w, channels);
    } else if (lanes == FS_LANES && taps == TAPS) {
      for (ptrdiff_t c = 0; c < channels; c += GATHERED) {
        ptrdiff_t now = channels - c < GATHERED ? channels - c : GATHERED;
        real gathered[GATHER];
        for (ptrdiff_t t = 0; t < TAPS; t++)
          for (ptrdiff_t j = 0; j < now; j++)
            memcpy(gathered + (j * TAPS + t) * FS_LANES, sums + (t * channels + c + j) * FS_LANES,
                   FS_LANES * sizeof(real));
        scatter_whole(gathered, depth, TAPS, now, 0, w + c * TAPS);
      }
    } else {
      for (ptrdiff_t l = 0; l < lanes; l++)
        for (ptrdiff_t c = 0; c < channels; c++)
          for (ptrdiff_t t = 0; t < taps; t++)
            w[l * depth + c * taps + t] = sums[(t * channels + c) * FS_LANES + l];
    }
  }
}

CLONES void fs_unpack(const real *sums, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, real *w) {
  unpack(sums, outputs, channels, taps, w);
}

CLONES void fs_pack_turned(const real *w, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps,
                           const int32_t *chosen, ptrdiff_t count, real *out) {
  for (ptrdiff_t c = 0; c < channels; c += FS_LANES, out += count * outputs * FS_LANES) {
    ptrdiff_t lanes = channels - c < FS_LANES ? channels - c : FS_LANES;
    for (ptrdiff_t o = 0; o < outputs; o++)
      for (ptrdiff_t t = 0; t < count; t++) {
        const real *from = w + (o * channels + c) * taps + chosen[t];
        real line[FS_LANES] = {0};
        for (ptrdiff_t i = 0; i < lanes; i++) line[i] = from[i * taps];
        memcpy(out + (t * outputs + o) * FS_LANES, line, sizeof line);
      }
  }
}

CLONES void fs_pack_transposed(const real *a, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, real *out) {
  ptrdiff_t depth = channels * taps, slabs = (depth + FS_LANES - 1) / FS_LANES;
  memset(out, 0, sizeof(real) * (size_t)(slabs * outputs * FS_LANES));
  for (ptrdiff_t o = 0; o < outputs; o++)
    for (ptrdiff_t t = 0; t < taps; t++)
      for (ptrdiff_t c = 0; c < channels; c++) {
        ptrdiff_t k = t * channels + c;
        out[(k / FS_LANES * outputs + o) * FS_LANES + k % FS_LANES] = a[(o * channels + c) * taps + t];
      }
}
