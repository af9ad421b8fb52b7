import Events

/// The stored form of an event.
///
/// A CBOR list of the version, the number of the type and a map of numbered fields; sequence and time
/// stand beside it in the row. Numbers are those that `EventCoder` types list. Fields may be added
/// within a version, and readers pass over those they do not know. Version 1 is read, too.
enum StoredEvent {
  static let version: UInt64 = 2
  /// An event of more bytes is refused.
  static let largest = 64 * 1024 * 1024

  /// The bytes of `kind`; throws `tooDeep` or `tooLarge`.
  static func encode(
    _ kind: RunEvent.Kind, sealing sealer: Sealer
  ) throws(StoredFormError) -> [UInt8] {
    var (kind, writer) = (kind, StoredEventWriter(sealing: sealer))
    try kind.code(&writer)
    let bytes = try CBOR.list(
      [.unsigned(version), .unsigned(kind.type.number), .map(writer.pairs)]
    ).encoded()
    guard bytes.count <= largest else { throw .tooLarge(byteCount: bytes.count) }
    return bytes
  }

  /// Reads back what `encode` made.
  ///
  /// Without a seal, secrets become secrets that hold the mask.
  static func decode(
    _ bytes: [UInt8], opening seal: Seal?
  ) throws(StoredFormError) -> RunEvent.Kind {
    guard bytes.count <= largest else { throw .tooLarge(byteCount: bytes.count) }
    guard case .list(let parts) = try CBOR(decoding: bytes),
      case .unsigned(let found)? = parts.first
    else { throw .malformed("no version") }
    guard [1, version].contains(found) else { throw .unsupportedVersion(found) }
    guard parts.count == 3, case .map(let pairs) = parts[2] else {
      throw .malformed("no type and fields")
    }
    switch parts[1] {
    case .text(let type) where found == 1:
      return try EventVersion1.kind(of: type, StoredFields(pairs, opening: seal))
    case .unsigned(let number) where found == version:
      guard let type = EventType(number: number) else { throw .unknownType("\(number)") }
      var kind = type.blank
      var reader = try StoredEventReader(pairs, opening: seal)
      try kind.code(&reader)
      return kind
    case _: throw .malformed("no type and fields")
    }
  }
}
