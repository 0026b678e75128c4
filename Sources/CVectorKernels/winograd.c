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

INLINE const real *corner(const real *x, fs_tiles g, ptrdiff_t t) {
  ptrdiff_t n = t / (g.rows * g.columns), h = t / g.columns % g.rows, w = t % g.columns;
  return x + n * g.image + 4 * h * g.row + 4 * w * g.channels;
}

// The 36 transformed numbers of tiles of side × side numbers, 4 apart.
INLINE void transform_tiles(void (*transform)(const half *, half *), int side, const real *x, fs_tiles g,
                            ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart, real *out) {
  for (ptrdiff_t t = 0; t < count; t++) {
    const real *from = corner(x, g, first + t);
    for (ptrdiff_t c = 0; c < g.channels; c += HALF) {
      half d[36], v[36];
      UNROLL for (int i = 0; i < side * side; i++)
        d[i] = *(const half *)(from + i / side * g.row + i % side * g.channels + c);
      both_ways(transform, side, 6, d, v);
      UNROLL for (int i = 0; i < 36; i++) *(half *)(out + i * apart + t * g.channels + c) = v[i];
    }
  }
}

INLINE void fs_winograd_input_body(const real *x, fs_tiles g, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart,
                                   real *out) {
  transform_tiles(input_transform, 6, x, g, first, count, apart, out);
}
FOR_EACH_SET(fs_winograd_input,
             (const real *x, fs_tiles g, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart, real *out), x, g, first,
             count, apart, out)

INLINE void fs_winograd_cotangent_body(const real *y, fs_tiles g, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart,
                                       real *out) {
  transform_tiles(output_adjoint, 4, y, g, first, count, apart, out);
}
FOR_EACH_SET(fs_winograd_cotangent,
             (const real *y, fs_tiles g, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart, real *out), y, g, first,
             count, apart, out)

INLINE void fs_winograd_output_body(const real *products, fs_tiles g, ptrdiff_t first, ptrdiff_t count,
                                    ptrdiff_t apart, ptrdiff_t height, ptrdiff_t width, real *y) {
  for (ptrdiff_t t = 0; t < count; t++) {
    ptrdiff_t all = first + t, top = all / g.columns % g.rows * 4, left = all % g.columns * 4;
    real *to = y + ((all / (g.rows * g.columns) * height + top) * width + left) * g.channels;
    for (ptrdiff_t c = 0; c < g.channels; c += HALF) {
      half m[36], out[16];
      UNROLL for (int i = 0; i < 36; i++) m[i] = *(const half *)(products + i * apart + t * g.channels + c);
      both_ways(output_transform, 6, 4, m, out);
      // Tiles at the lower and right border stand over.
      UNROLL for (int i = 0; i < 16; i++) if (top + i / 4 < height && left + i % 4 < width)
        *(half *)(to + (i / 4 * width + i % 4) * g.channels + c) = out[i];
    }
  }
}
FOR_EACH_SET(fs_winograd_output,
             (const real *products, fs_tiles g, ptrdiff_t first, ptrdiff_t count, ptrdiff_t apart, ptrdiff_t height,
              ptrdiff_t width, real *y),
             products, g, first, count, apart, height, width, y)

INLINE void fs_winograd_kernels_body(const real *slabs, ptrdiff_t count, ptrdiff_t channels,
                                     ptrdiff_t apart, real *out) {
  for (ptrdiff_t s = 0; s < count; s++)
    for (ptrdiff_t c = 0; c < channels * FS_LANES; c += HALF) {
      half g[9], u[36];
      UNROLL for (int t = 0; t < 9; t++) g[t] = *(const half *)(slabs + (s * 9 + t) * channels * FS_LANES + c);
      both_ways(kernel_transform, 3, 6, g, u);
      UNROLL for (int i = 0; i < 36; i++) *(half *)(out + i * apart + s * channels * FS_LANES + c) = u[i];
    }
}
FOR_EACH_SET(fs_winograd_kernels,
             (const real *slabs, ptrdiff_t count, ptrdiff_t channels, ptrdiff_t apart, real *out), slabs, count, channels,
             apart, out)

INLINE void fs_winograd_kernels_back_body(const real *sums, ptrdiff_t count, ptrdiff_t channels,
                                     ptrdiff_t apart, real *out) {
  for (ptrdiff_t s = 0; s < count; s++)
    for (ptrdiff_t c = 0; c < channels * FS_LANES; c += HALF) {
      half u[36], g[9];
      UNROLL for (int i = 0; i < 36; i++) u[i] = *(const half *)(sums + i * apart + s * channels * FS_LANES + c);
      both_ways(kernel_adjoint, 6, 3, u, g);
      UNROLL for (int t = 0; t < 9; t++) *(half *)(out + (s * 9 + t) * channels * FS_LANES + c) = g[t];
    }
}
FOR_EACH_SET(fs_winograd_kernels_back,
             (const real *sums, ptrdiff_t count, ptrdiff_t channels, ptrdiff_t apart, real *out), sums, count, channels,
             apart, out)
