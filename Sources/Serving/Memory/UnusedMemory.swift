import Files
import Glibc

/// Memory of this process that the system may have back.
package enum UnusedMemory {
  /// Gives back pages of the program and of its libraries, which the system reads again when they are needed
  /// (madvise(2), MADV_PAGEOUT).
  ///
  /// A system that cannot do it, or for files of another user does not, keeps them: nothing depends on it.
  @Sendable package static func release() {
    guard let bytes = try? OpenFile.reading("/proc/self/maps").rest(atMost: 4 << 20) else { return }
    for range in programMappings(in: String(decoding: bytes, as: UTF8.self)) {
      madvise(UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count, MADV_PAGEOUT)
    }
  }

  /// Where files are mapped that the process does not share its changes of, by the contents of `/proc/PID/maps`
  /// (proc_pid_maps(5)).
  static func programMappings(in maps: String) -> [Range<UInt>] {
    maps.split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ", maxSplits: 5, omittingEmptySubsequences: true)
      guard fields.count == 6, fields[1].last == "p",
        fields[5].first(where: { $0 != " " }) == "/"
      else { return nil }
      let bounds = fields[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
      guard bounds.count == 2, bounds[0] < bounds[1] else { return nil }
      return bounds[0]..<bounds[1]
    }
  }
}
