import NIOCore
import NIOHTTP1
import NIOPosix
import Operations

/// What a listener sends back: an answer, its body perhaps from a blob.
struct FaceAnswer {
  var response: APIResponse
  /// Sent in place of the answer's own body.
  var blob: (blob: Blob, count: Int)?
  /// How much of it arrives.
  var fate = AnswerFate.whole

  /// Bytes of the body.
  var byteCount: Int { blob?.count ?? response.body.count }
}

/// Writes answers in HTTP/1.1, blobs a piece at a time.
///
/// An answer ends only when the system has taken all of it: until then no other request of the
/// connection is answered, so a client that does not read holds one answer in memory at most.
struct AnswerWriter {
  /// What follows the last byte of a body.
  private enum Ending {
    /// The end of the answer.
    case complete
    /// The end of the connection.
    case cut
  }

  /// Bytes of a piece; one is in memory while it is sent, and one is read.
  private static let pieceCount = 256 << 10

  let channel: any Channel
  let staysOpen: Bool
  let method: HTTPMethod

  func write(_ answer: FaceAnswer) {
    switch answer.fate {
    case .whole: writeAll(of: answer)
    case .late(let delay):
      channel.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(delay.wholeNanoseconds)) {
        writeAll(of: answer)
      }
    case .half: writeHalf(of: answer)
    case .reset: channel.reset()
    }
  }

  private func writeAll(of answer: FaceAnswer) {
    writeHead(of: answer)
    if method == .HEAD {
      end()
    } else {
      writeBody(of: answer, count: answer.byteCount, .complete)
    }
  }

  /// Ends the connection after half of the body; an answer without a body does not begin.
  private func writeHalf(of answer: FaceAnswer) {
    guard method != .HEAD, answer.byteCount > 0 else { return channel.close(promise: nil) }
    writeHead(of: answer)
    writeBody(of: answer, count: answer.byteCount / 2, .cut)
  }

  private func writeHead(of answer: FaceAnswer) {
    let response = answer.response
    var headers = HTTPHeaders(response.headers.map { ($0.name, $0.value) })
    headers.add(name: "Content-Length", value: String(answer.byteCount))
    if !staysOpen { headers.add(name: "Connection", value: "close") }
    write(
      .head(
        HTTPResponseHead(
          version: .http1_1, status: HTTPResponseStatus(statusCode: response.status),
          headers: headers)))
  }

  private func writeBody(of answer: FaceAnswer, count: Int, _ ending: Ending) {
    if let (blob, _) = answer.blob {
      channel.flush()
      return write(blob, from: 0, count: count, ending)
    }
    let bytes = channel.allocator.buffer(bytes: answer.response.body.prefix(count))
    let body = HTTPServerResponsePart.body(.byteBuffer(bytes))
    channel.writeAndFlush(body).whenComplete { _ in finish(ending) }
  }

  private func finish(_ ending: Ending) {
    switch ending {
    case .complete: end()
    case .cut: channel.close(promise: nil)
    }
  }

  private func write(_ part: HTTPServerResponsePart) {
    channel.write(part, promise: nil)
  }

  /// Ends the answer in a turn of its own: the write delivers the next request of a connection that has
  /// sent several, and thousands of answers would be on one stack.
  private func end() {
    channel.eventLoop.assumeIsolated().execute {
      channel.writeAndFlush(HTTPServerResponsePart.end(nil)).whenComplete { _ in
        if !staysOpen { channel.close(promise: nil) }
      }
    }
  }

  /// Sends the rest of a blob, each piece when the one before is gone.
  private func write(_ blob: Blob, from offset: Int, count: Int, _ ending: Ending) {
    guard offset < count else { return finish(ending) }
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
      case .success(let end): write(blob, from: end, count: count, ending)
      // The client is gone, or the file is: only the end of the connection can show it.
      case .failure: channel.close(promise: nil)
      }
    }
  }
}
