#include "tiles.h"

// Half a slab: nine sums of them fit the registers.
typedef real half __attribute__((vector_size(FS_LANES / 2 * sizeof(real)), aligned(sizeof(real))));
enum { HALF = FS_LANES / 2 };

// The atom stage. z[p] holds, for every atom j, the C channels of x ∗ D[j] at position p: [P, m, C], so that a slab
// of channels is one vector and the m × k² atoms are the scalars.

// Atoms that share one load of x or z.
enum { GROUP = 6 };

INLINE void expand_group(int atoms, ptrdiff_t kernel, const real *x, ptrdiff_t row, ptrdiff_t channels, const real *d,
                         ptrdiff_t lanes, real *z, int32_t accumulate) {
  vec acc[GROUP];
  UNROLL for (int j = 0; j < atoms; j++) acc[j] = accumulate ? load(z + j * channels, lanes) : (vec){0};
  for (ptrdiff_t ky = 0; ky < kernel; ky++)
    for (ptrdiff_t kx = 0; kx < kernel; kx++) {
      vec v = load(x + ky * row + kx * channels, lanes);
      UNROLL for (int j = 0; j < atoms; j++) acc[j] += d[(j * kernel + ky) * kernel + kx] * v;
    }
  UNROLL for (int j = 0; j < atoms; j++) store(z + j * channels, acc[j], lanes);
}

INLINE void input_group(int atoms, ptrdiff_t kernel, const real *z, ptrdiff_t row, ptrdiff_t channels, const real *d,
                        ptrdiff_t lanes, real *x) {
  vec v[GROUP];
  UNROLL for (int j = 0; j < atoms; j++) v[j] = load(z + j * channels, lanes);
  for (ptrdiff_t ky = 0; ky < kernel; ky++)
    for (ptrdiff_t kx = 0; kx < kernel; kx++) {
      real *to = x + ky * row + kx * channels;
      vec sum = load(to, lanes);
      UNROLL for (int j = 0; j < atoms; j++) sum += d[(j * kernel + ky) * kernel + kx] * v[j];
      store(to, sum, lanes);
    }
}

// Calls GROUP_BODY for all atoms of one position and one slab of channels, a few atoms at a time.
#define ALL_ATOMS(GROUP_BODY, kernel, from, fromStep, to, toStep, lanes, ...)                                        \
  for (ptrdiff_t j = 0, size; j < count; j += size) {                                                                \
    const real *dj = d + j * (kernel) * (kernel);                                                                    \
    size = count - j >= GROUP ? GROUP : count - j >= 3 ? 3 : 1;                                                      \
    if (size == GROUP) {                                                                                             \
      GROUP_BODY(GROUP, kernel, (from) + j * (fromStep), row, channels, dj, lanes, (to) + j * (toStep), ##__VA_ARGS__);\
    } else if (size == 3) {                                                                                          \
      GROUP_BODY(3, kernel, (from) + j * (fromStep), row, channels, dj, lanes, (to) + j * (toStep), ##__VA_ARGS__);  \
    } else {                                                                                                         \
      GROUP_BODY(1, kernel, (from) + j * (fromStep), row, channels, dj, lanes, (to) + j * (toStep), ##__VA_ARGS__);  \
    }                                                                                                                \
  }

// Visits every position of the grid and every slab of channels; `kernel` and `lanes` are constants in the usual case.
// What stands behind TO_STEP goes on to GROUP_BODY.
#define EVERYWHERE(GROUP_BODY, FROM, FROM_STEP, TO, TO_STEP, ...)                                                    \
  for (ptrdiff_t n = 0; n < g.images; n++)                                                                           \
    for (ptrdiff_t h = 0; h < g.rows; h++)                                                                           \
      for (ptrdiff_t w = 0; w < g.columns; w++) {                                                                    \
        ptrdiff_t in_x = n * g.fromImage + h * g.fromRow + w * g.fromColumn;                                         \
        ptrdiff_t in_z = n * g.toImage + h * g.toRow + w * g.toColumn;                                               \
        for (ptrdiff_t c = 0; c < channels; c += FS_LANES) {                                                         \
          ptrdiff_t lanes = channels - c;                                                                            \
          if (lanes >= FS_LANES && kernel == 3) {                                                                    \
            ALL_ATOMS(GROUP_BODY, 3, FROM, FROM_STEP, TO, TO_STEP, FS_LANES, ##__VA_ARGS__)                          \
          } else if (lanes >= FS_LANES) {                                                                            \
            ALL_ATOMS(GROUP_BODY, kernel, FROM, FROM_STEP, TO, TO_STEP, FS_LANES, ##__VA_ARGS__)                     \
          } else {                                                                                                   \
            ALL_ATOMS(GROUP_BODY, kernel, FROM, FROM_STEP, TO, TO_STEP, lanes, ##__VA_ARGS__)                        \
          }                                                                                                          \
        }                                                                                                            \
      }

INLINE void fs_atoms_expand_body(const real *x, const real *d, ptrdiff_t count, ptrdiff_t kernel,
                                 ptrdiff_t channels, ptrdiff_t row, fs_grid g, int32_t accumulate, real *z) {
  EVERYWHERE(expand_group, x + in_x + c, 0, z + in_z + c, channels, accumulate)
}
FOR_EACH_SET(fs_atoms_expand,
             (const real *x, const real *d, ptrdiff_t count, ptrdiff_t kernel, ptrdiff_t channels, ptrdiff_t row,
              fs_grid g, int32_t accumulate, real *z),
             x, d, count, kernel, channels, row, g, accumulate, z)

INLINE void fs_atoms_input_add_body(const real *z, const real *d, ptrdiff_t count, ptrdiff_t kernel,
                                    ptrdiff_t channels, ptrdiff_t row, fs_grid g, real *x) {
  EVERYWHERE(input_group, z + in_z + c, channels, x + in_x + c, 0)
}
FOR_EACH_SET(fs_atoms_input_add,
             (const real *z, const real *d, ptrdiff_t count, ptrdiff_t kernel, ptrdiff_t channels, ptrdiff_t row,
              fs_grid g, real *x),
             z, d, count, kernel, channels, row, g, x)

// sums[j][t] += Σ z[j]·x[t] over a run of positions and the whole slabs of channels, for ATOMS × TAPS pairs: nine
// halves fit the registers of AVX.
INLINE void gram(int atoms, int taps, const real *z, ptrdiff_t zPosition, ptrdiff_t zAtom, const real *x,
                 ptrdiff_t xPosition, ptrdiff_t xTap, ptrdiff_t positions, ptrdiff_t channels, half *sums,
                 ptrdiff_t perAtom) {
  half acc[3][3];
  UNROLL for (int j = 0; j < atoms; j++) UNROLL for (int t = 0; t < taps; t++) acc[j][t] = sums[j * perAtom + t];
  for (ptrdiff_t p = 0; p < positions; p++)
    for (ptrdiff_t c = 0; c + HALF <= channels; c += HALF) {
      half v[3];
      UNROLL for (int t = 0; t < taps; t++) v[t] = *(const half *)(x + p * xPosition + t * xTap + c);
      UNROLL for (int j = 0; j < atoms; j++) {
        half u = *(const half *)(z + p * zPosition + j * zAtom + c);
        UNROLL for (int t = 0; t < taps; t++) acc[j][t] += u * v[t];
      }
    }
  // What is left of the channels goes into the first lane.
  for (ptrdiff_t p = 0; p < positions; p++)
    for (ptrdiff_t c = channels / HALF * HALF; c < channels; c++)
      UNROLL for (int j = 0; j < atoms; j++) UNROLL for (int t = 0; t < taps; t++)
        acc[j][t][0] += z[p * zPosition + j * zAtom + c] * x[p * xPosition + t * xTap + c];
  UNROLL for (int j = 0; j < atoms; j++) UNROLL for (int t = 0; t < taps; t++) sums[j * perAtom + t] = acc[j][t];
}

INLINE void fs_atoms_atoms_add_body(const real *z, const real *x, ptrdiff_t count, ptrdiff_t kernel,
                                    ptrdiff_t channels, ptrdiff_t row, fs_grid g, real *lanes) {
  half *sums = (half *)lanes;
  ptrdiff_t taps = kernel * kernel;
  for (ptrdiff_t n = 0; n < g.images; n++)
    for (ptrdiff_t h = 0; h < g.rows; h++) {
      const real *from = x + n * g.fromImage + h * g.fromRow, *by = z + n * g.toImage + h * g.toRow;
      for (ptrdiff_t j = 0; j < count;) {
        int atoms = count - j >= 3 ? 3 : 1;
        for (ptrdiff_t ky = 0; ky < kernel; ky++)
          for (ptrdiff_t kx = 0; kx < kernel;) {
            int wide = kernel - kx >= 3 ? 3 : 1;
            const real *zj = by + j * channels, *xt = from + ky * row + kx * channels;
            half *to = sums + j * taps + ky * kernel + kx;
#define GRAM(A, T) \
  gram(A, T, zj, g.toColumn, channels, xt, g.fromColumn, channels, g.columns, channels, to, taps)
            if (atoms == 3 && wide == 3) {
              GRAM(3, 3);
            } else if (wide == 3) {
              GRAM(1, 3);
            } else if (atoms == 3) {
              GRAM(3, 1);
            } else {
              GRAM(1, 1);
            }
#undef GRAM
            kx += wide;
          }
        j += atoms;
      }
    }
}
FOR_EACH_SET(fs_atoms_atoms_add,
             (const real *z, const real *x, ptrdiff_t count, ptrdiff_t kernel, ptrdiff_t channels, ptrdiff_t row,
              fs_grid g, real *lanes),
             z, x, count, kernel, channels, row, g, lanes)

void fs_atoms_collect(const real *lanes, ptrdiff_t count, real *atoms) {
  for (ptrdiff_t i = 0; i < count; i++) {
    real sum = 0;
    for (ptrdiff_t l = 0; l < HALF; l++) sum += lanes[i * HALF + l];
    atoms[i] = sum;
  }
}
