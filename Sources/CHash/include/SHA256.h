#ifndef FEWSHOT_SHA256_H
#define FEWSHOT_SHA256_H

#include <stddef.h>
#include <stdint.h>

// Takes blocks of 64 bytes into the eight words of a running SHA-256 hash (FIPS 180-4, section 6.2.2), by the
// processor's own instructions where it has them.
void sha256_blocks(uint32_t *state, const uint8_t *bytes, size_t blocks);

// The same in plain C: what every processor can do, and what the instructions are tested against.
void sha256_blocks_portable(uint32_t *state, const uint8_t *bytes, size_t blocks);

// Whether this processor has instructions of its own for it: 1 or 0.
int sha256_has_instructions(void);

#endif
