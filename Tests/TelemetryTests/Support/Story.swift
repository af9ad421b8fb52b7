import Events
import Expressions
import Operations
import Planning

/// Events of a run or a rollout, numbered, a second apart.
struct Story {
  static let beginning = Moment(nanoseconds: 1_767_225_600_000_000_000)

  private(set) var events: [RunEvent] = []

  init(_ kinds: [RunEvent.Kind]) {
    for kind in kinds { add(kind) }
  }

  mutating func add(_ kind: RunEvent.Kind) {
    events.append(
      RunEvent(
        sequence: events.count, at: Self.beginning + .seconds(events.count), kind: kind))
  }

  static func path(_ ids: String...) -> StepPath {
    StepPath(components: ids.map { .step($0) })
  }

  static func call(_ path: StepPath, _ operation: String) -> RunEvent.Kind {
    .stepStarted(path, StepSummary(kind: .call, title: "do it", subject: operation))
  }

  static func request(_ path: StepPath, _ operation: String, attempt: Int = 1) -> RunEvent.Kind {
    .requestIntended(
      path,
      RequestIntent(
        attempt: attempt, operation: operation, method: "POST",
        path: "/" + operation.replacing(".", with: "/"), arguments: [:]))
  }
}
