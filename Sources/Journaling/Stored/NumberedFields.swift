import Events
import Operations

/// The fields of a stored form that has a byte with its version, then a map of numbered fields in CBOR.
///
/// Fields may be added, and readers pass over those they do not know.
struct NumberedFields {
  private var items: [UInt64: CBOR] = [:]

  /// Reads the fields of `form`; throws `unsupportedVersion` unless its version is `version`.
  init(_ form: [UInt8], version: UInt8) throws(StoredFormError) {
    guard let found = form.first else { throw .malformed("no version") }
    guard found == version else { throw .unsupportedVersion(UInt64(found)) }
    guard case .map(let pairs) = try CBOR(decoding: Array(form.dropFirst())) else {
      throw .malformed("no fields")
    }
    for pair in pairs {
      guard case .unsigned(let number) = pair.key else { throw .malformed("a field's number") }
      items[number] = pair.value
    }
  }

  /// The form of `version` with these fields, in their order; those that are null are left out.
  static func form(
    version: UInt8, _ fields: KeyValuePairs<UInt64, CBOR>
  ) throws(StoredFormError) -> [UInt8] {
    let pairs = fields.filter { $0.value != .null }.map { number, item in
      CBOR.Pair(key: .unsigned(number), value: item)
    }
    return try [version] + CBOR.map(pairs).encoded()
  }

  /// The item of the field `number`; nil where there is none.
  subscript(number: UInt64) -> CBOR? { items[number] }

  /// The text of the field `number`.
  func text(_ number: UInt64) throws(StoredFormError) -> String {
    guard case .text(let text)? = items[number] else { throw .malformed("field \(number)") }
    return text
  }

  /// The integer of the field `number`.
  func integer(_ number: UInt64) throws(StoredFormError) -> Int64 {
    guard let integer = items[number]?.integer else { throw .malformed("field \(number)") }
    return integer
  }

  /// The instant of the field `number`.
  func moment(_ number: UInt64) throws(StoredFormError) -> Moment {
    Moment(nanoseconds: try integer(number))
  }

  /// The instant of the field `number`; nil where there is none.
  func momentIfPresent(_ number: UInt64) throws(StoredFormError) -> Moment? {
    items[number] == nil ? nil : try moment(number)
  }

  /// The items of the list in the field `number`; nil where there is none.
  func listIfPresent(_ number: UInt64) throws(StoredFormError) -> [CBOR]? {
    guard let item = items[number] else { return nil }
    guard case .list(let list) = item else { throw .malformed("field \(number)") }
    return list
  }
}

extension CBOR {
  /// The form of a run's id; null where there is none.
  static func run(_ run: RunID?) -> CBOR { run.map { .text($0.text) } ?? .null }

  /// The form of an instant; null where there is none.
  static func moment(_ moment: Moment?) -> CBOR { moment.map { .integer($0.nanoseconds) } ?? .null }

  /// The id of a run, or nil for null; throws for anything else.
  func run() throws(StoredFormError) -> RunID? {
    if self == .null { return nil }
    guard case .text(let text) = self, let run = RunID(text) else { throw .malformed("a run's id") }
    return run
  }
}
