/// How many of the selected tenants: a number, or a percentage of them.
package enum TenantAmount: Sendable, Hashable {
  case count(Int)
  case percent(Percent)

  /// A percentage above 0 and up to 100, to the hundredth.
  package struct Percent: Sendable, Hashable {
    /// In hundredths of a percent, 1 to 10,000.
    package var hundredths: Int

    /// A percentage, whose bounds are not checked.
    package init(hundredths: Int) {
      self.hundredths = hundredths
    }
  }

  /// The number among `total` tenants, rounded up; what is more than `total` is `total`.
  package func roundedUp(of total: Int) -> Int {
    switch self {
    case .count(let count): min(count, total)
    case .percent(let percent): (total * percent.hundredths + 9_999) / 10_000
    }
  }

  /// The number among `total` tenants, rounded down, but at least 1; a count stays what it is.
  package func roundedDown(of total: Int) -> Int {
    switch self {
    case .count(let count): count
    case .percent(let percent): max(1, total * percent.hundredths / 10_000)
    }
  }
}

extension TenantAmount: CustomStringConvertible {
  /// The amount as a rollout file writes it: `5`, `20%`, `0.5%`.
  package var description: String {
    switch self {
    case .count(let count): String(count)
    case .percent(let percent): percent.description
    }
  }
}

extension TenantAmount.Percent: CustomStringConvertible {
  /// The number with as many digits behind the point as it needs, and `%`.
  package var description: String {
    let rest = hundredths % 100
    let digits =
      rest == 0 ? "" : rest % 10 == 0 ? ".\(rest / 10)" : rest < 10 ? ".0\(rest)" : ".\(rest)"
    return "\(hundredths / 100)\(digits)%"
  }

  /// Reads `20%` or `0.5%`; nil for anything else, and for what is not above 0 and up to 100.
  package init?(_ text: String) {
    guard text.hasSuffix("%") else { return nil }
    let parts = text.dropLast().split(separator: ".", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), (1...3).contains(parts[0].utf8.count),
      parts.allSatisfy({
        $0.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      }),
      let whole = Int(parts[0])
    else { return nil }
    var hundredths = whole * 100
    if parts.count == 2 {
      guard (1...2).contains(parts[1].utf8.count), let rest = Int(parts[1]) else { return nil }
      hundredths += parts[1].utf8.count == 1 ? rest * 10 : rest
    }
    guard (1...10_000).contains(hundredths) else { return nil }
    self.hundredths = hundredths
  }
}
