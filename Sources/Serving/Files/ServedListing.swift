package import Files
package import Rollouts

/// The files that are to be served, as they are seen without reading them.
package struct ServedListing: Sendable, Hashable {
  /// How a file came to be looked at.
  package enum Origin: Sendable, Hashable {
    /// It is named itself, so it must have a schedule.
    case named
    /// It is in a folder that is named.
    case listed(folder: String)
  }

  /// A file that was looked at.
  package struct Entry: Sendable, Hashable {
    /// How it came to be looked at.
    package var origin: Origin
    /// How it is; nil where nothing is at its path.
    package var sight: FileSight?

    /// A file that was seen so.
    package init(_ origin: Origin, _ sight: FileSight?) {
      self.origin = origin
      self.sight = sight
    }
  }

  /// The files by path, from the root.
  package var files: [String: Entry] = [:]
  /// The folders of which not all files are known, each with the reason.
  package var flawedFolders: [String: String] = [:]

  /// No files.
  package init() {}
}

/// The outcome of reading a file.
package enum ServedReading: Sendable {
  /// It defines this rollout.
  case rollout(RolloutDefinition)
  /// It does not define a rollout, as the messages say.
  case flawed([String], FileKind)
  /// It cannot be read now; it is tried again at each scan.
  case unreadable(String)
  /// It was written while it was read; it is read again.
  case unstable

  /// What a file with mistakes looks like.
  package enum FileKind: Sendable, Hashable {
    /// A rollout file with a schedule.
    case scheduled
    /// Something else, which a folder may hold.
    case other
  }
}
