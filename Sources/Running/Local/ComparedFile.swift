import Events
import Files
import Machine
import Synchronization

/// A file that takes the place of another only where that holds something else.
final class ComparedFile: WritableFile {
  private let path: String
  private let replaced: ReplacedFile?
  private let draft: (any WritableFile)?
  private let state: Mutex<State>

  private struct State {
    var comparison: ContentComparison
    var change: StateChange?
  }

  /// Writes to `draft` what is to take the place of `replaced`, of which `file` is the content; without
  /// a draft it only compares.
  init(
    _ draft: (any WritableFile)?, at path: String, replacing replaced: ReplacedFile?,
    with file: (any ReadableFile)?
  ) {
    self.path = path
    self.replaced = replaced
    self.draft = draft
    state = Mutex(State(comparison: ContentComparison(with: file)))
  }

  /// What was done, or would be; nil before `commit`.
  var change: StateChange? { state.withLock(\.change) }

  func write(_ bytes: [UInt8]) throws(LocalFailure) {
    try state.withLock { state throws(LocalFailure) in try state.comparison.add(bytes) }
    try draft?.write(bytes)
  }

  func commit() throws(LocalFailure) -> String? {
    let change = try state.withLock { state throws(LocalFailure) in
      StateChange(
        writing: path, over: replaced, isSame: try state.comparison.isSame())
    }
    var notice: String?
    if change.kind == .unchanged { draft?.discard() } else { notice = try draft?.commit() }
    state.withLock { $0.change = change }
    return notice
  }

  func discard() { draft?.discard() }
}

extension StateChange {
  /// What a write to `path` does, where `replaced` is there and holds the same bytes or others.
  init(writing path: String, over replaced: ReplacedFile?, isSame: Bool) {
    guard let replaced else {
      self.init(.create, reason: "`\(path)` does not exist", isLocal: true)
      return
    }
    guard isSame else {
      self.init(.change, reason: "`\(path)` holds something else", isLocal: true)
      return
    }
    guard !replaced.isNarrowed else {
      self.init(.change, reason: "`\(path)` can be read by other users", isLocal: true)
      return
    }
    self.init(.unchanged, isLocal: true)
  }
}
