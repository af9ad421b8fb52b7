import Operations
import OrderedCollections

extension Lookup {
  /// By which read and operations an effect is found, compared, corrected and removed: what a run
  /// sends after a lost response, and an ensured call after its read, depends on each of the words.
  var outline: String {
    let words = ["by \(operation)"] + searchWords + comparisonWords + evidenceWords + remedyWords
    return words.joined(separator: ", ")
  }

  private var searchWords: [String] {
    var words = identity.map { "\($0.key) as \($0.value)" }
    if let list { words.append("among \(list)") }
    if let pageField { words.append("by \(pageField)") }
    if let usernameField { words.append("username as \(usernameField)") }
    if let recordID { words.append("known by \(recordID)") }
    if !isUnique { words.append("not unique") }
    if expects != .present { words.append("expects \(expects.rawValue)") }
    return words
  }

  private var comparisonWords: [String] {
    comparison.fields.map { "\($0.key) like \($0.value)" }
      + comparison.holds.map { "\($0.key) in \($0.value.joined(separator: " "))" }
      + comparison.unordered.sorted().map { "\($0) in any order" }
      + comparison.ignoringCase.sorted().map { "\($0) in either case" }
      + comparison.references.sorted().map { "\($0) as a reference" }
  }

  private var evidenceWords: [String] {
    var words = evidence.gives.map { "gives \($0.key) from \($0.value)" }
    if let newest = evidence.newest { words.append("newest by \(newest)") }
    words += evidence.absentOn.map { "absent on \($0)" }
    if let other = evidence.absentWith { words.append("absent with \(other)") }
    if evidence.shows != .done { words.append("shows \(evidence.shows.rawValue)") }
    return words
  }

  private var remedyWords: [String] {
    var words: [String] = []
    switch remedies.correction {
    case .itself: words.append("corrected by itself")
    case .other(let remedy): words.append("corrected by \(remedy.outline)")
    case nil: break
    }
    words += remedies.removal.map { "removed by \($0.outline)" }
    if remedies.mustFail { words.append("drift fails") }
    return words
  }
}

extension Lookup.Remedy {
  fileprivate var outline: String {
    ([operation] + fields.map { "\($0.key) from \($0.value)" }).joined(separator: " ")
  }
}
