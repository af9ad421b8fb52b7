import NIOPosix

/// The threads of this process on which local actions may block.
///
/// Uploads and downloads read and write their files on other threads, so that actions that take long,
/// such as the digest of a large file, do not hold a transfer up until it counts as broken.
package enum BlockingThreads {
  /// The most actions that run at once; further ones wait.
  private static let count = 8

  private static let pool: NIOThreadPool = {
    let pool = NIOThreadPool(numberOfThreads: count)
    pool.start()
    return pool
  }()

  /// Runs `work` on one of them, even when the task that asked for it is cancelled meanwhile.
  package static func perform(_ work: @escaping @Sendable () -> Void) {
    pool.submit { _ in work() }
  }

  /// What `work` returns or throws, once one of them has done it.
  package static func result<Result: Sendable, Failure: Error>(
    _ work: @escaping @Sendable () throws(Failure) -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      perform { continuation.resume(with: Swift.Result { try work() }) }
    }
  }
}
