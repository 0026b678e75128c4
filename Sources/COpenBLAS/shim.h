#include <cblas.h>
#include <stddef.h>

/* LAPACK is part of the OpenBLAS library, but cblas.h does not declare it. Fortran compilers pass the length of each
   character argument behind the last one. */
void dgesdd_(const char *jobz, const blasint *m, const blasint *n, double *a, const blasint *lda, double *s,
             double *u, const blasint *ldu, double *vt, const blasint *ldvt, double *work, const blasint *lwork,
             blasint *iwork, blasint *info, size_t jobz_length);
