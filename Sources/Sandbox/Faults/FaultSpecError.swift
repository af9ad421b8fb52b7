import Diagnostics

/// Why a text is no `FaultSpec`: everything that is wrong with it.
package struct FaultSpecError: Error, Sendable, Hashable {
  /// One thing that is wrong.
  package enum Flaw: Sendable, Hashable {
    /// Nothing stands between two commas, or in the whole text.
    case emptyEntry
    /// There is neither a fault nor a preset of that name.
    case unknownName(String)
    /// A fault without a share.
    case missingShare(FaultKind)
    /// What stands behind `=` is no share.
    case wrongShare(FaultKind, String)
    /// A duration where the fault has none.
    case unexpectedDuration(FaultKind)
    /// What stands behind `:` is no duration, or one over an hour.
    case wrongDuration(FaultKind, String)
    /// A fault that has an entry already.
    case repeated(FaultKind)
    /// A preset that is not the first entry.
    case latePreset(FaultPreset)
    /// A preset with something behind `=`.
    case presetWithShare(FaultPreset)
    /// Faults of which at most one is injected at a time, with shares over 100 % together.
    case tooMuch([FaultKind])
  }

  /// What is wrong, in the order of the text; one at least.
  package let flaws: [Flaw]
}

extension FaultSpecError: CustomStringConvertible {
  /// A line for each flaw.
  package var description: String { flaws.map(\.description).joined(separator: "\n") }
}

extension FaultSpecError.Flaw: CustomStringConvertible {
  /// What is wrong and what to write instead.
  package var description: String {
    switch self {
    case .emptyEntry:
      "an entry is empty; write entries like slow=5%:2s, separated by commas, or none"
    case .unknownName(let name): "there is no fault `\(name)`; \(Self.hint(for: name))"
    case .missingShare(let kind):
      "`\(kind.rawValue)` has no share; write it like \(kind.example)"
    case .wrongShare(let kind, let text):
      "`\(text)` is not a share of `\(kind.rawValue)`; write 0% to 100%, with four decimals at most,"
        + " like \(kind.example)"
    case .unexpectedDuration(let kind):
      "`\(kind.rawValue)` has no duration; write it like \(kind.example)"
    case .wrongDuration(let kind, let text):
      "`\(text)` is not a duration of `\(kind.rawValue)`; write one like 500ms or 2s, at most 1h"
    case .repeated(let kind): "`\(kind.rawValue)` is given twice"
    case .latePreset(let preset):
      "the preset `\(preset.rawValue)` must be the first entry, and the only preset"
    case .presetWithShare(let preset):
      "`\(preset.rawValue)` is a preset and has no share; write \(preset.rawValue)"
    case .tooMuch(let kinds):
      "\(kinds.map(\.rawValue).joined(separator: ", ")) have more than 100% together, "
        + "and at most one of them is injected at a time"
    }
  }

  private static func hint(for name: String) -> String {
    let presets = FaultPreset.allCases.map(\.rawValue)
    let faults = FaultKind.allCases.map(\.rawValue)
    return didYouMean(name, among: faults + presets)
      ?? "the faults are \(faults.joined(separator: ", ")), the presets "
      + presets.joined(separator: ", ")
  }
}

extension FaultKind {
  /// An entry for it, as it could be written.
  fileprivate var example: String {
    usualDuration == nil ? "\(rawValue)=5%" : "\(rawValue)=5% or \(rawValue)=5%:2s"
  }
}
