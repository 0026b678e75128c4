// Signals that ask the program to stop: the first one wakes a thread that waits here, and a SIGINT after it ends the
// process.
//
// That has to end a process that hangs, so it needs no other thread, no lock and no memory.
#ifndef FEWSHOT_STOP_SIGNALS_H
#define FEWSHOT_STOP_SIGNALS_H

#include <stdbool.h>

// Handles SIGINT, SIGTERM, SIGHUP, SIGUSR1, SIGUSR2 and SIGXCPU from now on. SIGINT after the first one ends the process
// with the status; any other changes nothing, since a batch system may send several before its time of grace is over. A
// closed terminal that was to be ignored, as after nohup, still is. For one caller at a time.
void fs_stop_begin(int status);

// Waits for the first signal, or for the end of handling. Returns whether it was a signal.
bool fs_stop_wait(void);

// Lets the signals do what they did before, unless one has come or `keeps` is set, and lets go whoever waits. With `keeps` a
// first signal from now on is ignored, and SIGINT after it ends the process.
void fs_stop_end(bool keeps);

// A hard limit on processor time kills without a signal that could be handled. Where the soft limit is as high, it is
// lowered, so that SIGXCPU comes first, with time to save.
void fs_stop_before_cpu_limit(void);

#endif
