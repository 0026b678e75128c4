#include "CVectorKernels.h"
#include "clones.h"

// Position of a winner within its channel, and the slope of the activation there.
#define POSITION(i) ((i) & INT32_MAX)
#define SLOPE(i, slope) ((i) < 0 ? (slope) : (real)1)

INLINE void statistics(const real *y, ptrdiff_t m, real epsilon, real *mean, real *inverse) {
  LANES
  real sum = 0;
  for (ptrdiff_t i = 0; i < m; i++) sum += y[i];
  real mu = sum / (real)m;
  // A second pass over the centred values: the one-pass formula cancels in single precision.
  real squares = 0;
  for (ptrdiff_t i = 0; i < m; i++) squares += (y[i] - mu) * (y[i] - mu);
  *mean = mu;
  *inverse = (real)1 / (real)__builtin_sqrt(squares / (real)m + epsilon);
}

CLONES void fs_norm_forward(fs_norm_geometry g, const real *y, const real *scale, const real *shift, real *out,
                            int32_t *index, real *mean, real *inverse) {
  ptrdiff_t m = g.batch * g.height * g.width;
  ptrdiff_t oh = g.height / g.pool, ow = g.width / g.pool, q = g.batch * oh * ow;
  for (ptrdiff_t c = 0; c < g.channels; c++, y += m, out += q, index += q) {
    statistics(y, m, g.epsilon, mean + c, inverse + c);
    real a = scale[c] * inverse[c], b = shift[c] - a * mean[c];
    if (g.pool == 1) {
      for (ptrdiff_t i = 0; i < m; i++) {
        real v = a * y[i] + b;
        out[i] = v > 0 ? v : g.slope * v;
        index[i] = v > 0 ? (int32_t)i : (int32_t)i | INT32_MIN;
      }
      continue;
    }
    if (g.pool == 2) {
      for (ptrdiff_t r = 0; r < g.batch * oh; r++) {
        ptrdiff_t base = ((r / oh) * g.height + (r % oh) * 2) * g.width;
        const real *top = y + base, *bottom = top + g.width;
        real *o = out + r * ow;
        int32_t *k = index + r * ow;
        for (ptrdiff_t w = 0; w < ow; w++) {
          real v0 = a * top[2 * w] + b, v1 = a * top[2 * w + 1] + b;
          real v2 = a * bottom[2 * w] + b, v3 = a * bottom[2 * w + 1] + b;
          int32_t at = (int32_t)(base + 2 * w);
          int32_t i01 = v1 > v0 ? at + 1 : at;
          real v01 = v1 > v0 ? v1 : v0;
          int32_t i23 = v3 > v2 ? at + (int32_t)g.width + 1 : at + (int32_t)g.width;
          real v23 = v3 > v2 ? v3 : v2;
          int32_t i = v23 > v01 ? i23 : i01;
          real v = v23 > v01 ? v23 : v01;
          o[w] = v > 0 ? v : g.slope * v;
          k[w] = v > 0 ? i : i | INT32_MIN;
        }
      }
      continue;
    }
    for (ptrdiff_t n = 0, to = 0; n < g.batch; n++)
      for (ptrdiff_t h = 0; h < oh; h++)
        for (ptrdiff_t w = 0; w < ow; w++, to++) {
          int32_t best = -1;
          real top = 0;
          for (ptrdiff_t dh = 0; dh < g.pool; dh++)
            for (ptrdiff_t dw = 0; dw < g.pool; dw++) {
              int32_t at = (int32_t)((n * g.height + h * g.pool + dh) * g.width + w * g.pool + dw);
              real v = a * y[at] + b;
              if (best < 0 || v > top) best = at, top = v;
            }
          out[to] = top > 0 ? top : g.slope * top;
          index[to] = top > 0 ? best : best | INT32_MIN;
        }
  }
}

CLONES void fs_norm_backward(fs_norm_geometry g, const real *y, const real *scale, const int32_t *index,
                             const real *mean, const real *inverse, const real *u, real *dy, real *dscale,
                             real *dshift) {
  LANES
  ptrdiff_t m = g.batch * g.height * g.width;
  ptrdiff_t q = g.batch * (g.height / g.pool) * (g.width / g.pool);
  for (ptrdiff_t c = 0; c < g.channels; c++, y += m, dy += m, u += q, index += q) {
    // G is the cotangent at v: u where a position won its window, zero elsewhere. S0 = ΣG, S1 = ΣG·x̂.
    real r = inverse[c], mu = mean[c], s = scale[c] * r, s0 = 0, s1 = 0;
    for (ptrdiff_t i = 0; i < q; i++) {
      real weight = u[i] * SLOPE(index[i], g.slope);
      s0 += weight;
      s1 += weight * (y[POSITION(index[i])] - mu);
    }
    s1 *= r;
    dscale[c] = s1;
    dshift[c] = s0;
    // dy = s·(G − S0/M − x̂·S1/M): the dense part first, then the few positions where G is not zero.
    real slope = -s * s1 * r / (real)m, offset = -s * s0 / (real)m - slope * mu;
    for (ptrdiff_t i = 0; i < m; i++) dy[i] = slope * y[i] + offset;
    for (ptrdiff_t i = 0; i < q; i++) dy[POSITION(index[i])] += s * u[i] * SLOPE(index[i], g.slope);
  }
}

CLONES void fs_norm_double_backward(fs_norm_geometry g, const real *y, const real *scale, const int32_t *index,
                                    const real *mean, const real *inverse, const real *u, const real *a,
                                    const real *b, const real *c, real *gy, real *gscale, real *gu) {
  LANES
  ptrdiff_t m = g.batch * g.height * g.width;
  ptrdiff_t q = g.batch * (g.height / g.pool) * (g.width / g.pool);
  for (ptrdiff_t k = 0; k < g.channels; k++, y += m, gy += m, u += q, gu += q, index += q) {
    real r = inverse[k], mu = mean[k], s = scale[k] * r, count = (real)m;
    real bk = b ? b[k] : 0, ck = c ? c[k] : 0;
    // Sums over the channel: S as above, A0 = Σa, A1 = Σa·x̂, AG = Σa·G.
    real s0 = 0, s1 = 0, ag = 0, a0 = 0, a1 = 0;
    for (ptrdiff_t i = 0; i < q; i++) {
      real weight = u[i] * SLOPE(index[i], g.slope);
      s0 += weight;
      s1 += weight * (y[POSITION(index[i])] - mu);
    }
    s1 *= r;
    if (a) {
      for (ptrdiff_t i = 0; i < q; i++) ag += a[POSITION(index[i])] * u[i] * SLOPE(index[i], g.slope);
      for (ptrdiff_t i = 0; i < m; i++) {
        a0 += a[i];
        a1 += a[i] * (y[i] - mu);
      }
      a1 *= r;
    }
    // L = s·T + b·S1 + c·S0 with T = AG − (S0·A0 + S1·A1)/M; x̂ and r depend on y, G only on u.
    real t = ag - (s0 * a0 + s1 * a1) / count;
    gscale[k] = r * t;
    for (ptrdiff_t i = 0; i < q; i++) {
      ptrdiff_t at = POSITION(index[i]);
      real x = (y[at] - mu) * r, value = bk * x + ck - s * (a0 + x * a1) / count;
      if (a) value += s * a[at];
      gu[i] = value * SLOPE(index[i], g.slope);
    }
    // h = dL/dx̂ = −(s/M)(G·A1 + a·S1) + b·G, and its sums H0 = Σh, H1 = Σh·x̂.
    real h0 = -s / count * (s0 * a1 + a0 * s1) + bk * s0;
    real h1 = -2 * s * s1 * a1 / count + bk * s1;
    real onA = -r * s * s1 / count, onX = -r * (h1 + s * t) / count;
    real onY = onX * r, constant = -r * h0 / count - onY * mu;
    if (a) {
      for (ptrdiff_t i = 0; i < m; i++) gy[i] = onA * a[i] + onY * y[i] + constant;
    } else {
      for (ptrdiff_t i = 0; i < m; i++) gy[i] = onY * y[i] + constant;
    }
    real onG = r * (bk - s * a1 / count);
    for (ptrdiff_t i = 0; i < q; i++) gy[POSITION(index[i])] += onG * u[i] * SLOPE(index[i], g.slope);
    if (a) a += m;
  }
}
