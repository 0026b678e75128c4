#include "CMessagePassing.h"

#include <stdio.h>

#ifdef FEWSHOT_MPI

#include <mpi.h>
#include <stdlib.h>

// Signs have a communicator of their own, so that they never wait behind bytes.
static MPI_Comm work, signs;
static MPI_Request request = MPI_REQUEST_NULL;
static MPI_Datatype block;
// Every sign there can be, from the least on: the library may read one long after the call that sends it, as where a slow
// network holds messages up.
enum { least_sign = -3 };
static int *all_signs;

bool fs_mpi_is_built(void) { return true; }

int fs_mpi_begin(int *rank, int *size) {
  int given, code = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &given);
  if (code != MPI_SUCCESS) return code;
  MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
  // What a communicator is copied from hands its handler on.
  if ((code = MPI_Comm_dup(MPI_COMM_WORLD, &work)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_dup(MPI_COMM_WORLD, &signs)) != MPI_SUCCESS) return code;
  if ((code = MPI_Type_contiguous(fs_mpi_block, MPI_BYTE, &block)) != MPI_SUCCESS) return code;
  if ((code = MPI_Type_commit(&block)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_rank(work, rank)) != MPI_SUCCESS) return code;
  if ((code = MPI_Comm_size(work, size)) != MPI_SUCCESS) return code;
  all_signs = malloc(sizeof(int) * (size_t)(*size - least_sign));
  if (!all_signs) return MPI_ERR_NO_MEM;
  for (int i = 0; i < *size - least_sign; i++) all_signs[i] = i + least_sign;
  return MPI_SUCCESS;
}

void fs_mpi_end(void) { MPI_Finalize(); }

void fs_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

void fs_mpi_describe(int code, char *text, size_t capacity) {
  char buffer[MPI_MAX_ERROR_STRING + 1] = "";
  int length = 0;
  MPI_Error_string(code, buffer, &length);
  snprintf(text, capacity, "%s", buffer);
}

int fs_mpi_gather_integers(const int64_t *own, int64_t *all) {
  return MPI_Iallgather(own, 1, MPI_INT64_T, all, 1, MPI_INT64_T, work, &request);
}

int fs_mpi_gather_blocks(void *all, const int *counts, const int *offsets) {
  return MPI_Iallgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, all, counts, offsets, block, work, &request);
}

int fs_mpi_is_done(bool *done) {
  int flag = 0, code = MPI_Test(&request, &flag, MPI_STATUS_IGNORE);
  *done = flag;
  return code;
}

int fs_mpi_send_sign(int sign, int to) {
  MPI_Request sent;
  int code = MPI_Isend(&all_signs[sign - least_sign], 1, MPI_INT, to, 0, signs, &sent);
  return code != MPI_SUCCESS ? code : MPI_Request_free(&sent);
}

int fs_mpi_take_sign(bool *found, int *sign, int *from) {
  int flag = 0;
  MPI_Status status;
  int code = MPI_Iprobe(MPI_ANY_SOURCE, 0, signs, &flag, &status);
  *found = code == MPI_SUCCESS && flag;
  if (!*found) return code;
  *from = status.MPI_SOURCE;
  return MPI_Recv(sign, 1, MPI_INT, *from, 0, signs, MPI_STATUS_IGNORE);
}

#else

enum { not_built = -1 };

bool fs_mpi_is_built(void) { return false; }
int fs_mpi_begin(int *rank, int *size) { return not_built; }
void fs_mpi_end(void) {}
void fs_mpi_abort(int status) {}
void fs_mpi_describe(int code, char *text, size_t capacity) { snprintf(text, capacity, "built without MPI"); }
int fs_mpi_gather_integers(const int64_t *own, int64_t *all) { return not_built; }
int fs_mpi_gather_blocks(void *all, const int *counts, const int *offsets) { return not_built; }
int fs_mpi_is_done(bool *done) { return not_built; }
int fs_mpi_send_sign(int sign, int to) { return not_built; }
int fs_mpi_take_sign(bool *found, int *sign, int *from) { return not_built; }

#endif
