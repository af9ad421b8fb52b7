import Diagnostics
import Expressions

extension PlaybookReader {
  mutating func readModifiers(_ entries: [YAMLNode.Entry]) -> Modifiers {
    var modifiers = Modifiers()
    if let node = entries.value(of: "when") {
      modifiers.when = condition(of: node, "`when`")
    }
    if let node = entries.value(of: "timeout") {
      modifiers.timeout = durationSetting(of: node, "`timeout`", in: .wait)
    }
    if let node = entries.value(of: "retry") {
      modifiers.retry = readRetry(node, Rejection(entries))
    }
    if let node = entries.value(of: "session") {
      let errorCount = diagnostics.errorCount
      modifiers.session = readSession(node)
      if diagnostics.errorCount > errorCount { unread.hidesSession = true }
    }
    if let node = entries.value(of: "in-doubt") { modifiers.inDoubt = readInDoubt(node) }
    modifiers.ensure = readEnsurance(entries)
    if let node = entries.value(of: "expect") {
      let count = remains.count
      modifiers.expect = assertions(of: node, "`expect`")
      // What remains of these knows `answer`, as the step's other values do not.
      remains.removeSubrange(count...)
    }
    if let node = entries.value(of: "rescue") {
      modifiers.rescue = readSteps(node, "`rescue`")
    }
    if let node = entries.value(of: "always") {
      modifiers.always = readSteps(node, "`always`")
    }
    return modifiers
  }

  private mutating func readInDoubt(_ node: YAMLNode) -> Located<InDoubt>? {
    choice(
      of: node, "`in-doubt`",
      hint: "`ask` stops the run, so that a person says whether it happened")
  }

  /// One of the words of an enumeration, or nil with a diagnostic; without a near word, `hint` is
  /// given.
  package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
    of node: YAMLNode, _ key: String, hint: String
  ) -> Located<Choice>? {
    var choices: [String] { Choice.allCases.map(\.rawValue) }
    var objection: String {
      "\(key) is one of \(choices.map { "`\($0)`" }.joined(separator: ", "))"
    }
    // Quoted, `true` or a number would be no choice either.
    guard node.text == nil || [.text, .null].contains(node.scalarKind) else {
      skip(node)
      report(.wrongValue, objection, at: node.location, hint: hint)
      return nil
    }
    guard let word = plainText(of: node, key) else { return nil }
    if let choice = Choice(rawValue: word.value) { return Located(choice, at: word.location) }
    report(
      .wrongValue, objection, at: word.location,
      hint: didYouMean(word.value, among: choices) ?? hint,
      fix: spellingFix(word.value, among: choices, at: word.location))
    return nil
  }

  // MARK: Ensure

  /// Nil where nothing of it is written, and where `ensure` itself cannot be read.
  private mutating func readEnsurance(_ entries: [YAMLNode.Entry]) -> WrittenEnsurance? {
    let state: Located<Ensurance.State>? = entries.value(of: "ensure").flatMap {
      choice(
        of: $0, "`ensure`",
        hint: "`present` creates what is missing, `absent` removes what is there")
    }
    let drift: Located<Ensurance.OnDrift>? = entries.value(of: "on-drift").flatMap {
      choice(
        of: $0, "`on-drift`", hint: "`fail` stops at a difference that the API cannot correct")
    }
    let match: Located<Ensurance.Match>? = entries.value(of: "match").flatMap {
      choice(
        of: $0, "`match`", hint: "`only` fails when there are several, `newest` takes the latest")
    }
    guard state != nil || entries.entry(of: "ensure") == nil,
      state != nil || drift != nil || match != nil
    else { return nil }
    return WrittenEnsurance(state: state, onDrift: drift, match: match)
  }

  // MARK: Retry

  /// What is rejected when a step is.
  private enum Rejection {
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

  private mutating func readRetry(_ node: YAMLNode, _ rejection: Rejection) -> Retry? {
    let hint = "write `retry: { attempts: 3 }`"
    guard let written = entries(of: node, "`retry`", hint: hint) else { return nil }
    let entries = checkKeys(
      of: written, of: "`retry`", known: ["attempts", "backoff", "max-backoff", "on"])
    let start = node.headLocation
    let attempts = required("attempts", in: entries, of: "`retry`", at: start, hint: hint)
      .flatMap { integerSetting(of: $0, "`attempts`", in: 1...100) }
    let backoff = entries.value(of: "backoff")
      .flatMap { durationSetting(of: $0, "`backoff`", in: .pause) }
    let longest = entries.value(of: "max-backoff")
      .flatMap { durationSetting(of: $0, "`max-backoff`", in: .pause) }
    let classes = entries.value(of: "on").map { readClasses($0, rejection) }
    guard let attempts else { return nil }
    if let first = backoff?.value.constant, let longest, let last = longest.value.constant,
      last < first
    {
      report(
        .outOfRange, "`max-backoff` must not be shorter than `backoff`", at: longest.location)
    }
    return Retry(
      attempts: attempts, backoff: backoff?.value, maximumBackoff: longest?.value, on: classes,
      location: start)
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

  private mutating func readClasses(
    _ node: YAMLNode, _ rejection: Rejection
  ) -> Set<FailureClass> {
    let isEnsured = rejection == .ensuredCall
    let names = FailureClass.allCases.filter { isEnsured || $0 != .rejected }.map(\.rawValue)
    let hint = "the classes are \(Self.enumeration(of: names))"
    var classes: Set<FailureClass> = []
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
      switch FailureClass(rawValue: name.value) {
      case .rejected where rejection == .decision:
        report(
          .rejectedRetry, "a decision is not retried: a step that was rejected stays rejected",
          at: name.location,
          hint: "leave `rejected` out; what follows a rejection goes under `rescue`, such as "
            + "another `approve`")
      case .rejected where !isEnsured:
        report(
          .rejectedRetry, "a rejected command is never tried again", at: name.location,
          hint: "what the API refused once it refuses again: change the request instead, or add "
            + "`ensure`, so that each attempt reads first")
      case .some(let failure): classes.insert(failure)
      case nil:
        report(
          .wrongValue, "`\(name.value)` is not a class of failure",
          at: name.location, hint: didYouMean(name.value, among: names) ?? hint,
          fix: spellingFix(name.value, among: names, at: name.location))
      }
    }
    return classes
  }
}
