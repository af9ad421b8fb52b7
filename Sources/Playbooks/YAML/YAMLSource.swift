package import Diagnostics

/// A YAML text that was found right, with its events, for tools that work on the text itself.
package struct YAMLSource: Sendable {
  /// The text as it was written, without a byte order mark; the marks of the events count in it.
  ///
  /// A tab that indents nothing may be a blank in it.
  package let scalars: [Unicode.Scalar]
  /// Everything the text says, in order, from `streamStart` to `streamEnd`.
  package let events: [YAMLEvent]

  /// Reads the one document of `bytes`.
  ///
  /// Throws all diagnostics that `YAMLNode.init(parsing:file:limits:)` throws.
  package init(
    _ bytes: [UInt8], file: String, limits: YAMLLimits
  ) throws(InvalidInput) {
    let text = try YAMLText(bytes, file: file, limits: limits).text
    let (reading, source, breaks) = YAMLReading.reading(text, file: file, limits: limits)
    guard reading.node != nil, !reading.diagnostics.hasErrors else {
      throw InvalidInput(reading.diagnostics.elements)
    }
    do throws(YAMLProblem) {
      events = try Self.events(of: source, breaks)
    } catch {
      throw InvalidInput([error.diagnostic(file: file, in: source)])
    }
    scalars = breaks.indices.isEmpty ? source : Self.restored(source, breaks, from: text)
  }

  private static func events(
    of source: [Unicode.Scalar], _ breaks: FormerLineBreaks
  ) throws(YAMLProblem) -> [YAMLEvent] {
    var reader = try YAMLEventReader(source)
    var events: [YAMLEvent] = []
    while true {
      var event = try reader.next()
      if !breaks.indices.isEmpty, case .scalar(let text, let style, let properties) = event.kind {
        event.kind = .scalar(breaks.restored(text), style, properties)
      }
      events.append(event)
      if event.kind == .streamEnd { return events }
    }
  }

  /// `source` with the former line breaks of `text` in their places.
  private static func restored(
    _ source: [Unicode.Scalar], _ breaks: FormerLineBreaks, from text: String
  ) -> [Unicode.Scalar] {
    let written = Array(text.unicodeScalars)
    var restored = source
    for index in breaks.indices { restored[index] = written[index] }
    return restored
  }
}
