/// How often a fault is injected: 0 % to 100 %, in steps of 0.0001 %.
package struct FaultShare: Sendable, Hashable, Comparable {
  /// The number of `millionths` that is always.
  static let whole = 1_000_000

  /// Every occasion.
  package static let always = FaultShare(whole)

  /// Of a million occasions, those with the fault; 0 to 1,000,000.
  package let millionths: Int

  /// A share of 0 to 1,000,000 millionths; nil beyond.
  package init?(millionths: Int) {
    guard (0...Self.whole).contains(millionths) else { return nil }
    self.millionths = millionths
  }

  private init(_ millionths: Int) {
    self.millionths = millionths
  }

  /// Reads a share such as `5%` or `0.25%`, of four decimals at most; nil when `text` is none.
  package init?(_ text: some StringProtocol) {
    guard text.last == "%" else { return nil }
    let halves = String(text.dropLast()).split(separator: ".", omittingEmptySubsequences: false)
    let decimals = halves.count == 2 ? halves[1] : "0"
    guard (1...2).contains(halves.count), (1...3).contains(halves[0].count),
      (1...4).contains(decimals.count),
      (halves[0] + decimals).utf8.allSatisfy({ (48...57).contains($0) }),
      let whole = Int(halves[0]),
      let fraction = Int(decimals + String(repeating: "0", count: 4 - decimals.count))
    else { return nil }
    self.init(millionths: whole * 10_000 + fraction)
  }

  /// Whether `left` is the smaller share.
  package static func < (left: FaultShare, right: FaultShare) -> Bool {
    left.millionths < right.millionths
  }
}

extension FaultShare: CustomStringConvertible {
  /// The share as it is read, without zeros at the end.
  package var description: String {
    let (whole, rest) = millionths.quotientAndRemainder(dividingBy: 10_000)
    guard rest > 0 else { return "\(whole)%" }
    var decimals = String(String(rest + 10_000).dropFirst())
    while decimals.last == "0" { decimals.removeLast() }
    return "\(whole).\(decimals)%"
  }
}
