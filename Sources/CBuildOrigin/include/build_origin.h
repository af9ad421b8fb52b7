#ifndef BUILD_ORIGIN_H
#define BUILD_ORIGIN_H

#include <stdbool.h>
#include <stddef.h>

/// A library that is part of the program, or that it is linked with.
struct build_library {
  const char *name;
  const char *version;
};

/// What a program was built from. A text that nobody knows is NULL.
struct build_origin {
  const char *commit;
  /// Whether files differed from the commit.
  bool is_modified;
  const char *swift;
  const char *target;
  size_t library_count;
  const struct build_library *libraries;
};

/// What this program was built from.
const struct build_origin *build_origin(void);

#endif
