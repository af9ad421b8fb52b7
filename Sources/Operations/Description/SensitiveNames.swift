import Expressions
import OrderedCollections

/// Names under which answers hold secrets; case, dashes and underscores make no difference.
package struct SensitiveNames: Sendable, Hashable {
  private var folded: Set<String>

  /// The given names, kept without case, dashes and underscores.
  package init(_ names: some Sequence<String>) {
    folded = Set(names.map(Self.fold))
  }

  /// The names that are among each of `all`.
  init(commonTo all: [SensitiveNames]) {
    let first = all.first?.folded ?? []
    folded = all.dropFirst().reduce(into: first) { $0.formIntersection($1.folded) }
  }

  /// Whether what stands under `name` must not be shown.
  package func contains(_ name: String) -> Bool {
    folded.contains(Self.fold(name))
  }

  /// These names and those of `other`.
  package func union(_ other: SensitiveNames) -> SensitiveNames {
    var result = self
    result.folded.formUnion(other.folded)
    return result
  }

  /// These names without those of `other`.
  func subtracting(_ other: SensitiveNames) -> SensitiveNames {
    var result = self
    result.folded.subtract(other.folded)
    return result
  }

  /// `value` with what stands under these names, at any depth, made secret.
  func hiding(in value: Value) -> Value {
    switch value {
    case .map(let map):
      var entries = map.entries
      // The names stay, so that nothing is hashed anew.
      for (place, key) in map.entries.keys.enumerated() {
        let element = map.entries.values[place]
        if contains(key.plainText ?? "") {
          entries.values[place] = element.hidden
        } else if element.hasElements {
          entries.values[place] = hiding(in: element)
        }
      }
      return .map(ValueMap(entries))
    case .list(let elements): return .list(elements.map { hiding(in: $0) })
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      return value
    }
  }

  private static func fold(_ name: String) -> String {
    // Every name of every response comes here.
    guard name.utf8.allSatisfy({ $0 < 0x80 }) else {
      return name.lowercased().filter { $0 != "-" && $0 != "_" }
    }
    return String(unsafeUninitializedCapacity: name.utf8.count) { buffer in
      var count = 0
      for byte in name.utf8 where byte != UInt8(ascii: "-") && byte != UInt8(ascii: "_") {
        buffer[count] = byte.foldingCase
        count += 1
      }
      return count
    }
  }
}

extension SensitiveNames: CompiledForm {
  func write(to form: inout CompiledWriter) { folded.write(to: &form) }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    folded = try Set(from: &form)
  }
}

extension Value {
  /// Whether it is a map or a list.
  fileprivate var hasElements: Bool {
    switch self {
    case .map, .list: true
    case .null, .bool, .int, .uint, .double, .string, .bytes, .timestamp, .duration, .type,
      .secret, .unknown:
      false
    }
  }
}
