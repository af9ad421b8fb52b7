import Files
import Glibc

/// Memory of this process that the system may have back.
package enum UnusedMemory {
  /// Where a file is mapped that the process does not share its changes of.
  struct Mapping: Hashable {
    var range: Range<UInt>
    /// Whether it is code, which nothing ever writes.
    var isCode: Bool
  }

  /// Gives back pages of the program and of its libraries, which the system reads again when they are needed
  /// (madvise(2)).
  ///
  /// Pages of code leave this process at once (MADV_DONTNEED), whoever else uses them; the others only where
  /// no other process does (MADV_PAGEOUT), since some hold what was written when the program was loaded. A
  /// system that cannot do it, or for files of another user does not, keeps them: nothing depends on it.
  @Sendable package static func release() {
    guard let bytes = try? OpenFile.reading("/proc/self/maps").rest(atMost: 4 << 20) else { return }
    for mapping in programMappings(in: String(decoding: bytes, as: UTF8.self)) {
      madvise(
        UnsafeMutableRawPointer(bitPattern: mapping.range.lowerBound), mapping.range.count,
        mapping.isCode ? MADV_DONTNEED : MADV_PAGEOUT)
    }
  }

  /// The mappings of files by the contents of `/proc/PID/maps` (proc_pid_maps(5)).
  static func programMappings(in maps: String) -> [Mapping] {
    maps.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard fields.count == 6, fields[1].last == "p",
        fields[5].first(where: { $0 != " " }) == "/"
      else { return nil }
      let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
      return Mapping(range: bounds[0]..<bounds[1], isCode: fields[1] == "r-xp")
    }
  }
}
