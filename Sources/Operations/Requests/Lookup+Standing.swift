package import Expressions
import OrderedCollections
package import Playbooks

extension Lookup {
  /// How what a read shows compares with what a call asks for.
  package enum Standing: Sendable, Hashable {
    /// There is no such thing.
    case absent
    /// It is there, and nothing that is compared differs.
    case same(ValueMap)
    /// It is there, and differs in one field at least.
    case different(ValueMap, [Difference])
    /// Several have the identity, two at least, in the order in which they were read.
    case several([ValueMap])
    /// The read does not show whether it is there, or none of what would be compared.
    case unreadable
  }

  /// A field in which what is there differs from what is asked; secret where one of both is.
  package struct Difference: Sendable, Hashable {
    /// The operation's field, or the record's name where a state is not the one it should be.
    package var field: String
    /// What the call asks for.
    package var asked: Value
    /// What the read shows.
    package var found: Value

    /// A difference in `field`; the values are hidden here when either holds a secret.
    package init(field: String, asked: Value, found: Value) {
      let isSecret = asked.holdsSecret || found.holdsSecret
      self.field = field
      self.asked = isSecret ? asked.hidden : asked
      self.found = isSecret ? found.hidden : found
    }
  }
}

extension Lookup {
  /// Which of several things of one identity is looked at.
  package enum Choice: Sendable, Hashable {
    case any
    /// The one that its record's id identifies.
    case only(String)
    /// Any but those that these ids identify.
    case except([String])
  }
}

/// What the answers of a lookup's read come to, page by page.
///
/// Read `fields`, hand each answer to `read`, and ask for `standing` once that returns false.
package struct LookupSearch: Sendable {
  private let lookup: Lookup
  private let arguments: ValueMap
  /// The page that is read next, from 1.
  private var page = 1
  /// What the page before held.
  private var earlier: Value?
  /// The records of the identity, each once, in the order of the answers.
  package private(set) var matches: [ValueMap] = []
  /// Whether something was read that may be the thing, or no list at all.
  private var isDoubtful = false

  /// A search for what the operation of `lookup` makes or removes when called with `arguments`.
  package init(_ lookup: Lookup, for arguments: ValueMap) {
    self.lookup = lookup
    self.arguments = arguments
  }

  /// What is asked of the next read, where `fields` is asked of every one.
  package func nextFields(adding fields: ValueMap) -> ValueMap {
    guard let field = lookup.pageField else { return fields }
    var fields = fields
    fields[field] = .int(Int64(page))
    return fields
  }

  /// Whether a page was read, and the next one is asked for.
  package var isPastFirstPage: Bool { page > 1 }

  /// Notes an answer of the read, and returns whether a further page must be read.
  package mutating func read(_ answer: ValueMap) -> Bool {
    guard let list = lookup.list else {
      if lookup.isAbout(answer, arguments) { matches = [answer] }
      return false
    }
    guard let elements = answer[list]?.elements else {
      isDoubtful = true
      return false
    }
    for record in elements.compactMap(\.fields) {
      switch lookup.likeness(of: record, to: arguments) {
      case .certain where !matches.contains(record): matches.append(record)
      case .possible: isDoubtful = true
      case .certain, .none: break
      }
    }
    return turnsPage(after: .list(elements))
  }

  private mutating func turnsPage(after records: Value) -> Bool {
    guard lookup.pageField != nil, records != .list([]), records != earlier,
      page < Lookup.mostPages
    else { return false }
    earlier = records
    page += 1
    return true
  }

  /// What identifies the records of the identity, as far as they show it.
  package var recordIDs: [String] {
    guard let name = lookup.recordID else { return [] }
    return matches.compactMap { $0[name]?.identityText }
  }

  /// How what was read compares with what the call of `operation` asks for.
  ///
  /// Of several, `newest` compares the one that was created last. What is to be absent is not
  /// compared: `same` says that it is there. Only the things of `choice` are looked at.
  package func standing(
    _ ensurance: Ensurance, of operation: Operation, among choice: Lookup.Choice = .any
  ) -> Lookup.Standing {
    let matches = matches.filter { lookup.admits($0, choice) }
    guard let last = matches.last else { return isDoubtful ? .unreadable : .absent }
    var record = last
    if matches.count > 1 {
      guard ensurance.match == .newest else { return .several(matches) }
      record = lookup.newest(of: matches) ?? last
    }
    guard ensurance.state == .present, lookup.expects == .present else { return .same(record) }
    return lookup.standing(of: record, for: arguments, of: operation)
  }
}

extension Lookup {
  /// Whether a refusal with `status` says that there is no such thing.
  ///
  /// A 404 may come of a wrong path as long as nothing was answered as by the API.
  package func isAbsence(status: Int?, of read: Operation, hasFoundAPI: Bool) -> Bool {
    guard let status else { return false }
    if evidence.absentOn.contains(status), hasFoundAPI { return true }
    guard list == nil else { return false }
    return status == 404 && hasFoundAPI || status == 401 && read.authorization == .none
  }

  /// What the operation was called with, its identity replaced by what its answer calls the thing:
  /// a described file has another token than before.
  package func arguments(_ arguments: ValueMap, after answer: ValueMap) -> ValueMap {
    var arguments = arguments
    for own in identity.keys {
      if let value = answer[own], value != .null { arguments[own] = value }
    }
    return arguments
  }

  /// The result of an ensured call: `answer` is that of the operation where it was sent, `record`
  /// what was found, if anything.
  package func ensuredResult(
    of operation: Operation, answer: ValueMap = [:], record: ValueMap = [:]
  ) -> ValueMap {
    var result = result(of: operation, from: record)
    for name in answer.names {
      if let value = answer[name], value != .null { result[name] = value }
    }
    for (name, theirs) in evidence.gives {
      let value = record[theirs] ?? .null
      if value != .null || result[name] == nil { result[name] = value }
    }
    return result
  }
}

extension Lookup {
  /// What a record shows of the thing that is compared: by the field of the operation, or the record's
  /// name of a state.
  package func compared(in record: ValueMap) -> ValueMap {
    var shown = ValueMap()
    for (own, theirs) in comparison.fields {
      if let value = record[theirs], value != .null { shown[own] = value }
    }
    for name in comparison.holds.keys {
      if let value = record[name], value != .null { shown[name] = value }
    }
    return shown
  }

  /// Whether a call with `arguments` sets something of a thing that must be there already, so that it can do
  /// nothing where the read does not show it.
  ///
  /// A call that is given what the read gives, too, may mean another than the read shows by its identity: a
  /// described file has another token than before, and by its id a configuration gets another name.
  package func setsExisting(in arguments: ValueMap) -> Bool {
    guard comparison.holds.isEmpty else { return true }
    guard remedies.correction == .itself, list != nil, !identity.isEmpty else { return false }
    return evidence.gives.keys.allSatisfy { (arguments[$0] ?? .null) == .null }
  }

  /// What a thing is recognised by, of a call with `arguments`.
  package func identity(in arguments: ValueMap) -> ValueMap {
    var found = ValueMap()
    for own in identity.keys { found[own] = arguments[own] }
    return found
  }
}

extension Lookup.Remedy {
  /// The arguments of this call of `operation` on `record`, with those fields of `call` that
  /// `operation` has too; nil when the record lacks one that is required.
  package func arguments(
    of operation: Operation, on record: ValueMap, keeping call: ValueMap = [:]
  ) -> ValueMap? {
    var arguments = ValueMap()
    for name in operation.fields.keys {
      if let value = call[name], value != .null { arguments[name] = value }
    }
    for (name, theirs) in fields {
      if let value = record[theirs], value != .null { arguments[name] = value }
    }
    let isComplete = operation.fields.allSatisfy { name, field in
      !field.isRequired || arguments[name] != nil
    }
    return isComplete ? arguments : nil
  }
}

extension Lookup {
  fileprivate enum Likeness {
    case certain
    /// The record does not show all that it would be recognised by.
    case possible
    case none
  }

  fileprivate func likeness(of record: ValueMap, to arguments: ValueMap) -> Likeness {
    var likeness = Likeness.certain
    for (own, theirs) in identity {
      guard let shown = record[theirs], shown != .null else {
        // What gets its name by later steps only is another thing as long as it has none.
        if evidence.shows == .later { return .none }
        likeness = .possible
        continue
      }
      guard FieldComparison().isSame(arguments[own] ?? .null, shown) == true else { return .none }
    }
    return likeness
  }

  /// Whether `record` may be of the choice; one that shows no id may be.
  fileprivate func admits(_ record: ValueMap, _ choice: Choice) -> Bool {
    guard let recordID, let id = record[recordID]?.identityText else { return true }
    return switch choice {
    case .any: true
    case .only(let chosen): id == chosen
    case .except(let others): !others.contains(id)
    }
  }

  /// Whether an answer that is no list is about the thing.
  fileprivate func isAbout(_ answer: ValueMap, _ arguments: ValueMap) -> Bool {
    identity.allSatisfy { own, theirs in
      guard let shown = answer[theirs], shown != .null else { return true }
      return FieldComparison().isSame(arguments[own] ?? .null, shown) == true
    }
  }

  /// The record that was created last: by the time that all of them show, else the last one.
  fileprivate func newest(of records: [ValueMap]) -> ValueMap? {
    guard let name = evidence.newest else { return records.last }
    let dated = records.compactMap { record in
      record[name].flatMap(Moment.init(shownAs:)).map { (record: record, moment: $0) }
    }
    guard dated.count == records.count, let latest = dated.map(\.moment).max() else {
      return records.last
    }
    return dated.last { $0.moment == latest }?.record
  }

  /// The fields that refer to things in one form where the read shows them in another, by id and not by
  /// name, so that they are not compared.
  package func uncompared(_ record: ValueMap, with arguments: ValueMap) -> [String] {
    comparison.fields.compactMap { own, theirs in
      guard comparison.references.contains(own), let wanted = arguments[own], wanted != .null,
        comparison.way(of: own).isSame(wanted, record[theirs] ?? .null) == nil
      else { return nil }
      return own
    }
  }

  fileprivate func standing(
    of record: ValueMap, for arguments: ValueMap, of operation: Operation
  ) -> Standing {
    var differences: [Difference] = []
    var (asked, shown) = (0, 0)
    for (own, theirs) in comparison.fields {
      guard let wanted = arguments[own], wanted != .null else { continue }
      asked += 1
      guard let found = record[theirs],
        let isSame = comparison.way(of: own).isSame(wanted, found)
      else { continue }
      shown += 1
      guard !isSame else { continue }
      let isSensitive = operation.fields[own]?.isSensitive ?? false
      differences.append(
        Difference(field: own, asked: isSensitive ? wanted.hidden : wanted, found: found))
    }
    for (name, values) in comparison.holds {
      guard let found = record[name], let text = found.revealed.plainText, !text.isEmpty else {
        return .unreadable
      }
      guard !values.contains(where: { $0.lowercased() == text.lowercased() }) else { continue }
      differences.append(
        Difference(field: name, asked: .string(values.first ?? ""), found: found))
    }
    // What only sets something is done when what it sets shows: a token may have no metadata yet.
    let onlySets = remedies.correction == .itself || identity.isEmpty
    if onlySets, asked > 0, shown == 0 { return .unreadable }
    return differences.isEmpty ? .same(record) : .different(record, differences)
  }
}

extension Lookup.Comparison {
  /// How a field of the operation is compared.
  func way(of field: String) -> FieldComparison {
    FieldComparison(
      isUnordered: unordered.contains(field), ignoresCase: ignoringCase.contains(field),
      isReference: references.contains(field))
  }
}

extension Value {
  /// The elements of a list; those of a secret one are secret.
  fileprivate var elements: [Value]? {
    switch self {
    case .list(let elements): elements
    case .secret(let secret): secret.reveal().elements?.map(\.hidden)
    case .null, .bool, .int, .uint, .double, .string, .bytes, .map, .timestamp, .duration, .type,
      .unknown:
      nil
    }
  }
}
