import NIOCore
import NIOHTTP1
import Operations

/// Takes uploads in, for one connection: small ones in memory, larger ones in a file.
///
/// The client is read from no faster than the file is written to. The body of an upload that is
/// refused is read past without being kept, and answered at its end: many clients read nothing while
/// they write. One that is announced as long, or turns out so, is answered at once, and read past for
/// a while (RFC 9112 §9.6).
final class UploadHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// Exits: `idle` → `receiving`, `refused`; `receiving` → `idle`, `refused`; `refused` → `idle`.
  private enum State {
    case idle
    case receiving(Upload)
    /// So many bytes were read past; the answer is nil once it is out.
    case refused(answer: RefusalAnswer?, passedOver: Int)
  }

  /// An upload in progress.
  private struct Upload {
    let head: HTTPRequestHead
    let request: APIRequest
    var spool: UploadSpool
    var hasEnded = false
  }

  /// The answer to an upload that is refused.
  private struct RefusalAnswer {
    let response: APIResponse
    let head: HTTPRequestHead
  }

  /// The most bytes of a refused body that are read before it is answered.
  private static let patience = 64 << 20
  /// The most bytes of a refused body that are read before the connection is cut.
  private static let lastPatience = 256 << 20

  private let engine: SandboxEngine
  private let limits: VaultLimits
  private let memoryLimit: Int
  private var state = State.idle
  /// Whether somebody asked for more to read while the file was behind.
  private var owesRead = false

  init(_ engine: SandboxEngine, _ limits: VaultLimits, memoryLimit: Int) {
    self.engine = engine
    self.limits = limits
    self.memoryLimit = memoryLimit
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch Self.unwrapInboundIn(data) {
    case .head(let head): begin(head, context)
    case .body(let part): take(part, context)
    case .end: end(context)
    }
  }

  func read(context: ChannelHandlerContext) {
    if case .receiving(let upload) = state, upload.spool.isBehind {
      owesRead = true
    } else {
      context.read()
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    if case .receiving(let upload) = state { upload.spool.discard() }
    state = .idle
    context.fireChannelInactive()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }
}

@available(*, unavailable)
extension UploadHandler: Sendable {}

extension UploadHandler {
  private func begin(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
    guard let request = APIRequest(head, endpoint: .upstream) else {
      return refuse(.failure(400, "unreadable address"), to: head, context)
    }
    if let refusal = engine.refusal(beforeUpload: request, byteCount: head.announcedCount) {
      return refuse(refusal, to: head, context)
    }
    if head.asksToContinue {
      context.writeAndFlush(Self.wrapOutboundOut(.goOn), promise: nil)
    }
    let spool = UploadSpool(engine.blobs, memoryLimit: memoryLimit, on: context.eventLoop)
    state = .receiving(Upload(head: head, request: request, spool: spool))
  }

  private func take(_ part: ByteBuffer, _ context: ChannelHandlerContext) {
    switch state {
    case .idle: break
    case .refused(let answer, let count):
      passOver(answer, count + part.readableBytes, context)
    case .receiving(var upload):
      guard part.readableBytes <= limits.uploadBytes - upload.spool.count else {
        return refuse(.failure(413, "payload too large"), upload, context)
      }
      state = .idle
      do throws(BlobError) {
        try upload.spool.append(part)
      } catch {
        return refuse(.full, upload, context)
      }
      state = .receiving(upload)
      flush(context)
    }
  }

  private func end(_ context: ChannelHandlerContext) {
    switch state {
    case .idle: break
    case .refused(let answer?, _):
      state = .idle
      write(answer.response, to: answer.head, context)
    case .refused(nil, _): context.close(promise: nil)
    case .receiving(var upload):
      upload.hasEnded = true
      state = .receiving(upload)
      flush(context)
    }
  }

  /// Has what waits written, or concludes when nothing does.
  private func flush(_ context: ChannelHandlerContext) {
    guard case .receiving(var upload) = state, !upload.spool.isWriting else { return }
    guard let writing = upload.spool.flush() else {
      if upload.hasEnded { conclude(upload, context) }
      return
    }
    state = .receiving(upload)
    let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
    writing.assumeIsolated().whenComplete { result in
      self.wrote(result, bound.value)
    }
  }

  private func wrote(_ result: Result<Void, any Error>, _ context: ChannelHandlerContext) {
    guard case .receiving(var upload) = state else { return }
    guard case .success = result else { return refuse(.full, upload, context) }
    upload.spool.isWriting = false
    state = .receiving(upload)
    flush(context)
    guard owesRead else { return }
    owesRead = false
    read(context: context)
  }

  private func conclude(_ upload: Upload, _ context: ChannelHandlerContext) {
    state = .idle
    let answer = engine.answer(upload.request, carrying: upload.spool.payload)
    AnswerWriter(
      channel: context.channel, staysOpen: upload.head.isKeepAlive, method: upload.head.method
    ).write(answer)
  }
}

/// Refusals.
extension UploadHandler {
  private func refuse(
    _ response: APIResponse, _ upload: Upload, _ context: ChannelHandlerContext
  ) {
    upload.spool.discard()
    if upload.hasEnded {
      state = .idle
      write(response, to: upload.head, context)
    } else {
      state = .refused(
        answer: RefusalAnswer(response: response, head: upload.head), passedOver: upload.spool.count
      )
    }
    guard owesRead else { return }
    owesRead = false
    context.read()
  }

  /// Refuses an upload whose body has not come yet.
  private func refuse(
    _ response: APIResponse, to head: HTTPRequestHead, _ context: ChannelHandlerContext
  ) {
    let refusal = RefusalAnswer(response: response, head: head)
    if head.asksToContinue || head.announcedCount > Self.patience {
      answerNow(refusal, passedOver: 0, context)
    } else {
      state = .refused(answer: refusal, passedOver: 0)
    }
  }

  private func passOver(_ answer: RefusalAnswer?, _ count: Int, _ context: ChannelHandlerContext) {
    if count > Self.lastPatience {
      context.close(promise: nil)
    } else if let answer, count > Self.patience {
      answerNow(answer, passedOver: count, context)
    } else {
      state = .refused(answer: answer, passedOver: count)
    }
  }

  /// Answers in the middle of a body, after which the connection is of no use.
  private func answerNow(
    _ refusal: RefusalAnswer, passedOver: Int, _ context: ChannelHandlerContext
  ) {
    state = .refused(answer: nil, passedOver: passedOver)
    var response = refusal.response
    response.headers.append(HTTPField("Connection", "close"))
    // The connection is closed by the end of the body, or by whoever loses patience first.
    AnswerWriter(channel: context.channel, staysOpen: true, method: refusal.head.method)
      .write(FaceAnswer(response: response))
  }

  private func write(
    _ response: APIResponse, to head: HTTPRequestHead, _ context: ChannelHandlerContext
  ) {
    AnswerWriter(channel: context.channel, staysOpen: head.isKeepAlive, method: head.method)
      .write(FaceAnswer(response: response))
  }
}
