package import Expressions
package import Playbooks

/// What one HTTP answer means for the call that caused it.
package struct OperationAnswer: Sendable, Hashable {
  /// What the call may do next.
  package enum Verdict: Sendable, Hashable {
    /// The answer is the end.
    case done
    /// A command or a request was taken on; its id says which outcome to wait for.
    case accepted
    case problem(AnswerProblem)
  }

  /// The HTTP status, whatever `verdict` makes of it.
  package var status: Int
  /// The command to wait for, when there is one.
  package var commandID: String?
  /// Whether the command's id could as well be that of what was created, and of no command.
  package var mayIdentifyCreated = false
  /// The request whose data will come, when there is one.
  package var requestID: String?
  /// Every answer field of the operation, null where the answer has nothing; sensitive ones secret.
  package var fields: ValueMap
  /// What the status and the body together mean for the call.
  package var verdict: Verdict
  /// The answer as the journal keeps it: sensitive parts secret, everything of bounded size.
  package var recordable: Value
  /// Whether a further route of the operation is worth a try (404, 405 and what it names itself).
  package var suggestsOtherRoute: Bool

  /// The meaning of one response; without `recordable` the journal keeps nothing of its body.
  package init(
    status: Int, commandID: String? = nil, requestID: String? = nil, fields: ValueMap = [:],
    verdict: Verdict, recordable: Value = .null, suggestsOtherRoute: Bool = false
  ) {
    self.status = status
    self.commandID = commandID
    self.requestID = requestID
    self.fields = fields
    self.verdict = verdict
    self.recordable = recordable
    self.suggestsOtherRoute = suggestsOtherRoute
  }
}

/// Why an answer is not the one that was hoped for.
package struct AnswerProblem: Sendable, Hashable {
  /// The class of the failure, by which `retry` and the machine decide whether to try again.
  package var kind: FailureClass
  /// One sentence without a full stop, at most 600 characters; never holds a secret.
  package var message: String
  /// The only text that the service gives as the reason of a refusal, not masked.
  package var reason: Secret?
  /// How long the service asks to wait, at most a day.
  package var retryAfter: Duration?

  /// A problem of class `kind`; the bounds of `message` and `retryAfter` are not checked here.
  package init(_ kind: FailureClass, _ message: String, retryAfter: Duration? = nil) {
    self.kind = kind
    self.message = message
    self.retryAfter = retryAfter
  }
}
