package import Expressions
package import Operations
import OrderedCollections
import Playbooks

extension TenantSnapshot {
  /// What a survey showed: its outputs, and the pages of the data.
  ///
  /// Each thing is kept when an ensured call of `api` would find it unchanged; everything else becomes
  /// a gap. Nothing secret is kept.
  package init(
    username: String, outputs: ValueMap, pages: SurveyedPages, api: APIDescription
  ) {
    var reader = SurveyReader(
      outputs: outputs, pages: pages, calls: EnsuredCalls(api: api),
      snapshot: TenantSnapshot(username: username))
    reader.readPublicKey()
    reader.readDevices()
    reader.readVotingSettings()
    reader.readVotingConfigurations()
    reader.readPolicies()
    reader.readApplications()
    reader.readFiles()
    self = reader.snapshot
    sort()
  }

  /// Puts everything in the order of the names, so that what is read again is written alike.
  private mutating func sort() {
    devices.sort { $0.name < $1.name }
    votingConfigurations.sort { $0.name < $1.name }
    policies.sort { $0.name < $1.name }
    applications.sort { $0.name < $1.name }
    files.sort { ($0.context, $0.fileName) < ($1.context, $1.fileName) }
  }
}

/// Reads the outputs of a survey, part after part; later parts refer to earlier ones.
struct SurveyReader {
  let outputs: ValueMap
  let pages: SurveyedPages
  let calls: EnsuredCalls
  var snapshot: TenantSnapshot
  /// The names of the described devices, by identifier.
  var deviceNames: [String: String] = [:]
  /// The names of the described voting configurations, by what policies refer to them by; only those
  /// that no other one has.
  var configurationNames: [String: String] = [:]

  /// The answer under a name of the outputs; nil when the service has no such read.
  func answer(_ name: String) -> ValueMap? {
    guard case .map(let answer)? = outputs[name], !answer.isEmpty else { return nil }
    return answer
  }

  /// The records of a list, or nil after a gap is noted.
  mutating func records(_ output: String, _ list: String, of part: TenantPart) -> [ValueMap]? {
    guard let answer = answer(output) else {
      note(TenantGap(part, .notListed))
      return nil
    }
    guard let records = answer[list]?.records else {
      note(TenantGap(part, .notShown))
      return nil
    }
    return records
  }

  mutating func note(_ gap: TenantGap) { snapshot.gaps.append(gap) }

  /// Notes the things of these names, if there are any.
  mutating func note(_ part: TenantPart, _ reason: TenantGap.Reason, _ names: [String]) {
    guard !names.isEmpty else { return }
    note(TenantGap(part, reason, names: names))
  }

  /// The records by their name, in the order of the list; those without one are noted.
  mutating func named(
    _ records: [ValueMap], _ part: TenantPart
  ) -> OrderedDictionary<String, [ValueMap]> {
    let groups = OrderedDictionary(grouping: records) { $0["name"]?.openText ?? "" }
    if let nameless = groups[""] { note(TenantGap(part, .nameless, count: nameless.count)) }
    return groups.filter { !$0.key.isEmpty }
  }

  /// Notes which names several things have.
  mutating func noteDoubled(_ names: [String], _ part: TenantPart) {
    guard !names.isEmpty else { return }
    snapshot.doubled.insert(part)
    note(part, .doubled, names)
  }
}
