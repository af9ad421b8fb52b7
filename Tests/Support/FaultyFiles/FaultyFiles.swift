import CFaultyFiles

/// A folder whose SQLite databases can be made to fail, for the whole process.
///
/// Syncs there do not wait for the disk; what they would have made durable survives `losePower`.
package final class FaultyFiles {
  /// A call of SQLite to its file layer.
  package enum Call: CaseIterable, Sendable {
    case open, read, write, sync, truncate, fileSize, lock, delete
    /// The mapping of the memory that processes share.
    case map
    /// The locks in that memory.
    case mapLock

    fileprivate var word: FaultyCall {
      switch self {
      case .open: FaultyCallOpen
      case .read: FaultyCallRead
      case .write: FaultyCallWrite
      case .sync: FaultyCallSync
      case .truncate: FaultyCallTruncate
      case .fileSize: FaultyCallFileSize
      case .lock: FaultyCallLock
      case .delete: FaultyCallDelete
      case .map: FaultyCallMap
      case .mapLock: FaultyCallMapLock
      }
    }
  }

  /// How a call fails.
  package enum Result: CaseIterable, Sendable {
    /// With EIO; nothing is done.
    case error
    /// With ENOSPC; nothing is done.
    case full
    /// Half of the bytes are written, and there is no room for the rest.
    case short

    fileprivate var word: FaultyResult {
      switch self {
      case .error: FaultyResultError
      case .full: FaultyResultFull
      case .short: FaultyResultShort
      }
    }
  }

  /// Which calls fail.
  package struct Fault: Sendable, CustomStringConvertible {
    /// The kind of the calls.
    package var call: Call
    /// How they fail.
    package var result: Result
    /// Whether all calls after the first one fail, too.
    package var isLasting: Bool

    /// A fault of `call`.
    package init(_ call: Call, _ result: Result, isLasting: Bool = false) {
      self.call = call
      self.result = result
      self.isLasting = isLasting
    }

    /// Such as `write short`.
    package var description: String { "\(call) \(result)\(isLasting ? " from then on" : "")" }
  }

  private let watch: OpaquePointer

  /// Watches the databases in `folder`, an absolute path without symbolic links.
  package init(in folder: String) {
    watch = faulty_watch(folder)
  }

  deinit { faulty_unwatch(watch) }

  /// Lets the `number`th call of the fault's kind from now fail, counted from 1.
  package func fail(_ fault: Fault, at number: Int) {
    faulty_fail(
      watch, fault.call.word, Int32(clamping: number), fault.result.word, fault.isLasting)
  }

  /// Lets no call fail any more.
  package func mend() { faulty_mend(watch) }

  /// Whether a call failed since `fail`.
  package var hasFailed: Bool { faulty_has_failed(watch) }

  /// How many syncs there were that did not fail.
  package var syncCount: Int { Int(faulty_sync_count(watch)) }

  /// The process is dead: what is left of it changes no file.
  package func die() { faulty_die(watch) }

  /// Another process begins.
  package func revive() { faulty_revive(watch) }

  /// Undoes whatever was written but not synced, and returns how many writes that were.
  ///
  /// Nil when a file cannot be changed. All databases of the folder must be closed.
  package func losePower() -> Int? {
    let count = faulty_lose_power(watch)
    return count < 0 ? nil : Int(count)
  }
}
