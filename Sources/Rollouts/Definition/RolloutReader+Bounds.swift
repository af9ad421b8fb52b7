import Diagnostics
import Expressions
import Playbooks

/// Limits.
extension RolloutReader {
  mutating func readBounds(_ entries: [YAMLNode.Entry]) -> RolloutBounds {
    var bounds = RolloutBounds()
    if let node = entries.value(.concurrency),
      let count = nodes.integer(of: node, "`concurrency`", in: 1...10_000)
    {
      bounds.concurrency = count
    }
    bounds.ramp = entries.value(.ramp).map { readRamp($0) } ?? []
    bounds.bake = duration(.bake, in: entries, .wait)
    bounds.gate = entries.value(.gate).flatMap { readGate($0) }
    bounds.pace = entries.value(.pace).flatMap { readPace($0) }
    bounds.maxFailures = entries.value(.maxFailures).flatMap { readMaxFailures($0) }
    bounds.votesAtOnce = entries.value(.votesAtOnce)
      .flatMap { nodes.integer(of: $0, "`votes-at-once`", in: 1...10_000) }
    if let node = entries.value(.onStop) {
      let choice: Located<RolloutLimits.OnStop>? = nodes.choice(
        of: node, "`on-stop`",
        hint: "`finish` lets tenants in progress end, `cancel` cancels their runs")
      bounds.onStop = choice?.value ?? .finish
    }
    bounds.retry = entries.value(.retry).flatMap { readRetry($0) }
    bounds.deadline = duration(.deadline, in: entries, .deadline)
    return bounds
  }

  private mutating func duration(
    _ key: RolloutKey, in entries: [YAMLNode.Entry], _ range: ClosedRange<Duration>
  ) -> Duration? {
    entries.value(key).flatMap { nodes.duration(of: $0, key.marked, in: range)?.value }
  }

  // MARK: Numbers of tenants

  private static let longestRamp = 100
  private static let mostTenants = 1_000_000

  private mutating func readRamp(_ node: YAMLNode) -> [TenantAmount] {
    let hint = "list how many tenants have started after each stage: `ramp: [1, 5, \"20%\"]`"
    guard let elements = nodes.elements(of: node, "`ramp`", hint: hint) else { return [] }
    guard elements.count <= Self.longestRamp else {
      nodes.report(
        .outOfRange, "`ramp` has more than \(Self.longestRamp) stages", at: node.location)
      return []
    }
    var ramp: [Located<TenantAmount>] = []
    for element in elements {
      guard let amount = readAmount(element, "a stage of `ramp`") else { continue }
      if let before = ramp.last(where: { $0.value.isAtLeast(amount) }) {
        nodes.report(
          .notGrowing, "a stage of `ramp` must have more tenants than the one before",
          at: element.location,
          hint: "the numbers count from the start: \(amount) is not more than \(before.value)")
      }
      ramp.append(Located(amount, at: element.location))
    }
    return ramp.map(\.value)
  }

  private mutating func readMaxFailures(_ node: YAMLNode) -> TenantAmount? {
    if case .int(0) = node.scalarValue {
      nodes.report(
        .outOfRange, "`max-failures` must be at least 1", at: node.location,
        hint: "`max-failures: 1` stops at the first failed tenant")
      return nil
    }
    return readAmount(node, "`max-failures`")
  }

  /// A number of tenants, or a percentage of them.
  private mutating func readAmount(_ node: YAMLNode, _ subject: String) -> TenantAmount? {
    switch node.scalarValue {
    case .int:
      return nodes.integer(of: node, subject, in: 1...Self.mostTenants).map { .count($0) }
    case .double(let share) where share > 0 && share < 1:
      nodes.report(
        .wrongType, "\(subject) must be a number of tenants or a percentage", at: node.location,
        hint: Self.percentHint(share))
      return nil
    case .string(let text):
      if let percent = TenantAmount.Percent(text) { return .percent(percent) }
      reportAmount(text, node, subject)
      return nil
    case .null, .bool, .double, .uint, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      nodes.reportShape(
        of: node, subject, expected: "a number of tenants or a percentage",
        hint: "for example `5` or `\"20%\"`")
      return nil
    }
  }

  private static func percentHint(_ share: Double) -> String {
    "a percentage is written `\"\(TenantAmount.Percent(hundredths: max(1, Int((share * 10_000).rounded()))))\"`"
  }

  private mutating func reportAmount(_ text: String, _ node: YAMLNode, _ subject: String) {
    guard Template.literalString(of: text) != nil else {
      return nodes.reportShape(of: node, subject, expected: "a number of tenants or a percentage")
    }
    let unspaced = text.filter { $0 != " " }
    guard unspaced == text || TenantAmount.Percent(unspaced) == nil else {
      return nodes.report(
        .wrongType, "\(subject) must be a number of tenants or a percentage", at: node.location,
        hint: "write it without a blank: `\"\(unspaced)\"`")
    }
    guard !text.hasSuffix("%") else {
      return nodes.report(
        .outOfRange, "\(subject) must be more than 0% and at most 100%", at: node.location,
        hint: "with at most two digits behind the point: `\"20%\"`, `\"0.5%\"`")
    }
    nodes.report(
      .wrongType, "\(subject) must be a number of tenants or a percentage", at: node.location,
      hint: Int(text).map { "write it without quotes: \($0)" } ?? "for example `5` or `\"20%\"`")
  }

  // MARK: Gate

  private mutating func readGate(_ node: YAMLNode) -> RolloutGate? {
    if node.text == RolloutGate.approvalWord { return .approval }
    if let text = node.text, Self.isWord(text) {
      nodes.report(
        .wrongValue, "`gate` is `approval` or a condition", at: node.location,
        hint: didYouMean(text, among: [RolloutGate.approvalWord])
          ?? "a condition is written `${{ rollout.unchanged < 10 }}`")
      return nil
    }
    guard let template = nodes.condition(of: node, "`gate`") else { return nil }
    guard case .expression(let expression) = template else {
      nodes.report(
        .wrongValue, "`gate` is `approval` or a condition", at: node.location,
        hint: "leave it out to open every gate")
      return nil
    }
    nodes.diagnostics.add(ExpressionUse.gate.flaws(of: template))
    return .condition(GateCondition(expression))
  }

  /// Whether `text` is letters only and no literal: a word, not a condition.
  private static func isWord(_ text: String) -> Bool {
    !text.isEmpty && text.allSatisfy { $0.isLetter || $0 == "-" } && text != "true"
      && text != "false"
  }

  // MARK: Pace and retry

  private static let paces = 0.1...10_000.0

  private mutating func readPace(_ node: YAMLNode) -> Double? {
    let pace: Double
    switch node.scalarValue {
    case .int(let number): pace = Double(number)
    case .double(let number): pace = number
    case .null, .bool, .uint, .string, .bytes, .list, .map, .timestamp, .duration, .type, .secret,
      .unknown:
      nodes.reportShape(
        of: node, "`pace`", expected: "a number of requests per second",
        hint: "for example `pace: 20`")
      return nil
    }
    guard Self.paces.contains(pace) else {
      nodes.report(
        .outOfRange, "`pace` must be from 0.1 to 10000 requests per second", at: node.location)
      return nil
    }
    return pace
  }

  private mutating func readRetry(_ node: YAMLNode) -> RolloutRetry? {
    let hint = "write `retry: { attempts: 3, backoff: 1m }`"
    guard let written = nodes.entries(of: node, "`retry`", hint: hint) else { return nil }
    let entries = nodes.checkKeys(of: written, of: "`retry`", known: ["attempts", "backoff"])
    let attempts = nodes.required(
      "attempts", in: entries, of: "`retry`", at: node.headLocation, hint: hint
    ).flatMap { nodes.integer(of: $0, "`attempts`", in: 1...10) }
    let backoff = entries.value(of: "backoff")
      .flatMap { nodes.duration(of: $0, "`backoff`", in: .pause) }
    guard let attempts else { return nil }
    var retry = RolloutRetry(attempts: attempts)
    if let backoff { retry.backoff = backoff.value }
    return retry
  }
}

extension ClosedRange<Duration> {
  /// What a whole rollout may take: 1 s to 90 days.
  fileprivate static var deadline: Self { .seconds(1) ... .seconds(90 * 24 * 3600) }
}

extension TenantAmount {
  /// Whether this is never less than `other`; no where that depends on the number of tenants.
  fileprivate func isAtLeast(_ other: TenantAmount) -> Bool {
    switch (self, other) {
    case (.count(let own), .count(let other)): own >= other
    case (.percent(let own), .percent(let other)): own.hundredths >= other.hundredths
    case (.count, .percent), (.percent, .count): false
    }
  }
}
