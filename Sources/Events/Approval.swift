package import Expressions
package import Operations
package import Playbooks

/// What a person is asked to decide.
package struct ApprovalRequest: Sendable, Hashable {
  /// What is to be approved; never holds a secret.
  package var message: String
  /// What the person is to fill in, in this order.
  package var fields: [ApprovalField]
  /// When the time of the step, or of a step around it, is up; nil when it may take any time.
  package var deadline: Moment?

  /// A request without fields to fill in and without a deadline, unless they are given.
  package init(message: String, fields: [ApprovalField] = [], deadline: Moment? = nil) {
    self.message = message
    self.fields = fields
    self.deadline = deadline
  }
}

/// One thing to fill in when a step is approved.
package struct ApprovalField: Sendable, Hashable {
  /// The name under which the value is found in `ApprovalDecision.fields`.
  package var name: String
  /// Its type: `string`, `integer`, `number`, `boolean` or `secret`.
  package var type: ValueType
  /// The one-line description for people, or nil when there is none.
  package var summary: String?

  /// A field called `name`; that `type` is one of the five is not checked here.
  package init(name: String, type: ValueType, summary: String? = nil) {
    self.name = name
    self.type = type
    self.summary = summary
  }
}

/// What a person decided.
package struct ApprovalDecision: Sendable, Hashable {
  /// Whether the step may go on.
  package enum Verdict: Sendable, Hashable {
    case approved
    case rejected(reason: String?)
  }

  /// The decision itself; what was filled in counts only when it is `approved`.
  package var verdict: Verdict
  /// What the person filled in.
  package var fields: ValueMap
  /// Who decided, as the operating system names them.
  package var by: String?
  /// When they did; nil for a decision that is made and recorded at the same time.
  package var at: Moment?

  /// A decision, with nothing filled in and nobody named unless given.
  package init(
    _ verdict: Verdict, fields: ValueMap = ValueMap(), by: String? = nil, at: Moment? = nil
  ) {
    self.verdict = verdict
    self.fields = fields
    self.by = by
    self.at = at
  }
}
