import Files
import Glibc

/// Memory of this process that the system may have back.
package enum UnusedMemory {
  /// Gives back pages of the program's own file, which the system reads again when they are needed (madvise(2),
  /// MADV_PAGEOUT).
  ///
  /// A system that cannot do it keeps them: nothing depends on it.
  @Sendable package static func release() {
    for range in mappings {
      madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_PAGEOUT)
    }
  }

  private static var mappings: [Range<UInt>] {
    guard let bytes = try? OpenFile.reading("/proc/self/maps").rest(atMost: 4 << 20),
      let program = try? FileName.resolve("/proc/self/exe")
    else { return [] }
    return mappings(of: program, in: String(decoding: bytes, as: UTF8.self))
  }

  /// Where the file at `path` is mapped, by the contents of `/proc/PID/maps` (proc_pid_maps(5)).
  static func mappings(of path: String, in maps: String) -> [Range<UInt>] {
    maps.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard fields.count == 6, fields[5].drop(while: { $0 == " " }) == path else { return nil }
      let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
      return bounds[0]..<bounds[1]
    }
  }
}
