import Operations

/// What a key file holds: 64 hex characters, and perhaps lines of notes that begin with `#`.
///
/// That of a private key has a note with the id of the data key that belongs with it.
struct TenantKeyFile: Hashable {
  private static let note = "# data-key-id "

  private var lines: [String]
  /// 64 hex characters.
  let key: String

  /// Nil when `bytes` do not begin with a key of 32 bytes.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    key = String(text.prefix { !$0.isWhitespace })
    guard Hexadecimal.decode(key)?.count == 32 else { return nil }
    lines = text.split(whereSeparator: \.isNewline).map(String.init)
  }

  /// The file of a new key.
  init(key: String, dataKeyID: String? = nil) {
    self.key = key
    lines = [key]
    self.dataKeyID = dataKeyID
  }

  /// The id of the data key that belongs with the private key; nil where the file has no note of it.
  var dataKeyID: String? {
    get {
      lines.first { $0.hasPrefix(Self.note) }.map {
        String($0.dropFirst(Self.note.count).prefix { !$0.isWhitespace })
      }
    }
    set {
      lines.removeAll { $0.hasPrefix(Self.note) }
      if let newValue { lines.append(Self.note + newValue) }
    }
  }

  /// The content of the file.
  var bytes: [UInt8] { lines.flatMap { Array("\($0)\n".utf8) } }
}
