package import OrderedCollections

/// Which read finds what an operation creates or removes, and by which identity.
package struct Lookup: Sendable, Hashable {
  /// What the read shows once the operation is done.
  package enum Expectation: String, Sendable, Hashable, CaseIterable {
    case present
    case absent
  }

  /// The id of the operation that reads.
  package var operation: String
  /// The read's answer field that holds the list, or nil when the read itself asks for the thing.
  package var list: String?
  /// By the field of the operation itself: the name in the record, or, without a list, the field or
  /// the answer of the read.
  package var identity: OrderedDictionary<String, String>
  /// The read's field that the username of the step's session goes into, or nil.
  package var usernameField: String?
  /// The read's field that says which page of the list is read, from 1; nil for a list in one piece.
  package var pageField: String?
  /// The name in the records of what identifies each of them; nil where nothing does.
  package var recordID: String?
  /// Whether no two things can have the same `identity`; otherwise one that is found proves nothing by
  /// itself.
  package var isUnique: Bool
  /// What the read shows when the operation had its effect.
  package var expects: Expectation

  /// So many pages are read at most.
  package static let mostPages = 10_000

  /// A lookup by the read `operation`; a nil `list` compares with the read's own fields and answer.
  package init(
    operation: String, list: String?, identity: OrderedDictionary<String, String>,
    usernameField: String? = nil, pageField: String? = nil, recordID: String? = nil,
    isUnique: Bool = true, expects: Expectation = .present
  ) {
    self.operation = operation
    self.list = list
    self.identity = identity
    self.usernameField = usernameField
    self.pageField = pageField
    self.recordID = recordID
    self.isUnique = isUnique
    self.expects = expects
  }
}
