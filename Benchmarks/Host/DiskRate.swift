import Glibc

/// How fast the disk of the current folder makes something durable.
enum DiskRate {
  /// Appends 4 KiB and syncs them, again and again for a second; returns how often that went.
  static func measure() -> Double {
    let path = "append.bin"
    let descriptor = open(path, O_CREAT | O_WRONLY | O_TRUNC | O_APPEND, 0o600)
    guard descriptor >= 0 else { stop("\(path) cannot be written") }
    defer {
      close(descriptor)
      unlink(path)
    }
    let block = [UInt8](repeating: 0x5a, count: 4096)
    let began = ContinuousClock.now
    var count = 0
    while began.duration(to: .now) < .seconds(1) {
      guard write(descriptor, block, block.count) == block.count, fdatasync(descriptor) == 0 else {
        stop("\(path) cannot be written")
      }
      count += 1
    }
    return Double(count) / (began.duration(to: .now) / .seconds(1))
  }
}
