#ifndef FEWSHOT_JPEG_ORIENTATION_H
#define FEWSHOT_JPEG_ORIENTATION_H

#include <stddef.h>
#include <stdint.h>

/// Where the pixels of a stored picture lie in the upright one.
struct fewshot_turn {
  uint32_t width, height;
  int swaps, flipsX, flipsY;
};

/// The orientation (1 to 8) that an APP1 segment of EXIF data says; 0 if it says none.
int fewshot_exif_orientation(const uint8_t *segment, size_t size);

/// The turn of an orientation for a stored picture of a size.
struct fewshot_turn fewshot_turn_of(int orientation, uint32_t width, uint32_t height);

/// The position, in pixels, of the stored pixel (x, y) in the upright picture.
static inline size_t fewshot_turned(struct fewshot_turn turn, uint32_t x, uint32_t y) {
  uint32_t column = turn.swaps ? y : x, row = turn.swaps ? x : y;
  if (turn.flipsX) column = turn.width - 1 - column;
  if (turn.flipsY) row = turn.height - 1 - row;
  return (size_t)row * turn.width + column;
}

#endif
