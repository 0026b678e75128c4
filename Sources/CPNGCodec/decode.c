#include "PNGDecode.h"

#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/// The file in memory, how far it is read, and where an error's text goes.
struct input {
  const uint8_t *bytes;
  size_t size, position;
  char *message;
  size_t messageSize;
};

static void read(png_structp png, png_bytep to, size_t count) {
  struct input *input = png_get_io_ptr(png);
  if (count > input->size - input->position) png_error(png, "the file ends early");
  memcpy(to, input->bytes + input->position, count);
  input->position += count;
}

static void fail(png_structp png, png_const_charp text) {
  struct input *input = png_get_error_ptr(png);
  if (input->messageSize) snprintf(input->message, input->messageSize, "%s", text);
  png_longjmp(png, 1);
}

static void ignore(png_structp png, png_const_charp text) { (void)png, (void)text; }

static int refuse(struct input *input, int reason, const char *text) {
  if (input->messageSize) snprintf(input->message, input->messageSize, "%s", text);
  return reason;
}

static uint32_t get32(const uint8_t *at) {
  return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

/// Judges the signature and the declared size before libpng sees the file.
static int inspect(struct input *input, uint32_t maxSide, uint64_t maxPixels, fewshot_png_image *image) {
  const uint8_t *bytes = input->bytes;
  if (input->size == 0) return refuse(input, fewshot_png_corrupt, "the file is empty");
  if (input->size < 8 || png_sig_cmp(bytes, 0, 8)) {
    return refuse(input, fewshot_png_corrupt, "it does not start with the PNG signature");
  }
  if (input->size < 33) return refuse(input, fewshot_png_corrupt, "the file ends early");
  if (memcmp(bytes + 12, "IHDR", 4)) return refuse(input, fewshot_png_corrupt, "it has no IHDR first");
  uint64_t width = get32(bytes + 16), height = get32(bytes + 20);
  image->width = (uint32_t)width, image->height = (uint32_t)height;
  if (width > maxSide || height > maxSide || width * height > maxPixels) {
    return refuse(input, fewshot_png_too_large, "it declares more pixels than the limit");
  }
  // Deflate makes at most 1032 bytes of one; a file that declares more cannot hold its pixels.
  uint64_t bits = bytes[24] * (bytes[25] == 2 ? 3ull : bytes[25] == 4 ? 2ull : bytes[25] == 6 ? 4ull : 1ull);
  if (width * height * bits / 8 > 1040ull * input->size) {
    return refuse(input, fewshot_png_corrupt, "the file is too short for the pixels it declares");
  }
  return fewshot_png_decoded;
}

/// Walks the heads of all chunks: one that runs past the end of the file is refused before libpng takes memory for it.
static int walkChunks(struct input *input) {
  for (size_t at = 8; input->size - at >= 12;) {
    size_t length = get32(input->bytes + at), left = input->size - at - 12;
    const uint8_t *name = input->bytes + at + 4;
    if (length > left) {
      char shown[5] = "????";
      for (int i = 0; i < 4; i++) {
        if ((name[i] | 32) >= 'a' && (name[i] | 32) <= 'z') shown[i] = (char)name[i];
      }
      char text[80];
      snprintf(text, sizeof text, "the file ends early: its chunk %s declares %zu bytes and has %zu", shown,
               length, left);
      return refuse(input, fewshot_png_corrupt, text);
    }
    if (!memcmp(name, "IEND", 4)) return fewshot_png_decoded;
    at += 12 + length;
  }
  return refuse(input, fewshot_png_corrupt, "the file ends early: it has no chunk IEND");
}

/// Asks for RGBA of 8 or 16 bits whatever the file holds but a palette, whose entries `lookUp` puts in their places.
static void expand(png_structp png, png_infop info) {
  int type = png_get_color_type(png, info);
  if (type == PNG_COLOR_TYPE_PALETTE) {
    png_set_packing(png);
    png_set_interlace_handling(png);
    png_read_update_info(png, info);
    return;
  }
  int transparent = png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  if (type == PNG_COLOR_TYPE_GRAY && png_get_bit_depth(png, info) < 8) png_set_expand_gray_1_2_4_to_8(png);
  if (transparent) png_set_tRNS_to_alpha(png);
  if (!(type & PNG_COLOR_MASK_COLOR)) png_set_gray_to_rgb(png);
  if (!(type & PNG_COLOR_MASK_ALPHA) && !transparent) png_set_add_alpha(png, 0xffff, PNG_FILLER_AFTER);
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
}

/// Turns one palette index a pixel, in the last quarter of the buffer, into RGBA from its beginning.
///
/// libpng would take an index that the palette does not have for black, without a word.
static int lookUp(struct input *input, png_structp png, png_infop info, fewshot_png_image *image) {
  png_colorp palette = NULL;
  png_bytep alpha = NULL;
  int colours = 0, transparent = 0;
  png_get_PLTE(png, info, &palette, &colours);
  if (png_get_valid(png, info, PNG_INFO_tRNS)) png_get_tRNS(png, info, &alpha, &transparent, NULL);
  size_t count = (size_t)image->width * image->height;
  const uint8_t *indices = image->rgba + 3 * count;
  // A written pixel ends before the next index begins (4 i + 4 ≤ 3 count + i + 1), so none is overwritten unread.
  for (size_t i = 0; i < count; i++) {
    int index = indices[i];
    if (index >= colours) {
      char text[80];
      snprintf(text, sizeof text, "a pixel has the colour number %d, but its palette has %d colours", index,
               colours);
      return refuse(input, fewshot_png_corrupt, text);
    }
    uint8_t *to = image->rgba + 4 * i;
    to[0] = palette[index].red, to[1] = palette[index].green, to[2] = palette[index].blue;
    to[3] = index < transparent ? alpha[index] : 255;
  }
  return fewshot_png_decoded;
}

static int decode(struct input *input, png_structp png, png_infop info, fewshot_png_image *image,
                  png_bytep **rows) {
  if (setjmp(png_jmpbuf(png))) return fewshot_png_corrupt;
  png_set_read_fn(png, input, read);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
  png_read_info(png, info);
  expand(png, info);
  image->sampleBits = png_get_bit_depth(png, info);
  int indexed = png_get_color_type(png, info) == PNG_COLOR_TYPE_PALETTE;
  size_t rowBytes = png_get_rowbytes(png, info);
  if (rowBytes != (size_t)image->width * (indexed ? 1 : 4) * (size_t)(image->sampleBits / 8)) {
    return refuse(input, fewshot_png_corrupt, "its colours cannot be expanded to RGBA");
  }
  image->size = (size_t)image->width * image->height * 4 * (size_t)(image->sampleBits / 8);
  image->rgba = calloc(image->size, 1);
  *rows = calloc(image->height, sizeof **rows);
  if (!image->rgba || !*rows) return refuse(input, fewshot_png_no_memory, "out of memory");
  uint8_t *first = image->rgba + (image->size - rowBytes * image->height);
  for (uint32_t y = 0; y < image->height; y++) (*rows)[y] = first + y * rowBytes;
  png_read_image(png, *rows);
  png_read_end(png, NULL);
  return indexed ? lookUp(input, png, info, image) : fewshot_png_decoded;
}

int fewshot_png_decode(const uint8_t *bytes, size_t size, uint32_t maxSide, uint64_t maxPixels,
                       fewshot_png_image *image, char *message, size_t messageSize) {
  struct input input = {.bytes = bytes, .size = size, .message = message, .messageSize = messageSize};
  memset(image, 0, sizeof *image);
  if (messageSize) message[0] = 0;
  int result = inspect(&input, maxSide, maxPixels, image);
  if (result == fewshot_png_decoded) result = walkChunks(&input);
  if (result != fewshot_png_decoded) return result;

  png_structp png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &input, fail, ignore);
  png_infop info = png ? png_create_info_struct(png) : NULL;
  if (!info) {
    png_destroy_read_struct(&png, NULL, NULL);
    return refuse(&input, fewshot_png_no_memory, "out of memory");
  }
  png_set_user_limits(png, maxSide, maxSide);
  png_set_chunk_cache_max(png, 128);
  png_set_chunk_malloc_max(png, 4 << 20);
  // `rows` is written in decode, past its setjmp, through this pointer: it stays valid after a longjmp.
  png_bytep *rows = NULL;
  result = decode(&input, png, info, image, &rows);
  png_destroy_read_struct(&png, &info, NULL);
  free(rows);
  if (result != fewshot_png_decoded) {
    free(image->rgba);
    image->rgba = NULL, image->size = 0;
  }
  return result;
}
