// Marks a function to be compiled for several x86 instruction sets, with the best chosen when the program
// starts. Elsewhere (arm64, other C libraries) the compiler's default target already has vectors.
#pragma once
#include <stdlib.h>  // defines __GLIBC__ where it is
#if defined(__x86_64__) && defined(__GLIBC__) && !defined(__SANITIZE_THREAD__) && !defined(__SANITIZE_ADDRESS__)
#if !__has_feature(thread_sanitizer) && !__has_feature(address_sanitizer)
#define CLONES __attribute__((target_clones("default", "arch=x86-64-v3", "arch=x86-64-v4")))
#define FS_SEVERAL_SETS
#endif
#endif
#ifndef CLONES
#define CLONES
#endif

// Inlined into its callers so that it is compiled for their instruction set.
#define INLINE static inline __attribute__((always_inline))
// A sum may be split over vector lanes: the order of additions is fixed per instruction set, not by source.
#define LANES _Pragma("clang fp reassociate(on) contract(fast)")
