/// JSON (RFC 8259) to values and back.
package enum JSON {
  /// How secrets are written.
  package enum SecretHandling: Sendable, Hashable {
    /// As `"•••"`.
    case masked
    /// In plain text: the caller is responsible for where the output goes.
    case revealed
  }

  /// How unknown values are written.
  package enum UnknownHandling: Sendable, Hashable {
    /// As `{"$unknown": [sources]}`, so that programs do not take it for the value.
    case marked
    /// As `(known after apply)` without quotes, for people; the text is no JSON then.
    case shown
  }

  /// What is done with a name that a map has twice.
  package enum RepeatedNames: Sendable, Hashable {
    /// The last value is kept, as most services and clients do.
    case lastKept
    /// The document is refused: for what a person wrote, where one of the two is a mistake.
    case refused
  }

  /// How a document is laid out.
  package enum Style: Sendable, Hashable {
    /// One line, no spaces.
    case compact
    /// Two spaces of indentation per level.
    case pretty
  }

  /// The deepest nesting that is read.
  package static let depthLimit = 100

  /// Reads one JSON document.
  ///
  /// Integers that fit 64 bits become `int`, larger ones a string of their digits, all other numbers
  /// `double`. Maps keep the order of the document.
  package static func parse(
    _ bytes: some Collection<UInt8>, repeatedNames: RepeatedNames = .lastKept
  ) throws(JSONError) -> Value {
    var reader = JSONReader(bytes)
    let node = try reader.readDocument()
    if repeatedNames == .refused, let entry = node.repeatedEntry {
      throw reader.error("a name is given twice in a map", at: entry.nameRange.lowerBound)
    }
    return node.value
  }

  /// Writes `value`, maps in their own order.
  ///
  /// What JSON lacks becomes text: non-finite doubles by name, bytes as base64, timestamps as RFC
  /// 3339, durations as seconds with an `s`, types by name. Keys that are no text are written as
  /// text. A value that is secret and unknown is written as unknown.
  package static func text(
    _ value: Value, secrets: SecretHandling = .masked, unknowns: UnknownHandling = .marked,
    style: Style = .compact
  ) -> String {
    var writer = JSONWriter(secrets: secrets, unknowns: unknowns, style: style)
    writer.write(value)
    return writer.text
  }
}
