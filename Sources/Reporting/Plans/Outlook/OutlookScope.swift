import Events
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks

/// What the expressions of some steps of a plan see, as far as it is known before the run.
struct OutlookScope {
  var inputs: ValueMap
  /// The time zones that they know by name.
  let zones: NamedZones?
  /// The results of the steps before.
  var steps = ValueMap()
  /// Loop variables, `error`.
  var variables: [String: Value] = [:]
  /// The session of steps that name none.
  var session = ForeseenSession.none

  /// The value of `template`; one that cannot be evaluated waits for `path`.
  func value(of template: Template, at path: StepPath) -> Value {
    valueIfGiven(of: template, at: path) ?? .null
  }

  /// The same for a field; nil where its value is an optional that holds nothing.
  private func valueIfGiven(of template: Template, at path: StepPath) -> Value? {
    var names = variables
    names["inputs"] = .map(inputs)
    names["steps"] = .map(steps)
    names["run"] = .unknown(Unknown("run"))
    do {
      return try template.evaluateIfGivenAllowingUnknown(with: Bindings(names, zones: zones))
    } catch {
      return .unknown(Unknown("\(path)"))
    }
  }

  /// Binds what `let` of a step or playbook at `path` gives.
  mutating func bind(_ locals: OrderedDictionary<String, LocalValue>, at path: StepPath) {
    for (name, local) in locals { variables[name] = value(of: local.value, at: path) }
  }

  /// `step` with what its expressions set, as far as that is known.
  func settled(_ step: PlannedStep, at path: StepPath) -> PlannedStep {
    guard step.hasComputedSettings else { return step }
    let settled = try? step.settled { template throws(SettingFlaw) in
      value(of: template, at: path)
    }
    return settled ?? step
  }

  func values(
    of arguments: OrderedDictionary<String, Template>, at path: StepPath
  ) -> ValueMap {
    var values = ValueMap()
    for (name, template) in arguments { values[name] = valueIfGiven(of: template, at: path) }
    return values
  }

  /// The inputs of a playbook that is played from here.
  func inputs(
    of playbook: PlannedPlaybook, _ arguments: OrderedDictionary<String, Template>,
    at path: StepPath
  ) -> ValueMap {
    var inputs = values(of: arguments, at: path)
    for (name, declaration) in playbook.inputs where inputs[name] == nil {
      inputs[name] = declaration.defaultValue
    }
    return inputs.hiding(playbook.hiddenInputs)
  }

  /// The session of a step that chooses so.
  func session(for choice: SessionChoice, at path: StepPath) -> ForeseenSession {
    switch choice {
    case .default: session
    case .none: .none
    case .own(let credentials): session(of: credentials, at: path)
    }
  }

  func session(of credentials: Credentials, at path: StepPath) -> ForeseenSession {
    switch credentials.kind {
    case .profile(let username, let password):
      let password = value(of: password, at: path)
      guard let username = value(of: username, at: path).text, password.text != nil else {
        return .unknown
      }
      return .profile(username: username, password: Secret(password))
    case .application(let access, let refresh, let end):
      let access = value(of: access, at: path)
      guard access.text != nil else { return .unknown }
      let refresh = refresh.map { value(of: $0, at: path) } ?? .null
      return .application(
        accessToken: Secret(access), isRenewed: refresh != .null,
        expiresAt: end.map { value(of: $0, at: path) } ?? .null)
    }
  }
}
