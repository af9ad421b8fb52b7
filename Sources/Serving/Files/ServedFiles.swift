package import Rollouts

/// The rollout files that a daemon serves: those of some paths, each as it was when it was last good.
package actor ServedFiles {
  private let environment: ServedEnvironment

  /// The files of `paths`, from the root: directories, whose `*.yaml` and `*.yml` count, and files.
  package init(_ paths: [String], environment: ServedEnvironment) {
    self.environment = environment
  }

  /// Looks at all files, reads those that changed, and returns what is served and what changed.
  package func scan(_ patience: ScanPatience) async -> ServedScan {
    ServedScan()
  }
}

/// When a file that changed is read.
package enum ScanPatience: Sendable, Hashable {
  /// Once it was the same for one scan: it may be written just now.
  case settled
  /// At once: at the start, and when a person asks for it.
  case immediate
}

/// What a scan found.
package struct ServedScan: Sendable, Hashable {
  /// The rollouts with a schedule, in the order of their paths; each name once.
  package var served: [ServedRollout] = []
  /// Files, and directories, that never were good or could not be listed: schedules that have such a path, or
  /// a file in such a directory, are to be left as they are.
  package var unread: [String] = []
  /// Problems that are new, or other than before.
  package var reported: [ServedProblem] = []
  /// The paths whose problem is gone.
  package var mended: [String] = []
  /// How the files are.
  package var counts = ServedCounts()
  /// Whether `served` or `unread` is other than after the scan before.
  package var hasChanged = false

  /// A scan that found nothing.
  package init() {}
}

/// A rollout that a daemon serves.
package struct ServedRollout: Sendable, Hashable {
  /// The name of the rollout.
  package var name: String
  /// The path of its file, from the root.
  package var path: String
  /// What the file says, or said when it was last good.
  package var definition: RolloutDefinition
}

/// What is wrong with a file or directory that is to be served.
package struct ServedProblem: Sendable, Hashable {
  /// The path, from the root.
  package var path: String
  /// What is wrong, one sentence each, with line and column where it is in the file; never a secret.
  package var messages: [String]
  /// Whether an earlier, good definition is served meanwhile.
  package var isServed: Bool
}

/// How the rollout files are.
package struct ServedCounts: Sendable, Hashable {
  /// How many are served as they are.
  package var good = 0
  /// The names, without folders and in order, of those with a problem of which an earlier definition is served.
  package var kept: [String] = []
  /// The names of those with a problem and no earlier definition, and of directories that cannot be listed.
  package var bad: [String] = []

  /// No file.
  package init() {}
}

/// What reads files for `ServedFiles`; all functions may block.
package struct ServedEnvironment: Sendable {
  /// Makes a definition of the bytes of the file at a path; throws `InvalidInput`.
  package var define: @Sendable ([UInt8], String) throws -> RolloutDefinition

  /// Reads with `define`.
  package init(
    define: @escaping @Sendable ([UInt8], String) throws -> RolloutDefinition
  ) {
    self.define = define
  }
}
