package import OrderedCollections

/// Which read finds what an operation creates or removes, and by which identity.
package struct Lookup: Sendable, Hashable {
  /// What the read shows once the operation is done.
  package enum Expectation: String, Sendable, Hashable, CaseIterable {
    case present
    case absent
  }

  /// Shared by all copies, like those of an `Operation`.
  private var facts: Shared<Facts>

  /// So many pages are read at most.
  package static let mostPages = 10_000

  /// A lookup by the read `operation`; a nil `list` compares with the read's own fields and answer.
  package init(
    operation: String, list: String?, identity: OrderedDictionary<String, String>,
    usernameField: String? = nil, pageField: String? = nil, recordID: String? = nil,
    isUnique: Bool = true, expects: Expectation = .present, evidence: Evidence = Evidence(),
    comparison: Comparison = Comparison(), remedies: Remedies = Remedies()
  ) {
    facts = Shared(
      Facts(
        operation: operation, list: list, identity: identity, usernameField: usernameField,
        pageField: pageField, recordID: recordID, isUnique: isUnique, expects: expects,
        evidence: evidence, comparison: comparison, remedies: remedies))
  }
}

extension Lookup {
  /// What a read shows of what the operation makes, and what is taken from it.
  package struct Evidence: Sendable, Hashable {
    /// When what was created shows.
    package enum Appearance: String, Sendable, Hashable, CaseIterable {
      /// Once the operation is done, apart from a read lag.
      case done
      /// Only after later steps: a reserved space is not listed before it is filled.
      case later
    }

    /// What the call's result takes from the record: by the name in the result, the record's.
    package var gives: OrderedDictionary<String, String>
    /// The record's name whose values grow with time; nil says that the last of a list is the newest.
    package var newest: String?
    /// The HTTP statuses by which the read says that there is no such thing, beside those that
    /// always do.
    package var absentOn: [Int]
    /// The operation that is refused with one of those statuses, too, as long as there is no such thing;
    /// nil where such a refusal suffices.
    package var absentWith: String?
    /// When what was created shows.
    package var shows: Appearance

    /// Evidence from which nothing is taken, except what is given.
    package init(
      gives: OrderedDictionary<String, String> = [:], newest: String? = nil, absentOn: [Int] = [],
      absentWith: String? = nil, shows: Appearance = .done
    ) {
      self.gives = gives
      self.newest = newest
      self.absentOn = absentOn
      self.absentWith = absentWith
      self.shows = shows
    }
  }

  /// What of a record is compared with a call, and how.
  package struct Comparison: Sendable, Hashable {
    /// By the field of the operation: the name in the record, or, without a list, in the answer.
    package var fields: OrderedDictionary<String, String>
    /// By the name in the record: the values by which what the operation does is done already.
    package var holds: OrderedDictionary<String, [String]>
    /// The fields of the operation whose lists have no order.
    package var unordered: Set<String>
    /// The fields of the operation in which upper and lower case are the same.
    package var ignoringCase: Set<String>
    /// The fields of the operation that refer to something by id or name: one is compared only when
    /// it is given in the form in which the read shows it.
    package var references: Set<String>

    /// A comparison of `fields`; without any, and without `holds`, what is found counts as asked.
    package init(
      fields: OrderedDictionary<String, String> = [:],
      holds: OrderedDictionary<String, [String]> = [:], unordered: Set<String> = [],
      ignoringCase: Set<String> = [], references: Set<String> = []
    ) {
      self.fields = fields
      self.holds = holds
      self.unordered = unordered
      self.ignoringCase = ignoringCase
      self.references = references
    }
  }

  /// How the API changes or removes what a read found.
  package struct Remedies: Sendable, Hashable {
    /// How what differs is corrected; nil when the API cannot.
    package var correction: Correction?
    /// What removes the thing, in this order; empty when the API cannot.
    package var removal: [Remedy]
    /// Whether a difference must never be passed over or replaced: `on-drift` can only be `fail`.
    package var mustFail: Bool

    /// Remedies; without any, a difference can only be reported.
    package init(correction: Correction? = nil, removal: [Remedy] = [], mustFail: Bool = false) {
      self.correction = correction
      self.removal = removal
      self.mustFail = mustFail
    }
  }

  /// How what differs is corrected.
  package enum Correction: Sendable, Hashable {
    /// By the operation itself, which sets what it is given.
    case itself
    /// By another operation.
    case other(Remedy)
  }

  /// A call of an operation on what a read found.
  package struct Remedy: Sendable, Hashable {
    /// The id of the operation.
    package var operation: String
    /// By the field of that operation: the name in the record that its value is taken from.
    package var fields: OrderedDictionary<String, String>

    /// A call of `operation` with `fields` from the record.
    package init(operation: String, fields: OrderedDictionary<String, String>) {
      self.operation = operation
      self.fields = fields
    }
  }
}

/// What it says.
extension Lookup {
  /// The id of the operation that reads.
  package var operation: String { facts.value.operation }
  /// The read's answer field that holds the list, or nil when the read itself asks for the thing.
  package var list: String? { facts.value.list }
  /// By the field of the operation itself: the name in the record, or, without a list, the field or
  /// the answer of the read.
  package var identity: OrderedDictionary<String, String> { facts.value.identity }
  /// The read's field that the username of the step's session goes into, or nil.
  package var usernameField: String? { facts.value.usernameField }
  /// The read's field that says which page of the list is read, from 1; nil for a list in one piece.
  package var pageField: String? { facts.value.pageField }
  /// The name in the records of what identifies each of them; nil where nothing does.
  package var recordID: String? { facts.value.recordID }
  /// Whether no two things can have the same `identity`; otherwise one that is found proves nothing by
  /// itself.
  package var isUnique: Bool { facts.value.isUnique }
  /// What the read shows when the operation had its effect.
  package var expects: Expectation { facts.value.expects }
  /// What the read shows of the thing.
  package var evidence: Evidence { facts.value.evidence }
  /// What of the thing is compared with the call.
  package var comparison: Comparison { facts.value.comparison }
  /// How the API changes or removes the thing.
  package var remedies: Remedies { facts.value.remedies }

  fileprivate struct Facts: Sendable, Hashable {
    var operation: String
    var list: String?
    var identity: OrderedDictionary<String, String>
    var usernameField: String?
    var pageField: String?
    var recordID: String?
    var isUnique: Bool
    var expects: Expectation
    var evidence: Evidence
    var comparison: Comparison
    var remedies: Remedies
  }
}
