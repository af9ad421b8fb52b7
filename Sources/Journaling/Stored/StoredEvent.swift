import Events

/// The stored form of one event: the number of its type and a map of numbered fields.
///
/// Numbers are those that `EventCoder` types list. Fields may be added, and readers pass over those
/// they do not know.
enum StoredEvent {
  /// The latest version that stored each event in a row of its own.
  static let lastRowVersion: UInt64 = 2

  /// Writes type and fields of `kind`, two items; throws when a secret cannot be sealed.
  static func write(
    _ kind: RunEvent.Kind, to writer: inout StoredEventWriter
  ) throws(StoredFormError) {
    var kind = kind
    writer.items.unsigned(kind.type.number)
    try writer.fields { writer throws(StoredFormError) in try kind.code(&writer) }
  }

  /// Reads back what `write` wrote.
  ///
  /// Without a seal, secrets become secrets that hold the mask.
  static func kind(
    _ items: [CBOR], opening seal: Seal?
  ) throws(StoredFormError) -> RunEvent.Kind {
    guard items.count == 2, case .unsigned(let number) = items[0], case .map(let pairs) = items[1]
    else { throw .malformed("no type and fields") }
    guard let type = EventType(number: number) else { throw .unknownType("\(number)") }
    var kind = type.blank
    var reader = try StoredEventReader(pairs, opening: seal)
    try kind.code(&reader)
    return kind
  }

  /// Reads the event of a row of its own, as versions 1 and 2 of the form stored it: a CBOR list of
  /// the version, the type and the fields.
  static func decodeRow(
    _ bytes: [UInt8], opening seal: Seal?
  ) throws(StoredFormError) -> RunEvent.Kind {
    guard bytes.count <= CommitForm.largest else { throw .tooLarge(byteCount: bytes.count) }
    guard case .list(let parts) = try CBOR(decoding: bytes),
      case .unsigned(let found)? = parts.first
    else { throw .malformed("no version") }
    guard (1...lastRowVersion).contains(found) else { throw .unsupportedVersion(found) }
    guard found == 1 else { return try kind(Array(parts.dropFirst()), opening: seal) }
    guard parts.count == 3, case .text(let type) = parts[1], case .map(let pairs) = parts[2] else {
      throw .malformed("no type and fields")
    }
    return try EventVersion1.kind(of: type, StoredFields(pairs, opening: seal))
  }
}
