#include <build_origin.h>

// packaging/build-origin writes the values; a build without it knows none.
#if __has_include("values.generated.h")
#include "values.generated.h"

const struct build_origin *build_origin(void) { return &values; }
#endif
