// Tells the thread sanitizer about Swift's Mutex; `.ci/campaign.d/sanitizers` preloads it, no target of the package has it.
//
// A lock that nobody else holds is taken by instructions compiled into our code, which the sanitizer sees. One that
// has to wait goes through the Synchronization library, which is not instrumented, so the sanitizer would miss that
// the waiting thread comes after the one that let go, and would report whatever the lock protects.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

// Absent in processes without the sanitizer, such as the one that starts the tests.
__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);

#define SELF __attribute__((swift_context)) void *self
typedef __attribute__((swiftcall)) void lock_type(uint32_t, SELF);
typedef __attribute__((swiftcall)) void unlock_type(SELF);

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

__attribute__((swiftcall)) void lock(uint32_t thread, SELF) __asm__(LOCK);
__attribute__((swiftcall)) void unlock(SELF) __asm__(UNLOCK);

__attribute__((swiftcall)) void lock(uint32_t thread, SELF) {
  static lock_type *next;
  if (!next) next = (lock_type *)dlsym(RTLD_NEXT, LOCK);
  next(thread, self);
  if (__tsan_acquire) __tsan_acquire(self);
}

__attribute__((swiftcall)) void unlock(SELF) {
  static unlock_type *next;
  if (!next) next = (unlock_type *)dlsym(RTLD_NEXT, UNLOCK);
  if (__tsan_release) __tsan_release(self);
  next(self);
}
