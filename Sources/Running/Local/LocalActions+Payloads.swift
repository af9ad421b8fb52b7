import Events
import Expressions
import Files
import Machine
import Operations

/// Payloads, encrypted and decrypted: in memory, or from file to file a piece at a time.
extension LocalActions {
  func encrypt(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    if let dryRun, let awaited = try awaited(arguments) {
      return try foreseenEncryption(arguments, awaited, dryRun)
    }
    let key = try Self.dataKey(arguments["key"])
    if let target = try target(arguments) {
      return try encrypt(arguments, key: key, into: target)
    }
    let plaintext = try plaintext(arguments)
    let size = Value.int(Int64(plaintext.count))
    if let dryRun { return LocalResult(["data": .unknown(dryRun.unknown("data")), "size": size]) }
    let iv = try random(Envelope.ivCount)
    do throws(EnvelopeError) {
      let sealed = try Envelope.seal(plaintext, key: key, iv: iv)
      return LocalResult(["data": .string(Base64.encode(sealed)), "size": size])
    } catch {
      throw LocalFailure(error.message)
    }
  }

  private func encrypt(
    _ arguments: ValueMap, key: [UInt8], into target: String
  ) throws(LocalFailure) -> LocalResult {
    let (plain, path) = try plaintextFile(arguments)
    let change = try change(writing: target, .owned) { replaced throws(LocalFailure) in
      try isSame(plain, sealed: replaced, at: target, under: key)
    }
    let file = LocalFile(path: target, size: plain.size + Envelope.overhead)
    let foreseen = Self.result(file, size: plain.size, change)
    if dryRun != nil { return try planned(foreseen, at: target) }
    guard change.kind != .unchanged else { return foreseen }
    do throws(PayloadFailure) {
      // Comparing has read some of it.
      let again = try orPayloadFailure { () throws(LocalFailure) in try plaintextFile(arguments) }
      let source = try PayloadSource(
        again.file, path: path, sealing: try sealing(under: key))
      let received = try move(source, into: try sink(target, key: nil, .owned))
      return Self.result(
        received.file, size: source.count - Envelope.overhead, change, received.notice)
    } catch {
      throw error.localFailure
    }
  }

  /// Whether the file at `path` opens under `key` to what `plain` holds.
  private func isSame(
    _ plain: any ReadableFile, sealed file: ReplacedFile, at path: String, under key: [UInt8]
  ) throws(LocalFailure) -> Bool {
    guard file.size == plain.size + Envelope.overhead, let sealed = try? files.open(path)
    else { return false }
    guard let opener = try? EnvelopeOpener(key: key) else { return false }
    var comparison = ContentComparison(with: plain)
    while !comparison.hasDifference {
      try interruption.check()
      let piece = try sealed.read(PayloadSource.pieceCount)
      guard !piece.isEmpty else {
        guard (try? opener.finish()) != nil else { return false }
        return try comparison.isSame()
      }
      guard let bytes = try? opener.open(piece) else { return false }
      try comparison.add(bytes)
    }
    return false
  }

  func decrypt(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    if let awaited = try awaited(arguments) {
      return try foreseenDecryption(arguments, awaited)
    }
    let key = try Self.dataKey(arguments["key"])
    if let target = try target(arguments) {
      return try decrypt(arguments, key: key, into: target)
    }
    let sealed: [UInt8]
    if let file = arguments["file"] {
      sealed = try read(file)
    } else {
      sealed = try Self.sealedBytes(arguments["data"])
    }
    do throws(EnvelopeError) {
      return LocalResult(Self.fields(of: try Envelope.open(sealed, key: key), areSecret: true))
    } catch {
      throw LocalFailure(error.message, hint: "is it the key the data was encrypted with?")
    }
  }

  private func decrypt(
    _ arguments: ValueMap, key: [UInt8], into target: String
  ) throws(LocalFailure) -> LocalResult {
    let data = arguments["file"] == nil ? try Self.sealedBytes(arguments["data"]) : nil
    do throws(PayloadFailure) {
      let source =
        if let data {
          try PayloadSource(BytesFile(data), path: "data", sealing: nil)
        } else {
          try source(LocalFile.path(of: arguments["file"]) ?? "", key: nil)
        }
      let file = try orPayloadFailure { () throws(LocalFailure) in
        try comparedFile(at: target, .secret, size: source.count - Envelope.overhead)
      }
      let received = try move(source, into: try PayloadSink(file, path: target, opening: key))
      let result = Self.result(
        received.file, size: received.file.size, file.change, received.notice)
      return try orPayloadFailure { () throws(LocalFailure) in
        try planned(result, at: target)
      }
    } catch {
      throw error.localFailure
    }
  }

  /// A file that takes the place of what is at `path`, unless that holds the same `size` bytes.
  private func comparedFile(
    at path: String, _ protection: FileProtection, size: Int
  ) throws(LocalFailure) -> ComparedFile {
    let replaced = try files.replaced(path, protection)
    let mayBeSame = replaced?.size == size
    return ComparedFile(
      dryRun == nil ? try files.create(path, protection) : nil, at: path, replacing: replaced,
      with: mayBeSame ? try? files.open(path) : nil)
  }

  /// Moves all of `source`: afterwards the target is whole, or there is nothing.
  private func move(
    _ source: PayloadSource, into sink: PayloadSink
  ) throws(PayloadFailure) -> ReceivedFile {
    do throws(PayloadFailure) {
      while let piece = try source.next() {
        try orPayloadFailure { () throws(LocalFailure) in try interruption.check() }
        try sink.write(piece)
      }
      return try sink.finish()
    } catch {
      sink.discard()
      throw error
    }
  }

  private static func result(
    _ file: LocalFile, size: Int, _ change: StateChange?, _ notice: String? = nil
  ) -> LocalResult {
    LocalResult(
      ["file": file.value, "size": .int(Int64(size))], change: change, notice: notice)
  }
}

/// Arguments.
extension LocalActions {
  func target(_ arguments: ValueMap) throws(LocalFailure) -> String? {
    guard let value = arguments["to"], value.revealed != .null else { return nil }
    return try Self.path(value, named: "to")
  }

  /// What is to be encrypted, opened; the path is for messages.
  func plaintextFile(
    _ arguments: ValueMap
  ) throws(LocalFailure) -> (file: any ReadableFile, path: String) {
    guard let path = LocalFile.path(of: arguments["file"]) else {
      return (BytesFile(try Self.plaintext(arguments["data"])), "data")
    }
    return (try files.open(path), path)
  }

  private func plaintext(_ arguments: ValueMap) throws(LocalFailure) -> [UInt8] {
    if let file = arguments["file"] { return try read(file) }
    return try Self.plaintext(arguments["data"])
  }

  private static func plaintext(_ value: Value?) throws(LocalFailure) -> [UInt8] {
    guard let bytes = value?.payload else { throw LocalFailure("`data` must be a string or bytes") }
    return bytes
  }

  private static func sealedBytes(_ value: Value?) throws(LocalFailure) -> [UInt8] {
    let bytes: [UInt8]? =
      switch value?.revealed {
      case .bytes(let bytes): bytes
      case let value?: value.text.flatMap(Base64.decode)
      case nil: nil
      }
    guard let bytes else { throw LocalFailure("`data` is neither bytes nor base64") }
    return bytes
  }

  /// The 32 bytes of a data key in hex.
  static func dataKey(_ value: Value?) throws(LocalFailure) -> [UInt8] {
    guard let text = value?.revealed.text, let key = Hexadecimal.decode(text),
      key.count == Envelope.keyCount
    else {
      throw LocalFailure("`key` must be 64 hex characters", hint: "keys.generate makes one")
    }
    return key
  }
}

/// Runs `body` with its failures as those of a payload.
func orPayloadFailure<Result>(
  _ body: () throws(LocalFailure) -> Result
) throws(PayloadFailure) -> Result {
  do throws(LocalFailure) { return try body() } catch { throw .file(error) }
}
