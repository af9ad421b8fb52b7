import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// What the steps of a plan make of the facts.
extension VotingFacts {
  /// Notes what is there once the step was carried out; `names` are those of devices, as far as the plan
  /// says them.
  mutating func apply(_ step: ForeseenStep, naming names: [Value: String]) {
    guard step.fate != .never || step.isAsAsked, let lookup = step.operation?.lookup else { return }
    let isGone = lookup.expects == .absent || step.step.modifiers.ensure?.state == .absent
    let reads = VotingReads.standard
    switch lookup.operation {
    case reads.activePolicies: setState(isGone ? .inactive : .possible, by: step)
    case reads.policy where isGone: removePolicy(by: step)
    case reads.policy: notePolicy(of: step)
    case reads.configurations, reads.configuration: if !isGone { noteConfiguration(of: step) }
    case reads.settings: noteSettings(of: step)
    case reads.authenticators where isGone: removeAuthenticator(by: step)
    case reads.authenticators: noteAuthenticator(of: step, naming: names)
    case _: break
    }
  }

  /// A policy that is registered is not in force (protocol.md §10), unless it was there before.
  private mutating func notePolicy(of step: ForeseenStep) {
    let isNew = step.fate != .never
    var policy = Policy(step.record, state: isNew || knowsPolicies ? .inactive : .possible)
    policy.id = step.value[field: "id"] ?? .null
    let known = policies.firstIndex {
      $0.id.refers(to: policy.id) || $0.isCalled(policy.name)
    }
    if let known, !isNew {
      policies[known].add(step.record)
    } else {
      policies.append(policy)
    }
  }

  /// What the plan puts in force may not be so when a step begins that runs beside it.
  private mutating func setState(_ state: Policy.State, by step: ForeseenStep) {
    guard step.fate != .never else { return }
    let id = step.record["id"] ?? .null
    let new = step.fate == .certain ? state : .possible
    if let known = policies.firstIndex(where: { $0.id.refers(to: id) || $0.isCalled(id.plainText) })
    {
      if policies[known].state != .active || state == .inactive { policies[known].state = new }
    } else if state == .possible {
      policies.append(Policy(["id": id], state: .possible))
    }
  }

  private mutating func removePolicy(by step: ForeseenStep) {
    guard step.fate == .certain, let name = step.record["name"]?.plainText else { return }
    policies.removeAll { $0.name == name }
  }

  private mutating func noteConfiguration(of step: ForeseenStep) {
    var configuration = Configuration(step.record)
    configuration.id = step.value[field: "id"] ?? .null
    let known = configurations.firstIndex { $0.name.refers(to: configuration.name) }
    guard let known else { return configurations.append(configuration) }
    switch step.fate {
    case .never: break
    case .certain:
      if configuration.id == .null { configuration.id = configurations[known].id }
      configurations[known] = configuration
    case .possible:
      if configurations[known].timeLimit != configuration.timeLimit {
        configurations[known].timeLimit = nil
      }
      if configurations[known].devices != configuration.devices {
        configurations[known].devices = nil
      }
    }
  }

  private mutating func noteSettings(of step: ForeseenStep) {
    let new = Settings(step.record)
    func note<Number: Equatable>(_ path: WritableKeyPath<Settings, Number?>, _ name: String) {
      guard step.record[name] != nil else { return }
      let isSure = step.fate != .possible || settings[keyPath: path] == new[keyPath: path]
      settings[keyPath: path] = isSure ? new[keyPath: path] : nil
    }
    note(\.quorum, "quorumSize")
    note(\.timeLimit, "timeLimit")
    note(\.attempts, "numberOfAttempts")
  }

  private mutating func noteAuthenticator(of step: ForeseenStep, naming names: [Value: String]) {
    guard let known = authenticators, var new = Authenticator(step.record) else { return }
    guard step.fate != .possible else {
      authenticators = nil
      return
    }
    guard !known.contains(where: { $0.device.refers(to: new.device) }) else { return }
    new.name = names[new.device]
    authenticators = known + [new]
  }

  private mutating func removeAuthenticator(by step: ForeseenStep) {
    guard step.fate != .never, let known = authenticators,
      let gone = Authenticator(step.record)?.device
    else { return }
    authenticators = step.fate == .certain ? known.filter { !$0.device.refers(to: gone) } : nil
  }
}

extension VotingFacts.Policy {
  fileprivate func isCalled(_ name: String?) -> Bool { name.map { $0 == self.name } ?? false }
}

extension ForeseenStep {
  /// What the read of its lookup shows of the thing, as far as the call says it.
  var record: ValueMap { operation?.lookup?.record(madeBy: arguments) ?? [:] }
}
