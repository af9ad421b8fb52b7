import Events
import Machine
import Operations
import Playbooks
import Reporting
import Sandbox
import Simulation

/// The report for people.
extension SimulationOutcome {
  /// The most lines of a trace; earlier ones are left out.
  private static let longestTrace = 500

  /// A line per figure, and what broke a property; ends in a newline.
  var text: String {
    var lines = figures.map { name, value in
      name + String(repeating: " ", count: max(1, 12 - name.count)) + value
    }
    if finding == nil { lines.append("no property was broken") }
    if !comparesFinalState {
      lines.append(
        "what the runs left was not compared: undisturbed runs leave different things, too")
    }
    if let finding { lines += [""] + Self.lines(of: finding) }
    return lines.joined(separator: "\n") + "\n"
  }

  private var figures: [(String, String)] {
    var figures = [("runs", runText)]
    let tally = result.tally
    if let ratio {
      figures.append(
        (
          "time",
          "\(ElapsedText.text(tally.virtualTime)) of virtual time in "
            + "\(ElapsedText.text(realTime)): \(Int(ratio)) times real time"
        ))
    }
    if order.plans == .every { figures.append(("plans", planText)) }
    figures.append(("crashes", "\(tally.crashes)"))
    figures.append(("resumed", "\(tally.resolutions) times after the end, in doubt or failed"))
    let faults = FaultKind.allCases.compactMap { kind in
      tally.faults[kind].map { "\(kind.rawValue) \($0)" }
    }
    figures.append(("faults", faults.isEmpty ? "none" : faults.joined(separator: ", ")))
    let outcomes = Outcome.allCases.compactMap { outcome in
      tally.outcomes[outcome].map { "\(outcome.rawValue) \($0)" }
    }
    figures.append(("outcomes", outcomes.isEmpty ? "none" : outcomes.joined(separator: ", ")))
    return figures
  }

  private var runText: String {
    var parts = ["\(result.runs) random"]
    if order.crashes == .every {
      parts.append("\(result.points) with a crash at each point")
      parts.append("\(result.pairs) with crashes at two points")
    }
    return parts.joined(separator: ", ")
  }
}

/// Plans.
extension SimulationOutcome {
  /// Such as `412, of 9270 steps: create 1204, unchanged 7061; 3 runs refused`.
  private var planText: String {
    let plans = result.plans
    let kinds = StateChange.Kind.allCases.compactMap { kind in
      plans.steps[kind].map { "\(kind.rawValue) \($0)" }
    }
    let ends = [
      ("at a refused request", plans.refusals), ("at an unknown step", plans.openEnds),
      ("at a conflict", plans.conflicts),
    ].filter { $0.1 > 0 }.map { "\($0.1) runs failed \($0.0)" }
    let steps = plans.steps.values.reduce(0, +)
    let said = kinds.isEmpty ? "" : ", of \(steps) steps: \(kinds.joined(separator: ", "))"
    return (["\(plans.plans)\(said)"] + ends).joined(separator: "; ")
  }
}

/// The run that broke a property.
extension SimulationOutcome {
  private static func lines(of finding: Finding) -> [String] {
    let violation = finding.violation
    var lines = [
      "broken: \(violation.property.rawValue): \(violation.property.summary)",
      "  \(violation.detail)",
    ]
    if finding.isUndisturbed {
      lines.append("It shows without any crash or fault.")
    } else {
      lines.append(
        "Seed \(finding.smallest.seed); the shortest schedule of \(finding.attempts) tried:")
      lines += schedule(of: finding)
    }
    return lines + ["", "What happened:"] + trace(of: finding)
  }

  private static func schedule(of finding: Finding) -> [String] {
    guard let report = finding.report else { return [] }
    let crashes = report.crashes.map { crash in
      "  crash at \(crash.point), for \(DurationText.text(crash.downtime))"
    }
    let begin = report.events.first?.at ?? violationMoment(finding)
    let faults = report.trace?.injections.map { injection, moment in
      "  fault \(injection.kind.rawValue) at \(ElapsedText.text(moment - begin))"
    }
    return crashes + (faults ?? [])
  }

  private static func violationMoment(_ finding: Finding) -> Moment { finding.violation.at }

  /// A line per event and per disturbance.
  private static func trace(of finding: Finding) -> [String] {
    guard let report = finding.report else { return [] }
    let text = TextCollector()
    var recorder = PlainRecorder(style: TerminalStyle(), write: text.add)
    var notes = (report.trace?.entries ?? [])[...]
    for (index, event) in report.events.enumerated() {
      while let next = notes.first, next.eventCount <= index {
        text.add("    *** \(next.note.phrase)\n")
        notes.removeFirst()
      }
      if index < report.firstEvent { recorder.recall(event) } else { recorder.record(event) }
      if index + 1 == finding.violation.eventCount { text.add("    *** here it shows\n") }
    }
    for entry in notes { text.add("    *** \(entry.note.phrase)\n") }
    let lines = text.lines
    guard lines.count > longestTrace else { return lines }
    return ["(\(lines.count - longestTrace) earlier lines are left out)"]
      + lines.suffix(longestTrace)
  }
}

extension SimulationTrace.Note {
  /// What happened, in a few words.
  var phrase: String {
    switch self {
    case .crash(let crash):
      "the process ends at \(crash.point); the next begins \(DurationText.text(crash.downtime)) later"
    case .abandonment(let crash):
      "the process of another run ended at \(crash.point); nobody continued that run, and this one "
        + "begins \(DurationText.text(crash.downtime)) later"
    case .takeover(let number): "process \(number) continues the run"
    case .fault(let injection, _): "fault: \(injection.kind.rawValue)"
    }
  }
}
