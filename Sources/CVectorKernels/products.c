#include "tiles.h"

// Convolutions without a column matrix. In [N, H, W, C] the taps of one kernel row are k·C neighbouring numbers of
// a padded image, so a product's rows need no copying: a tile takes them by address, several positions at a time,
// against one slab of packed weights.

// A position of a grid: where it reads and writes, and its row and column.
typedef struct {
  const real *from;
  real *to;
  ptrdiff_t row, column;
} walk;

INLINE void advance(walk *p, fs_grid g) {
  p->from += g.fromColumn;
  p->to += g.toColumn;
  if (++p->column < g.columns) return;
  p->column = 0;
  p->from += g.fromRow - g.columns * g.fromColumn;
  p->to += g.toRow - g.columns * g.toColumn;
  if (++p->row < g.rows) return;
  p->row = 0;
  p->from += g.fromImage - g.rows * g.fromRow;
  p->to += g.toImage - g.rows * g.toRow;
}

INLINE void fs_window_product_body(int rows, const real *x, fs_grid g, const ptrdiff_t *at, ptrdiff_t terms,
                                   ptrdiff_t inner, const real *slabs, ptrdiff_t width, real *out) {
  ptrdiff_t total = g.images * g.rows * g.columns;
  int past = passes_by(g.toAll, g.toColumn, out) && width % FS_LANES == 0;
  for (ptrdiff_t first = 0; first < width; first += FS_LANES, slabs += terms * inner * FS_LANES) {
    ptrdiff_t count = width - first < FS_LANES ? width - first : FS_LANES;
    walk place = {x, out + first, 0, 0};
    for (ptrdiff_t done = 0; done < total; done += rows) {
      const real *a[MOST_ROWS];
      real *c[MOST_ROWS];
      int kept = total - done < rows ? (int)(total - done) : rows;
      // A tile that runs over the end repeats its last position.
      UNROLL for (int i = 0; i < rows; i++) {
        a[i] = place.from;
        c[i] = place.to;
        if (i + 1 < kept) advance(&place, g);
      }
      advance(&place, g);
      vec acc[MOST_ROWS];
      UNROLL for (int i = 0; i < rows; i++) acc[i] = (vec){0};
      tile(rows, a, at, terms, inner, 1, slabs, inner * FS_LANES, FS_LANES, acc);
      if (count == FS_LANES) {
        UNROLL for (int i = 0; i < rows; i++) if (i < kept) put(c[i], acc[i], FS_LANES, past);
      } else {
        UNROLL for (int i = 0; i < rows; i++) if (i < kept) store(c[i], acc[i], count);
      }
    }
  }
  settle(past);
}
FOR_EACH_SET_TILED(fs_window_product,
             (const real *x, fs_grid g, const ptrdiff_t *at, ptrdiff_t terms, ptrdiff_t inner, const real *slabs,
              ptrdiff_t width, real *out),
             x, g, at, terms, inner, slabs, width, out)

// Some rows of a plain product with one slab.
INLINE void slab_rows(int rows, int kept, const real *x, ptrdiff_t depth, const real *slab, ptrdiff_t width, int32_t adds,
                      real *to) {
  static const ptrdiff_t none[1];
  const real *a[MOST_ROWS];
  vec acc[MOST_ROWS];
  UNROLL for (int i = 0; i < rows; i++) {
    a[i] = x + (i < kept ? i : 0) * depth;
    acc[i] = adds && i < kept ? *(const vec *)(to + i * width) : (vec){0};
  }
  tile(rows, a, none, 1, depth, 1, slab, 0, FS_LANES, acc);
  UNROLL for (int i = 0; i < rows; i++) if (i < kept) *(vec *)(to + i * width) = acc[i];
}

// A plain product needs no walk over a grid: by way of fs_window_product Winograd's passes take 3 % longer. Where no more
// than five rows are left (three of six) a smaller tile takes them: a task has five support images.
INLINE void fs_slab_product_body(int rows, const real *x, ptrdiff_t m, ptrdiff_t depth, const real *slabs,
                                 ptrdiff_t width, int32_t adds, real *out) {
  int few = rows == 8 ? 5 : 3;
  for (ptrdiff_t slab = 0; slab < width; slab += FS_LANES, slabs += depth * FS_LANES) {
    ptrdiff_t first = 0;
    for (; m - first >= rows; first += rows)
      slab_rows(rows, rows, x + first * depth, depth, slabs, width, adds, out + first * width + slab);
    int left = (int)(m - first);
    if (left > few) {
      slab_rows(rows, left, x + first * depth, depth, slabs, width, adds, out + first * width + slab);
    } else if (left > 0) {
      slab_rows(few, left, x + first * depth, depth, slabs, width, adds, out + first * width + slab);
    }
  }
}
FOR_EACH_SET_TILED(fs_slab_product,
             (const real *x, ptrdiff_t m, ptrdiff_t depth, const real *slabs, ptrdiff_t width, int32_t adds, real *out),
             x, m, depth, slabs, width, adds, out)

// Positions of one pass over all sums: their numbers in x and y then wait in the first-level cache.
enum { PASS = 100 };

INLINE void fs_window_gradient_body(int rows, const real *x, const ptrdiff_t *row, ptrdiff_t count,
                                    const ptrdiff_t *at, ptrdiff_t terms, ptrdiff_t inner, ptrdiff_t step,
                                    const real *y, ptrdiff_t width, ptrdiff_t across, int32_t adds, real *sums) {
  ptrdiff_t pass = inner < PASS ? PASS / inner : 1;
  for (ptrdiff_t t = 0; t < terms; t += pass) {
    ptrdiff_t now = terms - t < pass ? terms - t : pass;
    for (ptrdiff_t slab = 0; slab * FS_LANES < across; slab++)
      for (ptrdiff_t r = 0; r < count; r += rows) {
        int kept = count - r < rows ? (int)(count - r) : rows;
        const real *a[MOST_ROWS];
        vec acc[MOST_ROWS], *to = (vec *)(sums + (slab * count + r) * FS_LANES);
        UNROLL for (int i = 0; i < rows; i++) {
          a[i] = x + row[i < kept ? r + i : r];
          acc[i] = (vec){0};
        }
        tile(rows, a, at + t, now, inner, step, y + t * inner * width + slab * FS_LANES, inner * width, width, acc);
        UNROLL for (int i = 0; i < rows; i++) if (i < kept) to[i] = adds || t > 0 ? to[i] + acc[i] : acc[i];
      }
  }
}
FOR_EACH_SET_TILED(fs_window_gradient,
             (const real *x, const ptrdiff_t *row, ptrdiff_t count, const ptrdiff_t *at, ptrdiff_t terms,
              ptrdiff_t inner, ptrdiff_t step, const real *y, ptrdiff_t width, ptrdiff_t across, int32_t adds,
              real *sums),
             x, row, count, at, terms, inner, step, y, width, across, adds, sums)

INLINE void fs_peak_body(int rows, ptrdiff_t rounds, real *x, ptrdiff_t *count) {
  vec acc[MOST_ROWS];
  real start = *x;
  UNROLL for (int i = 0; i < rows; i++) acc[i] = start + (vec){0};
  for (ptrdiff_t n = 0; n < rounds; n++) {
    UNROLL for (int k = 0; k < 16; k++) {
      UNROLL for (int i = 0; i < rows; i++) acc[i] = acc[i] * start + start;
    }
  }
  UNROLL for (int i = 0; i < rows; i++) *x += acc[i][0];
  *count = rounds * 16 * rows * FS_LANES;
}
FOR_EACH_SET_TILED(fs_peak, (ptrdiff_t rounds, real *x, ptrdiff_t *count), rounds, x, count)

const char *fs_instruction_set(void) {
#if defined(FS_SEVERAL_SETS)
  if (__builtin_cpu_supports("x86-64-v4")) return "x86-64-v4";
  return __builtin_cpu_supports("x86-64-v3") ? "x86-64-v3" : "x86-64";
#elif defined(__x86_64__)
  return "x86-64";
#else
  return "default";
#endif
}
