import Events
import Expressions
import Glibc
import Hosting
import Machine
import Networking
import Reporting

/// Asks the person at the terminal for the decisions that a run waits for, one after another.
///
/// Whoever says nothing leaves the decision to another process.
actor TerminalDecisions {
  private let run: RunID
  private let reporter: Reporter
  private let questions: AsyncStream<Question>
  private let ask: AsyncStream<Question>.Continuation
  /// The steps whose decisions are still awaited.
  private var open: Set<StepPath> = []

  private struct Question: Sendable {
    let path: StepPath
    let request: ApprovalRequest
  }

  /// Whether somebody is there to decide.
  static var arePossible: Bool { isatty(0) == 1 && isatty(2) == 1 }

  init(of run: RunID, _ reporter: Reporter) {
    self.run = run
    self.reporter = reporter
    (questions, ask) = AsyncStream.makeStream()
  }

  /// Notes what happened in the run.
  func note(_ events: [RunEvent]) async {
    for event in events {
      switch event.kind {
      case .approvalRequested(let path, let request):
        open.insert(path)
        ask.yield(Question(path: path, request: request))
      case .approvalDecided(let path, _), .stepFinished(let path, _),
        .attemptFailed(let path, _, _, _):
        if open.remove(path) != nil { await reporter.takeTerminal() }
      case _: break
      }
    }
  }

  /// Asks until the task is cancelled, and gives each decision to `host`.
  func serve(_ host: Host) async {
    for await question in questions where open.contains(question.path) {
      await reporter.yieldTerminal()
      let decision = await withCheckedContinuation { continuation in
        BlockingThreads.perform { continuation.resume(returning: Self.decision(on: question)) }
      }
      if let decision { host.put(.decide(question.path, decision), to: run) }
      await reporter.takeTerminal()
    }
  }

  /// What the person decides; nil when they leave it open.
  private static func decision(on question: Question) -> ApprovalDecision? {
    let request = question.request
    say("\napproval required for `\(question.path)`:\n  \(request.message)\n")
    while true {
      say("approve? [y]es, [n]o, [l]ater: ")
      switch readLine()?.lowercased() {
      case "y", "yes":
        guard let fields = fields(of: request) else { return nil }
        return ApprovalDecision(.approved, fields: fields, by: CurrentUser.name)
      case "n", "no":
        say("reason (empty for none): ")
        let reason = readLine().flatMap { $0.isEmpty ? nil : $0 }
        return ApprovalDecision(.rejected(reason: reason), by: CurrentUser.name)
      case nil, "l", "later":
        say("left open: decide with `privirun approve`\n")
        return nil
      case _: break
      }
    }
  }

  private static func fields(of request: ApprovalRequest) -> ValueMap? {
    let reading = FieldReading(request.fields)
    var values = ValueMap()
    for field in request.fields {
      let about = field.summary.map { ", \($0)" } ?? ""
      while values[field.name] == nil {
        let question = "  \(field.name) (\(field.type)\(about))"
        guard let text = text(for: field, question) else { return nil }
        if field.type == "secret" {
          values[field.name] = .secret(text: text)
        } else if let value = try? reading.value(of: text, for: field) {
          values[field.name] = value
        } else {
          say("  that is not \(field.type)\n")
        }
      }
    }
    return values
  }

  private static func text(for field: ApprovalField, _ question: String) -> String? {
    if field.type == "secret" { return TerminalPrompt.secret?(question) }
    say("\(question): ")
    return readLine()
  }

  private static func say(_ text: String) { StandardStream.error.write(text) }
}

/// Who runs this process.
enum CurrentUser {
  /// The name of the user, as the operating system knows it.
  static var name: String? {
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return nil }
    return String(cString: name)
  }
}
