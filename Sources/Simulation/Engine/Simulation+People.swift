import Events
import Expressions
import Machine
import Operations
import Playbooks

/// The people that a run waits for: they approve, and fill in what is asked for.
extension Simulation {
  /// Somebody is asked to decide, and does so some time later, but in time.
  mutating func ask(_ path: StepPath, _ request: ApprovalRequest) {
    let pause = Duration.milliseconds(Int64.random(in: 100...60_000, using: &random))
    let moment = request.deadline.map { min(now + pause, max(now, $0 + .milliseconds(-1))) }
    decide(path, request.fields, at: moment ?? now + pause)
  }

  /// Whoever was asked by a process that ended decides in the next one.
  mutating func askAgain() {
    let awaited = Set(process.machine.awaitedDecisions)
    var requests: [StepPath: ApprovalRequest] = [:]
    for event in events {
      if case .approvalRequested(let path, let request) = event.kind { requests[path] = request }
    }
    for (path, request) in requests.sorted(by: { "\($0.key)" < "\($1.key)" })
    where awaited.contains(path) {
      ask(path, request)
    }
  }

  private mutating func decide(_ path: StepPath, _ fields: [ApprovalField], at moment: Moment) {
    var values = ValueMap()
    for field in fields { values[field.name] = field.type.simulatedValue }
    let decision = ApprovalDecision(.approved, fields: values, by: "a simulated person")
    network.agenda.add(.input(.decide(path, decision), to: process.number), at: moment)
  }
}

extension ValueType {
  /// A value that fits; fields of other types cannot be declared.
  fileprivate var simulatedValue: Value {
    switch self {
    case .integer: .int(1)
    case .number: .double(1)
    case .boolean: .bool(true)
    case .secret: .secret(text: "simulated-secret-value")
    case .string, .bytes, .file, .any, .list, .map, .record: .string("simulated")
    }
  }
}
