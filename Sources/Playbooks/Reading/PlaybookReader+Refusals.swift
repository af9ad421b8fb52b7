import Diagnostics

/// `retry` and `tolerate`: what follows a failure of the step itself.
extension PlaybookReader {
  /// What is rejected when a step is.
  enum Rejection {
    case decision
    /// Each attempt reads first, and may find that nothing is to be done any more.
    case ensuredCall
    case command

    init(_ entries: [YAMLNode.Entry]) {
      if entries.entry(of: "approve") != nil {
        self = .decision
      } else {
        self = entries.entry(of: "ensure") != nil ? .ensuredCall : .command
      }
    }
  }

  mutating func readRetry(_ node: YAMLNode, _ rejection: Rejection) -> Retry? {
    let hint = "write `retry: { attempts: 3 }`"
    guard let written = entries(of: node, "`retry`", hint: hint) else { return nil }
    let entries = checkKeys(
      of: written, of: "`retry`", known: PlaybookMapping.retry.keys)
    let start = node.headLocation
    let attempts = required("attempts", in: entries, of: "`retry`", at: start, hint: hint)
      .flatMap { integerSetting(of: $0, "`attempts`", in: Retry.attemptBounds) }
    let backoff = entries.value(of: "backoff")
      .flatMap { durationSetting(of: $0, "`backoff`", in: .pause) }
    let longest = entries.value(of: "max-backoff")
      .flatMap { durationSetting(of: $0, "`max-backoff`", in: .pause) }
    let causes = entries.value(of: "on").map { readCauses($0, rejection) }
    guard let attempts else { return nil }
    if let first = backoff?.value.constant, let longest, let last = longest.value.constant,
      last < first
    {
      report(
        .outOfRange, "`max-backoff` must not be shorter than `backoff`", at: longest.location)
    }
    return Retry(
      attempts: attempts, backoff: backoff?.value, maximumBackoff: longest?.value,
      on: causes?.classes, refusals: causes?.refusals ?? [], location: start)
  }

  /// The class that answers with an HTTP status have.
  private static func failureClass(ofStatus text: String) -> String? {
    switch Int(text) {
    case 401?: "unauthorised"
    case 408?: "timeout"
    case 429?: "throttled"
    case .some(400..<500): "invalid"
    case .some(500..<600): "server-error"
    default: nil
    }
  }

  /// What is tried again.
  private struct Causes {
    var classes: Set<FailureClass> = []
    var refusals: [Located<String>] = []
  }

  private mutating func readCauses(_ node: YAMLNode, _ rejection: Rejection) -> Causes {
    let isEnsured = rejection == .ensuredCall
    let names = FailureClass.allCases.filter { isEnsured || $0 != .rejected }.map(\.rawValue)
    let hint = "the classes are \(Self.enumeration(of: names))"
    var causes = Causes()
    for element in elements(of: node, "`on`", hint: "write a list: `on: [network]`") ?? [] {
      if let status = element.text, element.scalarKind == .int {
        skip(element)
        report(
          .wrongValue, "`\(status)` is not a class of failure", at: element.location,
          hint: Self.failureClass(ofStatus: status).map { "HTTP \(status) is in the class `\($0)`" }
            ?? hint)
        continue
      }
      guard let name = plainText(of: element, "a class of failure") else { continue }
      guard !name.value.contains(where: { "()".contains($0) }) else {
        if let reason = readRefusal(name, rejection) {
          addReason(reason, at: name.location, to: &causes.refusals)
        }
        continue
      }
      switch FailureClass(rawValue: name.value) {
      case .rejected where rejection == .decision:
        reportDecision(at: name.location)
      case .rejected where !isEnsured:
        report(
          .rejectedRetry, "a rejected command is not tried again whatever the reason",
          at: name.location,
          hint: "what the API refused once it refuses again: change the request instead, add "
            + "`ensure`, so that each attempt reads first, or name the reason that may pass: "
            + "`rejected(REASON)`")
      case .some(let failure): causes.classes.insert(failure)
      case nil:
        report(
          .wrongValue, "`\(name.value)` is not a class of failure",
          at: name.location, hint: didYouMean(name.value, among: names) ?? hint,
          fix: spellingFix(name.value, among: names, at: name.location))
      }
    }
    return causes
  }

  private mutating func reportDecision(at location: SourceLocation) {
    report(
      .rejectedRetry, "a decision is not retried: a step that was rejected stays rejected",
      at: location,
      hint: "leave `rejected` out; what follows a rejection goes under `rescue`, such as "
        + "another `approve`")
  }

  /// The reason in `rejected(REASON)`.
  private mutating func readRefusal(_ word: Located<String>, _ rejection: Rejection) -> String? {
    guard let (kind, reason) = Self.parts(of: word.value) else {
      report(
        .wrongValue, "`\(word.value)` is no `rejected(REASON)`", at: word.location,
        hint:
          "the reason stands in one pair of parentheses, and each one is an element of its own: "
          + "`on: [rejected(device.name_taken), rejected(device.too_many)]`")
      return nil
    }
    guard kind == FailureClass.rejected.rawValue else {
      let isClass = FailureClass(rawValue: kind) != nil
      report(
        .wrongValue,
        isClass
          ? "a failure of class `\(kind)` has no reason" : "`\(kind)` is not a class of failure",
        at: word.location,
        hint: isClass && kind != "invalid"
          ? "write `\(kind)`; only what the API refuses has a reason: `rejected(REASON)`"
          : "what the API refuses for a reason, with or without an HTTP status, is `rejected(REASON)`"
      )
      return nil
    }
    guard rejection != .decision else {
      reportDecision(at: word.location)
      return nil
    }
    return checkedReason(reason, at: word.location)
  }

  /// `KIND(REASON)` in its parts.
  private static func parts(of word: String) -> (kind: String, reason: String)? {
    guard let open = word.firstIndex(of: "("), word.last == ")" else { return nil }
    let reason = word[word.index(after: open)...].dropLast()
    guard !reason.contains(where: { "()".contains($0) }) else { return nil }
    func trimmed(_ text: Substring) -> String {
      let start = text.drop { $0 == " " }
      return String(start.reversed().drop { $0 == " " }.reversed())
    }
    return (trimmed(word[..<open]), trimmed(reason))
  }

  // MARK: Tolerate

  /// So many characters a reason may have.
  package static let longestReason = 200

  private mutating func checkedReason(_ reason: String, at location: SourceLocation) -> String? {
    guard !reason.isEmpty, reason.count <= Self.longestReason else {
      report(
        .wrongValue, "a reason has 1 to \(Self.longestReason) characters", at: location,
        hint: "it is the word that the API gives for a refusal, such as `device.name_taken`")
      return nil
    }
    let words = reason.split(separator: ",", omittingEmptySubsequences: false)
    guard words.count == 1 || words.contains(where: { $0.dropFirst().contains(" ") }) else {
      report(
        .wrongValue, "`\(reason)` is several reasons", at: location,
        hint: "write each as an element of its own")
      return nil
    }
    return reason
  }

  /// Adds a reason, unless it is there already.
  private mutating func addReason(
    _ reason: String, at location: SourceLocation, to reasons: inout [Located<String>]
  ) {
    guard let first = reasons.first(where: { $0.value == reason }) else {
      return reasons.append(Located(reason, at: location))
    }
    report(
      .duplicateValue, "the reason `\(reason)` is given twice", at: location,
      hint: "remove one of them",
      related: [RelatedLocation("first given here", at: first.location)])
  }

  mutating func readTolerated(_ node: YAMLNode) -> [Located<String>] {
    let hint = "write a list: `tolerate: [device.name_taken]`"
    var reasons: [Located<String>] = []
    for element in elements(of: node, "`tolerate`", hint: hint) ?? [] {
      if let status = element.text, element.scalarKind == .int {
        skip(element)
        report(
          .wrongValue, "`\(status)` is not the reason of a refusal", at: element.location,
          hint: Self.failureClass(ofStatus: status) == nil
            ? "a reason is a word of the API, such as `device.name_taken`"
            : "what follows an HTTP status goes under `rescue`, which knows `error.status`")
        continue
      }
      guard let word = plainText(of: element, "the reason of a refusal"),
        let reason = toleratedReason(word)
      else { continue }
      addReason(reason, at: word.location, to: &reasons)
    }
    return reasons
  }

  private mutating func toleratedReason(_ word: Located<String>) -> String? {
    if let (kind, reason) = Self.parts(of: word.value), !kind.contains(" ") {
      report(
        .wrongValue, "`tolerate` lists reasons, and `\(word.value)` is none", at: word.location,
        hint: "write `\(reason)`")
      return nil
    }
    guard FailureClass(rawValue: word.value) == nil else {
      report(
        .wrongValue, "`\(word.value)` is a class of failure, and no reason of a refusal",
        at: word.location, hint: "what follows a failure of any kind goes under `rescue`")
      return nil
    }
    return checkedReason(word.value, at: word.location)
  }
}
