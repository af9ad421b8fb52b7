import Events
import Expressions
import Operations
import OrderedCollections
import Playbooks

/// What one run says of each operation: how its calls ended, and what they offered.
struct OperationTable {
  /// The answers of the steps that called an operation, by its id.
  private(set) var answers: [String: [Value]] = [:]
  /// The steps that did not succeed, each with its operation and failure.
  private(set) var failures: [String] = []
  /// How often data came by each way.
  private(set) var arrivals: [DataMeans: Int] = [:]
  /// How often a command's end was reported over the socket.
  private(set) var acknowledgements = 0
  private(set) var joins = 0

  init(_ events: [RunEvent]) {
    var subjects: [StepPath: String] = [:]
    for event in events {
      switch event.kind {
      case .stepStarted(let path, let summary) where summary.kind == .call:
        subjects[path] = summary.subject
      case .stepFinished(let path, let result):
        guard let operation = subjects[path] else { continue }
        if result.outcome == .succeeded {
          answers[operation, default: []].append(result.value)
        } else {
          failures.append("\(operation): \(result.failure?.message ?? result.outcome.rawValue)")
        }
      case .dataArrived(_, _, _, let means): arrivals[means, default: 0] += 1
      case .commandSettled(_, let verdict) where verdict.means == .socket: acknowledgements += 1
      case .sessionChanged(_, .joined): joins += 1
      case .attemptStarted, .workEnded, .effectRecorded, .undoing, .stepReused, .stopping,
        .actionIntended,
        .approvalRequested, .approvalDecided, .runResumed, .internalError, .runStarted,
        .sessionChanged, .stepStarted, .requestIntended, .requestAnswered,
        .commandPending, .commandSettled, .doubtSettled, .stateCompared, .stepWaiting,
        .attemptFailed,
        .serviceChanged,
        .cancelRequested,
        .runFinished, .rollout:
        continue
      }
    }
  }

  /// Where an answer departs from what the description promises of `operation`.
  func departures(from operation: Operation) -> [String] {
    (answers[operation.id] ?? []).flatMap { answer in
      operation.answer.compactMap { name, field in
        let value = answer.revealed.fields?[name] ?? .null
        guard !field.isRequired || value != .null else {
          return "\(operation.id).\(name) is missing"
        }
        guard field.admits(value) else { return "\(operation.id).\(name) is \(value.typeName)" }
        return nil
      }
    }
  }

  /// The answer fields of `operation` that held something.
  func fieldsSeen(of operation: Operation) -> Set<String> {
    let fields = (answers[operation.id] ?? []).flatMap { answer in
      operation.answer.keys.filter { (answer.revealed.fields?[$0] ?? .null) != .null }
    }
    return Set(fields)
  }
}

extension AnswerField {
  /// Whether `value` is null or of the field's type, and each of its records has what identifies it.
  func admits(_ value: Value) -> Bool {
    let value = value.revealed
    guard value != .null, type.admits(value) else { return value == .null }
    guard let identity = record.keys.first, case .list(let records) = value else { return true }
    return records.allSatisfy { $0.revealed.fields?[identity]?.revealed.text != nil }
  }
}

extension Value {
  /// What a value of this kind is called.
  fileprivate var typeName: String { StaticType(of: self).description }
}
