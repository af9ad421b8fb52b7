import Glibc

/// A file of the machine that is written aside and then moved, so that a crash leaves the old file
/// or the new one, and never half of it.
struct AtomicFile: WritableFile {
  private let path: String
  private let aside: String
  private let file: OpenFile

  init(path: String, aside: String, permissions: mode_t) throws(LocalFailure) {
    self.path = path
    self.aside = aside
    file = try OpenFile.creating(aside, permissions: permissions)
  }

  func write(_ bytes: [UInt8]) throws(LocalFailure) {
    try file.write(bytes)
  }

  func commit() throws(LocalFailure) {
    try file.synchronize()
    try check(rename(aside, path))
  }

  /// The same, but a file that is there already is an error.
  func commitAsNew() throws(LocalFailure) {
    try file.synchronize()
    try check(link(aside, path))
  }

  func discard() {
    unlink(aside)
  }

  private func check(_ status: Int32) throws(LocalFailure) {
    guard status == 0 else {
      throw LocalFailure("`\(path)` cannot be written: \(OpenFile.reason())")
    }
  }
}
