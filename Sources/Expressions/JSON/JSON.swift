/// JSON text (RFC 8259) to values and back.
package enum JSON {
  /// What becomes of secrets in a text.
  package enum SecretHandling: Sendable, Hashable {
    /// Each stands there as `"•••"`.
    case masked
    /// Each stands there as what it hides. The caller answers for where the text goes.
    case revealed
  }

  package enum Style: Sendable, Hashable {
    /// One line, no spaces.
    case compact
    /// Two spaces of indentation per level.
    case pretty
  }

  /// The deepest nesting that is read.
  package static let depthLimit = 100

  /// Reads one JSON text.
  ///
  /// Integers that fit become `int`, all other numbers `double`. Maps keep the order of the text;
  /// of a repeated name the last value stays.
  package static func parse(_ bytes: some Collection<UInt8>) throws(JSONError) -> Value {
    var reader = JSONReader(bytes)
    return try reader.readDocument()
  }

  /// Writes `value`, maps in their own order.
  ///
  /// What JSON lacks becomes text: non-finite doubles by name, bytes as base64, timestamps as RFC
  /// 3339, durations as seconds with an `s`, types by name. Keys that are no text are written as
  /// text.
  package static func text(
    _ value: Value, secrets: SecretHandling = .masked, style: Style = .compact
  ) -> String {
    var writer = JSONWriter(secrets: secrets, style: style)
    writer.write(value)
    return writer.text
  }
}
