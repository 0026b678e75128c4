#include "gather.h"
#include "transforms.h"

// The kernels of Winograd's products: 36 matrices from 3 × 3 taps, and the adjoint of that.

INLINE void transformed(void (*transform)(const vec *, vec *), const real *w, fs_kernels k, ptrdiff_t slabs,
                        ptrdiff_t depth, ptrdiff_t apart, real *out) {
  for (ptrdiff_t s = 0; s < slabs; s++, w += FS_LANES * k.lane)
    for (ptrdiff_t d = 0; d < depth; d += GATHERED) {
      real gathered[GATHER];
      ptrdiff_t now = depth - d < GATHERED ? depth - d : GATHERED;
      if (k.turned) {
        gather(w + d * k.depth, k.lane, k.depth, FS_LANES, now, TAPS, 1, gathered);
      } else {
        gather(w + d * k.depth, k.lane, k.depth, FS_LANES, now, TAPS, 0, gathered);
      }
      for (ptrdiff_t j = 0; j < now; j++, out += FS_LANES) {
        vec g[9], u[36];
        UNROLL for (int t = 0; t < 9; t++) g[t] = *(const vec *)(gathered + (j * 9 + t) * FS_LANES);
        both_ways(transform, 3, 6, g, u);
        UNROLL for (int i = 0; i < 36; i++) *(vec *)(out + i * apart) = u[i];
      }
    }
}

INLINE void transformed_back(void (*adjoint)(const vec *, vec *), const real *sums, fs_kernels k, ptrdiff_t slabs,
                             ptrdiff_t depth, ptrdiff_t apart, int32_t adds, real *w) {
  for (ptrdiff_t s = 0; s < slabs; s++, w += FS_LANES * k.lane)
    for (ptrdiff_t d = 0; d < depth; d += GATHERED) {
      real gathered[GATHER];
      ptrdiff_t now = depth - d < GATHERED ? depth - d : GATHERED;
      for (ptrdiff_t j = 0; j < now; j++, sums += FS_LANES) {
        vec u[36], g[9];
        UNROLL for (int i = 0; i < 36; i++) u[i] = *(const vec *)(sums + i * apart);
        both_ways(adjoint, 6, 3, u, g);
        UNROLL for (int t = 0; t < 9; t++) *(vec *)(gathered + (j * 9 + t) * FS_LANES) = g[t];
      }
      if (adds) {
        scatter_whole(gathered, k.lane, k.depth, now, 1, w + d * k.depth);
      } else {
        scatter_whole(gathered, k.lane, k.depth, now, 0, w + d * k.depth);
      }
    }
}

INLINE void fs_winograd_kernels_body(fs_form form, const real *w, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth,
                                     ptrdiff_t apart, real *out) {
  if (form == FS_UNIT) {
    transformed(kernel_transform, w, k, slabs, depth, apart, out);
  } else {
    transformed(strided_kernel, w, k, slabs, depth, apart, out);
  }
}
FOR_EACH_SET(fs_winograd_kernels,
             (fs_form form, const real *w, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth, ptrdiff_t apart, real *out),
             form, w, k, slabs, depth, apart, out)

INLINE void fs_winograd_kernels_back_body(fs_form form, const real *sums, fs_kernels k, ptrdiff_t slabs,
                                          ptrdiff_t depth, ptrdiff_t apart, int32_t adds, real *w) {
  if (form == FS_UNIT) {
    transformed_back(kernel_adjoint, sums, k, slabs, depth, apart, adds, w);
  } else {
    transformed_back(strided_kernel_adjoint, sums, k, slabs, depth, apart, adds, w);
  }
}
FOR_EACH_SET(fs_winograd_kernels_back,
             (fs_form form, const real *sums, fs_kernels k, ptrdiff_t slabs, ptrdiff_t depth, ptrdiff_t apart,
              int32_t adds, real *w),
             form, sums, k, slabs, depth, apart, adds, w)
