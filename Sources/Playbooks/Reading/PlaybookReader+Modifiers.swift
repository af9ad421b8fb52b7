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
    if let node = entries.value(of: "tolerate") { modifiers.tolerate = readTolerated(node) }
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
    modifiers.undo = entries.entry(of: "undo").flatMap { readUndo($0) }
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
}
