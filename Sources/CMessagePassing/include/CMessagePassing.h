// The few calls of MPI that a group of processes needs. Without the package trait MPI the library is not there, and all
// say so.
//
// All are for one thread, the one that called fs_mpi_begin. Those that return an int give 0 or an error code of MPI.
#ifndef FEWSHOT_MESSAGE_PASSING_H
#define FEWSHOT_MESSAGE_PASSING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Whether the program was built with the library.
bool fs_mpi_is_built(void);

// Begins, and gives the number of this process and how many there are.
int fs_mpi_begin(int *rank, int *size);

// Ends; all processes have to.
void fs_mpi_end(void);

// Ends all processes at once.
void fs_mpi_abort(int status);

// An error code in words.
void fs_mpi_describe(int code, char *text, size_t capacity);

// MPI counts by 32 bits, so bytes are counted in blocks of so many.
enum { fs_mpi_block = 64 };

// Begins to gather an integer of every process. Memory must stay until fs_mpi_is_done says so, as below.
int fs_mpi_gather_integers(const int64_t *own, int64_t *all);

// Begins to gather blocks: `counts[r]` of process r, which stand from block `offsets[r]` on; its own are there already.
int fs_mpi_gather_blocks(void *all, const int *counts, const int *offsets);

// Whether what was begun last is done.
int fs_mpi_is_done(bool *done);

// Sends a sign, an integer, to another process; it is not waited for.
int fs_mpi_send_sign(int sign, int to);

// Takes the next sign that has come, if there is one.
int fs_mpi_take_sign(bool *found, int *sign, int *from);

#endif
