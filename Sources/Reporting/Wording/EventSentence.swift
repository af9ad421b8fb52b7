import Events
import Expressions
import Operations
import Playbooks

/// An event as one short sentence, with lines of detail where a person must act or gets results.
struct EventSentence: Sendable {
  private static let longestOutput = 4000

  /// The step, session or run it is about.
  let subject: String?
  let text: String
  let role: TerminalStyle.Role
  let details: [StyledLine]

  private init(
    _ subject: String?, _ text: String, _ role: TerminalStyle.Role = .plain,
    details: [StyledLine] = []
  ) {
    self.subject = subject
    self.text = text
    self.role = role
    self.details = details
  }

  private init(
    _ path: StepPath, in tree: RunTree, _ text: String, _ role: TerminalStyle.Role = .plain,
    details: [StyledLine] = []
  ) {
    self.init(tree.label(of: path), text, role, details: details)
  }

  /// The sentence for `event`; `tree` is the run with the event already taken in.
  init(_ event: RunEvent, in tree: RunTree) {
    switch event.kind {
    case .runStarted(let start):
      let place = PlaceText.clause(start.service, environment: start.environment)
      let labels = start.labels.isEmpty ? "" : ", \(start.labels.text)"
      // The playbook of a single call is no file, and the operation gives it its name.
      let file = start.file == PlaybookFiles.callName ? "" : " of \(start.file)"
      self.init(start.playbook, "run \(start.run)\(file)\(place)\(labels)")
    case .sessionChanged(let username, let change):
      self.init("session \(username)", change.text)
    case .stepStarted(let path, let summary):
      let name = tree.node(at: path)?.name.map { "\($0): " } ?? ""
      let what = [summary.kind.rawValue, summary.subject].compactMap(\.self).spaced
      self.init(path, in: tree, name + what)
    case .attemptStarted(let path, let attempt):
      self.init(path, in: tree, "attempt \(attempt)")
    case .stepReused(let path, _, let result):
      let source = result == nil ? "an earlier attempt" : "an earlier run"
      self.init(path, in: tree, "the result of \(source) is reused")
    case .requestIntended(let path, let intent): self.init(path, in: tree, intent.text)
    case .actionIntended(let path, let intent): self.init(path, in: tree, intent.action)
    case .requestAnswered(let path, let answer): self.init(path, in: tree, answer.text)
    case .commandPending(let path, let commandID):
      self.init(path, in: tree, "command \(commandID) is pending")
    case .commandSettled(let path, let verdict):
      self.init(path, in: tree, "command \(verdict.commandID) \(verdict.text)")
    case .doubtSettled(let path, let verdict): self.init(path, in: tree, verdict.text, .notable)
    case .stateCompared(let path, let it): self.init(path, in: tree, it.change.text)
    case .dataArrived(let path, let requestID, let byteCount, let means):
      self.init(path, in: tree, "\(byteCount) bytes for request \(requestID), \(means.phrase)")
    case .stepWaiting(let path, let reason):
      self.init(path, in: tree, reason.text(at: event.at, naming: .ids))
    case .approvalRequested(let path, let request): self.init(path, request, in: tree)
    case .approvalDecided(let path, let decision): self.init(path, in: tree, decision.text)
    case .workEnded(let path, let end):
      self.init(path, in: tree, "\(end.result.outcome.word); `rescue` or `always` follows")
    case .effectRecorded(let path, _): self.init(path, in: tree, "it was done all the same")
    case .undoing(let path, let undoing):
      self.init(path == .root ? nil : tree.label(of: path), undoing.text, .notable)
    case .stopping(let path, _): self.init(path, in: tree, "stopping")
    case .attemptFailed(let path, let attempt, let failure, let pause):
      let cause = "(\(failure.kind.rawValue)): \(failure.message)"
      self.init(
        path, in: tree, "attempt \(attempt) failed \(cause); next in \(ElapsedText.text(pause))",
        .notable)
    case .stepFinished(let path, let result): self.init(path, result, in: tree)
    case .serviceChanged(let address, let change):
      self.init("service \(address)", change.text, .notable)
    case .cancelRequested(let grace):
      self.init(
        nil as String?, "cancel requested: \(CancelText.waiting(grace)); \(CancelText.second)",
        .notable)
    case .internalError(let message):
      self.init(nil as String?, "internal error: \(message)", .bad)
    case .runResumed(let resumption): self.init(resumption, in: tree)
    case .runFinished(let result):
      self.init(
        result, explaining: Self.isExplained(result, in: tree) ? .byName : .fully, in: tree)
    case .rollout(let event): self.init(event.tenant, event.text, event.role)
    }
  }

  private init(_ resumption: RunResumption, in tree: RunTree) {
    let run = tree.overview.start.map { "run \($0.run) of \($0.playbook) " } ?? ""
    let service = resumption.service.map { " at \($0.shortText)" } ?? ""
    self.init(
      nil as String?, "\(run)resumed by \(resumption.owner)\(service)", .notable,
      details: resumption.reopening?.details ?? [])
  }

  /// A decision that is awaited, with the command that makes it from anywhere.
  private init(_ path: StepPath, _ request: ApprovalRequest, in tree: RunTree) {
    let command = tree.overview.start.map { start in
      RunCommands(of: start.run, journal: tree.journal).approve(path, request.fields)
    }
    self.init(
      path, in: tree, "approval required: \(request.message)", .notable,
      details: command.map { [StyledLine("  decide with `\($0)`", .faint)] } ?? [])
  }

  private init(_ path: StepPath, _ result: StepResult, in tree: RunTree) {
    let node = tree.node(at: path)
    var text = [result.outcome.word, node?.attemptsText].compactMap(\.self).spaced
    if let start = node?.startedAt, let end = node?.finishedAt {
      text += " in \(ElapsedText.text(tree.time.running(from: start, to: end)))"
    }
    if result.isDrift, let change = result.change { text += ": \(change.text)" }
    var details: [StyledLine] = []
    if let failure = result.failure {
      if node.map(tree.isInnermostStep) ?? true {
        details = FailureExplanation(failure, at: path, outcome: result.outcome, in: tree).lines
      } else {
        // It came from a step inside and was explained there.
        text += ": \(failure.message)"
      }
    }
    self.init(
      path, in: tree, text, result.isDrift ? .notable : result.outcome.role, details: details)
  }

  /// How much is said about a run's failure.
  enum Explaining: Sendable {
    case fully
    /// The same in `privirun show`.
    case inHistory
    /// The name of the step, because it was explained where it happened.
    case byName
  }

  static func isExplained(_ result: RunResult, in tree: RunTree) -> Bool {
    guard let node = result.failedStep.flatMap(tree.node(at:)) else { return false }
    return tree.isInnermostStep(node) && node.result?.failure != nil
  }

  /// How a run ended, why, and what it put out; `changes` counts the steps that changed something.
  init(
    _ result: RunResult, explaining: Explaining, in tree: RunTree, changes: Int? = nil
  ) {
    var details: [StyledLine] = []
    var place = ""
    if let failure = result.failure {
      func explanation(_ place: FailureExplanation.Place) -> [StyledLine] {
        FailureExplanation(
          failure, at: result.failedStep, outcome: result.outcome, in: tree, place: place
        ).lines
      }
      switch explaining {
      case .fully: details = explanation(.live)
      case .inHistory: details = explanation(.history)
      case .byName: place = result.failedStep.map { " at \(tree.label(of: $0))" } ?? ""
      }
    }
    var text =
      "run \(result.outcome.word)\(place): "
      + (changes.map { "\($0) \($0 == 1 ? "step" : "steps") changed something; " } ?? "")
      + tree.countsText
    if let time = tree.time.text { text += " in \(time)" }
    if let counts = result.changes.text { text += "; at the service: \(counts)" }
    details += tree.overview.undone.lines.map { StyledLine("  \($0)", .notable) }
    details += Self.lines(of: result.outputs)
    details += Self.lines(of: tree.notices)
    if let next = NextCommands(tree.overview, journal: tree.journal)?.text(after: result.outcome) {
      details.append(FailureExplanation.line("next", next))
    }
    self.init(nil as String?, text, result.outcome.role, details: details)
  }
}

extension EventSentence {
  /// The outputs, a line each; a long list or map as a block beneath its name.
  private static func lines(of outputs: ValueMap) -> [StyledLine] {
    outputs.entries.flatMap { key, value in
      var line = StyledLine("  \(ValueText.text(key, limit: longestOutput))", .strong)
      guard let block = ValueText.block(value, limit: longestOutput) else {
        line.append(" = \(ValueText.text(value, limit: longestOutput))")
        return [line]
      }
      line.append(" =")
      return [line] + block.map { StyledLine("    \($0)") }
    }
  }

  private static let mostNotices = 20

  private static func lines(of notices: [String]) -> [StyledLine] {
    var texts = notices.prefix(mostNotices).map { $0 }
    if notices.count > mostNotices {
      texts.append("\(notices.count - mostNotices) more, which `privirun show --output json` lists")
    }
    return texts.map { text in
      var line = StyledLine("note", .notable)
      line.append(": \(text)")
      return line
    }
  }
}

extension [String] {
  fileprivate var spaced: String { joined(separator: " ") }
}

extension RequestIntent {
  /// Such as `POST /device/approve-device, attempt 2`.
  var text: String { "\(method) \(path)" + (attempt > 1 ? ", attempt \(attempt)" : "") }
}

extension RequestAnswer {
  /// Such as `HTTP 202, command 3f2a1b9c`.
  var text: String {
    "HTTP \(status)" + (commandID.map { ", command \($0)" } ?? "")
      + (requestID.map { ", request \($0)" } ?? "")
  }
}

extension CommandVerdict {
  /// Such as `succeeded, by socket`.
  var text: String {
    let word =
      switch state {
      case .succeeded: "succeeded"
      case .rejected: "was rejected"
      case .unknown(let word): "ended as `\(word)`"
      }
    return "\(word), by \(means.rawValue)"
  }
}

extension SessionChange {
  fileprivate var text: String {
    switch self {
    case .refreshing: "tokens are being refreshed"
    case .refreshed: "tokens refreshed"
    case .authenticated: "authenticated"
    case .joined: "joined"
    case .lost(let reason): "lost (\(reason)); opening again"
    case .closed: "closed"
    case .revoked: "token revoked"
    case .notRevoked(let reason): "token not revoked: \(reason)"
    }
  }
}

extension DataMeans {
  fileprivate var phrase: String {
    switch self {
    case .inline: "in the message"
    case .download: "downloaded"
    }
  }
}

extension ApprovalDecision {
  var text: String {
    let who = by.map { " by \($0)" } ?? ""
    return switch verdict {
    case .approved: "approved\(who)"
    case .rejected(let reason): "rejected\(who)" + (reason.map { ": \($0)" } ?? "")
    }
  }
}

extension DoubtVerdict {
  /// Such as `it was done, as device.retrieve-profile-devices shows`.
  fileprivate var text: String {
    let finding = isDone ? "it was done" : "it was not done"
    return switch means {
    case .lookup: finding + (operation.map { ", as \($0) shows" } ?? "")
    case .assumption: "\(finding), as `--assume` says"
    }
  }
}

extension Reopening {
  /// So many steps are named.
  private static var mostSteps: Int { 5 }

  /// Which steps go on, in a line each.
  fileprivate var details: [StyledLine] {
    [("new attempt", again), ("continues", continued)].compactMap { word, steps in
      guard !steps.isEmpty else { return nil }
      let names = steps.prefix(Self.mostSteps).map(\.description).joined(separator: ", ")
      let others = steps.count - Self.mostSteps
      return StyledLine("  \(word): \(names)" + (others > 0 ? " and \(others) more" : ""), .faint)
    }
  }
}
