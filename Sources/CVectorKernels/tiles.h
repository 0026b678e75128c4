// The micro-kernel under every product of this module, and how it is compiled for several instruction sets.
#pragma once
#include <string.h>
#include "CVectorKernels.h"
#include "clones.h"

// All functions that take vectors are inlined, so that how they would be passed does not matter.
#pragma clang diagnostic ignored "-Wpsabi"

// One slab of channels: a register of AVX-512, two of AVX, four of SSE2 and NEON.
typedef real vec __attribute__((vector_size(FS_LANES * sizeof(real)), aligned(sizeof(real))));
// The most rows a tile ever has.
enum { MOST_ROWS = 8 };
#define UNROLL _Pragma("clang loop unroll(full)")

// Defines `void name params` from `name_body`, inlined once per instruction set; the best is chosen at run time.
#define FOR_EACH_SET(name, params, ...)                                                              \
  DISPATCH(name, params, (__VA_ARGS__), name##_body(__VA_ARGS__), name##_body(__VA_ARGS__), name##_body(__VA_ARGS__))
// The same from `name_body(rows, ...)` with as many rows per tile as leave a set's registers room for one slab of
// weights: rows × slab accumulators hide the multiply-add's delay.
#define FOR_EACH_SET_TILED(name, params, ...)                                                        \
  DISPATCH(name, params, (__VA_ARGS__), name##_body(8, __VA_ARGS__), name##_body(6, __VA_ARGS__),    \
           name##_body(3, __VA_ARGS__))

#if defined(FS_SEVERAL_SETS)
#define DISPATCH(name, params, args, wide, medium, narrow)                                                      \
  __attribute__((target("arch=x86-64-v4"), min_vector_width(512))) static void name##_v4 params { wide; }       \
  __attribute__((target("arch=x86-64-v3"))) static void name##_v3 params { medium; }                            \
  static void name##_v1 params { narrow; }                                                                      \
  void name params {                                                                                            \
    if (__builtin_cpu_supports("x86-64-v4")) {                                                                  \
      name##_v4 args;                                                                                           \
    } else if (__builtin_cpu_supports("x86-64-v3")) {                                                           \
      name##_v3 args;                                                                                           \
    } else {                                                                                                    \
      name##_v1 args;                                                                                           \
    }                                                                                                           \
  }
#elif defined(__x86_64__)
#define DISPATCH(name, params, args, wide, medium, narrow) \
  void name params { narrow; }
#else
#define DISPATCH(name, params, args, wide, medium, narrow) \
  void name params { medium; }
#endif

// acc[i] += Σ_{t, k} a[i][at[t] + k·step] · b[t·term + k·next ..< + FS_LANES]: every load of b serves all rows.
INLINE void tile(int rows, const real *const *a, const ptrdiff_t *at, ptrdiff_t terms, ptrdiff_t inner,
                 ptrdiff_t step, const real *b, ptrdiff_t term, ptrdiff_t next, vec *acc) {
  for (ptrdiff_t t = 0; t < terms; t++, b += term) {
    const real *p[MOST_ROWS], *q = b;
    UNROLL for (int i = 0; i < rows; i++) p[i] = a[i] + at[t];
    for (ptrdiff_t k = 0; k < inner; k++, q += next) {
      vec w = *(const vec *)q;
      UNROLL for (int i = 0; i < rows; i++) acc[i] += p[i][k * step] * w;
    }
  }
}

// A whole slab, or its first `count` channels.
INLINE vec load(const real *from, ptrdiff_t count) {
  if (count == FS_LANES) return *(const vec *)from;
  vec v = {0};
  memcpy(&v, from, (size_t)count * sizeof(real));
  return v;
}

INLINE void store(real *to, vec v, ptrdiff_t count) {
  if (count == FS_LANES) {
    *(vec *)to = v;
  } else {
    memcpy(to, &v, (size_t)count * sizeof(real));
  }
}

// Bytes from which on an output, or a thread's part of it, is stored past the caches: when its end is written they hold
// nothing of its beginning, and a line that is stored as a whole need not be fetched first.
enum { PAST_CACHES = 4 << 20 };
typedef real aligned_vec __attribute__((vector_size(FS_LANES * sizeof(real))));

// Whether whole slabs of a tensor of so many scalars, `apart` scalars from one to the next, are stored past the caches.
INLINE int passes_by(ptrdiff_t scalars, ptrdiff_t apart, const real *to) {
  return scalars * (ptrdiff_t)sizeof(real) >= PAST_CACHES && apart % FS_LANES == 0 && (uintptr_t)to % sizeof(vec) == 0;
}

INLINE void put(real *to, vec v, ptrdiff_t count, int past) {
  if (past) {
    __builtin_nontemporal_store(v, (aligned_vec *)to);
  } else {
    store(to, v, count);
  }
}

// From here on other threads see what went past the caches.
INLINE void settle(int past) {
  if (!past) return;
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#else
  __atomic_thread_fence(__ATOMIC_SEQ_CST);
#endif
}
