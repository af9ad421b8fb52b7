#ifndef PRIVICORE_API_H
#define PRIVICORE_API_H

#include <stddef.h>

/// The bytes of schemas/privicore-api.yaml, embedded when the package is built.
extern const unsigned char privicore_api_description[];

/// The number of bytes in `privicore_api_description`.
extern const size_t privicore_api_description_count;

#endif
