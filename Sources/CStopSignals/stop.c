#define _GNU_SOURCE
#include "CStopSignals.h"

#include <errno.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stddef.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGXCPU};
enum { count = sizeof numbers / sizeof *numbers };

// `timeout` and schedulers signal a process and then its group, so one stop arrives twice at once.
static const long long echo = 100000000;

static struct sigaction before[count];
static sem_t waker;
static int second_status;
// When the first one came, in nanoseconds; 0 before.
static atomic_llong first;
static atomic_bool is_over;

static long long now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static void handle(int number) {
  int error = errno;
  long long none = 0, time = now();
  if (atomic_compare_exchange_strong(&first, &none, time)) {
    sem_post(&waker);
  } else if (number == SIGINT && time - none > echo) {
    // Batch systems send one kind after another, some of them twice, and then wait; a closed terminal may send its own
    // more than once, and the limit on processor time sends it every second: only Ctrl-C after a first signal means
    // "at once". Without the clean-up of `exit`, which could run while other threads still compute.
    _exit(second_status);
  }
  errno = error;
}

void fs_stop_begin(int status) {
  second_status = status;
  sem_init(&waker, 0, 0);
  atomic_store(&first, 0);
  atomic_store(&is_over, false);
  struct sigaction action = {.sa_handler = handle, .sa_flags = SA_RESTART};
  sigemptyset(&action.sa_mask);
  for (size_t i = 0; i < count; i++) {
    sigaction(numbers[i], NULL, &before[i]);
    if (numbers[i] == SIGHUP && before[i].sa_handler == SIG_IGN) continue;
    sigaction(numbers[i], &action, NULL);
  }
}

bool fs_stop_wait(void) {
  while (sem_wait(&waker) != 0) {
  }
  return !atomic_load(&is_over);
}

void fs_stop_end(bool keeps) {
  // After a stop the program is about to end with a status of its own, which a second signal must not change.
  if (!keeps && atomic_load(&first) == 0) {
    for (size_t i = 0; i < count; i++) sigaction(numbers[i], &before[i], NULL);
  }
  atomic_store(&is_over, true);
  sem_post(&waker);
}

void fs_stop_before_cpu_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_CPU, &limit) != 0 || limit.rlim_max == RLIM_INFINITY || limit.rlim_cur < limit.rlim_max) return;
  // A tenth of it, but no more than a minute.
  rlim_t margin = limit.rlim_max / 10 < 60 ? limit.rlim_max / 10 + 1 : 60;
  if (margin >= limit.rlim_max) return;
  limit.rlim_cur = limit.rlim_max - margin;
  setrlimit(RLIMIT_CPU, &limit);
}
