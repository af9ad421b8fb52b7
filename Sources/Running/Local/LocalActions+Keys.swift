import Events
import Expressions
import Files
import Machine
import Operations

/// Keys: made once, and loaded from then on.
extension LocalActions {
  /// Loads the keys whose files exist, and makes the others.
  func generateKeys(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    var paths = KeyPaths()
    let tag = try Self.tag(arguments["tag"]?.text)
    let privateKey = try key(in: arguments["privateKeyFile"], &paths)
    let dataKey = try key(in: arguments["dataKeyFile"], &paths)
    var fields = try Self.fields(ofPrivateKey: privateKey, tag)
    fields["dataKey"] = .secret(text: dataKey)
    return LocalResult(fields, change: paths.change, notice: paths.notice)
  }

  /// Loads keys from their files and makes none.
  func loadKeys(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    let privateKeyFile = try Self.keyFile(arguments["privateKeyFile"], "privateKeyFile")
    let dataKeyFile = try Self.keyFile(arguments["dataKeyFile"], "dataKeyFile")
    let paths = [privateKeyFile, dataKeyFile].compactMap(\.self)
    guard !paths.isEmpty else {
      throw LocalFailure("`keys.load` needs `privateKeyFile`, `dataKeyFile` or both")
    }
    try refuseMissing(paths)
    let tag = try Self.tag(arguments["tag"]?.text)
    var fields: ValueMap = ["publicKey": .null, "privateKey": .null]
    if let privateKeyFile {
      fields = try Self.fields(ofPrivateKey: existingKey(in: privateKeyFile), tag)
    }
    fields["dataKey"] =
      try dataKeyFile.map { path throws(LocalFailure) in
        .secret(text: try existingKey(in: path))
      } ?? .null
    return LocalResult(fields)
  }

  private func refuseMissing(_ paths: [String]) throws(LocalFailure) {
    var missing: [String] = []
    for path in paths where try !files.exists(path) { missing.append("`\(path)`") }
    guard !missing.isEmpty else { return }
    throw LocalFailure(
      missing.count == 1
        ? "the key file \(missing[0]) does not exist"
        : "the key files \(missing.joined(separator: " and ")) do not exist",
      hint: "restore it from a backup, or give the folder that the keys are in (`keyFolder` in the "
        + "shipped workflows); for a new tenant, run onboarding first: it makes the keys")
  }

  /// The version tag that a public key begins with (protocol.md §5).
  private static func tag(_ text: String?) throws(LocalFailure) -> SignedPublicKey.Tag {
    guard let text else { return .current }
    guard let tag = SignedPublicKey.Tag(hex: text) else {
      throw LocalFailure(
        "`tag` is `\(text)`, which is not 8 hex characters",
        hint: "give the version tag that the service expects, such as 31420500 or 31400500")
    }
    return tag
  }

  private static func fields(
    ofPrivateKey key: String, _ tag: SignedPublicKey.Tag
  ) throws(LocalFailure) -> ValueMap {
    do {
      let signed = try KeyPair(privateKey: Secret(key)).signed(tag: tag)
      return ["publicKey": .string(signed.hex), "privateKey": .secret(text: key)]
    } catch {
      throw LocalFailure("the private key is not usable: \(error.message)", hint: error.hint)
    }
  }

  /// The key kept in a file, or a new one, which is then kept there; 64 hex characters.
  private func key(in value: Value?, _ paths: inout KeyPaths) throws(LocalFailure) -> String {
    guard let path = try Self.keyFile(value, "the key file") else {
      return Hexadecimal.encode(try random(32))
    }
    if try files.exists(path) {
      paths.loaded.append(path)
      return try existingKey(in: path)
    }
    let key = Hexadecimal.encode(try random(32))
    _ = try files.write(path, Array("\(key)\n".utf8), .newSecret)
    paths.made.append(path)
    return key
  }

  private static func keyFile(_ value: Value?, _ name: String) throws(LocalFailure) -> String? {
    guard let value, value.revealed != .null else { return nil }
    return try path(value, named: name)
  }

  private func existingKey(in path: String) throws(LocalFailure) -> String {
    let text = String(decoding: try files.readKey(path), as: UTF8.self)
    let key = String(text.prefix { !$0.isWhitespace })
    guard let bytes = Hexadecimal.decode(key), bytes.count == 32 else {
      throw LocalFailure(
        "`\(path)` holds no key of 64 hex characters",
        hint: "give another file; a key file is never overwritten")
    }
    return key
  }
}

/// Where keys were loaded from, and where new ones were written.
private struct KeyPaths {
  var loaded: [String] = []
  var made: [String] = []

  /// What was done to the files; nil where there are none.
  var change: StateChange? {
    if made.isEmpty { return loaded.isEmpty ? nil : StateChange(.unchanged, isLocal: true) }
    let reason = made.count == 1 ? "\(names) does not exist" : "\(names) do not exist"
    return StateChange(.create, reason: reason, isLocal: true)
  }

  /// What a person should know when key files were made; nil when none was.
  var notice: String? {
    guard !made.isEmpty else { return nil }
    return made.count == 1
      ? "a new key was written to \(names): keep this file and back it up, because data encrypted "
        + "with a lost key cannot be recovered"
      : "new keys were written to \(names): keep these files and back them up, because data "
        + "encrypted with a lost key cannot be recovered"
  }

  private var names: String { made.map { "`\($0)`" }.joined(separator: " and ") }
}
