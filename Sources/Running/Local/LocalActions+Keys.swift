import Events
import Expressions
import Files
import Machine
import Operations

/// Keys: made once, and loaded from then on.
extension LocalActions {
  /// Loads the keys whose files exist, and makes the others.
  func generateKeys(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    let tag = try tag(arguments)
    let places = (
      try place(of: arguments["privateKeyFile"], "privateKeyFile"),
      try place(of: arguments["dataKeyFile"], "dataKeyFile")
    )
    var work = KeyWork()
    let privateKey = try key(at: places.0, "privateKey", &work)
    let dataKey = try key(at: places.1, "dataKey", &work)
    var fields = try fields(ofPrivateKey: privateKey, tag)
    fields["dataKey"] = dataKey
    return LocalResult(
      fields, change: work.change, plannedFiles: work.plannedFiles,
      notice: dryRun == nil ? work.notice : nil)
  }

  /// Loads keys from their files and makes none.
  func loadKeys(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    let tag = try tag(arguments)
    let places = (
      try place(of: arguments["privateKeyFile"], "privateKeyFile"),
      try place(of: arguments["dataKeyFile"], "dataKeyFile")
    )
    guard places != (.memory, .memory) else {
      throw LocalFailure("`keys.load` needs `privateKeyFile`, `dataKeyFile` or both")
    }
    try Self.refuseMissing([places.0, places.1])
    var fields = try fields(ofPrivateKey: try loadedKey(at: places.0), tag)
    fields["dataKey"] = try loadedKey(at: places.1)
    return LocalResult(fields)
  }

  private static func refuseMissing(_ places: [KeyPlace]) throws(LocalFailure) {
    let missing = places.compactMap { place in
      if case .missing(let path) = place { "`\(path)`" } else { nil }
    }
    guard !missing.isEmpty else { return }
    throw LocalFailure(
      missing.count == 1
        ? "the key file \(missing[0]) does not exist"
        : "the key files \(missing.joined(separator: " and ")) do not exist",
      hint: "restore it from a backup, or give the folder that the keys are in (`keyFolder` in the "
        + "shipped workflows); for a new tenant, run onboarding first: it makes the keys")
  }

  /// The version tag that a public key begins with (protocol.md §5); nil where it is not known yet.
  private func tag(_ arguments: ValueMap) throws(LocalFailure) -> SignedPublicKey.Tag? {
    if dryRun != nil, arguments["tag"]?.unknown != nil { return nil }
    return try Self.tag(arguments["tag"]?.text)
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

  /// The private key and what follows from it; null is no key.
  private func fields(
    ofPrivateKey key: Value, _ tag: SignedPublicKey.Tag?
  ) throws(LocalFailure) -> ValueMap {
    guard case .secret(let secret) = key, let tag else {
      let isNew = key.unknown == dryRun?.unknown("privateKey")
      let publicKey = tag == nil || isNew ? dryRun?.unknown("publicKey") : key.unknown
      return ["publicKey": publicKey.map(Value.unknown) ?? .null, "privateKey": key]
    }
    do {
      let signed = try KeyPair(privateKey: secret).signed(tag: tag)
      return ["publicKey": .string(signed.hex), "privateKey": key]
    } catch {
      throw LocalFailure("the private key is not usable: \(error.message)", hint: error.hint)
    }
  }

  private func place(of value: Value?, _ name: String) throws(LocalFailure) -> KeyPlace {
    guard let value, value.revealed != .null else { return .memory }
    if dryRun != nil, let unknown = value.unknown { return .unknown(unknown) }
    let path = try Self.path(value, named: name)
    if let unknown = try planned(path) { return .planned(unknown) }
    return try files.exists(path) ? .file(path) : .missing(path)
  }

  /// The key at `place`, a secret; a new one where there is none, which is then kept there.
  private func key(
    at place: KeyPlace, _ field: String, _ work: inout KeyWork
  ) throws(LocalFailure) -> Value {
    switch place {
    case .file, .planned: work.loads = true
    case .unknown(let unknown): work.unknown = work.unknown?.union(unknown) ?? unknown
    case .memory:
      if let dryRun { return .unknown(dryRun.unknown(field)) }
      return .secret(text: Hexadecimal.encode(try random(32)))
    case .missing(let path):
      work.made.append(path)
      if let dryRun {
        work.plannedFiles.add(try files.absolute(path), from: dryRun.unknown(field))
        return .unknown(dryRun.unknown(field))
      }
      let key = Hexadecimal.encode(try random(32))
      _ = try files.write(path, Array("\(key)\n".utf8), .newSecret)
      return .secret(text: key)
    }
    return try loadedKey(at: place)
  }

  /// The key in the file at `place`, a secret; null where there is none.
  private func loadedKey(at place: KeyPlace) throws(LocalFailure) -> Value {
    switch place {
    case .memory, .missing: return .null
    case .planned(let unknown), .unknown(let unknown): return .unknown(unknown)
    case .file(let path):
      let text = String(decoding: try files.readKey(path), as: UTF8.self)
      let key = String(text.prefix { !$0.isWhitespace })
      guard let bytes = Hexadecimal.decode(key), bytes.count == 32 else {
        throw LocalFailure(
          "`\(path)` holds no key of 64 hex characters",
          hint: "give another file; a key file is never overwritten")
      }
      return .secret(text: key)
    }
  }
}

/// Where a key is.
private enum KeyPlace: Hashable {
  /// In no file: it is another one each time.
  case memory
  /// In a file.
  case file(String)
  /// In a file that is not there.
  case missing(String)
  /// In a file that an earlier step of the plan would write.
  case planned(Unknown)
  /// In a file whose path is not known yet.
  case unknown(Unknown)
}

/// What was done to key files, or would be.
private struct KeyWork {
  var loads = false
  var made: [String] = []
  var plannedFiles = PlannedFiles()
  var unknown: Unknown?

  /// Nil where there are no files.
  var change: StateChange? {
    if !made.isEmpty {
      let reason = made.count == 1 ? "\(names) does not exist" : "\(names) do not exist"
      return StateChange(.create, reason: reason, isLocal: true)
    }
    if let unknown { return StateChange(waitingFor: unknown) }
    return loads ? StateChange(.unchanged, isLocal: true) : nil
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
