extension Operation {
  /// Whether the head of an answer whose body did not come says all that decides what is done next.
  ///
  /// A refusal is one whatever it says. An acceptance is complete where the ids of the command and of
  /// the requested data stand in headers (protocol.md §2), unless only the body identifies what was
  /// created, or the status says that the body is the outcome.
  package func isDecided(byHead head: APIResponse) -> Bool {
    guard head.isSuccess else { return true }
    let answer = read(head)
    guard identifiedBy == nil, head.status == 202, answer.verdict == .accepted else { return false }
    return completion != .requestID || answer.requestID != nil
  }
}
