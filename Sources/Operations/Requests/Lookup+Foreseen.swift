package import Expressions
import OrderedCollections

extension Lookup {
  /// How what earlier steps of a plan leave compares with what a call asks for.
  package enum ForeseenStanding: Sendable, Hashable {
    /// Nothing that is compared differs.
    case same
    /// It differs; the differences are empty where not all of them are known.
    case different([Difference])
    /// That depends on a value that is not known, or on what the read will show where that is nil.
    case open(Unknown?)
  }

  /// What the read will show of a thing that is made with `arguments`, as far as they say it.
  package func record(madeBy arguments: ValueMap) -> ValueMap {
    record(changedBy: arguments, from: shownIdentity(in: arguments))
  }

  /// What the read will show of a thing that it shows as `record`, once a call with `arguments` is done.
  package func record(changedBy arguments: ValueMap, from record: ValueMap) -> ValueMap {
    var record = record
    for (own, theirs) in comparison.fields {
      if let value = arguments[own], value != .null { record[theirs] = value }
    }
    for (name, values) in comparison.holds { record[name] = values.first.map { .string($0) } }
    return record
  }

  /// What a thing is recognised by, of a call with `arguments`, by the names in the record.
  package func shownIdentity(in arguments: ValueMap) -> ValueMap {
    var found = ValueMap()
    for (own, theirs) in identity { found[theirs] = arguments[own] }
    return found
  }

  /// The names in the record that are compared for a call with `arguments`.
  package func comparedNames(for arguments: ValueMap) -> [String] {
    comparison.fields.compactMap { own, theirs in
      (arguments[own] ?? .null) == .null ? nil : theirs
    } + comparison.holds.keys
  }

  /// How what the read will show as `record` compares with what the call of `operation` asks for.
  package func standing(
    foreseen record: ValueMap, for arguments: ValueMap, of operation: Operation
  ) -> ForeseenStanding {
    var differences: [Difference] = []
    var (isOpen, unknowns) = (false, [Unknown]())
    for (own, theirs) in comparison.fields {
      guard let wanted = arguments[own], wanted != .null, wanted != record[theirs] else { continue }
      let shown = record[theirs] ?? .null
      if shown == .null || wanted.holdsUnknown || shown.holdsUnknown {
        isOpen = true
        unknowns += [wanted, shown].compactMap(\.unknownParts)
      } else if comparison.way(of: own).isSame(wanted, shown) == false {
        let isSensitive = operation.fields[own]?.isSensitive ?? false
        differences.append(
          Difference(field: own, asked: isSensitive ? wanted.hidden : wanted, found: shown))
      }
    }
    for (name, values) in comparison.holds {
      guard let text = record[name]?.revealed.plainText, !text.isEmpty else {
        isOpen = true
        unknowns += [record[name]?.unknownParts].compactMap(\.self)
        continue
      }
      guard !values.contains(where: { $0.lowercased() == text.lowercased() }) else { continue }
      differences.append(
        Difference(field: name, asked: .string(values.first ?? ""), found: .string(text)))
    }
    guard differences.isEmpty else { return .different(isOpen ? [] : differences) }
    return isOpen ? .open(Unknown(joining: unknowns)) : .same
  }
}
