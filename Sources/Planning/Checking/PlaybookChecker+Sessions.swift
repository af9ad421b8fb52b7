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
      .needsSession, "`\(operation)` needs a session, and the playbook opens none", at: location,
      hint: "add `session: {username: …, password: …}` to the playbook, or play it from one")
  }
}

/// Sessions: who opens one, and who needs one.
extension PlaybookChecker {
  mutating func check(_ credentials: Credentials, in scope: NameScope) {
    switch credentials.kind {
    case .profile(let username, let password):
      check(username, "username", in: scope)
      check(password, "password", in: scope)
      checkHidden(password, "password")
      noteSecret(password, usedAs: "the session's `password`", in: scope)
    case .application(let access, let refresh, let end):
      check(access, "access-token", in: scope)
      checkHidden(access, "access token")
      noteSecret(access, usedAs: "the session's `access-token`", in: scope)
      if let end { check(end, "expires-at", in: scope) }
      guard let refresh else { break }
      check(refresh, "refresh-token", in: scope)
      checkHidden(refresh, "refresh token")
      noteSecret(refresh, usedAs: "the session's `refresh-token`", in: scope)
      checkRole(api.roles.refresh, "exchanges a refresh token", at: refresh.location)
    }
    guard credentials.isRevoked else { return }
    checkRole(api.roles.revoke, "revokes a token", at: credentials.location)
  }

  private mutating func check(_ template: Template, _ name: String, in scope: NameScope) {
    check(template, in: scope)
    report(
      ValueSchema(.string).diagnostics(in: template, for: Subject("the session's", name)) {
        type(of: $0, in: scope)
      })
  }

  private mutating func checkHidden(_ template: Template, _ what: String) {
    guard case .literal(let value, let location, _) = template, value.isSecret else { return }
    report([
      Diagnostic(
        .secretInClear, "the \(what) is in the file in plain text", at: location,
        hint: "declare an input of type secret and give `${{ inputs.… }}`", severity: .warning,
        quotation: .none)
    ])
  }

  private mutating func checkRole(_ role: String?, _ act: String, at location: SourceLocation) {
    guard role == nil else { return }
    report(
      .missingRole, "the description of the API names no operation that \(act)", at: location,
      hint: "add it to `roles` in the file given with `--api`")
  }

  /// `session` says something only where requests may be sent.
  mutating func checkSession(of step: Step, in scope: NameScope) {
    switch step.modifiers.session {
    case .default: return
    case .none: break
    case .own(let credentials): check(credentials, in: scope)
    }
    switch step.kind {
    case .call(let call), .wait(.until(_, let call?, _)):
      guard LocalAction(rawValue: call.operation.value) != nil else { return }
      report(
        .misplacedKey, "`\(call.operation.value)` sends nothing and uses no session",
        at: step.location, hint: "leave `session` out")
    case .play, .forEach, .parallel, .block, .unreadable, .wait(.until(_, nil, _)): return
    case .assert, .approve, .wait(.duration):
      // Its `rescue` or `always` may call something.
      guard step.modifiers.rescue.isEmpty, step.modifiers.always.isEmpty else { return }
      report(
        .misplacedKey, "this step sends nothing and uses no session", at: step.location,
        hint: "leave `session` out", severity: .warning)
    }
  }

  /// Notes or reports that `operation` cannot be called without a session.
  mutating func noteNeed(of operation: Operation, at location: SourceLocation, in scope: NameScope)
  {
    guard operation.authorization == .token else { return }
    noteNeed(SessionNeed(operation: operation.id, location: location), in: scope)
  }

  /// A playbook without a session of its own hands the need on to whoever plays it.
  mutating func noteNeed(_ need: SessionNeed, in scope: NameScope) {
    switch scope.session {
    case .own: return
    case .ofPlaybook: if !facts.opensSession, facts.need == nil { facts.need = need }
    case .none:
      report(
        .needsSession, "`\(need.operation)` needs a session, and the step has `session: none`",
        at: need.location, hint: "leave `session` out")
    }
  }
}
