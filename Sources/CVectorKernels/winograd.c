#include "gather.h"
#include "tiles.h"

// Winograd's minimal filtering F(4×4, 3×3): a tile of 4×4 outputs from 6×6 inputs by 36 products instead of 144.
//
// With A, B, G below, y = Aᵀ[(G w Gᵀ) ∘ (Bᵀ x B)]A for every tile, summed over channels between the brackets
// (Lavin and Gray 2016). The polynomial points 0, ±5/8, ±3/2, ∞ are ours, found by search: in single precision the
// error is about twice that of the direct sum, where the usual 0, ±1, ±2, ∞ have more than three times.

static const real P = 0.625, Q = 1.5;
#define PP (P * P)
#define QQ (Q * Q)
// The Lagrange denominators at 0, ±P and ±Q.
#define AT_0 ((real)1 / (PP * QQ))
#define AT_P ((real)1 / (2 * PP * (PP - QQ)))
#define AT_Q ((real)1 / (2 * QQ * (QQ - PP)))

// Transforms take half a slab of channels at a time: a row of six then fits the registers with its result.

// v = Bᵀ·d, six to six.
INLINE void input_transform(const half *d, half *v) {
  half even = d[4] - QQ * d[2], odd = P * (d[3] - QQ * d[1]);
  half even2 = d[4] - PP * d[2], odd2 = Q * (d[3] - PP * d[1]);
  v[0] = PP * QQ * d[0] - (PP + QQ) * d[2] + d[4];
  v[1] = even + odd;
  v[2] = even - odd;
  v[3] = even2 + odd2;
  v[4] = even2 - odd2;
  v[5] = PP * QQ * d[1] - (PP + QQ) * d[3] + d[5];
}

// y = Aᵀ·m, six to four.
INLINE void output_transform(const half *m, half *y) {
  half sum = m[1] + m[2], difference = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  y[0] = m[0] + sum + sum2;
  y[1] = P * difference + Q * difference2;
  y[2] = PP * sum + QQ * sum2;
  y[3] = P * PP * difference + Q * QQ * difference2 + m[5];
}

// e = A·y, four to six.
INLINE void output_adjoint(const half *y, half *e) {
  half even = y[0] + PP * y[2], odd = P * y[1] + P * PP * y[3];
  half even2 = y[0] + QQ * y[2], odd2 = Q * y[1] + Q * QQ * y[3];
  e[0] = y[0];
  e[1] = even + odd;
  e[2] = even - odd;
  e[3] = even2 + odd2;
  e[4] = even2 - odd2;
  e[5] = y[3];
}

// u = G·g, three to six.
INLINE void kernel_transform(const half *g, half *u) {
  half even = AT_P * (g[0] + PP * g[2]), odd = AT_P * P * g[1];
  half even2 = AT_Q * (g[0] + QQ * g[2]), odd2 = AT_Q * Q * g[1];
  u[0] = AT_0 * g[0];
  u[1] = even + odd;
  u[2] = even - odd;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = g[2];
}

// g = Gᵀ·u, six to three.
INLINE void kernel_adjoint(const half *u, half *g) {
  half sum = AT_P * (u[1] + u[2]), difference = AT_P * (u[1] - u[2]);
  half sum2 = AT_Q * (u[3] + u[4]), difference2 = AT_Q * (u[3] - u[4]);
  g[0] = AT_0 * u[0] + sum + sum2;
  g[1] = P * difference + Q * difference2;
  g[2] = PP * sum + QQ * sum2 + u[5];
}

// out[to × to] = T·in[from × from]·Tᵀ.
INLINE void both_ways(void (*transform)(const half *, half *), int from, int to, const half *in, half *out) {
  half columns[36];
  UNROLL for (int j = 0; j < from; j++) {
    half column[6], result[6];
    UNROLL for (int i = 0; i < from; i++) column[i] = in[i * from + j];
    transform(column, result);
    UNROLL for (int i = 0; i < to; i++) columns[i * from + j] = result[i];
  }
  UNROLL for (int i = 0; i < to; i++) transform(columns + i * from, out + i * to);
}

// The 36 transformed numbers of tiles of side × side numbers, 4 apart, the first of them `before` rows and columns
// outside the image. What lies outside is zero.
INLINE void transform_tiles(void (*transform)(const half *, half *), int side, int before, const real *x, fs_tiles g,
                            ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart, real *out) {
  static const real zeros[HALF];
  for (ptrdiff_t t = 0; t < count; t++, out += channels) {
    ptrdiff_t all = first + t, top = all / g.columns % g.rows * 4 - before, left = all % g.columns * 4 - before;
    const real *image = x + all / (g.rows * g.columns) * g.height * g.width * g.pixel;
    if (top >= 0 && left >= 0 && top + side <= g.height && left + side <= g.width) {
      const real *from = image + (top * g.width + left) * g.pixel;
      for (ptrdiff_t c = 0; c < channels; c += HALF) {
        half d[36], v[36];
        UNROLL for (int i = 0; i < side * side; i++)
          d[i] = *(const half *)(from + (i / side * g.width + i % side) * g.pixel + c);
        both_ways(transform, side, 6, d, v);
        UNROLL for (int i = 0; i < 36; i++) *(half *)(out + i * apart + c) = v[i];
      }
      continue;
    }
    const real *from[36];
    ptrdiff_t inside[36];
    for (int i = 0; i < side * side; i++) {
      ptrdiff_t h = top + i / side, w = left + i % side;
      int is = h >= 0 && w >= 0 && h < g.height && w < g.width;
      from[i] = is ? image + (h * g.width + w) * g.pixel : zeros;
      inside[i] = -(ptrdiff_t)is;
    }
    for (ptrdiff_t c = 0; c < channels; c += HALF) {
      half d[36], v[36];
      UNROLL for (int i = 0; i < side * side; i++) d[i] = *(const half *)(from[i] + (c & inside[i]));
      both_ways(transform, side, 6, d, v);
      UNROLL for (int i = 0; i < 36; i++) *(half *)(out + i * apart + c) = v[i];
    }
  }
}

INLINE void fs_winograd_input_body(const real *x, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count,
                                   ptrdiff_t apart, real *out) {
  transform_tiles(input_transform, 6, 1, x, g, channels, first, count, apart, out);
}
FOR_EACH_SET(fs_winograd_input,
             (const real *x, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart,
              real *out),
             x, g, channels, first, count, apart, out)

INLINE void fs_winograd_cotangent_body(const real *y, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count,
                                       ptrdiff_t apart, real *out) {
  transform_tiles(output_adjoint, 4, 0, y, g, channels, first, count, apart, out);
}
FOR_EACH_SET(fs_winograd_cotangent,
             (const real *y, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart,
              real *out),
             y, g, channels, first, count, apart, out)

INLINE void fs_winograd_output_body(const real *products, fs_tiles g, ptrdiff_t channels, ptrdiff_t first,
                                    ptrdiff_t count, ptrdiff_t apart, real *y) {
  for (ptrdiff_t t = 0; t < count; t++, products += channels) {
    ptrdiff_t all = first + t, top = all / g.columns % g.rows * 4, left = all % g.columns * 4;
    real *to = y + ((all / (g.rows * g.columns) * g.height + top) * g.width + left) * g.pixel;
    int rows = g.height - top < 4 ? (int)(g.height - top) : 4, columns = g.width - left < 4 ? (int)(g.width - left) : 4;
    for (ptrdiff_t c = 0; c < channels; c += HALF) {
      half m[36], out[16];
      UNROLL for (int i = 0; i < 36; i++) m[i] = *(const half *)(products + i * apart + c);
      both_ways(output_transform, 6, 4, m, out);
      // Tiles at the lower and right border stand over.
      UNROLL for (int i = 0; i < 16; i++) if (i / 4 < rows && i % 4 < columns)
        *(half *)(to + (i / 4 * g.width + i % 4) * g.pixel + c) = out[i];
    }
  }
}
FOR_EACH_SET(fs_winograd_output,
             (const real *products, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart,
              real *y),
             products, g, channels, first, count, apart, y)

INLINE void fs_winograd_kernels_body(const real *w, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth, ptrdiff_t apart,
                                     real *out) {
  for (ptrdiff_t s = 0; s < slabs; s++, w += FS_LANES * k.lane)
    for (ptrdiff_t d = 0; d < depth; d += GATHERED) {
      real gathered[GATHER];
      ptrdiff_t now = depth - d < GATHERED ? depth - d : GATHERED;
      if (k.turned) {
        gather(w + d * k.depth, k.lane, k.depth, FS_LANES, now, TAPS, 1, gathered);
      } else {
        gather(w + d * k.depth, k.lane, k.depth, FS_LANES, now, TAPS, 0, gathered);
      }
      for (ptrdiff_t j = 0; j < now; j++, out += FS_LANES)
        for (int side = 0; side < FS_LANES; side += HALF) {
          half g[9], u[36];
          UNROLL for (int t = 0; t < 9; t++) g[t] = *(const half *)(gathered + (j * 9 + t) * FS_LANES + side);
          both_ways(kernel_transform, 3, 6, g, u);
          UNROLL for (int i = 0; i < 36; i++) *(half *)(out + i * apart + side) = u[i];
        }
    }
}
FOR_EACH_SET(fs_winograd_kernels,
             (const real *w, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth, ptrdiff_t apart, real *out), w, k, slabs,
             depth, apart, out)

INLINE void fs_winograd_kernels_back_body(const real *sums, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth,
                                          ptrdiff_t apart, real *w) {
  for (ptrdiff_t s = 0; s < slabs; s++, w += FS_LANES * k.lane)
    for (ptrdiff_t d = 0; d < depth; d += GATHERED) {
      real gathered[GATHER];
      ptrdiff_t now = depth - d < GATHERED ? depth - d : GATHERED;
      for (ptrdiff_t j = 0; j < now; j++, sums += FS_LANES)
        for (int side = 0; side < FS_LANES; side += HALF) {
          half u[36], g[9];
          UNROLL for (int i = 0; i < 36; i++) u[i] = *(const half *)(sums + i * apart + side);
          both_ways(kernel_adjoint, 6, 3, u, g);
          UNROLL for (int t = 0; t < 9; t++) *(half *)(gathered + (j * 9 + t) * FS_LANES + side) = g[t];
        }
      scatter_whole(gathered, k.lane, k.depth, now, w + d * k.depth);
    }
}
FOR_EACH_SET(fs_winograd_kernels_back,
             (const real *sums, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth, ptrdiff_t apart, real *w), sums, k,
             slabs, depth, apart, w)
