import Diagnostics
import Events
import Files
import Notifications
import Operations
import Synchronization

/// An outbox, a courier that follows a script, and a clock that moves when nothing else is left to do.
final class DeliveryScene: Sendable {
  /// What happened, in the order in which it did, with the seconds since `Sample.moment`.
  enum Occurrence: Sendable, Hashable {
    case posted(Double, [String: String])
    case ran(Double, [String])
    case delayed(RunID, until: Double)
    case removed(RunID)
  }

  struct State: Sendable {
    var seconds = 0.0
    var waiting: [RunID: StoredNotice] = [:]
    var unsettled: Set<RunID> = []
    var responses: [NoticeResponse] = []
    var flaws: [ProgramFlaw?] = []
    var occurrences: [Occurrence] = []
    var posts: [NoticePost] = []
    var calls: [ProgramCall] = []
    var reports: [DeliveryReport] = []
    var secrets: [String: String] = [:]
    var isBroken = false
    /// Whether a POST gets no response until the task is cancelled.
    var hangs = false
    /// Sends POSTs in place of the script.
    var sends: (@Sendable (NoticePost) async -> NoticeResponse)?
    /// Runs programs in place of the script.
    var runs: (@Sendable (ProgramCall) throws(ProgramFlaw) -> Void)?
  }

  struct BrokenJournal: Error, CustomStringConvertible {
    var description: String { "the disk is full" }
  }

  private let state: Mutex<State>
  let done: AsyncStream<Void>
  /// One element for each POST that gets no response.
  let hung: AsyncStream<Void>
  private let hang: AsyncStream<Void>.Continuation
  private let finish: AsyncStream<Void>.Continuation

  init(_ notices: [StoredNotice] = [], _ change: (inout State) -> Void = { _ in }) {
    var state = State()
    for notice in notices { state.waiting[notice.id] = notice }
    change(&state)
    self.state = Mutex(state)
    (done, finish) = AsyncStream.makeStream()
    (hung, hang) = AsyncStream.makeStream()
  }

  subscript<Value: Sendable>(path: any KeyPath<State, Value> & Sendable) -> Value {
    state.withLock { $0[keyPath: path] }
  }

  private static func seconds(_ moment: Moment) -> Double {
    Double((moment - Sample.moment).wholeNanoseconds) / 1e9
  }

  private var now: Moment { Sample.moment + .seconds(self[\.seconds]) }

  var delivery: NoticeDelivery {
    NoticeDelivery(
      from: outbox, by: courier, now: { [self] in now }, sleep: { [self] in try await pass($0) },
      random: { 0 }, log: { [self] report in state.withLock { $0.reports.append(report) } })
  }

  /// Lets time pass once every attempt has ended; ends the test's wait when nothing is left.
  private func pass(_ duration: Duration) async throws {
    while self[\.unsettled].isEmpty == false { await Task.yield() }
    if self[\.waiting].isEmpty {
      finish.yield()
      try await ContinuousClock().sleep(for: .seconds(86_400))
    }
    state.withLock { $0.seconds += Double(duration.wholeNanoseconds) / 1e9 }
  }

  private var outbox: NoticeOutbox {
    NoticeOutbox(
      take: { [self] due, limit, hold in
        try state.withLock { state in
          if state.isBroken {
            state.isBroken = false
            throw BrokenJournal()
          }
          let taken = state.waiting.values.filter { $0.due <= due }
            .sorted { ($0.due, $0.id) < ($1.due, $1.id) }.prefix(limit)
          return taken.map { notice in
            state.unsettled.insert(notice.id)
            state.waiting[notice.id]?.due = due + hold
            state.waiting[notice.id]?.attempts += 1
            return state.waiting[notice.id] ?? notice
          }
        }
      },
      delay: { [self] id, until in
        try state.withLock { state in
          if state.isBroken { throw BrokenJournal() }
          state.occurrences.append(.delayed(id, until: Self.seconds(until)))
          state.waiting[id]?.due = until
          state.unsettled.remove(id)
        }
      },
      remove: { [self] id in
        try state.withLock { state in
          if state.isBroken { throw BrokenJournal() }
          state.occurrences.append(.removed(id))
          state.waiting[id] = nil
          state.unsettled.remove(id)
        }
      })
  }

  private var courier: NoticeCourier {
    NoticeCourier(
      post: { [self] post in
        if self[\.hangs] {
          hang.yield()
          try? await ContinuousClock().sleep(for: .seconds(86_400))
          return .failure("the exchange was cancelled")
        }
        if let sends = self[\.sends] { return await sends(post) }
        return state.withLock { state in
          let headers = post.headers.map { ($0.name, $0.value) }
          state.occurrences.append(
            .posted(state.seconds, Dictionary(headers, uniquingKeysWith: { "\($0), \($1)" })))
          state.posts.append(post)
          return state.responses.isEmpty
            ? .response(APIResponse(status: 200)) : state.responses.removeFirst()
        }
      },
      run: { [self] call throws(ProgramFlaw) in
        if let runs = self[\.runs] { return try runs(call) }
        let flaw = state.withLock { state -> ProgramFlaw? in
          state.occurrences.append(.ran(state.seconds, call.words))
          state.calls.append(call)
          return state.flaws.isEmpty ? nil : state.flaws.removeFirst()
        }
        if let flaw { throw flaw }
      },
      secret: { [self] reference in
        guard let secret = self[\.secrets][reference] else {
          throw InvalidInput([
            Diagnostic(.unsetVariable, "the variable `\(reference)` is not set", at: nil)
          ])
        }
        return secret
      })
  }

  /// Serves the outbox until it is empty.
  func serve(failed: @escaping @Sendable (any Error) -> Void = { _ in }) async {
    await withTaskGroup(of: Void.self) { group in
      group.addTask { [delivery] in await delivery.serve(failed: failed) }
      for await _ in done { break }
      group.cancelAll()
    }
  }
}
