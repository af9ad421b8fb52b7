package import Expressions

/// What any step can carry.
package struct Modifiers: Sendable, Hashable {
  /// The step is skipped unless this is true.
  package var when: Template?
  /// How long one attempt may take; more than zero, at most 7 days.
  package var timeout: Located<Duration>?
  /// How a failed attempt is repeated; nil leaves it to the defaults of the step's kind.
  package var retry: Retry?
  /// Whose session the call uses; only steps that call an operation may name one.
  package var session: SessionChoice
  /// Conditions on the answer, which expressions call `answer`.
  package var expect: [Assertion]
  /// Run when the step failed, with `error` bound; when they succeed the failure is tolerated.
  package var rescue: [Step]
  /// Run in any case, after the step and its rescue.
  package var always: [Step]

  /// Modifiers that change nothing, except those that are given.
  package init(
    when: Template? = nil, timeout: Located<Duration>? = nil, retry: Retry? = nil,
    session: SessionChoice = .default, expect: [Assertion] = [], rescue: [Step] = [],
    always: [Step] = []
  ) {
    self.when = when
    self.timeout = timeout
    self.retry = retry
    self.session = session
    self.expect = expect
    self.rescue = rescue
    self.always = always
  }
}

/// Whose session a step uses.
package enum SessionChoice: Sendable, Hashable {
  /// That of the playbook, or of its caller.
  case `default`
  /// None: the request carries no token and its command is polled.
  case none
  /// One of the step's own.
  case own(Credentials)
}
