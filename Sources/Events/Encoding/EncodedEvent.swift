/// An event as it leaves the process, version 1 (`schemas/event.schema.json`).
///
/// A form of its own: the domain types may change, this may only grow, and anything else needs
/// the next version. Member order is fixed: version, run, sequence, at, type, then the rest.
package struct EncodedEvent: Sendable, Hashable {
  package static let version = 1

  package let json: EncodedJSON

  /// The form of one event of `run`, all secrets masked.
  package init(_ event: RunEvent, of run: RunID) {
    let (type, members) = Self.typeAndMembers(of: event.kind)
    let head: [EncodedJSON.Member] = [
      .init(name: "version", value: .count(Self.version)),
      .init(name: "run", value: .text(run.text)),
      .init(name: "sequence", value: .count(event.sequence)),
      .init(name: "at", value: .instant(event.at)),
      .init(name: "type", value: .text(type)),
    ]
    json = .object(head + members)
  }

  /// The event as one line of JSON, without the line's end.
  package var line: String { json.line }
}
