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
    let places = try places(arguments)
    if arguments["renew"]?.unknown == nil {
      try places.refuseHalf(renewing: try renewal(arguments["renew"]))
    }
    var work = KeyWork()
    let privateKey = try key(at: places.privateKey, "privateKey", &work)
    let dataKey = try key(at: places.dataKey, "dataKey", &work)
    let id = try dataKeyID(of: dataKey)
    try places.refuseStranger(id)
    var fields = try fields(ofPrivateKey: privateKey, tag)
    fields["dataKey"] = dataKey
    fields["dataKeyId"] = id
    if dryRun == nil { try write(work.made, places, dataKeyID: id.text) }
    return LocalResult(
      fields, change: work.change, plannedFiles: try plannedFiles(work.made),
      notice: dryRun == nil ? work.notice : nil)
  }

  /// Loads keys from their files and makes none.
  func loadKeys(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    let tag = try tag(arguments)
    let places = try places(arguments)
    guard places != KeyPlaces(privateKey: .memory, dataKey: .memory) else {
      throw LocalFailure("`keys.load` needs `privateKeyFile`, `dataKeyFile` or both")
    }
    try places.refuseMissing()
    let id = try dataKeyID(of: places.dataKey.key)
    try places.refuseStranger(id)
    var fields = try fields(ofPrivateKey: places.privateKey.key, tag)
    fields["dataKey"] = places.dataKey.key
    fields["dataKeyId"] = id
    return LocalResult(fields)
  }

  /// The key at `place`, a secret; a new one where there is none.
  private func key(
    at place: KeyPlace, _ field: String, _ work: inout KeyWork
  ) throws(LocalFailure) -> Value {
    switch place {
    case .file, .planned:
      work.loads = true
      return place.key
    case .unknown(let unknown):
      work.unknown = work.unknown?.union(unknown) ?? unknown
      return place.key
    case .memory: return try newKey(field)
    case .missing(let path):
      let key = try newKey(field)
      work.made.append(NewKey(path: path, field: field, key: key))
      return key
    }
  }

  /// A new key of 32 random bytes; unknown in a dry run.
  private func newKey(_ field: String) throws(LocalFailure) -> Value {
    if let dryRun { return .unknown(dryRun.unknown(field)) }
    return .secret(text: Hexadecimal.encode(try random(32)))
  }

  /// Writes the new keys, the data key first; none when one of the files cannot be written.
  ///
  /// So an interruption between them leaves a data key that nothing was encrypted with yet, and never a
  /// private key whose data key is missing.
  private func write(
    _ keys: [NewKey], _ places: KeyPlaces, dataKeyID: String?
  ) throws(LocalFailure) {
    if case .missing = places.dataKey, case .file(let path, var file) = places.privateKey {
      // The data key is renewed: when this is interrupted, it is missing as before.
      file.dataKeyID = dataKeyID
      _ = try files.write(path, file.bytes, .secret)
    }
    var drafts: [any WritableFile] = []
    do throws(LocalFailure) {
      for key in keys.reversed() {
        let draft = try files.create(key.path, .newSecret)
        drafts.append(draft)
        let belongs = key.field == "privateKey" && places.dataKey != .memory
        let file = TenantKeyFile(key: key.key.text ?? "", dataKeyID: belongs ? dataKeyID : nil)
        try draft.write(file.bytes)
      }
      for draft in drafts { _ = try draft.commit() }
    } catch {
      for draft in drafts { draft.discard() }
      throw error
    }
  }

  private func plannedFiles(_ keys: [NewKey]) throws(LocalFailure) -> PlannedFiles {
    var planned = PlannedFiles()
    guard let dryRun else { return planned }
    for key in keys {
      planned.add(try files.absolute(key.path), from: dryRun.unknown(key.field))
    }
    return planned
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
}

/// Arguments.
extension LocalActions {
  /// The id of a data key, which may be null or, in a dry run, unknown.
  private func dataKeyID(of key: Value) throws(LocalFailure) -> Value {
    guard case .secret(let secret) = key else {
      let isNew = key.unknown == dryRun?.unknown("dataKey")
      let unknown = isNew ? dryRun?.unknown("dataKeyId") : key.unknown
      return unknown.map(Value.unknown) ?? .null
    }
    let bytes = secret.reveal().text.flatMap { Hexadecimal.decode($0) } ?? []
    do throws(KeyError) {
      return .string(try DataKeyID(of: bytes).text)
    } catch {
      throw LocalFailure(error.message, hint: error.hint)
    }
  }

  private func places(_ arguments: ValueMap) throws(LocalFailure) -> KeyPlaces {
    KeyPlaces(
      privateKey: try place(of: arguments["privateKeyFile"], "privateKeyFile"),
      dataKey: try place(of: arguments["dataKeyFile"], "dataKeyFile"))
  }

  private func place(of value: Value?, _ name: String) throws(LocalFailure) -> KeyPlace {
    guard let value, value.revealed != .null else { return .memory }
    if dryRun != nil, let unknown = value.unknown { return .unknown(unknown) }
    let path = try Self.path(value, named: name)
    if let unknown = try planned(path) { return .planned(path, unknown) }
    guard try files.exists(path) else { return .missing(path) }
    guard let file = TenantKeyFile(try files.readKey(path)) else {
      throw LocalFailure(
        "`\(path)` holds no key of 64 hex characters",
        hint: "give another file; a key file is never overwritten")
    }
    return .file(path, file)
  }

  /// The version tag that a public key begins with (protocol.md §5); nil where it is not known yet.
  private func tag(_ arguments: ValueMap) throws(LocalFailure) -> SignedPublicKey.Tag? {
    if dryRun != nil, arguments["tag"]?.unknown != nil { return nil }
    guard let text = arguments["tag"]?.text else { return .current }
    guard let tag = SignedPublicKey.Tag(hex: text) else {
      throw LocalFailure(
        "`tag` is `\(text)`, which is not 8 hex characters",
        hint: "give the version tag that the service expects, such as 31420500 or 31400500")
    }
    return tag
  }

  private func renewal(_ value: Value?) throws(LocalFailure) -> LocalAction.Renewal? {
    guard let value, value.revealed != .null else { return nil }
    guard let renewal = value.text.flatMap(LocalAction.Renewal.init(rawValue:)) else {
      throw LocalFailure("`renew` must be `privateKey` or `dataKey`")
    }
    return renewal
  }
}

/// A key that is in no file yet.
private struct NewKey {
  let path: String
  /// The field of the result that holds it.
  let field: String
  let key: Value
}

/// What was done to key files, or would be.
private struct KeyWork {
  var loads = false
  var made: [NewKey] = []
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

  private var names: String { made.map { "`\($0.path)`" }.joined(separator: " and ") }
}
