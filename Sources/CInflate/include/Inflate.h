#ifndef FEWSHOT_INFLATE_H
#define FEWSHOT_INFLATE_H

#include <stddef.h>
#include <stdint.h>

/// Unpacks raw deflate data, as a ZIP archive holds it, into a buffer of exactly the size it should have.
///
/// Returns 0 if the data is whole, gives exactly `outSize` bytes, and these have the checksum `crc` (CRC-32 of ZIP);
/// 1 otherwise.
int fewshot_inflate(const uint8_t *bytes, size_t size, uint8_t *out, size_t outSize, uint32_t crc);

/// CRC-32 of ZIP and PNG.
uint32_t fewshot_crc32(const uint8_t *bytes, size_t size);

#endif
