#include <stdint.h>

/// A data package of ICU without any item (unicode/udata.h, "common data format").
///
/// Some libraries import Foundation, which is linked with ICU and 31 MB of its locale data. Nothing in
/// this program formats or compares by locale. Where this symbol is defined, the object with the data
/// is not taken from the archive. Its name has the major version of ICU: with another ICU it changes
/// nothing, and the program is large again, which packaging/check finds.
struct package {
  uint16_t header_size;
  uint8_t magic[2];
  uint16_t info_size;
  uint16_t reserved;
  uint8_t is_big_endian;
  uint8_t charset_family;
  uint8_t size_of_uchar;
  uint8_t reserved_byte;
  uint8_t data_format[4];
  uint8_t format_version[4];
  uint8_t data_version[4];
  uint8_t padding[8];
  uint32_t item_count;
};

__attribute__((aligned(16), visibility("hidden"))) const struct package icudt76_dat = {
  .header_size = 32,
  .magic = {0xDA, 0x27},
  .info_size = 20,
  .is_big_endian = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__,
  .charset_family = 0,
  .size_of_uchar = 2,
  .data_format = {'C', 'm', 'n', 'D'},
  .format_version = {1, 0, 0, 0},
  .data_version = {76, 1, 0, 0},
  .item_count = 0,
};
