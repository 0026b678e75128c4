#include "Inflate.h"

#include <limits.h>
#include <string.h>
#include <zlib.h>

uint32_t fewshot_crc32(const uint8_t *bytes, size_t size) {
  uLong crc = crc32(0, Z_NULL, 0);
  // zlib counts in unsigned int.
  while (size > 0) {
    uInt part = size > UINT_MAX ? UINT_MAX : (uInt)size;
    crc = crc32(crc, bytes, part);
    bytes += part, size -= part;
  }
  return (uint32_t)crc;
}

int fewshot_inflate(const uint8_t *bytes, size_t size, uint8_t *out, size_t outSize, uint32_t crc) {
  z_stream stream;
  memset(&stream, 0, sizeof stream);
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) return 1;
  const uint8_t *begin = out;
  size_t whole = outSize;
  int result = Z_OK;
  while (result == Z_OK) {
    uInt input = size > UINT_MAX ? UINT_MAX : (uInt)size, room = outSize > UINT_MAX ? UINT_MAX : (uInt)outSize;
    stream.next_in = (Bytef *)bytes, stream.avail_in = input;
    stream.next_out = out, stream.avail_out = room;
    result = inflate(&stream, Z_NO_FLUSH);
    size_t taken = input - stream.avail_in, made = room - stream.avail_out;
    if (result == Z_OK && taken == 0 && made == 0) break;
    bytes += taken, size -= taken, out += made, outSize -= made;
  }
  inflateEnd(&stream);
  return result == Z_STREAM_END && outSize == 0 && fewshot_crc32(begin, whole) == crc ? 0 : 1;
}
