#ifndef FEWSHOT_PNG_DECODE_H
#define FEWSHOT_PNG_DECODE_H

#include <stddef.h>
#include <stdint.h>

enum {
  fewshot_png_decoded = 0,
  fewshot_png_corrupt = 1,
  fewshot_png_too_large = 2,
  fewshot_png_no_memory = 3,
};

/// A decoded picture: RGBA, row by row, stored values without gamma.
typedef struct {
  uint32_t width, height;
  /// 8, or 16 with each sample's high byte first.
  int sampleBits;
  /// `width * height * 4 * sampleBits / 8` bytes, to be freed with `fewshot_png_free`.
  uint8_t *rgba;
  size_t size;
} fewshot_png_image;

/// Decodes a PNG file of any colour type, depth and interlacing.
///
/// The declared size is held against the limits, and against what the file could possibly contain, before
/// memory is taken, and so is the declared size of every chunk. A wrong checksum of a critical chunk, a missing end
/// and a colour number that the palette does not have are errors.
///
/// Returns one of the values above; anything but `fewshot_png_decoded` comes with a message and no pixels.
int fewshot_png_decode(const uint8_t *bytes, size_t size, uint32_t maxSide, uint64_t maxPixels,
                       fewshot_png_image *image, char *message, size_t messageSize);

#endif
