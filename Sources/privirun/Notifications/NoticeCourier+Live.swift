import Dispatch
import Files
import Machine
import Networking
import Notifications
import Operations
import Planning
import Synchronization

extension NoticeCourier {
  /// Real POSTs by `client`, programs of this machine, and secrets of this process's variables and of files.
  init(by client: PostClient, environment: [String: String]) {
    let sources = InputSources.live(environment: environment)
    self.init(
      post: { post in
        let agent = HTTPField("User-Agent", "privirun/\(Version.text)")
        do throws(TransportFailure) {
          return .response(
            try await client.post(post.body, to: post.address, headers: post.headers + [agent]))
        } catch {
          return .failure(error.message)
        }
      },
      run: { call throws(ProgramFlaw) in try await NoticeThreads.run(call) },
      secret: { reference in
        try await NoticeThreads.result { () throws -> String in
          var reader = NotifyReader.secretReader(sources)
          return try reader.read(reference)
        }
      })
  }
}

/// The threads on which the delivery of notifications may block, so that it holds nothing else up.
///
/// There are as many as notifications are delivered at once.
private enum NoticeThreads {
  private static let queue = DispatchQueue(label: "privirun.notices", attributes: .concurrent)

  /// Whether somebody still waits.
  private final class Wait: Sendable {
    let isOver = Atomic(false)
  }

  static func result<Result: Sendable>(
    _ work: @escaping @Sendable () throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Swift.Result { try work() }) }
    }
  }

  /// Runs a program, and ends it when the task is cancelled.
  static func run(_ call: ProgramCall) async throws(ProgramFlaw) {
    let wait = Wait()
    var call = call
    call.isStopped = { wait.isOver.load(ordering: .relaxed) }
    let result: Result<Void, ProgramFlaw> = await withTaskCancellationHandler {
      await withCheckedContinuation { [call] continuation in
        queue.async {
          do throws(ProgramFlaw) {
            _ = try call.run()
            continuation.resume(returning: .success(()))
          } catch {
            continuation.resume(returning: .failure(error))
          }
        }
      }
    } onCancel: {
      wait.isOver.store(true, ordering: .relaxed)
    }
    try result.get()
  }
}
