package import Diagnostics
package import Expressions

/// One input as the user gave it.
package struct ProvidedInput: Sendable, Hashable {
  package enum Source: Sendable, Hashable {
    /// `--input name=text`: the text is read as the declared type asks.
    case text(String)
    /// An entry of an `--inputs` file.
    case value(Value, SourceLocation)
  }

  package var name: String
  package var source: Source

  package init(name: String, source: Source) {
    self.name = name
    self.source = source
  }

  var location: SourceLocation? {
    switch source {
    case .text: nil
    case .value(_, let location): location
    }
  }
}

/// What binding inputs needs of the world around it, as closures.
package struct InputSources: Sendable {
  /// The value of an environment variable.
  package var variable: @Sendable (String) -> String?
  /// The text of a small file, at most 64 KiB; nil when it cannot be read.
  package var text: @Sendable (_ path: String) -> String?
  /// What is at a path.
  package var file: @Sendable (_ path: String) -> FileFinding
  /// Asks a person for a secret; nil when there is nobody to ask.
  package var prompt: @Sendable (_ name: String, _ summary: String?) -> String?

  /// What is found at the path of a file input.
  package enum FileFinding: Sendable, Hashable {
    case missing
    case folder
    case unreadable
    /// A file of that many bytes.
    case file(size: Int)
  }

  package init(
    variable: @escaping @Sendable (String) -> String?,
    text: @escaping @Sendable (String) -> String?,
    file: @escaping @Sendable (String) -> FileFinding,
    prompt: @escaping @Sendable (String, String?) -> String?
  ) {
    self.variable = variable
    self.text = text
    self.file = file
    self.prompt = prompt
  }
}
