#ifndef FEWSHOT_JPEG_DECODE_H
#define FEWSHOT_JPEG_DECODE_H

#include <stddef.h>
#include <stdint.h>

enum {
  fewshot_jpeg_decoded = 0,
  fewshot_jpeg_corrupt = 1,
  fewshot_jpeg_too_large = 2,
  fewshot_jpeg_no_memory = 3,
  fewshot_jpeg_not_built_in = 4,
};

/// A decoded picture: RGBA in 8 bits, row by row, opaque, turned upright.
typedef struct {
  uint32_t width, height;
  /// `width * height * 4` bytes, to be freed with `fewshot_jpeg_free`.
  uint8_t *rgba;
  size_t size;
} fewshot_jpeg_image;

/// Whether this build decodes JPEG: it was built with the package trait `JPEG`.
int fewshot_jpeg_is_built_in(void);

/// Decodes a JPEG file: grey, YCbCr, RGB, CMYK or YCCK, baseline or progressive.
///
/// Inks become colours as (255 − ink)(255 − black)/255, without a colour profile. The picture is turned and mirrored as
/// its EXIF orientation says, and `width` and `height` are those of the upright picture. The declared size is held
/// against the limits, and against what the file could possibly contain, before memory is taken. Data that is damaged
/// or ends early is an error, and so are more scans than any camera writes; bytes between segments that belong to none
/// are passed over, as cameras leave some.
///
/// Returns one of the values above; anything but `fewshot_jpeg_decoded` comes with a message and no pixels.
int fewshot_jpeg_decode(const uint8_t *bytes, size_t size, uint32_t maxSide, uint64_t maxPixels,
                        fewshot_jpeg_image *image, char *message, size_t messageSize);

/// Frees the pixels that `fewshot_jpeg_decode` made. NULL is allowed.
void fewshot_jpeg_free(uint8_t *rgba);

#endif
