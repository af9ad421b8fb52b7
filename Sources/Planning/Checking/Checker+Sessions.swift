import Diagnostics
import Expressions
import Operations
import Playbooks

/// A call that uses the session of whoever plays its playbook.
struct SessionNeed: Sendable, Hashable {
  let operation: String
  let location: SourceLocation

  /// What is said when nobody plays it.
  var diagnostic: Diagnostic {
    Diagnostic(
      "needs-session", "`\(operation)` needs a session, and the playbook opens none", at: location,
      hint: "add `session: {username: …, password: …}` to the playbook, or play it from one")
  }
}

/// Sessions: who opens one, and who needs one.
extension Checker {
  mutating func check(_ credentials: Credentials, in scope: NameScope) {
    for (name, template) in [
      ("username", credentials.username), ("password", credentials.password),
    ] {
      check(template, in: scope)
      report(
        ValueDemand(.string).findings(in: template, for: Subject("the session's", name)) {
          type(of: $0, in: scope)
        })
    }
    if case .literal(.string, let location) = credentials.password {
      report(
        "password-in-clear", "the password stands in the file in clear", at: location,
        hint: "declare an input of type secret and give `${{ inputs.… }}`", severity: .warning)
    }
  }

  /// `session` says something only where requests are sent.
  mutating func checkSession(of step: Step, in scope: NameScope) {
    switch step.modifiers.session {
    case .default: return
    case .none: break
    case .own(let credentials): check(credentials, in: scope)
    }
    switch step.kind {
    case .call(let call), .wait(.until(_, let call, _)):
      guard LocalAction(rawValue: call.operation.value) != nil else { return }
      report(
        "needless-session", "`\(call.operation.value)` sends nothing and uses no session",
        at: step.location, hint: "leave `session` out")
    case .play, .forEach, .parallel, .block, .assert, .wait(.duration):
      report(
        "needless-session", "`session` belongs to a step that calls an operation",
        at: step.location, hint: "give it to the calls inside")
    }
  }

  /// Notes or reports that `operation` cannot be called without a session.
  mutating func noteNeed(of operation: Operation, step: Step, at location: SourceLocation) {
    guard operation.authorization == .token else { return }
    switch step.modifiers.session {
    case .own: return
    case .default: noteNeed(SessionNeed(operation: operation.id, location: location))
    case .none:
      report(
        "needs-session", "`\(operation.id)` needs a session, and the step has `session: none`",
        at: location, hint: "leave `session` out")
    }
  }

  /// A playbook without a session of its own hands the need on to whoever plays it.
  mutating func noteNeed(_ need: SessionNeed) {
    if !facts.opensSession, facts.need == nil { facts.need = need }
  }
}
