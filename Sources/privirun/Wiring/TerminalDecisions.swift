import Events
import Expressions
import Glibc
import Hosting
import Machine
import Networking
import Playbooks
import Reporting

/// Asks the person at the terminal for the decisions that a run waits for, one after another.
///
/// Whoever says nothing leaves the decision to another process; a question that is settled otherwise,
/// or whose run ends, is withdrawn.
actor TerminalDecisions {
  private let run: RunID
  private let commands: RunCommands
  private let reporter: Reporter
  private let style: TerminalStyle
  private let questions: AsyncStream<Question>
  private let ask: AsyncStream<Question>.Continuation
  /// The step that is being asked about.
  private var asked: StepPath?
  /// The questions that are not settled, by step.
  private var open: [StepPath: Question] = [:]

  fileprivate struct Question: Sendable {
    let path: StepPath
    let request: ApprovalRequest
    /// How the step is approved from another process.
    let command: String
    let lines: TerminalLines
  }

  /// Whether somebody is there to decide: a terminal, and this process not in its background.
  static var arePossible: Bool {
    guard isatty(0) == 1, isatty(2) == 1 else { return false }
    let foreground = tcgetpgrp(0)
    return foreground < 0 || foreground == getpgrp()
  }

  init(of run: RunID, _ commands: RunCommands, _ reporter: Reporter, _ style: TerminalStyle) {
    self.run = run
    self.commands = commands
    self.reporter = reporter
    self.style = style
    (questions, ask) = AsyncStream.makeStream()
  }

  /// Notes what happened in the run.
  func note(_ events: [RunEvent]) async {
    for event in events {
      switch event.kind {
      case .approvalRequested(let path, let request):
        guard let lines = try? TerminalLines() else { break }
        let question = Question(
          path: path, request: request, command: commands.approve(path, request.fields),
          lines: lines)
        open[path] = question
        ask.yield(question)
      case .approvalDecided(let path, _), .workEnded(let path, _), .undoing(let path, _),
        .stepFinished(let path, _),
        .attemptFailed(let path, _, _, _):
        await settle(path)
      case .runFinished, .internalError: for path in open.keys { await settle(path) }
      case _: break
      }
    }
  }

  private func settle(_ path: StepPath) async {
    guard let question = open.removeValue(forKey: path) else { return }
    question.lines.stop()
    // Another question may have the terminal.
    if asked == path { await reporter.takeTerminal() }
  }

  /// Asks until the task is cancelled, and gives each decision to `host`.
  func serve(_ host: Host) async {
    for await question in questions where open[question.path]?.lines === question.lines {
      asked = question.path
      await reporter.yieldTerminal()
      let style = style
      let decision = await withTaskCancellationHandler {
        await withCheckedContinuation { continuation in
          BlockingThreads.perform {
            continuation.resume(returning: question.decision(style))
          }
        }
      } onCancel: {
        question.lines.stop()
      }
      // A decision on a question that was settled meanwhile would be one on the next attempt.
      if let decision, open[question.path]?.lines === question.lines {
        host.put(.decide(question.path, decision), to: run)
      }
      asked = nil
      await reporter.takeTerminal()
    }
  }
}

/// The dialogue.
extension TerminalDecisions.Question {
  /// What the person decides; nil when they leave it open, or it was settled otherwise.
  fileprivate func decision(_ style: TerminalStyle) -> ApprovalDecision? {
    let message = style.printable(request.message)
    // Nobody approves what they have not read.
    lines.discardTyped()
    say("\napproval required for `\(style.printable("\(path)"))`:\n  \(message)\n")
    while true {
      say("approve? [y]es, [n]o, [l]ater: ")
      switch lines.next()?.lowercased() {
      case "y", "yes":
        guard let fields = fields(style) else { return nil }
        return ApprovalDecision(.approved, fields: fields, by: CurrentUser.name)
      case "n", "no":
        say("reason (empty for none): ")
        guard let reason = lines.next() else { return nil }
        return ApprovalDecision(
          .rejected(reason: reason.isEmpty ? nil : reason), by: CurrentUser.name)
      case "l", "later":
        say("left open: decide with `\(style.printable(command))`\n")
        return nil
      case nil:
        say("\n")
        return nil
      case _: break
      }
    }
  }

  private func fields(_ style: TerminalStyle) -> ValueMap? {
    let reading = FieldReading(request.fields)
    var values = ValueMap()
    for field in request.fields {
      let about = field.summary.map { ", \(style.printable($0))" } ?? ""
      while values[field.name] == nil {
        let question = "  \(field.name) (\(field.type.word)\(about))"
        guard let text = text(for: field, question) else { return nil }
        if field.type == .secret {
          values[field.name] = .secret(text: text)
        } else if let value = try? reading.value(of: text, for: field) {
          values[field.name] = value
        } else {
          say("  that is not of the type \(field.type.word)\n")
        }
      }
    }
    return values
  }

  private func text(for field: ApprovalField, _ question: String) -> String? {
    guard field.type == .secret else {
      say("\(question): ")
      return lines.next()
    }
    let answer = SilentTerminal.reading {
      say("\(question), not shown while you type: ")
      return lines.next()
    }
    say("\n")
    return answer ?? nil
  }

  private func say(_ text: String) { StandardStream.error.write(text) }
}

/// Who runs this process.
enum CurrentUser {
  /// The name of the user, as the operating system knows it.
  static var name: String? {
    guard let entry = getpwuid(getuid()), let name = entry.pointee.pw_name else { return nil }
    return String(cString: name)
  }
}
