// The one-dimensional transforms of Winograd's minimal filtering, and how they are applied to rows and columns.
//
// y = Aᵀ[(G w) ∘ (Bᵀ x)] (Lavin and Gray 2016). The polynomial points are ours, found by search for the least error in
// single precision.
#pragma once
#include "tiles.h"

// F(4, 3), four outputs of three taps from six inputs: points 0, ±5/8, ±3/2, ∞. The error is about twice that of the
// direct sum, where the usual 0, ±1, ±2, ∞ have more than three times.
static const real P = 0.625, Q = 1.5;
#define PP (P * P)
#define QQ (Q * Q)
// The Lagrange denominators at 0, ±P and ±Q.
#define AT_0 ((real)1 / (PP * QQ))
#define AT_P ((real)1 / (2 * PP * (PP - QQ)))
#define AT_Q ((real)1 / (2 * QQ * (QQ - PP)))

// F(4, 2), four outputs of two taps from five inputs: points ±3/8, ±5/4, ∞. With it a step of two is made: of
// y[i] = g0·d[2i] + g1·d[2i+1] + g2·d[2i+2] the even d meet two taps, in five products, and the odd ones a single tap,
// in four. The error is that of the direct sum.
static const real R = 0.375, S = 1.25;
#define RR (R * R)
#define SS (S * S)
#define AT_R ((real)1 / (2 * R * (RR - SS)))
#define AT_S ((real)1 / (2 * S * (SS - RR)))

// v = Bᵀ·d, six to six.
INLINE void input_transform(const vec *d, vec *v) {
  vec even = d[4] - QQ * d[2], odd = P * (d[3] - QQ * d[1]);
  vec even2 = d[4] - PP * d[2], odd2 = Q * (d[3] - PP * d[1]);
  v[0] = PP * QQ * d[0] - (PP + QQ) * d[2] + d[4];
  v[1] = even + odd;
  v[2] = even - odd;
  v[3] = even2 + odd2;
  v[4] = even2 - odd2;
  v[5] = PP * QQ * d[1] - (PP + QQ) * d[3] + d[5];
}

// y = Aᵀ·m, six to four.
INLINE void output_transform(const vec *m, vec *y) {
  vec sum = m[1] + m[2], difference = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  y[0] = m[0] + sum + sum2;
  y[1] = P * difference + Q * difference2;
  y[2] = PP * sum + QQ * sum2;
  y[3] = P * PP * difference + Q * QQ * difference2 + m[5];
}

// A polynomial of four coefficients at ±p and ±q.
INLINE void at_points(const vec *y, real p, real q, vec *e) {
  vec even = y[0] + p * p * y[2], odd = p * y[1] + p * (p * p) * y[3];
  vec even2 = y[0] + q * q * y[2], odd2 = q * y[1] + q * (q * q) * y[3];
  e[0] = even + odd;
  e[1] = even - odd;
  e[2] = even2 + odd2;
  e[3] = even2 - odd2;
}

// e = A·y, four to six.
INLINE void output_adjoint(const vec *y, vec *e) {
  e[0] = y[0];
  at_points(y, P, Q, e + 1);
  e[5] = y[3];
}

// u = G·g, three to six.
INLINE void kernel_transform(const vec *g, vec *u) {
  vec even = AT_P * (g[0] + PP * g[2]), odd = AT_P * P * g[1];
  vec even2 = AT_Q * (g[0] + QQ * g[2]), odd2 = AT_Q * Q * g[1];
  u[0] = AT_0 * g[0];
  u[1] = even + odd;
  u[2] = even - odd;
  u[3] = even2 + odd2;
  u[4] = even2 - odd2;
  u[5] = g[2];
}

// g = Gᵀ·u, six to three.
INLINE void kernel_adjoint(const vec *u, vec *g) {
  vec sum = AT_P * (u[1] + u[2]), difference = AT_P * (u[1] - u[2]);
  vec sum2 = AT_Q * (u[3] + u[4]), difference2 = AT_Q * (u[3] - u[4]);
  g[0] = AT_0 * u[0] + sum + sum2;
  g[1] = P * difference + Q * difference2;
  g[2] = PP * sum + QQ * sum2 + u[5];
}

// The same for two taps: v = Bᵀ·d, five to five.
INLINE void pair_input(vec d0, vec d1, vec d2, vec d3, vec d4, vec *v) {
  vec odd = d3 - SS * d1, even = R * (d2 - SS * d0);
  vec odd2 = d3 - RR * d1, even2 = S * (d2 - RR * d0);
  v[0] = odd + even;
  v[1] = odd - even;
  v[2] = odd2 + even2;
  v[3] = odd2 - even2;
  v[4] = RR * SS * d0 - (RR + SS) * d2 + d4;
}

// y = Aᵀ·m, five to four.
INLINE void pair_output(const vec *m, vec *y) {
  vec sum = m[0] + m[1], difference = m[0] - m[1], sum2 = m[2] + m[3], difference2 = m[2] - m[3];
  y[0] = sum + sum2;
  y[1] = R * difference + S * difference2;
  y[2] = RR * sum + SS * sum2;
  y[3] = R * RR * difference + S * SS * difference2 + m[4];
}

// A step of two: nine to five even products and four odd ones.
INLINE void strided_input(const vec *d, vec *v) {
  pair_input(d[0], d[2], d[4], d[6], d[8], v);
  UNROLL for (int i = 0; i < 4; i++) v[5 + i] = d[2 * i + 1];
}

INLINE void strided_output(const vec *m, vec *y) {
  pair_output(m, y);
  UNROLL for (int i = 0; i < 4; i++) y[i] += m[5 + i];
}

INLINE void strided_adjoint(const vec *y, vec *e) {
  at_points(y, R, S, e);
  e[4] = y[3];
  UNROLL for (int i = 0; i < 4; i++) e[5 + i] = y[i];
}

// Its way back to the input, with the taps last first: five to nine, and nine to eight.
INLINE void spread_input(const vec *y, vec *v) {
  pair_input(y[0], y[1], y[2], y[3], y[4], v);
  UNROLL for (int i = 0; i < 4; i++) v[5 + i] = y[i];
}

INLINE void spread_output(const vec *m, vec *x) {
  vec odd[4];
  pair_output(m, odd);
  UNROLL for (int i = 0; i < 4; i++) {
    x[2 * i] = m[5 + i];
    x[2 * i + 1] = odd[i];
  }
}

// The outer taps at the five points, and the middle one.
INLINE void strided_kernel(const vec *g, vec *u) {
  vec even = AT_R * g[0], odd = AT_R * R * g[2], even2 = AT_S * g[0], odd2 = AT_S * S * g[2];
  u[0] = even + odd;
  u[1] = odd - even;
  u[2] = even2 + odd2;
  u[3] = odd2 - even2;
  u[4] = g[2];
  u[5] = g[1];
}

INLINE void strided_kernel_adjoint(const vec *u, vec *g) {
  g[0] = AT_R * (u[0] - u[1]) + AT_S * (u[2] - u[3]);
  g[1] = u[5];
  g[2] = AT_R * R * (u[0] + u[1]) + AT_S * S * (u[2] + u[3]) + u[4];
}

// out[to × to] = T·in[from × from]·Tᵀ.
INLINE void both_ways(void (*transform)(const vec *, vec *), int from, int to, const vec *in, vec *out) {
  vec columns[81];
  UNROLL for (int j = 0; j < from; j++) {
    vec column[9], result[9];
    UNROLL for (int i = 0; i < from; i++) column[i] = in[i * from + j];
    transform(column, result);
    UNROLL for (int i = 0; i < to; i++) columns[i * from + j] = result[i];
  }
  UNROLL for (int i = 0; i < to; i++) transform(columns + i * from, out + i * to);
}
