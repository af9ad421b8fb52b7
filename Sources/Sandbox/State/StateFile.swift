import Files
import FoundationEssentials
import Synchronization

/// The file that a vault's state is kept in (mode 0600): it holds passwords, tokens and payloads.
///
/// Both functions block: they belong on a thread that may.
final class StateFile: Sendable {
  /// The form of the file; one of a later form is left alone.
  static let format = 1
  private static let longest = 2 << 30

  private struct Head: Codable {
    let format: Int
  }

  private struct Content: Codable {
    let format: Int
    let state: VaultState
  }

  let path: String
  /// The number of the latest state that was saved: an older one must not follow it.
  private let latest = Mutex(0)
  /// The file beside it that is locked while a sandbox uses it; renaming would lose a lock of its own.
  private let holder = Mutex<FileLock?>(nil)

  init(path: String) {
    self.path = path
  }

  /// Keeps every other sandbox from the file until it is unlocked, or the process ends.
  func lock() throws(SandboxError) {
    let lock: FileLock
    do throws(FileError) {
      lock = try FileLock("\(path).lock", .file)
    } catch {
      throw unusable(error)
    }
    switch lock.take() {
    case .taken: holder.withLock { $0 = lock }
    case .held:
      throw SandboxError(
        message: "The state file \(path) is in use by another sandbox.",
        hint: "stop that one, or name another file")
    case .unavailable(let error): throw unusable(error)
    }
  }

  /// Lets another sandbox have the file.
  func unlock() {
    holder.withLock { $0 = nil }
  }

  /// The state, or nil when there is no file.
  func load() throws(SandboxError) -> VaultState? {
    guard let bytes = try read() else { return nil }
    let data = Data(bytes)
    guard let head = try? JSONDecoder().decode(Head.self, from: data) else {
      throw refusal("is damaged, or no state of a sandbox")
    }
    guard head.format <= Self.format else {
      throw refusal("was written by a later version (form \(head.format))")
    }
    guard let content = try? JSONDecoder().decode(Content.self, from: data) else {
      throw refusal("is damaged")
    }
    return content.state
  }

  /// Puts a state in the place of the one before, whole or not at all; `number` counts up.
  func save(_ state: VaultState, number: Int) throws(SandboxError) {
    try latest.withLock { latest throws(SandboxError) in
      guard number > latest else { return }
      try write(state)
      latest = number
    }
  }

  private func write(_ state: VaultState) throws(SandboxError) {
    let content = Content(format: Self.format, state: state)
    guard let data = try? JSONEncoder().encode(content) else { throw refusal("cannot be written") }
    do throws(FileError) {
      try AtomicFile.write(Array(data), to: path, .secret)
    } catch {
      throw failure(error)
    }
  }

  private func read() throws(SandboxError) -> [UInt8]? {
    do throws(FileError) {
      let status = try FileStatus(of: path)
      let isFit = status.problem == nil && status.size <= Self.longest
      if isFit, let bytes = try OpenFile.reading(path).rest(atMost: Self.longest) { return bytes }
    } catch {
      if error.isMissing { return nil }
      throw unusable(error)
    }
    throw refusal("is not a regular file of at most 2 GiB")
  }

  private func refusal(_ what: String) -> SandboxError {
    SandboxError(
      message: "The state file \(path) \(what); it is left as it is.",
      hint: "name another file, or move this one away")
  }

  private func failure(_ error: FileError) -> SandboxError {
    SandboxError(
      message: "The state file \(path) cannot be written: \(error.cause).", hint: error.hint)
  }

  private func unusable(_ error: FileError) -> SandboxError {
    // The file itself need not be there.
    let cause = error.isMissing ? "its folder does not exist" : error.cause
    return SandboxError(message: "The state file \(path) cannot be used: \(cause).", hint: nil)
  }
}
