import EventSamples
import Events
import Expressions
import Operations
import Playbooks

@testable import Reporting

/// A run drawn as text: a line for each step, two spaces deeper than what it is in.
///
///     profile call profile.register-new-profile
///     stores for-each store
///       [0] vault-a
///         device call device.enrol #Enrol failed
///
/// Behind the id come the kind, the subject, the author's name after `#`, and the outcome, each of
/// which may be missing but the kind. A step without an outcome succeeded. Rounds are `[0]`, branches
/// `.left`.
struct DrawnRun {
  private(set) var kinds: [RunEvent.Kind] = []
  private var ends: [(depth: Int, kind: RunEvent.Kind)] = []
  private var open: [StepPath.Component] = []
  private var element: String?

  /// The run that `text` draws, of the plan with this digest.
  init(_ text: String, plan: String = "p") {
    kinds.append(.runStarted(Self.start(plan)))
    for line in text.split(separator: "\n") {
      let depth = line.prefix { $0 == " " }.count / 2
      close(to: depth)
      draw(line.split(separator: " ").map(String.init), at: depth)
    }
    close(to: 0)
    kinds.append(.runFinished(RunResult(outcome: .succeeded)))
  }

  /// One millisecond lies between an event and the next.
  var events: [RunEvent] {
    kinds.enumerated().map { sequence, kind in
      RunEvent(
        sequence: sequence, at: SampleRun.beginning + .milliseconds(sequence), kind: kind)
    }
  }

  var tree: RunTree { RunTree(events) }

  static func start(_ plan: String) -> RunStart {
    RunStart(
      run: SampleRun.run, playbook: "drawn", file: "drawn.yaml", planDigest: plan, inputs: [:],
      seed: 1, version: "1")
  }

  private mutating func close(to depth: Int) {
    while let last = ends.last, last.depth >= depth { kinds.append(ends.removeLast().kind) }
    open = Array(open.prefix(depth))
  }

  private mutating func draw(_ words: [String], at depth: Int) {
    let component = Self.component(words[0])
    open = Array(open.prefix(depth)) + [component]
    switch component {
    case .iteration: element = words.count > 1 ? words[1] : nil
    case .branch, .rescue, .always, .undo: break
    case .step(let id): begin(id, Array(words.dropFirst()), at: depth)
    }
  }

  private mutating func begin(_ id: String, _ words: [String], at depth: Int) {
    let path = StepPath(components: open)
    let outcome = words.last.flatMap(Outcome.init)
    let name = words.first { $0.hasPrefix("#") }.map { String($0.dropFirst()) }
    let subject = words.dropFirst().first { !$0.hasPrefix("#") && Outcome(rawValue: $0) == nil }
    let kind = words.first.flatMap(StepSummary.Kind.init) ?? .call
    let summary = StepSummary(
      kind: kind, title: name ?? id, subject: subject, element: element)
    element = nil
    kinds.append(.stepStarted(path, summary))
    let failure = outcome == .failed ? Failure(.rejected, "no") : nil
    ends.append(
      (depth, .stepFinished(path, StepResult(outcome: outcome ?? .succeeded, failure: failure))))
  }

  private static func component(_ word: String) -> StepPath.Component {
    switch word {
    case "rescue": .rescue
    case "always": .always
    case "undo": .undo
    case _ where word.hasPrefix("["): .iteration(Int(word.dropFirst().dropLast()) ?? 0)
    case _ where word.hasPrefix("."): .branch(String(word.dropFirst()))
    case _: .step(word)
    }
  }
}
