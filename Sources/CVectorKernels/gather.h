// Reads kernels into the lanes of vectors, for every packing of this module.
#pragma once
#include <string.h>
#include "CVectorKernels.h"
#include "clones.h"

// Input channels and taps that are gathered at once: their scalars are stored long before they are read as vectors, and
// a lane's come one after another, for lanes lie far apart, often on the same sets of a cache.
enum { GATHERED = 8, TAPS = 9, GATHER = GATHERED * TAPS * FS_LANES };

// to[j·TAPS + t][l] = w[l·lane + j·depth + t] for the first `lanes`, zero for the others; `turned` reads the taps last
// first.
INLINE void gather(const real *w, ptrdiff_t lane, ptrdiff_t depth, ptrdiff_t lanes, ptrdiff_t count, ptrdiff_t taps,
                   int turned, real *to) {
  if (lanes < FS_LANES) memset(to, 0, GATHER * sizeof(real));
  for (ptrdiff_t l = 0; l < lanes; l++)
    for (ptrdiff_t j = 0; j < count; j++) {
      const real *from = w + l * lane + j * depth;
      for (ptrdiff_t t = 0; t < taps; t++)
        to[(j * TAPS + t) * FS_LANES + l] = turned ? from[taps - 1 - t] : from[t];
    }
}
