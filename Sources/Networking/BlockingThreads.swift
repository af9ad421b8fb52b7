import NIOPosix

/// The threads of this process that may block.
package enum BlockingThreads {
  /// Has `work` done on one of them, whatever happens meanwhile.
  package static func perform(_ work: @escaping @Sendable () -> Void) {
    NIOThreadPool.singleton.submit { _ in work() }
  }
}
