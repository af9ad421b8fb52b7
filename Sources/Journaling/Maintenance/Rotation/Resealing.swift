import Cryptography
import Events
import Operations

/// Seals under another key what is sealed in stored forms, and leaves everything else in them as it is.
///
/// It knows no event: so what a later program added to one stays, too.
struct Resealing {
  let old: JournalKey
  let new: Sealing
  /// The digests of texts that have others now, in lower-case hex: those of saved plans.
  var renamedTexts: [String: String] = [:]

  /// A form that is no form.
  private static let malformed = StoredFormError.malformed("no events")

  /// The form of a commit whose first event has the sequence `first`.
  func commit(
    _ form: [UInt8], of run: RunID, from first: Int
  ) throws(StoredFormError) -> [UInt8] {
    guard form.first == CommitForm.version, case .list(let items)? = CommitForm.item(form) else {
      throw Self.malformed
    }
    var writer = CBORWriter()
    writer.listHead(items.count)
    for (index, item) in items.enumerated() {
      try event(item, at: EventAddress(run: run, sequence: first + index)).write(to: &writer)
    }
    return try CommitForm.packed(writer.output)
  }

  /// The form of an event in a row of its own, as older programs recorded it.
  func row(_ form: [UInt8], at address: EventAddress) throws(StoredFormError) -> [UInt8] {
    try event(CBOR(decoding: form), at: address).encoded()
  }

  private func event(
    _ item: CBOR, at address: EventAddress
  ) throws(StoredFormError) -> CBOR {
    try resealed(item, Seal(key: old, context: address.bytes), new.sealer(for: address.bytes))
  }

  /// What is sealed whole and bound to `context`, such as a request.
  func whole(_ sealed: [UInt8], boundTo context: [UInt8]) throws(StoredFormError) -> [UInt8] {
    let (opener, sealer) = (Seal(key: old, context: context), new.sealer(for: context))
    return try sealer.close(resealed(opener.open(sealed), opener, sealer))
  }

  private func resealed(
    _ item: CBOR, _ opener: Seal, _ sealer: Sealer
  ) throws(StoredFormError) -> CBOR {
    switch item {
    case .tagged(StoredValue.Tag.secret, .bytes(let sealed)):
      let inner = try resealed(opener.open(sealed), opener, sealer)
      return .tagged(StoredValue.Tag.secret, .bytes(try sealer.close(inner)))
    case .tagged(let tag, let inner):
      return .tagged(tag, try resealed(inner, opener, sealer))
    case .list(let items):
      return .list(
        try items.map { item throws(StoredFormError) in try resealed(item, opener, sealer) })
    case .map(let pairs):
      return .map(
        try pairs.map { pair throws(StoredFormError) in
          CBOR.Pair(
            key: try resealed(pair.key, opener, sealer),
            value: try resealed(pair.value, opener, sealer))
        })
    case .text(let text): return .text(renamedTexts[text] ?? text)
    case .unsigned, .negative, .bytes, .bool, .null, .double: return item
    }
  }
}
