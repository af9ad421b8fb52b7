package import Expressions
package import Operations

/// Performs the actions that happen on this machine (design §4).
package struct LocalActions: Sendable {
  /// The largest file or text that is handled whole, in bytes.
  package static let sizeLimit = 64 << 20

  let files: LocalFiles
  let randomBytes: @Sendable (Int) -> [UInt8]

  /// `randomBytes` makes keys and IVs: in a live run it must be a cryptographic source.
  package init(files: LocalFiles, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
    self.files = files
    self.randomBytes = randomBytes
  }

  /// Does what `action` says; the result has the fields of `LocalAction.answer`.
  package func perform(
    _ action: LocalAction, _ arguments: ValueMap
  ) throws(LocalFailure) -> ValueMap {
    switch action {
    case .generateKeys: try generateKeys(arguments)
    case .encryptData: try encrypt(arguments)
    case .decryptData: try decrypt(arguments)
    case .readFile: try readFile(arguments)
    case .writeFile: try writeFile(arguments)
    case .digestFile: try digest(arguments)
    }
  }
}

/// Keys.
extension LocalActions {
  private func generateKeys(_ arguments: ValueMap) throws(LocalFailure) -> ValueMap {
    let privateKey = try key(in: arguments["privateKeyFile"]?.text)
    let dataKey = try key(in: arguments["dataKeyFile"]?.text)
    do {
      let signed = try KeyPair(privateKey: Secret(privateKey)).signed()
      return [
        "publicKey": .string(signed.hex),
        "privateKey": .secret(text: privateKey),
        "dataKey": .secret(text: dataKey),
      ]
    } catch {
      throw LocalFailure("the private key is not usable: \(error.message)")
    }
  }

  /// The key kept in a file, or a new one, which is then kept there; 64 hex characters.
  private func key(in path: String?) throws(LocalFailure) -> String {
    guard let path else { return Hexadecimal.encode(randomBytes(32)) }
    if files.exists(path) { return try existingKey(in: path) }
    let key = Hexadecimal.encode(randomBytes(32))
    try files.write(path, Array("\(key)\n".utf8), .newPrivate)
    return key
  }

  private func existingKey(in path: String) throws(LocalFailure) -> String {
    let text = String(decoding: try files.read(path, 1024), as: UTF8.self)
    let key = String(text.prefix { !$0.isWhitespace })
    guard let bytes = Hexadecimal.decode(key), bytes.count == 32 else {
      throw LocalFailure(
        "`\(path)` holds no key of 64 hex characters",
        hint: "name another file; a key file is never overwritten")
    }
    return key
  }
}

/// Files.
extension LocalActions {
  private func readFile(_ arguments: ValueMap) throws(LocalFailure) -> ValueMap {
    guard let file = arguments["file"] else { throw LocalFailure("`file` is missing") }
    return Self.fields(of: try read(file))
  }

  private func writeFile(_ arguments: ValueMap) throws(LocalFailure) -> ValueMap {
    guard let path = arguments["path"]?.text, let data = arguments["data"],
      let bytes = data.payload
    else {
      throw LocalFailure("`data` must be a string or bytes, and `path` a string")
    }
    try files.write(path, bytes, data.holdsSecret ? .secret : .shared)
    return ["path": .string(path), "size": .int(Int64(bytes.count))]
  }

  private func digest(_ arguments: ValueMap) throws(LocalFailure) -> ValueMap {
    let path = try Self.path(arguments["file"], named: "file")
    let file = try files.open(path)
    var digest = SHA256Digest()
    var size = 0
    while true {
      let piece = try file.read(PayloadSource.pieceCount)
      guard !piece.isEmpty else { break }
      digest.update(piece)
      size += piece.count
    }
    return ["sha256": .string(digest.hex), "size": .int(Int64(size))]
  }

  /// The bytes of an input of type file, or of the file at a path.
  func read(_ file: Value) throws(LocalFailure) -> [UInt8] {
    try files.read(try Self.path(file, named: "file"), Self.sizeLimit)
  }

  /// The path in a field that is an input of type file or a path.
  static func path(_ value: Value?, named name: String) throws(LocalFailure) -> String {
    guard let path = LocalFile.path(of: value), !path.isEmpty else {
      throw LocalFailure("`\(name)` must be an input of type file, or a path")
    }
    return path
  }

  static func fields(of bytes: [UInt8], areSecret: Bool = false) -> ValueMap {
    let data = Value.bytes(bytes)
    let text = String(validating: bytes, as: UTF8.self).map { Value.string($0) } ?? .null
    return [
      "data": areSecret ? data.hidden : data,
      "text": areSecret ? text.hidden : text,
      "size": .int(Int64(bytes.count)),
    ]
  }
}

extension Value {
  /// The bytes of a text or of bytes, secret or not.
  var payload: [UInt8]? {
    switch revealed {
    case .bytes(let bytes): bytes
    case .string(let text): Array(text.utf8)
    case .null, .bool, .int, .uint, .double, .list, .map, .timestamp, .duration, .type, .secret:
      nil
    }
  }
}
