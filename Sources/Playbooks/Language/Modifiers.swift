package import Expressions
package import OrderedCollections

/// What any step can carry.
package struct Modifiers: Sendable, Hashable {
  /// The values that the step's expressions know by name, in the order of the file.
  package var locals: OrderedDictionary<String, LocalValue>
  /// The step is skipped unless this is true.
  package var when: Template?
  /// How long one attempt may take; more than zero, at most 7 days.
  package var timeout: Located<Setting<Duration>>?
  /// How a failed attempt is repeated; nil leaves it to the defaults of the step's kind.
  package var retry: Retry?
  /// Whose session the step uses, and those inside it.
  package var session: SessionChoice
  /// What is done about a request when nothing says whether it had its effect; only steps that call an
  /// operation may say so.
  package var inDoubt: Located<InDoubt>?
  /// What the call makes sure of; only steps that call an operation may say so.
  package var ensure: WrittenEnsurance?
  /// The reasons of refusals that the step may end with; only steps that call an operation may say so.
  package var tolerate: [Located<String>]
  /// Conditions on the answer, which expressions call `answer`.
  package var expect: [Assertion]
  /// Run when the step failed, with `error` bound; when they succeed the failure is tolerated.
  package var rescue: [Step]
  /// Run in any case, after the step and its rescue.
  package var always: [Step]
  /// How what the step changed is taken back; nil where the author gave nothing.
  package var undo: WrittenUndo?

  /// Modifiers that change nothing, except those that are given.
  package init(
    locals: OrderedDictionary<String, LocalValue> = [:], when: Template? = nil,
    timeout: Located<Setting<Duration>>? = nil, retry: Retry? = nil,
    session: SessionChoice = .default, inDoubt: Located<InDoubt>? = nil,
    ensure: WrittenEnsurance? = nil, tolerate: [Located<String>] = [], expect: [Assertion] = [],
    rescue: [Step] = [], always: [Step] = [], undo: WrittenUndo? = nil
  ) {
    self.locals = locals
    self.when = when
    self.timeout = timeout
    self.retry = retry
    self.session = session
    self.inDoubt = inDoubt
    self.ensure = ensure
    self.tolerate = tolerate
    self.expect = expect
    self.rescue = rescue
    self.always = always
    self.undo = undo
  }
}

/// What is done about a request that may have had its effect, where its operation must not be repeated
/// and no read shows it (design §6.5).
package enum InDoubt: String, Sendable, Hashable, CaseIterable {
  /// It is sent again: a second effect does no harm here.
  case `repeat`
  /// The step fails, so that its `rescue` can act.
  case fail
  /// The run stops, and a person says whether it happened.
  case ask
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
