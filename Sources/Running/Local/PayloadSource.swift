package import Machine
package import Operations
import Synchronization

/// A file on its way out, a piece at a time: as it is, or encrypted as it goes.
///
/// `next` blocks: it belongs on a thread that may.
package final class PayloadSource: Sendable {
  /// Bytes of a piece.
  package static let pieceCount = 256 << 10

  /// Bytes that go out in all.
  package let count: Int

  private let file: any ReadableFile
  private let path: String
  private let isAbandoned = Atomic(false)
  private let state: Mutex<State>

  private struct State {
    var sealer: EnvelopeSealer?
    /// The IV, until it is out.
    var head: [UInt8]
    var rest: Int
    var isDone = false
  }

  /// Encrypts under `key` and an `iv` never used with it before, when they are given.
  package init(
    _ file: any ReadableFile, path: String, sealing secret: (key: [UInt8], iv: [UInt8])?
  ) throws(PayloadFailure) {
    self.file = file
    self.path = path
    guard let secret else {
      count = file.size
      state = Mutex(State(sealer: nil, head: [], rest: file.size))
      return
    }
    guard file.size <= Envelope.plaintextLimit else { throw .envelope(.tooLong) }
    count = file.size + Envelope.overhead
    do throws(EnvelopeError) {
      let sealer = try EnvelopeSealer(key: secret.key, iv: secret.iv)
      state = Mutex(State(sealer: sealer, head: secret.iv, rest: file.size))
    } catch {
      throw .envelope(error)
    }
  }

  /// The next piece, or nil at the end.
  ///
  /// Throws when the file cannot be read, or is shorter or longer than it was.
  package func next() throws(PayloadFailure) -> [UInt8]? {
    guard !isAbandoned.load(ordering: .relaxed) else { throw .abandoned }
    do {
      return try state.withLock { state throws(any Error) in try next(&state) }
    } catch {
      throw PayloadFailure(error)
    }
  }

  private func next(_ state: inout State) throws -> [UInt8]? {
    guard !state.isDone else { return nil }
    guard state.rest > 0 else {
      guard try file.read(1).isEmpty else { throw changed }
      state.isDone = true
      let end = state.head + (try state.sealer?.finish() ?? [])
      return end.isEmpty ? nil : end
    }
    let piece = try file.read(min(Self.pieceCount, state.rest))
    guard !piece.isEmpty else { throw changed }
    state.rest -= piece.count
    let bytes = try state.sealer?.seal(piece) ?? piece
    guard !state.head.isEmpty else { return bytes }
    defer { state.head = [] }
    return state.head + bytes
  }

  private var changed: LocalFailure {
    LocalFailure(
      "`\(path)` changed its size while it was read", hint: "try again when nobody writes to it")
  }

  /// Ends the transfer: the next piece is an error.
  package func abandon() {
    isAbandoned.store(true, ordering: .relaxed)
  }
}

/// Why a payload could not be moved between a file and the network.
package enum PayloadFailure: Error, Sendable, Hashable {
  case file(LocalFailure)
  case envelope(EnvelopeError)
  /// Nobody wants it any more.
  case abandoned

  init(_ error: any Error) {
    switch error {
    case let failure as PayloadFailure: self = failure
    case let failure as LocalFailure: self = .file(failure)
    case let failure as EnvelopeError: self = .envelope(failure)
    default: self = .file(LocalFailure("the file cannot be handled"))
    }
  }

  /// The same as the failure of an exchange.
  package func transportFailure(mayHaveBeenSent: Bool) -> TransportFailure {
    switch self {
    case .file(let failure):
      TransportFailure(
        .localFile, failure.message, mayHaveBeenSent: mayHaveBeenSent, hint: failure.hint)
    case .envelope(.notAuthentic), .envelope(.tooShort):
      TransportFailure(
        .notAuthentic, message, mayHaveBeenSent: mayHaveBeenSent,
        hint: "is it the key the data was encrypted with?")
    case .envelope: TransportFailure(.localFile, message, mayHaveBeenSent: mayHaveBeenSent)
    case .abandoned: TransportFailure(.broken, message, mayHaveBeenSent: mayHaveBeenSent)
    }
  }

  /// One sentence without a full stop.
  package var message: String {
    switch self {
    case .file(let failure): failure.message
    case .envelope(let error): error.message
    case .abandoned: "the transfer was given up"
    }
  }

  /// The same as the failure of a local action.
  var localFailure: LocalFailure {
    switch self {
    case .file(let failure): failure
    case .envelope(.notAuthentic), .envelope(.tooShort):
      LocalFailure(message, hint: "is it the key the data was encrypted with?")
    case .envelope, .abandoned: LocalFailure(message)
    }
  }
}
