import Expressions
import Files
import Machine
import Operations

/// Payloads, encrypted and decrypted: in memory, or from file to file a piece at a time.
extension LocalActions {
  func encrypt(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
    let key = try Self.dataKey(arguments["key"])
    if let target = try target(arguments) {
      return try encrypt(arguments, key: key, into: target)
    }
    let plaintext: [UInt8]
    if let file = arguments["file"] {
      plaintext = try read(file)
    } else {
      plaintext = try Self.plaintext(arguments["data"])
    }
    let iv = try random(Envelope.ivCount)
    do throws(EnvelopeError) {
      let sealed = try Envelope.seal(plaintext, key: key, iv: iv)
      return LocalResult(
        ["data": .string(Base64.encode(sealed)), "size": .int(Int64(plaintext.count))])
    } catch {
      throw LocalFailure(error.message)
    }
  }

  private func encrypt(
    _ arguments: ValueMap, key: [UInt8], into target: String
  ) throws(LocalFailure) -> LocalResult {
    do throws(PayloadFailure) {
      let source: PayloadSource
      if let path = LocalFile.path(of: arguments["file"]) {
        source = try self.source(path, key: key)
      } else {
        let data = BytesFile(arguments["data"]?.payload ?? [])
        source = try PayloadSource(data, path: "data", sealing: try sealing(under: key))
      }
      let sink = try sink(target, key: nil, .owned)
      let received = try move(source, into: sink)
      return Self.result(received, size: source.count - Envelope.overhead)
    } catch {
      throw error.localFailure
    }
  }

  func decrypt(_ arguments: ValueMap) throws(LocalFailure) -> LocalResult {
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
      let sink = try sink(target, key: key, .secret)
      let received = try move(source, into: sink)
      return Self.result(received, size: received.file.size)
    } catch {
      throw error.localFailure
    }
  }

  /// Moves all of `source`: afterwards the target is whole, or there is nothing.
  private func move(
    _ source: PayloadSource, into sink: PayloadSink
  ) throws(PayloadFailure) -> ReceivedFile {
    do throws(PayloadFailure) {
      while let piece = try source.next() {
        try checkInterruption()
        try sink.write(piece)
      }
      return try sink.finish()
    } catch {
      sink.discard()
      throw error
    }
  }

  private func checkInterruption() throws(PayloadFailure) {
    do throws(LocalFailure) { try interruption.check() } catch { throw .file(error) }
  }

  private static func result(_ received: ReceivedFile, size: Int) -> LocalResult {
    LocalResult(
      ["file": received.file.value, "size": .int(Int64(size))], notice: received.notice)
  }

  private func target(_ arguments: ValueMap) throws(LocalFailure) -> String? {
    guard let value = arguments["to"], value.revealed != .null else { return nil }
    return try Self.path(value, named: "to")
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
