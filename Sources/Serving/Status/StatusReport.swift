import Events
import Journaling
import Operations

/// What `/healthz` or `/readyz` says of a daemon.
package struct StatusReport: Sendable, Hashable {
  /// How the question of the page is answered.
  package enum Verdict: String, Sendable, Hashable {
    case healthy = "ok"
    case unhealthy = "failing"
    case ready
    case notReady = "not-ready"

    /// The status code of the response.
    package var code: Int {
      switch self {
      case .healthy, .ready: 200
      case .unhealthy, .notReady: 503
      }
    }
  }

  /// The answer to the question.
  package var verdict: Verdict
  /// What is wrong, one sentence each; no secret, and of paths only the name of the file.
  package var problems: [String]
  /// What the daemon reports about itself.
  package var facts: DaemonFacts

  /// The response, whose body is a JSON object.
  package var answer: StatusAnswer {
    StatusAnswer(verdict.code, "application/json", Array("\(json.line)\n".utf8))
  }

  private var json: EncodedJSON {
    .object([
      "status": .text(verdict.rawValue), "state": .text(facts.state.rawValue),
      "since": .instant(facts.since),
      "acting": facts.acting.map { owner in
        .object([
          "host": .text(owner.host), "process": .integer(Int64(owner.process)),
          "since": .instant(owner.since),
        ])
      },
      "files": .object([
        "good": .count(facts.files.good), "kept": .count(facts.files.kept.count),
        "bad": .count(facts.files.bad.count),
      ]),
      "problems": .list(problems.map { .text($0) }),
    ])
  }
}

extension DaemonFacts {
  /// Whether the daemon works: its scheduler loop is running, and commits to the journal succeed.
  package func health(at uptime: Duration) -> StatusReport {
    var problems: [String] = []
    if !isTurning(at: uptime) {
      let seconds = (uptime - turnedAt).components.seconds
      problems.append("the scheduler loop has not run for \(seconds) s")
    }
    if case .failing(let since) = journal {
      problems.append("commits to the journal have failed since \(since.text)")
    }
    return StatusReport(
      verdict: problems.isEmpty ? .healthy : .unhealthy, problems: problems, facts: self)
  }

  /// Whether the daemon acts or is about to when another ends, with every file good or with an earlier
  /// definition, and every ledger usable.
  package var readiness: StatusReport {
    var verdict = StatusReport.Verdict.notReady
    var problems: [String] = []
    switch state {
    case .starting: problems.append("the daemon is starting")
    case .draining: problems.append("the daemon is about to stop")
    case .acting, .standingBy:
      verdict = files.bad.isEmpty && unusable.isEmpty ? .ready : .notReady
    }
    problems += files.problems + ledgerProblems
    return StatusReport(verdict: verdict, problems: problems, facts: self)
  }
}

extension DaemonFacts {
  fileprivate var ledgerProblems: [String] {
    unusable.map { "the ledger of the schedule `\($0)` cannot be used" }.limited("schedules")
  }
}

extension ServedCounts {
  fileprivate var problems: [String] {
    let all =
      bad.map { "`\($0)` cannot be used" }
      + kept.map { "`\($0)` has an error; its last valid version is served" }
    return all.limited("files")
  }
}

extension [String] {
  /// How many names are listed.
  private static var mostNames: Int { 20 }

  /// The first of them, and how many more `things` there are.
  fileprivate func limited(_ things: String) -> [String] {
    guard count > Self.mostNames else { return self }
    return prefix(Self.mostNames) + ["and \(count - Self.mostNames) more \(things)"]
  }
}
