import Expressions
import OrderedCollections
import Playbooks

extension Value {
  /// A sensitive answer; a body taken whole is content, and no credential.
  fileprivate func hidden(as field: AnswerField) -> Value {
    guard self != .null, field.from.contains(.body) else { return hidden }
    return .secret(Secret(payload: self))
  }
}

extension Operation {
  /// What an answer to this operation means.
  ///
  /// `scrubber` knows the secrets of the run: a secret that the service repeats is masked where it
  /// is recorded, and secret where it is used.
  package func read(
    _ response: APIResponse, hiding scrubber: SecretScrubber = SecretScrubber()
  ) -> OperationAnswer {
    let body =
      response.isSuccess && answersBytes && !response.isPage ? .binary : AnswerBody(response)
    var answer = OperationAnswer(
      status: response.status, verdict: .done,
      recordable: AnswerRecord(operation: self, scrubber: scrubber).record(
        body, response: response),
      suggestsOtherRoute: suggestsOtherRoute(response, body: body))
    guard response.isSuccess else {
      answer.verdict = .problem(refusal(response, body: body, hiding: scrubber))
      return answer
    }
    let identity = CommandIdentity(response, body: body, operation: self)
    let reader = AnswerReader(response: response, body: body, identity: identity)
    for (name, field) in self.answer {
      let value = reader.read(field)
      answer.fields[name] =
        field.isSensitive
        ? value.hidden(as: field) : scrubber.hide(in: sensitiveNames.hiding(in: value))
    }
    if self.answer.contains(where: { $1.isSensitive && $1.isRequired && answer.fields[$0] == .null }
    ) {
      // The secret is somewhere in there, under a name that nobody knows.
      answer.recordable = answer.recordable.hidden
    }
    answer.commandID = identity.commandID
    answer.mayIdentifyCreated =
      identity.isCommandImplied && isIdentified(by: answer.fields)
    answer.requestID = identity.requestID
    if [answer.commandID, answer.requestID].contains(where: { $0.map(scrubber.finds) ?? false }) {
      // An id stands in addresses and events, where no secret may.
      answer.commandID = nil
      answer.requestID = nil
      answer.verdict = .problem(AnswerProblem(.malformed, "the answer's id holds a secret"))
      return answer
    }
    answer.verdict = verdict(answer, response: response, body: body, hiding: scrubber)
    return answer
  }

  /// Whether the body is the thing itself, which is never looked into.
  var answersBytes: Bool {
    answer.values.contains { $0.from.contains(.body) }
  }

  private func verdict(
    _ answer: OperationAnswer, response: APIResponse, body: AnswerBody,
    hiding scrubber: SecretScrubber
  ) -> OperationAnswer.Verdict {
    func malformed(lacking: String?) -> OperationAnswer.Verdict {
      .problem(self.malformed(response, body: body, lacking: lacking, hiding: scrubber))
    }
    if answer.commandID != nil || answer.requestID != nil { return .accepted }
    let missing = self.answer.first { $1.isRequired && answer.fields[$0] == .null }?.key
    switch completion {
    case .commandStatus:
      // A plain 200 that holds what was requested needs no command (protocol.md §15).
      let hasFields = answer.fields.entries.values.contains { $0 != .null }
      let isEnd = response.status != 202 && hasFields || isIdentified(by: answer.fields)
      if isEnd, missing == nil { return .done }
      return malformed(lacking: "a command id")
    case .requestID:
      return malformed(lacking: "a request id")
    case .http, .stream:
      if let missing {
        return malformed(lacking: "`\(missing)`")
      }
      // An HTML page is never an answer, nor what only begins like JSON.
      let isLoose = acceptsAnyBody || self.answer.isEmpty || completion == .stream
      switch body {
      case .empty, .json, .text: return .done
      case .broken where completion == .stream: return .done
      case .binary where isLoose: return .done
      case .page, .broken, .binary: return malformed(lacking: nil)
      }
    }
  }

  private func suggestsOtherRoute(_ response: APIResponse, body: AnswerBody) -> Bool {
    routes.dropFirst().contains { route in
      route.triedOn.contains(response.status) && !(route.heedsJSON && body.isJSON)
        || route.triedOn.contains(405) && response.status == 405
    }
  }

  private func refusal(
    _ response: APIResponse, body: AnswerBody, hiding scrubber: SecretScrubber
  ) -> AnswerProblem {
    let reason = ErrorReason(sensitiveNames: sensitiveNames, scrubber: scrubber).read(body)
    var problem = AnswerProblem(refusing: response, reason: reason, hiding: scrubber)
    if (400..<500).contains(response.status) {
      problem.reason = RefusalReason.read(body, hiding: sensitiveNames)
    }
    return problem
  }
}
