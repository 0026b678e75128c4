// Vector loops, compiled once per instruction set and chosen at run time.
//
// Every function works on contiguous arrays of `real`. Nothing here knows tensors: Swift checks all sizes.
#pragma once
#include <stddef.h>
#include <stdint.h>

#ifdef FEWSHOT_DOUBLE
typedef double real;
#else
typedef float real;
#endif

// Elementwise: n numbers.
void fs_add(const real *x, const real *y, real *out, ptrdiff_t n);
void fs_subtract(const real *x, const real *y, real *out, ptrdiff_t n);
void fs_multiply(const real *x, const real *y, real *out, ptrdiff_t n);
void fs_affine(real scale, real offset, const real *x, real *out, ptrdiff_t n);  // scale·x + offset
void fs_exp(const real *x, real *out, ptrdiff_t n);
void fs_log(const real *x, real *out, ptrdiff_t n);
void fs_power(const real *x, real exponent, real *out, ptrdiff_t n);
void fs_row_sums(const real *x, real *out, ptrdiff_t rows, ptrdiff_t columns);
void fs_row_maxima(const real *x, real *out, ptrdiff_t rows, ptrdiff_t columns);
void fs_expand_rows(const real *x, real *out, ptrdiff_t rows, ptrdiff_t columns);
void fs_gather(const real *x, const int32_t *index, real *out, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t picked);
void fs_scatter_add(const real *x, const int32_t *index, real *out, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t picked);
// Copies `x` of the given extents so that out's axis i is x's axis axes[i]; rank at most 6.
void fs_permute(const real *x, real *out, const ptrdiff_t *extents, const int32_t *axes, int32_t rank);

// A convolution of one plane [N, H, W] per channel with a k × k kernel.
typedef struct {
  ptrdiff_t batch, height, width, kernel, stride, padding, outHeight, outWidth;
} fs_geometry;

// The columns of output rows [row0, row1) of N·Ho rows are out[C·k·k, (row1 − row0)·Wo].
//
// Where fs_is_shift, they are shifts of the phase planes [C, s², N, Ho, Wo]: the input itself at stride 1, else made
// by fs_split_phases. The adjoints add columns back onto planes or input; the shifting one spoils its columns.
int32_t fs_is_shift(fs_geometry g);
void fs_split_phases(const real *x, ptrdiff_t channels, fs_geometry g, real *planes);
void fs_merge_phases(const real *planes, ptrdiff_t channels, fs_geometry g, real *x);
void fs_shift_columns(const real *planes, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1,
                      real *out);
void fs_shift_columns_add(real *columns, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1,
                          real *planes);
// Any geometry, row by row, from and onto x[C, N, H, W].
void fs_row_columns(const real *x, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1, real *out);
void fs_row_columns_add(const real *columns, ptrdiff_t channels, fs_geometry g, ptrdiff_t row0, ptrdiff_t row1,
                        real *x);

// The atom stage of a factored convolution: z[(c, j), p] = Σ_κ atoms[j, κ] · x[c, p + κ], over a range of
// output rows; z has (row1 − row0)·Wo columns. `accumulate` adds to z. `tile` is scratch of fs_atoms_tile scalars.
// x stands for the phase planes where fs_is_shift.
ptrdiff_t fs_atoms_tile(fs_geometry g);
void fs_atoms_expand(const real *x, const real *atoms, ptrdiff_t channels, ptrdiff_t count, fs_geometry g,
                     ptrdiff_t row0, ptrdiff_t row1, real *z, int32_t accumulate, real *tile);
// Adjoint towards the input: x[c, p + κ] += Σ_j atoms[j, κ] · z[(c, j), p].
void fs_atoms_input_add(const real *z, const real *atoms, ptrdiff_t channels, ptrdiff_t count, fs_geometry g,
                        ptrdiff_t row0, ptrdiff_t row1, real *x, real *tile);
// Adjoint towards the atoms: atoms[j, κ] += Σ_{c, p} z[(c, j), p] · x[c, p + κ].
void fs_atoms_atoms_add(const real *z, const real *x, ptrdiff_t channels, ptrdiff_t count, fs_geometry g,
                        ptrdiff_t row0, ptrdiff_t row1, real *atoms, real *tile);

// Normalise by batch statistics, scale and shift, leaky ReLU, max-pool (pool × pool, floor), in one pass.
//
// M = N·H·W, x̂ = (y − mean)·deviation⁻¹, v = scale·x̂ + shift, out = pool(v > 0 ? v : slope·v).
// index[q] is the winner's position within its channel; the sign bit marks v ≤ 0.
typedef struct {
  ptrdiff_t channels, batch, height, width, pool;
  real epsilon, slope;
} fs_norm_geometry;

void fs_norm_forward(fs_norm_geometry g, const real *y, const real *scale, const real *shift, real *out,
                     int32_t *index, real *mean, real *inverse);
void fs_norm_backward(fs_norm_geometry g, const real *y, const real *scale, const int32_t *index,
                      const real *mean, const real *inverse, const real *u, real *dy, real *dscale,
                      real *dshift);
// The derivative of ⟨a, dy⟩ + b·dscale + c·dshift towards y, scale and u; a, b, c may be null.
void fs_norm_double_backward(fs_norm_geometry g, const real *y, const real *scale, const int32_t *index,
                             const real *mean, const real *inverse, const real *u, const real *a,
                             const real *b, const real *c, real *gy, real *gscale, real *gu);
