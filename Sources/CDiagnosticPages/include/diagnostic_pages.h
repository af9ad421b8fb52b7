#ifndef DIAGNOSTIC_PAGES_H
#define DIAGNOSTIC_PAGES_H

#include <stddef.h>

/// The bytes of docs/diagnostics.md, embedded when the package is built.
const unsigned char *diagnostic_pages_bytes(void);

/// How many bytes these are.
size_t diagnostic_pages_count(void);

#endif
