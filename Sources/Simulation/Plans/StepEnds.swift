import Events
import Operations
import OrderedCollections

/// How the steps of a run or of a plan ended, in that order.
struct StepEnds: Sendable {
  /// How one step ended.
  struct End: Sendable {
    let path: StepPath
    let kind: StepSummary.Kind
    let result: StepResult
    /// The event that records it.
    let event: RunEvent
  }

  private var ends: OrderedDictionary<StepPath, End> = [:]
  /// How the run itself ended; nil for one that did not.
  private(set) var result: RunResult?

  /// The ends that `events` record; of a step that was carried out again, the last.
  init(of events: some Sequence<RunEvent>) {
    var kinds: [StepPath: StepSummary.Kind] = [:]
    for event in events {
      switch event.kind {
      case .stepStarted(let path, let summary): kinds[path] = summary.kind
      case .stepFinished(let path, let result):
        ends[path] = nil
        ends[path] = End(path: path, kind: kinds[path] ?? .block, result: result, event: event)
      case .runFinished(let result): self.result = result
      case _: break
      }
    }
  }

  /// All of them.
  var all: some Sequence<End> { ends.values }

  subscript(path: StepPath) -> End? { ends[path] }

  /// The ends of the steps around the one at `path`, the nearest first.
  func ends(around path: StepPath) -> [End] {
    (1..<max(1, path.components.count)).reversed().compactMap { count in
      ends[StepPath(components: Array(path.components.prefix(count)))]
    }
  }
}

extension StepEnds.End {
  /// Whether it has steps of its own.
  var isGroup: Bool {
    switch kind {
    case .play, .forEach, .parallel, .block: true
    case .call, .local, .assert, .wait, .approve: false
    }
  }

  /// What it did in a few words, without values: they may be secret.
  var phrase: String {
    guard let change = result.change else {
      switch result.outcome {
      case .succeeded, .unchanged: return "no change"
      case .skipped, .tolerated, .failed, .cancelled, .inDoubt: return failurePhrase
      }
    }
    guard result.outcome.allowsContinuation else { return failurePhrase }
    let fields = change.differences.map(\.field).joined(separator: ", ")
    return "`\(change.kind.rawValue)`" + (fields.isEmpty ? "" : " (\(fields))")
      + (change.reason.map { ", \($0)" } ?? "")
  }

  private var failurePhrase: String {
    "`\(result.outcome.rawValue)`" + (result.failure.map { ", \($0.message)" } ?? "")
  }
}
