package import Events
package import Expressions

/// What a local action of a plan knows of the steps before it.
///
/// Performed so it reads files, writes none and draws no random bytes: its result is what it would do,
/// as far as that can be known.
package struct DryRun: Sendable, Hashable {
  /// The step that performs it.
  package let step: StepPath
  /// The files that earlier steps of the plan would write.
  package let files: PlannedFiles

  /// A dry run of the action of `step`, before which `files` would be written.
  package init(of step: StepPath, after files: PlannedFiles = PlannedFiles()) {
    self.step = step
    self.files = files
  }

  /// What a field of the result waits for that only the run itself can make.
  package func unknown(_ field: String) -> Unknown { Unknown("\(step).\(field)") }
}

/// The files that steps of a plan would write, and the fields that they belong to.
///
/// Local actions add absolute paths, and find what calls have added as the playbook writes it.
package struct PlannedFiles: Sendable, Hashable {
  private var sources: [String: Unknown] = [:]

  /// No files.
  package init() {}

  /// What the content of the file at `path` waits for; nil when no step would write it.
  package subscript(path: String) -> Unknown? { sources[path] }

  /// Adds a file; a path that is there already has the later content.
  package mutating func add(_ path: String, from source: Unknown) { sources[path] = source }

  /// Adds the files that a later step would write.
  package mutating func add(_ later: PlannedFiles) {
    sources.merge(later.sources) { $1 }
  }
}
