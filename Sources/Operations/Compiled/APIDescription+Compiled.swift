import OrderedCollections

extension APIDescription {
  /// The compiled form of this description, which was read from `document`.
  package func compiled(from document: [UInt8]) -> [UInt8] {
    var form = CompiledWriter()
    form.write(Self.checksum(of: document))
    form.write(digest)
    roles.write(to: &form)
    let names = SensitiveNames(commonTo: operations.values.map(\.sensitiveNames))
    names.write(to: &form)
    form.write(operations.count)
    for operation in operations.values { operation.write(to: &form, besides: names) }
    Array(socketEntries.values).write(to: &form)
    generalRefusals.write(to: &form)
    return form.bytes
  }

  /// The description that `compiled` is a form of; nil unless it was made from `document`.
  package init?(compiled: [UInt8], from document: [UInt8]) {
    var form = CompiledReader(compiled)
    do throws(UnreadableForm) {
      guard try form.text() == Self.checksum(of: document) else { return nil }
      try self.init(from: &form)
    } catch {
      return nil
    }
    guard form.isAtEnd else { return nil }
  }

  private init(from form: inout CompiledReader) throws(UnreadableForm) {
    let digest = try form.text()
    let roles = try Roles(from: &form)
    let names = try SensitiveNames(from: &form)
    var operations: OrderedDictionary<String, Operation> = [:]
    for _ in 0..<(try form.number()) {
      let operation = try Operation(from: &form, besides: names)
      operations[operation.id] = operation
    }
    var entries: OrderedDictionary<String, SocketEntry> = [:]
    for entry in try [SocketEntry](from: &form) { entries[entry.id] = entry }
    self.init(
      operations: operations, roles: roles, socketEntries: entries,
      generalRefusals: try [String](from: &form), digest: digest)
  }

  /// FNV-1a (64 bits) over words of 8 bytes, folded; a digest takes longer than all
  /// the rest, and nobody forges what is built into the program.
  private static func checksum(of document: [UInt8]) -> String {
    var sum: UInt64 = 0xcbf2_9ce4_8422_2325
    document.withUnsafeBytes { bytes in
      let words = bytes.count / 8
      for index in 0..<words {
        let word = bytes.loadUnaligned(fromByteOffset: index * 8, as: UInt64.self)
        sum = (sum ^ word.littleEndian) &* 0x100_0000_01b3
        // A product carries no bit down: without this a word's last byte would change little of the sum.
        sum ^= sum >> 32
      }
      for byte in bytes[(words * 8)...] { sum = (sum ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    return String(sum ^ UInt64(document.count), radix: 16)
  }
}

extension APIDescription.Roles: CompiledForm {
  func write(to form: inout CompiledWriter) {
    for text in [authenticate, commandStatus, download] { form.write(text) }
    for text in [reauthorize, revoke, refresh] { text.write(to: &form) }
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      authenticate: try form.text(), commandStatus: try form.text(), download: try form.text(),
      reauthorize: try String?(from: &form), revoke: try String?(from: &form),
      refresh: try String?(from: &form))
  }
}

extension SocketEntry.Kind: CompiledForm {}

extension SocketEntry: CompiledForm {
  func write(to form: inout CompiledWriter) {
    for text in [id, title, summary] { form.write(text) }
    kind.write(to: &form)
    url.write(to: &form)
    fields.write(to: &form)
    answer.write(to: &form)
    errors.write(to: &form)
    seenBy.write(to: &form)
    notes.write(to: &form)
    confidence.write(to: &form)
    sources.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      id: try form.text(), title: try form.text(), summary: try form.text(),
      kind: try Kind(from: &form), url: try String?(from: &form), fields: try .init(from: &form),
      answer: try .init(from: &form), errors: try [StatusMeaning](from: &form),
      seenBy: try form.text(), notes: try [String](from: &form), confidence: try form.text(),
      sources: try [String](from: &form))
  }
}
