// The few functions of OpenBLAS that are used, in a library that is opened when they are first needed.
//
// A program that is linked with OpenBLAS pays for it before its first line: the library starts a thread for every
// core, and each takes a buffer of 128 MiB of addresses. Where `ulimit -v` leaves less, the library tries again for
// ever. Opened here, it starts no threads, and how many buffers it holds is decided before the first product.
#ifndef FEWSHOT_OPENBLAS_H
#define FEWSHOT_OPENBLAS_H

#include <stdbool.h>

// Opens the library. Returns 0, or in the words of the system why it cannot be opened. Not to be called by two threads
// at once; the functions below may only be called after it gave 0.
const char *fs_blas_open(void);

// Makes the library hold at least so many buffers, one for each product at the same time; they are not given back.
// Without effect where the library cannot be told to. The caller sees to it that there are enough addresses.
void fs_blas_hold(int buffers);

// The products C = A·B of row-major matrices, each operand transposed or not; see cblas_sgemm.
void fs_blas_sgemm(bool transpose_a, bool transpose_b, int m, int n, int k, const float *a, int lda, const float *b,
                   int ldb, float *c, int ldc);
void fs_blas_dgemm(bool transpose_a, bool transpose_b, int m, int n, int k, const double *a, int lda, const double *b,
                   int ldb, double *c, int ldc);

// The thin singular value decomposition of a column-major matrix; see dgesdd of LAPACK. Returns its `info`.
int fs_blas_dgesdd(int m, int n, double *a, double *s, double *u, double *vt, int rank, double *work, int size,
                   int *integers);

// The processor core whose kernels are used, and how the library was built.
const char *fs_blas_core(void);
const char *fs_blas_configuration(void);

#endif
