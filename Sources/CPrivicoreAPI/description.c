#include "privicore_api.h"

static const unsigned char description[] = {
#embed "../../schemas/privicore-api.yaml"
};

const unsigned char *privicore_api_bytes(void) { return description; }

size_t privicore_api_count(void) { return sizeof(description); }
