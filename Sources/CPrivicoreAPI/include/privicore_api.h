#ifndef PRIVICORE_API_H
#define PRIVICORE_API_H

#include <stddef.h>

/// The bytes of schemas/privicore-api.yaml, embedded when the package is built.
const unsigned char *privicore_api_bytes(void);

/// How many bytes these are.
size_t privicore_api_count(void);

/// The bytes of description.compiled: the compiled form of that file.
const unsigned char *privicore_api_compiled_bytes(void);

/// How many bytes these are.
size_t privicore_api_compiled_count(void);

#endif
