package import Rollouts

/// What a scan of the rollout files found.
package struct ServedScan: Sendable, Hashable {
  /// The rollouts with a schedule, in the order of their paths; each name once.
  package var served: [ServedRollout] = []
  /// Files that were not read yet or never were good, and folders that cannot be listed: schedules that have
  /// such a path, or a file in such a folder, are to be left as they are.
  package var unread: [String] = []
  /// Problems that are new, or other than before, in the order of their paths.
  package var reported: [ServedProblem] = []
  /// The paths whose problem is gone, in order.
  package var mended: [String] = []
  /// Warnings about files that are served, which are new or other than before, in the order of their paths.
  package var warned: [ServedWarnings] = []
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

  /// The rollout that the file at `path` defines.
  package init(path: String, _ definition: RolloutDefinition) {
    name = definition.name
    self.path = path
    self.definition = definition
  }
}

/// What is wrong with a file or folder that is to be served.
package struct ServedProblem: Sendable, Hashable {
  /// The path, from the root.
  package var path: String
  /// What is wrong, one sentence each, behind line and column where it is in the file; never a secret.
  package var messages: [String]
  /// Whether an earlier, good definition is served meanwhile.
  package var isServed: Bool

  /// A problem of the file at `path`.
  package init(path: String, _ messages: [String], isServed: Bool) {
    self.path = path
    self.messages = messages
    self.isServed = isServed
  }
}

/// What is odd about a file that is served all the same.
package struct ServedWarnings: Sendable, Hashable {
  /// The path, from the root.
  package var path: String
  /// What is odd, one sentence each, as in `ServedProblem`.
  package var messages: [String]

  /// Warnings about the file at `path`.
  package init(path: String, _ messages: [String]) {
    self.path = path
    self.messages = messages
  }
}

/// How the rollout files are.
package struct ServedCounts: Sendable, Hashable {
  /// How many are served as they are.
  package var good = 0
  /// The names, without folders and in order, of those with a problem of which an earlier definition is served.
  package var kept: [String] = []
  /// The names of those with a problem and no earlier definition, and of folders that cannot be listed.
  package var bad: [String] = []

  /// No file.
  package init() {}
}
