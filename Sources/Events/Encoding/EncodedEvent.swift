/// An event as it leaves the process, version 1 (`schemas/event.schema.json`).
///
/// A form of its own: the domain types may change, this may only grow, and anything else needs
/// the next version. Member order is fixed: version, run, sequence, at, type, then the rest.
package struct EncodedEvent: Sendable, Hashable {
  /// The version of the form, in every line; adding members or types does not change it.
  package static let version = 1

  /// The event as an object, members in the fixed order.
  package let json: EncodedJSON

  /// The form of one event of `run`, all secrets masked.
  package init(_ event: RunEvent, of run: RunID) {
    var (kind, writer) = (event.kind, JSONEventWriter())
    kind.code(&writer)
    let head: [EncodedJSON.Member] = [
      .init(name: "version", value: .count(Self.version)),
      .init(name: "run", value: .text(run.text)),
      .init(name: "sequence", value: .count(event.sequence)),
      .init(name: "at", value: .instant(event.at)),
      .init(name: "type", value: .text(kind.type.rawValue)),
    ]
    json = .object(head + writer.members)
  }

  /// The event as one line of JSON, without the line's end.
  package var line: String { json.line }
}

/// Parts of events, as other outputs show them too.
extension EncodedEvent {
  /// The form of a run's labels; nil when there are none.
  package static func json(of labels: [RunLabel]) -> EncodedJSON? {
    guard !labels.isEmpty else { return nil }
    return .object(labels.map { EncodedJSON.Member(name: $0.name, value: .text($0.value)) })
  }

  /// The form of a part.
  package static func json(of part: some EventPart) -> EncodedJSON {
    JSONEventWriter.json(of: part)
  }
}
