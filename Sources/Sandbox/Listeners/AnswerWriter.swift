import NIOCore
import NIOHTTP1
import NIOPosix
import Operations

/// What a listener sends back: an answer, its body perhaps from a blob.
struct FaceAnswer {
  var response: APIResponse
  /// Sent in place of the answer's own body.
  var blob: (blob: Blob, count: Int)?
}

/// Writes answers in HTTP/1.1, blobs a piece at a time.
///
/// An answer ends only when the system has taken all of it: until then no other request of the
/// connection is answered, so a client that does not read holds one answer in memory at most.
struct AnswerWriter {
  /// Bytes of a piece; one is in memory while it is sent, and one is read.
  private static let pieceCount = 256 << 10

  let channel: any Channel
  let staysOpen: Bool
  let method: HTTPMethod

  func write(_ answer: FaceAnswer) {
    let response = answer.response
    var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
    headers.add(name: "Content-Length", value: String(answer.blob?.count ?? response.body.count))
    if !staysOpen { headers.add(name: "Connection", value: "close") }
    write(
      .head(
        HTTPResponseHead(
          version: .http1_1, status: HTTPResponseStatus(statusCode: response.status),
          headers: headers)))
    if method != .HEAD, let (blob, count) = answer.blob {
      channel.flush()
      return write(blob, from: 0, count: count)
    }
    let bytes = method == .HEAD ? [] : response.body
    let body = HTTPServerResponsePart.body(.byteBuffer(channel.allocator.buffer(bytes: bytes)))
    channel.writeAndFlush(body).whenComplete { _ in end() }
  }

  private func write(_ part: HTTPServerResponsePart) {
    channel.write(part, promise: nil)
  }

  private func end() {
    channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in
      if !staysOpen { channel.close(promise: nil) }
    }
  }

  /// Sends the rest of a blob, each piece when the one before is gone.
  private func write(_ blob: Blob, from offset: Int, count: Int) {
    guard offset < count else { return end() }
    let wanted = min(Self.pieceCount, count - offset)
    NIOThreadPool.singleton.runIfActive(eventLoop: channel.eventLoop) {
      try blob.read(at: offset, count: wanted)
    }.flatMap { piece -> EventLoopFuture<Int> in
      guard piece.readableBytes > 0 else {
        return channel.eventLoop.makeFailedFuture(BlobError.cut)
      }
      let end = offset + piece.readableBytes
      return channel.writeAndFlush(HTTPServerResponsePart.body(.byteBuffer(piece))).map { end }
    }.whenComplete { result in
      switch result {
      case .success(let end): write(blob, from: end, count: count)
      // The client is gone, or the file is: only the end of the connection can show it.
      case .failure: channel.close(promise: nil)
      }
    }
  }
}
