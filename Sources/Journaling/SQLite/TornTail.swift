import Files

/// What the end of a journal lost when its process or machine stopped, or somebody cut a file.
///
/// What is left is whole commits; SQLite discards the rest without a word.
package struct TornTail: Sendable, Hashable {
  /// Bytes after the last complete commit, which are discarded.
  package var discardedBytes: Int
  /// Whether commits that had been complete are not there any more.
  package var lacksCommits: Bool

  /// A tail that was lost.
  package init(discardedBytes: Int, lacksCommits: Bool) {
    self.discardedBytes = discardedBytes
    self.lacksCommits = lacksCommits
  }
}

extension TornTail {
  /// Looks at the log of the journal at `path`, which this process must not have open; nil when
  /// nothing was lost, or when another process uses the journal and may just be writing.
  ///
  /// Who opens a journal first after its process was killed sees what was lost.
  static func find(atEndOf path: String) -> TornTail? {
    guard !((try? OwnerLocks.isAnyHeld(beside: path)) ?? false), let first = Look(at: path),
      first.lost != nil
    else { return nil }
    // A log that is the same before and after nobody was writing is not being written.
    let index = JournalName.index(of: path)
    guard let isWriting = try? ByteLocks.isHeld(LogIndex.writeLock, of: index), !isWriting,
      Look(at: path) == first
    else { return nil }
    return first.lost
  }

  /// The log and its index at one time.
  private struct Look: Equatable {
    private let index: LogIndex?
    private let log: WriteAheadLog

    init?(at path: String) {
      // The index first: whoever writes between the two only makes the log longer.
      index = LogIndex(of: JournalName.index(of: path))
      guard let log = try? WriteAheadLog(of: JournalName.log(of: path)) else { return nil }
      self.log = log
    }

    var lost: TornTail? {
      let lost = TornTail(discardedBytes: log.tailCount, lacksCommits: lacksCommits)
      return lost.discardedBytes > 0 || lost.lacksCommits ? lost : nil
    }

    private var lacksCommits: Bool {
      guard let index, index.frameCount > index.copiedCount else { return false }
      // A log with a torn header, or none, holds no commit.
      return log.salts.isEmpty
        || (log.salts == index.salts && index.frameCount > log.frameCount)
    }
  }
}

extension TornTail: CustomStringConvertible {
  /// One sentence without a full stop.
  package var description: String {
    guard discardedBytes > 0 else {
      return "the journal's tail is missing: complete commits are not in its log any more"
    }
    let torn =
      "the journal's tail was torn: \(discardedBytes) bytes after the last complete commit were "
      + "discarded"
    return lacksCommits ? torn + ", and complete commits are lost with them" : torn
  }

  /// What to do next; nil when nothing was lost that was recorded.
  package var hint: String? {
    lacksCommits
      ? "a run may have gone further than its record says: compare it with the service before you "
        + "resume it" : nil
  }
}
