import NIOCore
import NIOHTTP1
import NIOTLS
import Running

/// The last handler of a kept connection: sends one request at a time and hands its response over.
///
/// Everything here happens on the event loop of the channel.
final class HTTPConnection: ChannelDuplexHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundIn = HTTPClientRequestPart
  typealias OutboundOut = HTTPClientRequestPart

  /// What happens to a connection, for the pool it belongs to.
  enum Occurrence {
    /// The next request may be sent.
    case free
    /// It is gone.
    case closed
  }

  /// Succeeds once requests can be sent: at once, or when TLS is established with a certificate that
  /// names its host.
  let ready: EventLoopPromise<Void>
  /// Since when it has had nothing to do.
  var idleSince = NIODeadline.distantPast
  private let report: (HTTPConnection, Occurrence) -> Void
  private let usesTLS: Bool
  private var context: ChannelHandlerContext?
  private var call: HTTPCall?
  private var upload: UploadPump?
  private var isRequestWritten = true
  private var keepsAlive = true
  private var isReady = false
  /// A response has ended; what follows it in the same read is no part of the next one.
  private var hasEnded = false
  private var wantsRead = false

  init(
    on loop: any EventLoop, usesTLS: Bool,
    reporting report: @escaping (HTTPConnection, Occurrence) -> Void
  ) {
    ready = loop.makePromise()
    self.usesTLS = usesTLS
    self.report = report
    ready.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.isReady = true }
  }

  /// Whether a request can be sent now.
  var isFree: Bool {
    call == nil && !hasEnded && isRequestWritten && keepsAlive && context?.channel.isActive ?? false
  }

  /// Sends the request of `call`; only while `isFree`.
  func perform(_ call: HTTPCall) {
    guard let context else { return call.fail(ChannelError.ioOnClosedChannel) }
    self.call = call
    call.sent(on: context.eventLoop) { [weak self] in self?.close() }
    context.write(wrapOutboundOut(.head(call.order.head)), promise: nil)
    if let source = call.order.transfer.source {
      isRequestWritten = false
      let upload = UploadPump(of: source, on: context.eventLoop) { [weak self] step in
        self?.perform(step)
      }
      self.upload = upload
      context.flush()
      return upload.proceed()
    }
    if !call.order.body.isEmpty {
      context.write(
        wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: call.order.body)))), promise: nil)
    }
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  /// Ends the connection without a word.
  func close() {
    // Over TLS, a channel that is being closed stays active until the other side has closed it, too.
    keepsAlive = false
    context?.close(promise: nil)
  }

  private func perform(_ step: UploadPump.Step) {
    guard let context, call != nil else { return }
    switch step {
    case .write(let piece):
      call?.moved()
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
      if context.channel.isWritable { upload?.proceed() }
    case .end:
      isRequestWritten = true
      upload = nil
      context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    case .fail(let error): fail(error, context)
    }
  }
}

// MARK: - The channel

extension HTTPConnection {
  func handlerAdded(context: ChannelHandlerContext) {
    self.context = context
    if !usesTLS { ready.succeed() }
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
    ready.fail(ChannelError.eof)
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if usesTLS, case .handshakeCompleted? = event as? TLSUserEvent {
      CertificateNames.check(context.channel).cascade(to: ready)
    }
    context.fireUserInboundEventTriggered(event)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let part = unwrapInboundIn(data)
    // A response that nobody requested.
    guard let call else { return close() }
    do {
      switch part {
      case .head(let head):
        keepsAlive = keepsAlive && head.isKeepAlive && head.status != .switchingProtocols
        try call.receive(head, on: context.eventLoop)
        watch(call, context)
      case .body(let bytes): try call.receive(bytes)
      case .end: ended(call, context)
      }
    } catch {
      fail(error, context)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    keepsAlive = false
    upload?.stop()
    ready.fail(ChannelError.eof)
    call.take()?.fail(ChannelError.eof)
    // One that never was ready has failed, which the lane knows.
    if isReady { report(self, .closed) }
    context.fireChannelInactive()
  }

  /// The next request is sent only when all that came with the response was read: bytes after it close the
  /// connection, and belong to nobody.
  func channelReadComplete(context: ChannelHandlerContext) {
    context.fireChannelReadComplete()
    guard hasEnded else { return }
    hasEnded = false
    report(self, .free)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    ready.fail(error)
    fail(error, context)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    if context.channel.isWritable { upload?.proceed() }
    context.fireChannelWritabilityChanged()
  }

  /// Lets the channel be read only while the file of a download takes more.
  func read(context: ChannelHandlerContext) {
    wantsRead = call?.download?.isFull ?? false
    if !wantsRead { context.read() }
  }
}

// MARK: - The response

extension HTTPConnection {
  /// What remains to be seen to once the head of the response is there.
  private func watch(_ call: HTTPCall, _ context: ChannelHandlerContext) {
    if let download = call.download {
      download.proceed = { [weak self, unowned download] in self?.proceed(download) }
    }
    guard case .head(let timeout) = call.order.rules.extent else { return }
    context.eventLoop.assumeIsolated().scheduleTask(in: TimeAmount(timeout)) {
      [weak self, weak call] in
      guard let self, let call, self.call === call else { return }
      close()
    }
  }

  private func proceed(_ download: DownloadPump) {
    guard let context else { return }
    if let flaw = download.flaw { return fail(flaw, context) }
    call?.moved()
    if wantsRead { read(context: context) }
  }

  private func ended(_ call: HTTPCall, _ context: ChannelHandlerContext) {
    self.call = nil
    upload?.stop()
    upload = nil
    call.finish()
    // A server that responds before it has the whole request may take the rest for another one.
    guard keepsAlive, isRequestWritten else { return close() }
    hasEnded = true
  }

  private func fail(_ error: any Error, _ context: ChannelHandlerContext) {
    keepsAlive = false
    upload?.stop()
    call.take()?.fail(error)
    context.close(promise: nil)
  }
}
