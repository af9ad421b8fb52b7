#include "privicore_api.h"

static const unsigned char description[] = {
#embed "../../schemas/privicore-api.yaml"
};

static const unsigned char compiled[] = {
#embed "description.compiled"
};

const unsigned char *privicore_api_bytes(void) { return description; }

size_t privicore_api_count(void) { return sizeof(description); }

const unsigned char *privicore_api_compiled_bytes(void) { return compiled; }

size_t privicore_api_compiled_count(void) { return sizeof(compiled); }
