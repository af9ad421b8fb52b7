import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOWebSocket
import Synchronization

/// What a scripted WebSocket server does next.
enum SocketAct: Sendable {
  case text(String)
  case frame(WebSocketFrame)
  case close(UInt16?)
  /// Ends the connection without a close frame.
  case drop

  static func frame(
    _ opcode: WebSocketOpcode, _ bytes: [UInt8], fin: Bool = true, masked: Bool = false
  ) -> SocketAct {
    .frame(
      WebSocketFrame(
        fin: fin, opcode: opcode, maskKey: masked ? [1, 2, 3, 4] : nil,
        data: ByteBuffer(bytes: bytes)))
  }
}

/// A message that a client sent, as far as a proxy looks at it.
struct ClientMessage: Sendable {
  let text: String
  /// Counts the connections from 1.
  let connection: Int

  /// What stands under a name at the top level.
  func field(_ name: String) -> String? {
    let object = try? JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any]
    return object?[name] as? String
  }

  /// What the contract's page says of a join that went well.
  func joined(status: Int = 200, channel: String = "ch-1") -> SocketAct {
    .text(
      #"{"correlationId":"\#(field("correlationId") ?? "")","status":\#(status),"#
        + #""data":{"channelId":"\#(channel)","message":"Successfully joined profile channel."}}"#)
  }
}

/// A WebSocket server on a free port of the loopback address that follows a script.
final class SocketServer: Sendable {
  private struct State {
    var connections = 0
    var open: [any Channel] = []
  }

  private let state = Mutex(State())

  /// Serves while `body` runs, which gets the address.
  ///
  /// `script` says what follows a client's message; it is not asked about close frames.
  static func serving<Result>(
    _ script: @escaping @Sendable (ClientMessage) -> [SocketAct],
    body: (SocketServer, String) async throws -> Result
  ) async throws -> Result {
    let server = SocketServer()
    let channel = try await HostileServer.bind { channel in
      let upgrader = NIOWebSocketServerUpgrader(
        maxFrameSize: 1 << 22,
        shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(HTTPHeaders()) },
        upgradePipelineHandler: { channel, _ in
          channel.eventLoop.makeCompletedFuture {
            let number = server.opened(channel)
            try channel.pipeline.syncOperations.addHandler(
              ScriptedSocket { script(ClientMessage(text: $0, connection: number)) })
          }
        })
      return channel.pipeline.configureHTTPServerPipeline(
        withServerUpgrade: (upgraders: [upgrader], completionHandler: { _ in }))
    }
    let address = "ws://127.0.0.1:\(channel.localAddress?.port ?? 0)"
    do {
      let result = try await body(server, address)
      try await server.stop(channel)
      return result
    } catch {
      try await server.stop(channel)
      throw error
    }
  }

  /// Sends a text on every open connection.
  func push(_ text: String) { push([.text(text)]) }

  /// Acts on every open connection.
  func push(_ acts: [SocketAct]) {
    for channel in state.withLock(\.open) where channel.isActive {
      for act in acts { channel.triggerUserOutboundEvent(act, promise: nil) }
    }
  }

  /// How many connections there have been.
  var connections: Int { state.withLock(\.connections) }

  private func opened(_ channel: any Channel) -> Int {
    state.withLock { state in
      state.connections += 1
      state.open.append(channel)
      return state.connections
    }
  }

  private func stop(_ listener: any Channel) async throws {
    try await listener.close()
    for channel in state.withLock(\.open) { channel.close(promise: nil) }
  }
}

/// Plays a script to one client.
private final class ScriptedSocket: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundIn = WebSocketFrame
  typealias OutboundOut = WebSocketFrame

  private let script: (String) -> [SocketAct]

  init(_ script: @escaping (String) -> [SocketAct]) {
    self.script = script
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    switch frame.opcode {
    case .text:
      for act in script(String(buffer: frame.unmaskedData)) { perform(act, context) }
    case .connectionClose:
      write(.connectionClose, frame.unmaskedData, context)
      context.close(promise: nil)
    default: break
    }
  }

  func triggerUserOutboundEvent(
    context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?
  ) {
    guard let act = event as? SocketAct else {
      return context.triggerUserOutboundEvent(event, promise: promise)
    }
    perform(act, context)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    context.close(promise: nil)
  }

  private func perform(_ act: SocketAct, _ context: ChannelHandlerContext) {
    switch act {
    case .text(let text): write(.text, ByteBuffer(string: text), context)
    case .frame(let frame): context.writeAndFlush(wrapOutboundOut(frame), promise: nil)
    case .close(let code):
      var body = ByteBuffer()
      if let code { body.writeInteger(code) }
      write(.connectionClose, body, context)
    case .drop: context.close(promise: nil)
    }
  }

  private func write(
    _ opcode: WebSocketOpcode, _ data: ByteBuffer, _ context: ChannelHandlerContext
  ) {
    context.writeAndFlush(
      wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: nil)
  }
}
