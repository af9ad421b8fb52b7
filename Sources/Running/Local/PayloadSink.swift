package import Operations
import Synchronization

/// A payload on its way into a file, a piece at a time: as it comes, or decrypted as it comes.
///
/// It is written aside. Only when all of it is there and proved does it take the file's place, so
/// that nobody ever reads plaintext whose tag is not verified. All functions block: they belong on a
/// thread that may.
package final class PayloadSink: Sendable {
  private let path: String
  private let file: any WritableFile
  private let state: Mutex<State>

  private struct State {
    var opener: EnvelopeOpener?
    /// Bytes that came.
    var count = 0
    /// Bytes that were written.
    var size = 0
    var isOver = false
  }

  /// Decrypts under `key` when it is given.
  package init(
    _ file: any WritableFile, path: String, opening key: [UInt8]?
  ) throws(PayloadFailure) {
    self.path = path
    self.file = file
    guard let key else {
      state = Mutex(State())
      return
    }
    do throws(EnvelopeError) {
      state = Mutex(State(opener: try EnvelopeOpener(key: key)))
    } catch {
      throw .envelope(error)
    }
  }

  /// Takes the next bytes.
  package func write(_ bytes: [UInt8]) throws(PayloadFailure) {
    try withState { state in
      state.count += bytes.count
      let plain = try state.opener?.open(bytes) ?? bytes
      state.size += plain.count
      try self.file.write(plain)
    }
  }

  /// Verifies all that came, makes it durable and puts it in its place.
  package func finish() throws(PayloadFailure) -> ReceivedFile {
    let counts = try withState { state in
      try state.opener?.finish()
      let notice = try self.file.commit()
      state.isOver = true
      return (count: state.count, size: state.size, notice: notice)
    }
    return ReceivedFile(
      file: LocalFile(path: path, size: counts.size), byteCount: counts.count,
      notice: counts.notice)
  }

  /// Gives up: nothing is left of what came.
  ///
  /// Does nothing after `finish`.
  package func discard() {
    state.withLock { state in
      guard !state.isOver else { return }
      state.isOver = true
      file.discard()
    }
  }

  private func withState<Result: Sendable>(
    _ body: (inout State) throws -> Result
  ) throws(PayloadFailure) -> Result {
    do {
      return try state.withLock { state in
        guard !state.isOver else { throw PayloadFailure.abandoned }
        return try body(&state)
      }
    } catch {
      throw PayloadFailure(error)
    }
  }
}
