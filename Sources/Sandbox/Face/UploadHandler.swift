import NIOCore
import NIOHTTP1
import Operations

/// Takes uploads in, for one connection: small ones in memory, larger ones in a file.
///
/// The client is read from no faster than the file is written to. What the head shows to be refused
/// is answered before the body comes; the rest of it is read past for a while, so that the client
/// gets to read the answer.
final class UploadHandler: ChannelDuplexHandler {
  typealias InboundIn = HTTPServerRequestPart
  typealias OutboundIn = HTTPServerResponsePart
  typealias OutboundOut = HTTPServerResponsePart

  /// Exits: `idle` → `receiving`, `refused`; `receiving` → `idle`, `refused`; `refused` → `idle`.
  private enum State {
    case idle
    case receiving(Upload)
    /// The answer is out; so many bytes came after it.
    case refused(passedOver: Int)
  }

  /// An upload under way.
  private struct Upload {
    let head: HTTPRequestHead
    let request: APIRequest
    var spool: UploadSpool
    var hasEnded = false
  }

  /// The most bytes of a refused body that are read before the connection is cut.
  private static let patience = 64 << 20

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
      return refuse(.failure(400, "unreadable address"), head, context)
    }
    let announced = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
    if let refusal = engine.refusal(beforeUpload: request, byteCount: announced) {
      return refuse(refusal, head, context)
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
    case .refused(let count) where count > Self.patience: context.close(promise: nil)
    case .refused(let count): state = .refused(passedOver: count + part.readableBytes)
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
    case .refused: context.close(promise: nil)
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

  private func refuse(
    _ response: APIResponse, _ upload: Upload, _ context: ChannelHandlerContext
  ) {
    upload.spool.discard()
    refuse(response, upload.head, context)
    if upload.hasEnded { context.close(promise: nil) }
    guard owesRead else { return }
    owesRead = false
    context.read()
  }

  private func refuse(
    _ response: APIResponse, _ head: HTTPRequestHead, _ context: ChannelHandlerContext
  ) {
    state = .refused(passedOver: 0)
    var headers = response.headers
    headers.append(HTTPField("Connection", "close"))
    AnswerWriter(channel: context.channel, staysOpen: true, method: head.method)
      .write(
        FaceAnswer(
          response: APIResponse(status: response.status, headers: headers, body: response.body)))
  }
}
