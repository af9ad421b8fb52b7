#include "diagnostic_pages.h"

static const unsigned char pages[] = {
#embed "../../docs/diagnostics.md"
};

const unsigned char *diagnostic_pages_bytes(void) { return pages; }

size_t diagnostic_pages_count(void) { return sizeof(pages); }
