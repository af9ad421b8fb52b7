import Glibc

/// An open file of the machine; closed when nobody holds it any more.
final class OpenFile: ReadableFile {
  let path: String
  let size: Int
  let descriptor: Int32

  /// Takes the descriptor over.
  private init(path: String, size: Int, descriptor: Int32) {
    self.path = path
    self.size = size
    self.descriptor = descriptor
  }

  deinit {
    close(descriptor)
  }

  /// An existing file, from its beginning.
  static func reading(_ path: String) throws(LocalFailure) -> OpenFile {
    let descriptor = try open(path, O_RDONLY, 0, "cannot be read")
    var status = stat()
    let isKnown = fstat(descriptor, &status) == 0
    let file = OpenFile(path: path, size: Int(status.st_size), descriptor: descriptor)
    guard isKnown, status.st_mode & S_IFMT != S_IFDIR else {
      throw LocalFailure("`\(path)` is a folder", hint: "name a file")
    }
    return file
  }

  /// A new file; one that is there already is an error.
  static func creating(_ path: String, permissions: mode_t) throws(LocalFailure) -> OpenFile {
    let descriptor = try open(
      path, O_WRONLY | O_CREAT | O_EXCL, permissions, "cannot be written")
    return OpenFile(path: path, size: 0, descriptor: descriptor)
  }

  private static func open(
    _ path: String, _ flags: Int32, _ permissions: mode_t, _ complaint: String
  ) throws(LocalFailure) -> Int32 {
    let descriptor = Glibc.open(path, flags | O_CLOEXEC, permissions)
    guard descriptor < 0 else { return descriptor }
    throw LocalFailure(
      "`\(path)` \(complaint): \(reason())",
      hint: flags & O_CREAT == 0 ? "does it exist, and may you read it?" : nil)
  }

  func read(_ count: Int) throws(LocalFailure) -> [UInt8] {
    var failure: Int32 = 0
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let result = Self.retried { Glibc.read(descriptor, buffer.baseAddress, count) }
      if result < 0 { failure = errno }
      filled = max(0, result)
    }
    guard failure == 0 else {
      throw LocalFailure("`\(path)` cannot be read: \(Self.reason(failure))")
    }
    return bytes
  }

  func write(_ bytes: [UInt8]) throws(LocalFailure) {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { buffer in
        Self.retried { Glibc.write(descriptor, buffer.baseAddress, buffer.count) }
      }
      guard count > 0 else {
        throw LocalFailure("`\(path)` cannot be written: \(Self.reason())")
      }
      rest = rest.dropFirst(count)
    }
  }

  /// Returns when what was written survives a loss of power.
  func synchronize() throws(LocalFailure) {
    guard fsync(descriptor) == 0 else {
      throw LocalFailure("`\(path)` cannot be made durable: \(Self.reason())")
    }
  }

  /// What the system says of its last error.
  static func reason(_ code: Int32 = errno) -> String {
    String(cString: strerror(code))
  }

  private static func retried(_ call: () -> Int) -> Int {
    while true {
      let result = call()
      if result >= 0 || errno != EINTR { return result }
    }
  }
}
