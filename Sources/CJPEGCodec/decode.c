#include "JPEGDecode.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fewshot_jpeg_free(uint8_t *rgba) { free(rgba); }

static int refuse(char *message, size_t messageSize, int reason, const char *text) {
  if (messageSize) snprintf(message, messageSize, "%s", text);
  return reason;
}

#ifndef FEWSHOT_JPEG

int fewshot_jpeg_is_built_in(void) { return 0; }

int fewshot_jpeg_decode(const uint8_t *bytes, size_t size, uint32_t maxSide, uint64_t maxPixels,
                        fewshot_jpeg_image *image, char *message, size_t messageSize) {
  (void)bytes, (void)size, (void)maxSide, (void)maxPixels;
  memset(image, 0, sizeof *image);
  return refuse(message, messageSize, fewshot_jpeg_not_built_in, "this build does not decode JPEG");
}

#else

#include "orientation.h"

#include <jpeglib.h>

#include <jerror.h>
#include <setjmp.h>

int fewshot_jpeg_is_built_in(void) { return 1; }

/// More scans than this are no picture: each costs a pass over all of it, and a few bytes declare one.
static const int mostScans = 256;

/// One decoding: libjpeg's state, where an error jumps to, and what it says.
struct decoding {
  struct jpeg_decompress_struct info;
  struct jpeg_error_mgr errors;
  struct jpeg_progress_mgr progress;
  jmp_buf escape;
  int result;
  char *message;
  size_t messageSize;
  uint8_t *row;
};

static struct decoding *of(j_common_ptr info) { return info->client_data; }

static void fail(j_common_ptr info) {
  struct decoding *d = of(info);
  char text[JMSG_LENGTH_MAX];
  info->err->format_message(info, text);
  int code = info->err->msg_code;
  d->result = refuse(d->message, d->messageSize,
                     code == JERR_OUT_OF_MEMORY ? fewshot_jpeg_no_memory : fewshot_jpeg_corrupt, text);
  longjmp(d->escape, 1);
}

/// A warning means that pixels were made up, so it is an error, but for those that leave all pixels as they were.
static void note(j_common_ptr info, int level) {
  if (level >= 0) return;
  switch (info->err->msg_code) {
  // Some cameras leave a few bytes between segments; the others are about the words of a header.
  case JWRN_EXTRANEOUS_DATA:
  case JWRN_JFIF_MAJOR:
  case JWRN_ADOBE_XFORM: return;
  default: fail(info);
  }
}

static void countScans(j_common_ptr info) {
  if (!info->is_decompressor || ((j_decompress_ptr)info)->input_scan_number <= mostScans) return;
  struct decoding *d = of(info);
  d->result = refuse(d->message, d->messageSize, fewshot_jpeg_corrupt, "it has more scans than any picture");
  longjmp(d->escape, 1);
}

/// Which of the eight ways of EXIF the picture lies; 1, upright, if it does not say.
static int orientationOf(j_decompress_ptr info) {
  for (jpeg_saved_marker_ptr marker = info->marker_list; marker; marker = marker->next) {
    int found = fewshot_exif_orientation(marker->data, marker->data_length);
    if (found) return found;
  }
  return 1;
}

/// Turns one pixel of libjpeg's output into RGBA.
static void store(const struct decoding *d, const uint8_t *from, uint8_t *to) {
  to[3] = 255;
  if (d->info.out_color_space != JCS_CMYK) {
    memcpy(to, from, 3);
    return;
  }
  // Adobe's files hold 255 − ink, others the ink.
  unsigned black = d->info.saw_Adobe_marker ? from[3] : 255u - from[3];
  for (int c = 0; c < 3; c++) {
    unsigned light = d->info.saw_Adobe_marker ? from[c] : 255u - from[c];
    to[c] = (uint8_t)((light * black + 127) / 255);
  }
}

static void decode(struct decoding *d, const uint8_t *bytes, size_t size, uint32_t maxSide, uint64_t maxPixels,
                   fewshot_jpeg_image *image) {
  j_decompress_ptr info = &d->info;
  if (setjmp(d->escape)) return;
  jpeg_mem_src(info, bytes, (unsigned long)size);
  jpeg_save_markers(info, JPEG_APP0 + 1, 0xffff);
  jpeg_read_header(info, TRUE);
  uint32_t width = info->image_width, height = info->image_height;
  image->width = width, image->height = height;
  if (info->arith_code) {
    d->result = refuse(d->message, d->messageSize, fewshot_jpeg_corrupt, "its arithmetic coding is not read");
    return;
  }
  if (width > maxSide || height > maxSide || (uint64_t)width * height > maxPixels) {
    d->result = refuse(d->message, d->messageSize, fewshot_jpeg_too_large, "it declares more pixels than the limit");
    return;
  }
  // A block of 64 pixels takes a bit at least; a file that declares more cannot hold its pixels.
  if ((uint64_t)width * height > 8 * 64ull * size) {
    d->result = refuse(d->message, d->messageSize, fewshot_jpeg_corrupt,
                       "the file is too short for the pixels it declares");
    return;
  }
  // Grey is given as RGB too; inks stay inks, since libjpeg does not turn them into colours.
  int inks = info->jpeg_color_space == JCS_CMYK || info->jpeg_color_space == JCS_YCCK;
  info->out_color_space = inks ? JCS_CMYK : JCS_RGB;
  info->dct_method = JDCT_ISLOW;
  int orientation = orientationOf(info);
  jpeg_start_decompress(info);
  int parts = info->output_components;
  if (parts != (inks ? 4 : 3)) {
    d->result = refuse(d->message, d->messageSize, fewshot_jpeg_corrupt, "its colours cannot be read as RGB");
    return;
  }
  image->size = (size_t)width * height * 4;
  image->rgba = calloc(image->size, 1);
  d->row = malloc((size_t)width * (size_t)parts);
  if (!image->rgba || !d->row) {
    d->result = refuse(d->message, d->messageSize, fewshot_jpeg_no_memory, "out of memory");
    return;
  }
  struct fewshot_turn turn = fewshot_turn_of(orientation, width, height);
  while (info->output_scanline < height) {
    uint32_t y = info->output_scanline;
    JSAMPROW row = d->row;
    if (!jpeg_read_scanlines(info, &row, 1)) continue;
    for (uint32_t x = 0; x < width; x++) {
      store(d, d->row + (size_t)x * (size_t)parts, image->rgba + 4 * fewshot_turned(turn, x, y));
    }
  }
  jpeg_finish_decompress(info);
  image->width = turn.width, image->height = turn.height;
  d->result = fewshot_jpeg_decoded;
}

int fewshot_jpeg_decode(const uint8_t *bytes, size_t size, uint32_t maxSide, uint64_t maxPixels,
                        fewshot_jpeg_image *image, char *message, size_t messageSize) {
  memset(image, 0, sizeof *image);
  if (messageSize) message[0] = 0;
  if (size == 0) return refuse(message, messageSize, fewshot_jpeg_corrupt, "the file is empty");
  struct decoding d;
  memset(&d, 0, sizeof d);
  d.result = fewshot_jpeg_corrupt, d.message = message, d.messageSize = messageSize;
  d.info.err = jpeg_std_error(&d.errors);
  d.errors.error_exit = fail;
  d.errors.emit_message = note;
  d.info.client_data = &d;
  // Creating takes memory, and may fail as anything else.
  if (setjmp(d.escape)) {
    jpeg_destroy_decompress(&d.info);
    return d.result;
  }
  jpeg_create_decompress(&d.info);
  d.progress.progress_monitor = countScans;
  d.info.progress = &d.progress;
  decode(&d, bytes, size, maxSide, maxPixels, image);
  jpeg_destroy_decompress(&d.info);
  free(d.row);
  if (d.result != fewshot_jpeg_decoded) {
    free(image->rgba);
    image->rgba = NULL, image->size = 0;
  }
  return d.result;
}

#endif
