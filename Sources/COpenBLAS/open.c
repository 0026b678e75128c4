#define _GNU_SOURCE
#include "COpenBLAS.h"

#include <dlfcn.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// The values of cblas.h.
enum { row_major = 101, not_transposed = 111, transposed = 112 };

static struct {
  void (*sgemm)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
  void (*dgemm)(int, int, int, int, int, int, double, const double *, int, const double *, int, double, double *, int);
  // Fortran compilers pass the length of each character argument behind the last one.
  void (*dgesdd)(const char *, const int *, const int *, double *, const int *, double *, double *, const int *,
                 double *, const int *, double *, const int *, int *, int *, size_t);
  void (*set_threads)(int);
  char *(*core)(void);
  char *(*configuration)(void);
  // Inside the library, so they may be absent in another build of it.
  void *(*take)(int);
  void (*give)(void *);
} blas;

// The name with the number of its interface, which needs no files for developers; then the one that has them.
static const char *const names[] = {"libopenblas.so.0", "libopenblas.so"};

// Why the first name could not be opened: the second is tried for odd systems, and says less.
static char why[512];

static void *open_library(void) {
  void *library = dlopen(names[0], RTLD_NOW | RTLD_LOCAL);
  if (library) return library;
  const char *reason = dlerror();
  snprintf(why, sizeof why, "%s", reason ? reason : "it cannot be opened");
  return dlopen(names[1], RTLD_NOW | RTLD_LOCAL);
}

const char *fs_blas_open(void) {
  // Read when the library is opened, and only then: one thread is none beside the caller's. Processes that this one
  // starts see what the user has set.
  static const char variable[] = "OPENBLAS_NUM_THREADS";
  const char *value = getenv(variable);
  char *before = value ? strdup(value) : NULL;
  setenv(variable, "1", 1);
  void *library = open_library();
  if (before) {
    setenv(variable, before, 1);
    free(before);
  } else {
    unsetenv(variable);
  }
  if (!library) return why;
  struct {
    const char *name;
    void *target;
  } needed[] = {
      {"cblas_sgemm", &blas.sgemm},
      {"cblas_dgemm", &blas.dgemm},
      {"dgesdd_", &blas.dgesdd},
      {"openblas_set_num_threads", &blas.set_threads},
      {"openblas_get_corename", &blas.core},
      {"openblas_get_config", &blas.configuration},
  };
  for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
    void *found = dlsym(library, needed[i].name);
    if (!found) return "a function that is needed is not in it";
    memcpy(needed[i].target, &found, sizeof found);
  }
  void *take = dlsym(library, "blas_memory_alloc"), *give = dlsym(library, "blas_memory_free");
  if (take && give) {
    memcpy(&blas.take, &take, sizeof take);
    memcpy(&blas.give, &give, sizeof give);
  }
  // A build on OpenMP does not read the variable.
  blas.set_threads(1);
  return NULL;
}

void fs_blas_hold(int buffers) {
  if (!blas.take) return;
  void **held = calloc((size_t)buffers, sizeof *held);
  if (!held) return;
  int taken = 0;
  while (taken < buffers && (held[taken] = blas.take(0))) taken++;
  while (taken > 0) blas.give(held[--taken]);
  free(held);
}

void fs_blas_sgemm(bool transpose_a, bool transpose_b, int m, int n, int k, const float *a, int lda, const float *b,
                   int ldb, float *c, int ldc) {
  blas.sgemm(row_major, transpose_a ? transposed : not_transposed, transpose_b ? transposed : not_transposed, m, n, k,
             1, a, lda, b, ldb, 0, c, ldc);
}

void fs_blas_dgemm(bool transpose_a, bool transpose_b, int m, int n, int k, const double *a, int lda, const double *b,
                   int ldb, double *c, int ldc) {
  blas.dgemm(row_major, transpose_a ? transposed : not_transposed, transpose_b ? transposed : not_transposed, m, n, k,
             1, a, lda, b, ldb, 0, c, ldc);
}

int fs_blas_dgesdd(int m, int n, double *a, double *s, double *u, double *vt, int rank, double *work, int size,
                   int *integers) {
  int info = 0;
  blas.dgesdd("S", &m, &n, a, &m, s, u, &m, vt, &rank, work, &size, integers, &info, 1);
  return info;
}

const char *fs_blas_core(void) { return blas.core(); }

const char *fs_blas_configuration(void) { return blas.configuration(); }
