#include "orientation.h"

#include <string.h>

/// EXIF is a TIFF file in a segment; its numbers are in the order of bytes that its first two say.
struct tiff {
  const uint8_t *bytes;
  size_t size;
  int isBig;
};

static uint32_t get16(struct tiff t, size_t at) {
  const uint8_t *b = t.bytes + at;
  return t.isBig ? (uint32_t)b[0] << 8 | b[1] : (uint32_t)b[1] << 8 | b[0];
}

static uint32_t get32(struct tiff t, size_t at) {
  return t.isBig ? get16(t, at) << 16 | get16(t, at + 2) : get16(t, at + 2) << 16 | get16(t, at);
}

int fewshot_exif_orientation(const uint8_t *segment, size_t size) {
  enum { head = 6, entrySize = 12, orientationTag = 0x0112, shortType = 3 };
  if (size < head + 8 || memcmp(segment, "Exif\0\0", head)) return 0;
  struct tiff t = {.bytes = segment + head, .size = size - head};
  if (!memcmp(t.bytes, "MM", 2)) t.isBig = 1;
  else if (memcmp(t.bytes, "II", 2)) return 0;
  size_t directory = get32(t, 4);
  if (directory > t.size || t.size - directory < 2) return 0;
  size_t count = get16(t, directory), left = (t.size - directory - 2) / entrySize;
  for (size_t i = 0; i < count && i < left; i++) {
    size_t at = directory + 2 + i * entrySize;
    if (get16(t, at) != orientationTag || get16(t, at + 2) != shortType) continue;
    uint32_t value = get16(t, at + 8);
    return value >= 1 && value <= 8 ? (int)value : 0;
  }
  return 0;
}

struct fewshot_turn fewshot_turn_of(int orientation, uint32_t width, uint32_t height) {
  // What is done to (x, y), in the order of the standard's numbers: swapped first, then mirrored.
  static const struct { int swaps, flipsX, flipsY; } ways[8] = {
      {0, 0, 0}, {0, 1, 0}, {0, 1, 1}, {0, 0, 1}, {1, 0, 0}, {1, 1, 0}, {1, 1, 1}, {1, 0, 1},
  };
  int i = orientation >= 1 && orientation <= 8 ? orientation - 1 : 0;
  return (struct fewshot_turn){
      .width = ways[i].swaps ? height : width,
      .height = ways[i].swaps ? width : height,
      .swaps = ways[i].swaps, .flipsX = ways[i].flipsX, .flipsY = ways[i].flipsY,
  };
}
