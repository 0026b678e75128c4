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

// The instruction set that the tiles run on, for reports: "x86-64-v4" (AVX-512), "x86-64-v3" (AVX2), "x86-64" or
// "default".
const char *fs_instruction_set(void);

// Multiply-adds that touch no memory: what a core can do at most. `count` becomes how many there were; `x`, a start below
// 1, becomes something of their results.
void fs_peak(ptrdiff_t rounds, real *x, ptrdiff_t *count);

// Channels of one slab: packed weights come in slabs of this many outputs.
enum { FS_LANES = 64 / sizeof(real) };

// Positions (image, row, column), where each reads and where each writes, in scalars; `toAll` counts the output that this call is
// part of, or of it a thread's images, and is 0 for what is read again soon.
typedef struct {
  ptrdiff_t images, rows, columns;
  ptrdiff_t fromImage, fromRow, fromColumn;
  ptrdiff_t toImage, toRow, toColumn, toAll;
} fs_grid;

// out[position][0..<width] = Σ_{t, k} x[position + at[t] + k] · slabs[·][t·inner + k][·].
void fs_window_product(const real *x, fs_grid g, const ptrdiff_t *at, ptrdiff_t terms, ptrdiff_t inner, const real *slabs,
               ptrdiff_t width, real *out);
// The plain product of matrices out[m, width] (+)= x[m, depth] · slabs[·][depth][·], with a width of whole slabs.
void fs_slab_product(const real *x, ptrdiff_t m, ptrdiff_t depth, const real *slabs, ptrdiff_t width, int32_t adds,
                     real *out);
// sums[slab][r][·] = Σ_{t, k} x[row[r] + at[t] + k·step] · y[t·inner + k][slab], y[terms·inner, width] with a width
// of whole slabs, for its first `across` columns; `adds` adds to sums.
void fs_window_gradient(const real *x, const ptrdiff_t *row, ptrdiff_t count, const ptrdiff_t *at, ptrdiff_t terms,
              ptrdiff_t inner, ptrdiff_t step, const real *y, ptrdiff_t width, ptrdiff_t across, int32_t adds, real *sums);

// Zeros around images of `rows` rows of `run` scalars: whole rows above and below, scalars left and right.
typedef struct {
  ptrdiff_t top, bottom, left, right;
} fs_border;
void fs_pad(const real *x, ptrdiff_t images, ptrdiff_t rows, ptrdiff_t run, fs_border b, real *out);
void fs_crop(const real *x, ptrdiff_t images, ptrdiff_t rows, ptrdiff_t run, fs_border b, real *out);
// Rows of `columns` scalars, each filled up with zeros to `wide`.
void fs_widen(const real *x, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t wide, real *out);

// Weights w[O, C, T] as slabs of outputs, out[⌈O / lanes⌉][T·C][lanes] with rows (t, c), and back.
void fs_pack(const real *w, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, real *out);
void fs_unpack(const real *sums, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, real *w);
// The chosen taps as slabs of inputs, out[⌈C / lanes⌉][count·O][lanes] with rows (t, o).
void fs_pack_turned(const real *w, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, const int32_t *chosen,
                    ptrdiff_t count, real *out);
// As slabs of (t, c), out[⌈T·C / lanes⌉][O][lanes].
void fs_pack_transposed(const real *a, ptrdiff_t outputs, ptrdiff_t channels, ptrdiff_t taps, real *out);

// The atom stage of a factored convolution: z[p, j, c] = Σ_κ d[j, κ] · x[p + κ, c], with x padded, its image rows
// `row` scalars apart. The grid reads from x and writes to z. `accumulate` adds to z.
void fs_atoms_expand(const real *x, const real *d, ptrdiff_t count, ptrdiff_t kernel, ptrdiff_t channels,
                     ptrdiff_t row, fs_grid g, int32_t accumulate, real *z);
// Adjoint towards the input, same grid: x[p + κ, c] += Σ_j d[j, κ] · z[p, j, c].
void fs_atoms_input_add(const real *z, const real *d, ptrdiff_t count, ptrdiff_t kernel, ptrdiff_t channels,
                        ptrdiff_t row, fs_grid g, real *x);
// Adjoint towards the atoms, same grid: Σ_{p, c} z[p, j, c] · x[p + κ, c], spread over lanes[m·k²][FS_LANES / 2].
void fs_atoms_atoms_add(const real *z, const real *x, ptrdiff_t count, ptrdiff_t kernel, ptrdiff_t channels,
                        ptrdiff_t row, fs_grid g, real *lanes);
void fs_atoms_collect(const real *lanes, ptrdiff_t count, real *atoms);

// Winograd's minimal filtering for 3 × 3 kernels with a border of one: with steps of one, with steps of two, and the way
// back to the input of the latter.
typedef enum { FS_UNIT, FS_STRIDED, FS_SPREAD } fs_form;
// A tile is 4 × 4 numbers of what the convolution puts out; the images here are [height, width], `pixel` scalars lie
// between neighbouring pixels, all images have `all` pixels, and tiles in rows and columns may stand over the lower and
// right border. Every function works on some of the channels, in whole slabs: its image pointer is that of the first.
// Transformed numbers are 36 matrices [rows, channels], a tile's rows after another's, one row per tile with FS_UNIT;
// else four where their number i has i / 6 or i % 6 = 5, and sixteen where both have. `starts` says where each begins,
// in scalars.
typedef struct {
  ptrdiff_t height, width, pixel, rows, columns, all;
} fs_tiles;
// From the parts of x that tiles depend on, with zeros around; from the tiles of a cotangent y.
void fs_winograd_input(fs_form form, const real *x, fs_tiles g, ptrdiff_t channels, ptrdiff_t first, ptrdiff_t count,
                       const ptrdiff_t *starts, real *out);
void fs_winograd_cotangent(fs_form form, const real *y, fs_tiles g, ptrdiff_t channels, ptrdiff_t first,
                           ptrdiff_t count, const ptrdiff_t *starts, real *out);
// y from products; with FS_SPREAD the 8 × 8 numbers of x that belong to a tile.
void fs_winograd_output(fs_form form, const real *products, fs_tiles g, ptrdiff_t channels, ptrdiff_t first,
                        ptrdiff_t count, const ptrdiff_t *starts, real *y);
// Kernels of nine scalars: those of neighbouring outputs are `lane` scalars apart, of neighbouring inputs `depth`.
// `turned` reads the nine last first.
typedef struct {
  ptrdiff_t lane, depth;
  int32_t turned;
} fs_kernels;
// To matrices [slabs][depth][lanes], `apart` scalars from one to the next: an odd number of cache lines, or they would
// all fall on the same sets; and the adjoint of that (of kernels that are not turned), which `adds` adds to w.
void fs_winograd_kernels(fs_form form, const real *w, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth, ptrdiff_t apart,
                         real *out);
void fs_winograd_kernels_back(fs_form form, const real *sums, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth,
                              ptrdiff_t apart, int32_t adds, real *w);

// Normalise by batch statistics, scale and shift, leaky ReLU, max-pool (pool × pool, floor), in one pass.
//
// y[N, H, W, C], M = N·H·W, x̂ = (y − mean)·deviation⁻¹, v = scale·x̂ + shift + around (null: none),
// out = pool(v > 0 ? v : slope·v).
// code[q, c] is the winner's place in its window, row by row; its top bit marks v ≤ 0.
typedef struct {
  ptrdiff_t channels, batch, height, width, pool;
  real epsilon, slope;
  // The channels that a call computes, from a whole slab on.
  ptrdiff_t from, to;
} fs_norm_geometry;

void fs_norm_forward(fs_norm_geometry g, const real *y, const real *scale, const real *shift, const real *around,
                     real *out, uint8_t *code, real *mean, real *inverse);
void fs_norm_backward(fs_norm_geometry g, const real *y, const real *scale, const uint8_t *code, const real *mean,
                      const real *inverse, const real *u, real *dy, real *dscale, real *dshift);
// The derivative of ⟨a, dy⟩ + b·dscale + c·dshift towards y, scale and u; a, b, c may be null. sums[5·C] is scratch.
void fs_norm_double_backward(fs_norm_geometry g, const real *y, const real *scale, const uint8_t *code,
                             const real *mean, const real *inverse, const real *u, const real *a, const real *b,
                             const real *c, real *gy, real *gscale, real *gu, real *sums);
// The derivative towards v alone, and so towards `around`: x[N, H, W, C] from u[N, H / pool, W / pool, C], times the slope
// where v ≤ 0, zero but at winners; and its adjoint, from x to `out` of u's shape.
void fs_norm_spread(fs_norm_geometry g, const uint8_t *code, const real *u, real *x);
void fs_norm_pick(fs_norm_geometry g, const uint8_t *code, const real *x, real *out);
