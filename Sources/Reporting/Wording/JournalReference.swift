/// How commands that are suggested find a journal: by its file, or by an environment.
package struct JournalReference: Sendable, Hashable {
  /// What a command is given, such as `--journal` and `runs.sqlite`.
  package var arguments: [String]

  /// A journal that commands find when they are given `arguments`.
  package init(arguments: [String]) {
    self.arguments = arguments
  }
}

extension JournalReference: ExpressibleByStringLiteral {
  /// The journal in the file `value`.
  package init(stringLiteral value: String) {
    self.init(arguments: ["--journal", value])
  }
}
