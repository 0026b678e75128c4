#include "PNGEncode.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// A growing file in memory, with the place where an error's text goes.
struct output {
  uint8_t *bytes;
  size_t count, capacity;
  char *message;
  size_t messageSize;
};

static void append(png_structp png, png_bytep data, size_t count) {
  struct output *output = png_get_io_ptr(png);
  if (count > output->capacity - output->count) {
    size_t capacity = 2 * output->capacity + count + 1024;
    uint8_t *larger = realloc(output->bytes, capacity);
    if (!larger) png_error(png, "out of memory");
    output->bytes = larger;
    output->capacity = capacity;
  }
  memcpy(output->bytes + output->count, data, count);
  output->count += count;
}

static void flush(png_structp png) { (void)png; }

static void fail(png_structp png, png_const_charp text) {
  struct output *output = png_get_error_ptr(png);
  if (output->messageSize) snprintf(output->message, output->messageSize, "%s", text);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) { (void)png, (void)text; }

static void put32(uint8_t *at, uint32_t value) {
  for (int i = 0; i < 4; i++) at[i] = (uint8_t)(value >> (24 - 8 * i));
}

/// Stored deflate blocks inside a zlib frame: 2 + blocks * 5 + data + 4 bytes.
static size_t store(const uint8_t *pixels, size_t rowBytes, uint32_t height, uint8_t *to) {
  size_t total = (rowBytes + 1) * height, done = 0, at = 0, room = 0;
  uint32_t a = 1, b = 0;
  to[at++] = 0x78, to[at++] = 0x01;
  for (uint32_t y = 0; y < height; y++) {
    for (size_t x = 0; x <= rowBytes; x++) {
      if (room == 0) {
        room = total - done < 65535 ? total - done : 65535;
        to[at++] = done + room == total;
        to[at++] = room & 255, to[at++] = room >> 8;
        to[at++] = ~room & 255, to[at++] = (~room >> 8) & 255;
      }
      // Each row starts with its filter type, 0: none.
      uint8_t byte = x == 0 ? 0 : pixels[y * rowBytes + x - 1];
      to[at++] = byte;
      a = (a + byte) % 65521, b = (b + a) % 65521;
      done++, room--;
    }
  }
  put32(to + at, b << 16 | a);
  return at + 4;
}

static void writeStored(png_structp png, const uint8_t *pixels, uint32_t width, uint32_t height, int channels,
                        uint8_t *scratch) {
  uint8_t header[13] = {0};
  put32(header, width), put32(header + 4, height);
  header[8] = 8, header[9] = channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY;
  png_write_sig(png);
  png_write_chunk(png, (png_const_bytep) "IHDR", header, sizeof header);
  png_write_chunk(png, (png_const_bytep) "IDAT", scratch,
                  store(pixels, (size_t)width * channels, height, scratch));
  png_write_chunk(png, (png_const_bytep) "IEND", NULL, 0);
}

static void writeCompressed(png_structp png, png_infop info, const uint8_t *pixels, uint32_t width,
                            uint32_t height, int channels, int compression) {
  png_set_compression_level(png, compression);
  // Drawings repeat their pixels: differences between neighbours take longer to find and compress no better.
  png_set_filter(png, PNG_FILTER_TYPE_BASE, PNG_FILTER_NONE);
  png_set_IHDR(png, info, width, height, 8, channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY,
               PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  png_write_info(png, info);
  for (uint32_t y = 0; y < height; y++) png_write_row(png, pixels + (size_t)y * width * channels);
  png_write_end(png, NULL);
}

int fewshot_png_encode(const uint8_t *pixels, uint32_t width, uint32_t height, int channels, int compression,
                       uint8_t **out, size_t *outSize, char *message, size_t messageSize) {
  struct output output = {.message = message, .messageSize = messageSize};
  *out = NULL, *outSize = 0;
  if (messageSize) message[0] = 0;
  size_t total = ((size_t)width * (size_t)(channels == 3 ? 3 : 1) + 1) * height;
  // A chunk holds less than 2^31 bytes; the stored form uses one chunk.
  if (width == 0 || height == 0 || width > 1u << 24 || height > 1u << 24 || total > 1u << 30 ||
      (channels != 1 && channels != 3) || compression < 0 || compression > 9) {
    if (messageSize) snprintf(message, messageSize, "no PNG of %u x %u x %d at compression %d", width, height,
                              channels, compression);
    return 1;
  }
  uint8_t *scratch = compression == 0 ? malloc(total + total / 65535 * 5 + 16) : NULL;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &output, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  int failed = 1;
  if (!info || (compression == 0 && !scratch)) {
    if (messageSize) snprintf(message, messageSize, "out of memory");
  } else if (setjmp(png_jmpbuf(png)) == 0) {
    png_set_write_fn(png, &output, append, flush);
    if (scratch) {
      writeStored(png, pixels, width, height, channels, scratch);
    } else {
      writeCompressed(png, info, pixels, width, height, channels, compression);
    }
    failed = 0;
  }
  // `failed` is not changed between setjmp and a longjmp, so its value is defined here.
  png_destroy_write_struct(&png, &info);
  free(scratch);
  if (failed) {
    free(output.bytes);
    return 1;
  }
  *out = output.bytes, *outSize = output.count;
  return 0;
}

void fewshot_png_free(uint8_t *bytes) { free(bytes); }
