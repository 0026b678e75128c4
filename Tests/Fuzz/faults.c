// Makes one call into the system fail, the n-th of its kind; `.ci/campaign.d/faults` preloads it, no target of the
// package has it.
//
// Environment: FAULT_CALL the kind: open, write, fsync, rename, mmap, malloc (64 KiB or more, asked for by code that
// can be told), runtime (the same by the Swift library, Foundation and Dispatch, which crash without). FAULT_NUMBER
// which one, from 1; 0 counts only. FAULT_ERRNO the error. FAULT_STAYS=1: every one after it fails as well, as on a
// full disk. FAULT_REPORT a file that gets one line of each process: what failed, or how many there were.
// FAULT_CHILDREN=1: it fails in every process that is started as well.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { none, open_call, write_call, fsync_call, rename_call, mmap_call, malloc_call, runtime_call };
static const char *const names[] = {"", "open", "write", "fsync", "rename", "mmap", "malloc", "runtime"};

static enum kind wanted;
static long number;
static int error;
static bool stays;
static const char *report;
static atomic_long calls;

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

static void say(const char *format, ...) {
  char line[400];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line, format, arguments);
  va_end(arguments);
  if (!report || length < 0) return;
  int file = (int)syscall(SYS_openat, AT_FDCWD, report, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0) return;
  syscall(SYS_write, file, line, (size_t)length < sizeof line ? (size_t)length : sizeof line - 1);
  syscall(SYS_close, file);
}

__attribute__((constructor)) static void begin(void) {
  const char *call = getenv("FAULT_CALL");
  if (!call) return;
  report = getenv("FAULT_REPORT");
  number = atol(getenv("FAULT_NUMBER") ?: "0");
  error = atoi(getenv("FAULT_ERRNO") ?: "5");
  stays = getenv("FAULT_STAYS") != NULL;
  for (int i = 1; i <= runtime_call; i++)
    if (strcmp(call, names[i]) == 0) wanted = (enum kind)i;
  // Unless asked for, processes that this one starts work as they should: they are programs of their own.
  if (!getenv("FAULT_CHILDREN")) unsetenv("LD_PRELOAD");
}

__attribute__((destructor)) static void end(void) {
  if (wanted && number == 0) say("%ld\n", atomic_load(&calls));
}

// Whether this call fails. One thread at a time may fail one: others of the same kind are counted all the same.
static bool fails(enum kind kind, const char *what, size_t size, void *caller) {
  if (kind != wanted) return false;
  long now = atomic_fetch_add(&calls, 1) + 1;
  if (number == 0 || now < number || (now > number && !stays)) return false;
  if (now == number) {
    Dl_info place = {0};
    dladdr(caller, &place);
    const char *name = place.dli_fname ? strrchr(place.dli_fname, '/') : NULL;
    say("%s %ld: %s %zu, asked for by %s in %s\n", names[kind], now, what, size,
        place.dli_sname ? place.dli_sname : "?", name ? name + 1 : "?");
  }
  errno = error;
  return true;
}

#define CALLER __builtin_return_address(0)

static int opened(int folder, const char *path, int flags, mode_t mode, void *caller) {
  if (fails(open_call, path, 0, caller)) return -1;
  return (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define MODE \
  mode_t mode = 0; \
  if (flags & (O_CREAT | O_TMPFILE)) { \
    va_list rest; \
    va_start(rest, flags); \
    mode = va_arg(rest, mode_t); \
    va_end(rest); \
  }

int open(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode, CALLER); }
int open64(const char *path, int flags, ...) { MODE return opened(AT_FDCWD, path, flags, mode, CALLER); }
int openat(int folder, const char *path, int flags, ...) { MODE return opened(folder, path, flags, mode, CALLER); }
int openat64(int folder, const char *path, int flags, ...) { MODE return opened(folder, path, flags, mode, CALLER); }

ssize_t write(int file, const void *bytes, size_t count) {
  if (fails(write_call, "bytes", count, CALLER)) return -1;
  return syscall(SYS_write, file, bytes, count);
}

ssize_t pwrite(int file, const void *bytes, size_t count, off_t at) {
  if (fails(write_call, "bytes", count, CALLER)) return -1;
  return syscall(SYS_pwrite64, file, bytes, count, at);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
  if (fails(write_call, "parts", (size_t)count, CALLER)) return -1;
  return syscall(SYS_writev, file, parts, count);
}

int fsync(int file) { return fails(fsync_call, "file", (size_t)file, CALLER) ? -1 : (int)syscall(SYS_fsync, file); }
int fdatasync(int file) {
  return fails(fsync_call, "file", (size_t)file, CALLER) ? -1 : (int)syscall(SYS_fdatasync, file);
}

int rename(const char *from, const char *to) {
  return fails(rename_call, to, 0, CALLER) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}

void *mmap(void *address, size_t size, int protection, int flags, int file, off_t at) {
  if (fails(mmap_call, "bytes", size, CALLER)) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, address, size, protection, flags, file, at);
}
void *mmap64(void *address, size_t size, int protection, int flags, int file, off_t at) {
  if (fails(mmap_call, "bytes", size, CALLER)) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, address, size, protection, flags, file, at);
}

// Whether code that crashes without memory asks for it.
static bool is_runtime(void *caller) {
  Dl_info place;
  if (!dladdr(caller, &place) || !place.dli_fname) return false;
  static const char *const runtimes[] = {"libswift", "libFoundation", "lib_Foundation", "libdispatch", "libstdc++"};
  const char *name = strrchr(place.dli_fname, '/');
  name = name ? name + 1 : place.dli_fname;
  for (size_t i = 0; i < sizeof runtimes / sizeof *runtimes; i++)
    if (strncmp(name, runtimes[i], strlen(runtimes[i])) == 0) return true;
  return false;
}

static bool memory_fails(size_t size, void *caller) {
  if (size < 65536 || (wanted != malloc_call && wanted != runtime_call)) return false;
  return fails(is_runtime(caller) ? runtime_call : malloc_call, "bytes", size, caller);
}

void *malloc(size_t size) { return memory_fails(size, CALLER) ? NULL : __libc_malloc(size); }
void *calloc(size_t count, size_t size) {
  return memory_fails(count * size, CALLER) ? NULL : __libc_calloc(count, size);
}
void *realloc(void *before, size_t size) { return memory_fails(size, CALLER) ? NULL : __libc_realloc(before, size); }
void *aligned_alloc(size_t alignment, size_t size) {
  return memory_fails(size, CALLER) ? NULL : __libc_memalign(alignment, size);
}
void *memalign(size_t alignment, size_t size) {
  return memory_fails(size, CALLER) ? NULL : __libc_memalign(alignment, size);
}
int posix_memalign(void **result, size_t alignment, size_t size) {
  if (memory_fails(size, CALLER)) return ENOMEM;
  *result = __libc_memalign(alignment, size);
  return *result ? 0 : ENOMEM;
}
