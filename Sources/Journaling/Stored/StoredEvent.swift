import Events

/// The stored form of an event, version 1.
///
/// A CBOR list of the version, the name of the type and a map of fields; sequence and time stand
/// beside it in the row.
///
/// Fields may be added within a version, and readers pass over those they do not know.
enum StoredEvent {
  static let version: UInt64 = 1
  /// An event of more bytes is refused.
  static let largest = 64 * 1024 * 1024

  /// The bytes of `kind`; throws `tooDeep` or `tooLarge`.
  static func encode(
    _ kind: RunEvent.Kind, sealing sealer: Sealer
  ) throws(StoredFormError) -> [UInt8] {
    let (type, fields) = try typeAndFields(of: kind, sealing: sealer)
    let bytes = try CBOR.list([.unsigned(version), .text(type), fields]).encoded()
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
    guard found == version else { throw .unsupportedVersion(found) }
    guard parts.count == 3, case .text(let type) = parts[1], case .map(let pairs) = parts[2] else {
      throw .malformed("no type and fields")
    }
    return try kind(of: type, StoredFields(pairs, opening: seal))
  }
}
