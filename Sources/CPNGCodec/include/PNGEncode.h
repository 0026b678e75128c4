#ifndef FEWSHOT_PNG_ENCODE_H
#define FEWSHOT_PNG_ENCODE_H

#include <stddef.h>
#include <stdint.h>

/// Writes 8-bit grey (1 channel) or RGB (3 channels) pixels, row by row, as a PNG file in memory.
///
/// Compression 0 stores the pixels in a form fixed by this library, so the bytes are the same on every
/// machine; 1...9 go through zlib, whose output may differ between versions.
///
/// Returns 0 and a buffer to give back to `fewshot_png_free`, or 1 and a message.
int fewshot_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int compression,
                       uint8_t **out, size_t *outSize, char *message, size_t messageSize);

/// Frees what `fewshot_png_encode` or `fewshot_png_decode` returned. NULL is allowed.
void fewshot_png_free(uint8_t *bytes);

#endif
