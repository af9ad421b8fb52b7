import Events

/// What every output says.
extension RolloutPlanReport {
  /// Such as `plan of 20 tenants at https://api.example.com:443`.
  var what: String {
    let word = heading.mode == .drift ? "drift" : "plan"
    let reads = omitsReads ? " without reads: what the service has is not known" : ""
    return "\(word) of \(TenantNames.count(heading.tenantCount))"
      + PlaceText.clause(heading.service, environment: heading.environment) + reads
  }

  /// The rollout in names and texts.
  var facts: [(name: String, text: String)] {
    var facts = heading.file.isEmpty ? [] : [("file", heading.file)]
    facts.append(("playbook", heading.playbook))
    let stages = stageTexts.joined(separator: "; ")
    if !stages.isEmpty { facts.append(("stages", stages)) }
    facts.append(("limits", limitTexts.joined(separator: ", ")))
    return facts
  }

  private var stageTexts: [String] {
    guard heading.stages.count > 1 else { return [] }
    let sizes = heading.stages.map(String.init).joined(separator: ", ")
    let bake = heading.bake.map { "\(ElapsedText.limit($0)) between two stages" }
    return ["up to tenant \(sizes)", bake, heading.gate.map { "gate \($0)" }].compactMap(\.self)
  }

  private var limitTexts: [String] {
    let failures = heading.maxFailures.map {
      "no further tenant after \($0 == 1 ? "1 failure" : "\($0) failures")"
    }
    let votes = heading.votesAtOnce.map { "\($0 == 1 ? "1 vote" : "\($0) votes") at once" }
    let pace = heading.pace.map { "\(Self.number($0)) requests per second" }
    let deadline = heading.deadline.map { "\(ElapsedText.limit($0)) for the whole rollout" }
    return ["\(TenantNames.count(heading.concurrency)) at once", failures, votes, pace, deadline]
      .compactMap(\.self)
  }

  private static func number(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? "\(number)"
  }

  /// How many tenants with a complete plan have something to do, or drifted.
  var notable: Int { tenants.count { $0.ending == .complete && $0.isNotable } }

  /// Such as `18 of 20 tenants have something to do: 40 to create, 0 to change, 0 to remove; 2 would fail`.
  var conclusion: String {
    ([headline] + [deficits].filter { !$0.isEmpty }).joined(separator: "; ")
  }

  /// The same in a few words.
  var shortConclusion: String {
    ([notableText] + [deficits].filter { !$0.isEmpty }).joined(separator: "; ")
  }

  private var notableText: String {
    let all = TenantNames.count(heading.tenantCount)
    // Of a tenant without a complete plan, it is not known.
    let isQuiet = notable == 0 && deficits.isEmpty
    switch heading.mode {
    case .apply, .plan:
      if isQuiet { return "nothing to do for \(all)" }
      return "\(notable) of \(all) \(notable == 1 ? "has" : "have") something to do"
    case .drift: return isQuiet ? "no drift of \(all)" : "\(notable) of \(all) drifted"
    }
  }

  private var headline: String {
    switch heading.mode {
    case .apply, .plan:
      let counts = tenants.counts
      if counts.isEmpty { return notableText }
      return "\(notableText): \(counts.isQuiet ? counts.shortText : counts.text)"
    case .drift:
      let counts = tenants.driftCounts
      let (same, uncompared) = (counts[.unchanged], counts[.unknown])
      let things =
        same == 1
        ? "1 thing is as the last run left it" : "\(same) things are as the last runs left them"
      let rest = uncompared > 0 ? ", \(uncompared) not compared" : ""
      let drift = counts.hasDrift ? "\(counts.driftText); " : ""
      return "\(notableText): \(drift)\(things)\(rest)"
    }
  }

  /// Such as `3 without a complete plan, 1 would fail`; empty where nothing is wrong.
  private var deficits: String {
    var parts: [String] = []
    let open = missing + tenants.count { $0.ending != .complete }
    if open > 0 { parts.append("\(open) without a complete plan") }
    let conflicts = tenants.count { $0.ending == .complete && $0.hasConflicts }
    if conflicts > 0 { parts.append("\(conflicts) would fail") }
    let blind = tenants.count(where: \.comparedNothing)
    if blind > 0 { parts.append("\(blind) of which nothing was compared") }
    return parts.joined(separator: ", ")
  }
}
