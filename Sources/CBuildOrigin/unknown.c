#include "build_origin.h"

// Weak: CBuildOriginValues, which only the program is linked with, has the other one. No Swift module
// stands on that target, since each would be compiled again whenever the commit changes.
__attribute__((weak)) const struct build_origin *build_origin(void) {
  static const struct build_origin unknown = {0};
  return &unknown;
}
