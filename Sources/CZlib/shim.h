#include <zlib.h>

// `deflateInit2` and `inflateInit2` are macros, which Swift does not import.
static inline int privirun_deflate_init(z_stream *stream, int level, int window, int memory) {
  return deflateInit2(stream, level, Z_DEFLATED, window, memory, Z_DEFAULT_STRATEGY);
}

static inline int privirun_inflate_init(z_stream *stream, int window) {
  return inflateInit2(stream, window);
}
