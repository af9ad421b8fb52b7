import Diagnostics
import Events
import Expressions
import Operations
import Planning
import Playbooks
import Testing

@testable import Reporting

/// What a plan of a playbook shows, with the events of its making drawn as `DrawnPlan` draws them.
///
/// The playbook acts for `alice`. A step drawn as `?` has an unknown result, as a group has into which the plan
/// could not look.
struct ForeseenPlan {
  let outlook: PlanOutlook

  static let limits = StepLimits(attempt: .seconds(120), condition: .seconds(300))
  static let alice = ForeseenSession.profile(username: "alice", password: Secret("")).owner

  /// `values` are results of steps, by their paths.
  init(
    _ steps: String, _ drawing: String, _ values: [String: Value] = [:],
    session: String = "{ username: alice, password: secret }", files: [String: String] = [:]
  ) throws {
    let text = "playbook: 1\nname: main\nsession: \(session)\nsteps:\n\(steps)\n"
    var drawn = DrawnPlan(drawing).events
    for index in drawn.indices {
      guard case .stepFinished(let path, var result) = drawn[index].kind else { continue }
      if result.change?.kind == .unknown { result.value = .unknown(Unknown("\(path)")) }
      result.value = values["\(path)"] ?? result.value
      drawn[index].kind = .stepFinished(path, result)
    }
    let plan = try Self.plan(files.merging(["/main.yaml": text]) { $1 })
    outlook = PlanOutlook(of: plan, after: drawn)
  }

  /// The description that is part of the program, read once.
  static let api = Result { () throws(InvalidInput) in try APIDescription.embedded() }

  private static func plan(_ files: [String: String]) throws -> Plan {
    try checked(files).plan(inputs: [:])
  }

  /// The playbook `/main.yaml` among `files`, checked.
  static func checked(_ files: [String: String]) throws -> CheckedPlaybook {
    let access = PlaybookFiles(
      resolve: { $0 },
      read: { path, _ throws(PlaybookFiles.Problem) in
        guard let text = files[path] else { throw .missing }
        return Array(text.utf8)
      },
      names: { _ in nil })
    var texts = SourceTexts()
    do throws(InvalidInput) {
      let loaded = try PlaybookLoader(files: access).load("/main.yaml", texts: &texts)
      return try Planner(api: api.get()).check(loaded)
    } catch {
      Issue.record("\(DiagnosticRenderer(texts: texts).render(error.diagnostics))")
      throw error
    }
  }

  /// The votes, a line for each: the event, the policy, what is known, the steps.
  func votes(knowing facts: VotingFacts?) -> [String] {
    forecast(knowing: facts).votes.map { vote in
      let policy = vote.policy.map { " \($0)" } ?? ""
      let steps = vote.steps.map(\.description).joined(separator: ", ")
      return "\(vote.event)\(policy) \(vote.text) [\(steps)]"
    }
  }

  /// What may run out, a line for each: the step and the text.
  func lifetimes(knowing facts: VotingFacts? = nil) -> [String] {
    LifetimeForecast(of: outlook, forecast(knowing: facts), within: Self.limits).warnings
      .map { "\($0.step): \($0.text)" }
  }

  private func forecast(knowing facts: VotingFacts?) -> VoteForecast {
    VoteForecast(
      of: outlook, knowing: facts.map { [Self.alice: $0] } ?? [:], within: Self.limits)
  }
}

/// What a service shows of policies and voting.
enum ShownVoting {
  static let templates: Value = [
    [
      "id": "T1", "name": "Data",
      "events": [
        ["id": "E1", "name": "data_token.data_exchanged", "label": "Exchange data"],
        ["id": "E2", "name": "data_token.data_deleted", "label": "Delete data"],
      ],
    ],
    ["id": "T2", "name": "Devices", "events": [["id": "E1", "name": "device.device_removed"]]],
  ]
  static let gate: Value = [
    "id": "P1", "name": "gate", "policyTemplateId": "T1", "applyingEventIds": ["E1"],
    "configurationId": "C1",
  ]
  static let rules: Value = [
    "id": "C1", "name": "rules", "timeLimit": 60, "deviceIdentifiers": ["D1"],
  ]
  static let phone: Value = ["deviceIdentifier": "D1", "name": "phone"]
  static let tablet: Value = ["deviceIdentifier": "D2", "name": "tablet"]

  static func facts(
    _ policies: [Value], rules: Value = [rules], quorum: Value = 1, attempts: Value = 1,
    authenticators: Value = [phone, tablet]
  ) -> VotingFacts {
    VotingFacts([
      "active": .list(policies), "templates": templates, "configurations": rules,
      "settings": ["quorumSize": quorum, "timeLimit": 30, "numberOfAttempts": attempts],
      "authenticators": authenticators,
    ])
  }
}

extension Value {
  /// The same map with these members.
  func with(_ members: ValueMap) -> Value {
    guard case .map(var map) = self else { return self }
    for name in members.names { map[name] = members[name] }
    return .map(map)
  }
}
