import Expressions
import Files
import Machine
package import Operations

/// The files that one exchange moves, opened, and how long it may wait.
package struct PayloadTransfer: Sendable {
  /// What goes out as the request's body.
  package var source: PayloadSource?
  /// What the body of a successful answer goes into.
  package var sink: PayloadSink?
  /// How long the request may still wait for a connection, after which it does not leave; nil for any time.
  package var leavesWithin: Duration?

  /// A transfer of these files; without either it moves bytes in memory only.
  package init(source: PayloadSource? = nil, sink: PayloadSink? = nil) {
    self.source = source
    self.sink = sink
  }

  /// The same for a request that may wait no longer than `limit` before it leaves.
  package func leaving(within limit: Duration?) -> PayloadTransfer {
    var transfer = self
    transfer.leavesWithin = limit
    return transfer
  }

  /// Ends the transfer wherever it stands, and leaves nothing of what came.
  package func abandon() {
    source?.abandon()
    sink?.discard()
  }
}

extension LocalActions {
  /// Opens the files that `request` names, for one attempt: what goes out encrypted does so under an
  /// IV of its own each time.
  package func transfer(for request: APIRequest) throws(PayloadFailure) -> PayloadTransfer {
    var transfer = PayloadTransfer()
    if case .file(let upload) = request.content {
      transfer.source = try source(upload.path, key: try bytes(of: upload.key))
    }
    if let download = request.download {
      transfer.sink = try sink(download.path, key: try bytes(of: download.key), .secret)
    }
    return transfer
  }

  /// A file on its way out, encrypted when there is a key.
  func source(_ path: String, key: [UInt8]?) throws(PayloadFailure) -> PayloadSource {
    let file = try orPayloadFailure { () throws(LocalFailure) in try files.open(path) }
    return try PayloadSource(file, path: path, sealing: try sealing(under: key))
  }

  /// A key with a fresh IV for it; nil without a key.
  func sealing(
    under key: [UInt8]?
  ) throws(PayloadFailure) -> (key: [UInt8], iv: [UInt8])? {
    guard let key else { return nil }
    return try orPayloadFailure { () throws(LocalFailure) in (key, try random(Envelope.ivCount)) }
  }

  /// A file on its way in, decrypted when there is a key.
  func sink(
    _ path: String, key: [UInt8]?, _ protection: FileProtection
  ) throws(PayloadFailure) -> PayloadSink {
    let file = try orPayloadFailure { () throws(LocalFailure) in
      try files.create(path, protection)
    }
    return try PayloadSink(file, path: path, opening: key)
  }

  private func bytes(of key: Secret?) throws(PayloadFailure) -> [UInt8]? {
    guard let key else { return nil }
    return try orPayloadFailure { () throws(LocalFailure) in try Self.dataKey(key.reveal()) }
  }
}

extension PayloadTransfer {
  /// All that goes out, in one piece, for networks in memory.
  package func wholeBody() throws(PayloadFailure) -> [UInt8] {
    var body: [UInt8] = []
    while let piece = try source?.next() { body += piece }
    return body
  }

  /// The answer as a run sees it: a successful body is put into its file.
  package func received(_ response: APIResponse) throws(PayloadFailure) -> APIResponse {
    guard let sink else { return response }
    guard (200..<300).contains(response.status) else {
      sink.discard()
      return response
    }
    do throws(PayloadFailure) {
      try sink.write(response.body)
      return try concluded(response)
    } catch {
      sink.discard()
      throw error
    }
  }

  /// The answer with the file that its body went into already.
  package func concluded(_ response: APIResponse) throws(PayloadFailure) -> APIResponse {
    guard let sink else { return response }
    guard (200..<300).contains(response.status) else {
      sink.discard()
      return response
    }
    do throws(PayloadFailure) {
      var response = response
      response.content = .file(try sink.finish())
      return response
    } catch {
      sink.discard()
      throw error
    }
  }
}
