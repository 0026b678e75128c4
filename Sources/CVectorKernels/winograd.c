#include "transforms.h"

// Winograd's minimal filtering for 3 × 3 kernels: 36 products of matrices for a tile of 4 × 4 outputs.
//
// With steps of one each product has a row per tile, 36 in all instead of 144. With steps of two a product of an odd row
// or column of inputs has four rows per tile, and that of both sixteen: 25 + 2·5·4 + 16 = 81 instead of 144.

// Where the numbers of a tile go: the first row of its matrices, and how far apart tiles are.
INLINE void place(int side, const ptrdiff_t *starts, ptrdiff_t channels, ptrdiff_t *first, ptrdiff_t *step) {
  UNROLL for (int i = 0; i < side * side; i++) {
    int h = i / side, w = i % side, tall = side == 9 && h > 4 ? 4 : 1, wide = side == 9 && w > 4 ? 4 : 1;
    int row = tall > 1 ? h - 5 : 0, column = wide > 1 ? w - 5 : 0;
    first[i] = starts[(tall > 1 ? 5 : h) * 6 + (wide > 1 ? 5 : w)] + (row * wide + column) * channels;
    step[i] = tall * wide * channels;
  }
}

// Fetches a slab of what a tile has to itself, the last `stride` of `side` rows and columns, while the one above it is
// computed: tiles jump over memory in a way that processors do not foresee.
INLINE void fetch(uintptr_t at, int side, int stride, fs_tiles g, ptrdiff_t c) {
  UNROLL for (int i = 0; i < side * side; i++) {
    if (i / side < side - stride || i % side < side - stride) continue;
    uintptr_t line = at + (uintptr_t)(((i / side * g.width + i % side) * g.pixel + c) * (ptrdiff_t)sizeof(real));
    __builtin_prefetch((void *)line);
  }
}

// Where a tile begins, `stride` apart in the image, as an address: it may lie outside.
INLINE uintptr_t corner(const real *x, fs_tiles g, ptrdiff_t tile, int stride, int before) {
  ptrdiff_t top = tile / g.columns % g.rows * stride - before, left = tile % g.columns * stride - before;
  ptrdiff_t at = ((tile / (g.rows * g.columns) * g.height + top) * g.width + left) * g.pixel;
  return (uintptr_t)x + (uintptr_t)(at * (ptrdiff_t)sizeof(real));
}

// The transformed numbers, `to` × `to`, of tiles of side × side numbers, `stride` apart, the first of them `before` rows
// and columns outside the image. What lies outside is zero.
INLINE void transform_tiles(void (*transform)(const vec *, vec *), int side, int to, int stride, int before,
                            const real *x, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count,
                            const ptrdiff_t *starts, real *out) {
  static const real zeros[FS_LANES];
  ptrdiff_t at[81], step[81];
  place(to, starts, channels, at, step);
  for (ptrdiff_t t = 0; t < count; t++) {
    ptrdiff_t all = first + t;
    ptrdiff_t top = all / g.columns % g.rows * stride - before, left = all % g.columns * stride - before;
    const real *image = x + all / (g.rows * g.columns) * g.height * g.width * g.pixel;
    uintptr_t below = corner(x, g, all + g.columns, stride, before);
    if (top >= 0 && left >= 0 && top + side <= g.height && left + side <= g.width) {
      const real *from = image + (top * g.width + left) * g.pixel;
      for (ptrdiff_t c = 0; c < channels; c += FS_LANES) {
        vec d[81], v[81];
        fetch(below, side, stride, g, c);
        UNROLL for (int i = 0; i < side * side; i++)
          d[i] = *(const vec *)(from + (i / side * g.width + i % side) * g.pixel + c);
        both_ways(transform, side, to, d, v);
        UNROLL for (int i = 0; i < to * to; i++) *(vec *)(out + at[i] + c) = v[i];
      }
    } else {
      const real *from[81];
      ptrdiff_t inside[81];
      for (int i = 0; i < side * side; i++) {
        ptrdiff_t h = top + i / side, w = left + i % side;
        int is = h >= 0 && w >= 0 && h < g.height && w < g.width;
        from[i] = is ? image + (h * g.width + w) * g.pixel : zeros;
        inside[i] = -(ptrdiff_t)is;
      }
      for (ptrdiff_t c = 0; c < channels; c += FS_LANES) {
        vec d[81], v[81];
        fetch(below, side, stride, g, c);
        UNROLL for (int i = 0; i < side * side; i++) d[i] = *(const vec *)(from[i] + (c & inside[i]));
        both_ways(transform, side, to, d, v);
        UNROLL for (int i = 0; i < to * to; i++) *(vec *)(out + at[i] + c) = v[i];
      }
    }
    for (int i = 0; i < to * to; i++) at[i] += step[i];
  }
}

// Tiles of to × to numbers from their products, from × from. Tiles at the lower and right border stand over.
INLINE void collect_tiles(void (*transform)(const vec *, vec *), int from, int to, const real *products, fs_tiles g,
                          ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, const ptrdiff_t *starts, real *y) {
  int past = passes_by(g.all * g.pixel, g.pixel, y);
  ptrdiff_t at[81], step[81];
  place(from, starts, channels, at, step);
  for (ptrdiff_t t = 0; t < count; t++) {
    ptrdiff_t all = first + t, top = all / g.columns % g.rows * to, left = all % g.columns * to;
    real *into = y + ((all / (g.rows * g.columns) * g.height + top) * g.width + left) * g.pixel;
    int rows = g.height - top < to ? (int)(g.height - top) : to;
    int columns = g.width - left < to ? (int)(g.width - left) : to;
    for (ptrdiff_t c = 0; c < channels; c += FS_LANES) {
      vec m[81], out[81];
      UNROLL for (int i = 0; i < from * from; i++) m[i] = *(const vec *)(products + at[i] + c);
      both_ways(transform, from, to, m, out);
      UNROLL for (int i = 0; i < to * to; i++) if (i / to < rows && i % to < columns)
        put(into + (i / to * g.width + i % to) * g.pixel + c, out[i], FS_LANES, past);
    }
    for (int i = 0; i < from * from; i++) at[i] += step[i];
  }
  settle(past);
}

INLINE void fs_winograd_input_body(fs_form form, const real *x, fs_tiles g, ptrdiff_t channels, ptrdiff_t first,
                                   ptrdiff_t count, const ptrdiff_t *starts, real *out) {
  switch (form) {
    case FS_UNIT: transform_tiles(input_transform, 6, 6, 4, 1, x, g, channels, first, count, starts, out); break;
    case FS_STRIDED: transform_tiles(strided_input, 9, 9, 8, 1, x, g, channels, first, count, starts, out); break;
    case FS_SPREAD: transform_tiles(spread_input, 5, 9, 4, 0, x, g, channels, first, count, starts, out); break;
  }
}
FOR_EACH_SET(fs_winograd_input,
             (fs_form form, const real *x, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count,
              const ptrdiff_t *starts, real *out),
             form, x, g, channels, first, count, starts, out)

INLINE void fs_winograd_cotangent_body(fs_form form, const real *y, fs_tiles g, ptrdiff_t channels, ptrdiff_t first,
                                       ptrdiff_t count, const ptrdiff_t *starts, real *out) {
  if (form == FS_UNIT) {
    transform_tiles(output_adjoint, 4, 6, 4, 0, y, g, channels, first, count, starts, out);
  } else {
    transform_tiles(strided_adjoint, 4, 9, 4, 0, y, g, channels, first, count, starts, out);
  }
}
FOR_EACH_SET(fs_winograd_cotangent,
             (fs_form form, const real *y, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count,
              const ptrdiff_t *starts, real *out),
             form, y, g, channels, first, count, starts, out)

INLINE void fs_winograd_output_body(fs_form form, const real *products, fs_tiles g, ptrdiff_t channels, ptrdiff_t first,
                                    ptrdiff_t count, const ptrdiff_t *starts, real *y) {
  switch (form) {
    case FS_UNIT: collect_tiles(output_transform, 6, 4, products, g, channels, first, count, starts, y); break;
    case FS_STRIDED: collect_tiles(strided_output, 9, 4, products, g, channels, first, count, starts, y); break;
    case FS_SPREAD: collect_tiles(spread_output, 9, 8, products, g, channels, first, count, starts, y); break;
  }
}
FOR_EACH_SET(fs_winograd_output,
             (fs_form form, const real *products, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count,
              const ptrdiff_t *starts, real *y),
             form, products, g, channels, first, count, starts, y)
