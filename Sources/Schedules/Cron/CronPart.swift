/// A part of the text of a cron expression.
struct CronPart: Sendable {
  var scalars: ArraySlice<Unicode.Scalar>

  var text: String { String(String.UnicodeScalarView(scalars)) }
  var isEmpty: Bool { scalars.isEmpty }

  /// The parts between each `separator`, empty ones too.
  func split(_ separator: Unicode.Scalar) -> [CronPart] {
    scalars.split(separator: separator, omittingEmptySubsequences: false)
      .map { CronPart(scalars: $0) }
  }

  /// The number that it is, of ASCII digits alone; nil when it is none, or has more than six digits.
  var number: Int? {
    let isNumber = !isEmpty && scalars.count <= 6 && scalars.allSatisfy { ("0"..."9").contains($0) }
    return isNumber ? Int(text) : nil
  }

  /// What is left behind `prefix`, in whatever case; nil when it does not begin so.
  func dropping(prefix: Unicode.Scalar) -> CronPart? {
    guard let first = scalars.first, Self.isEqual(first, prefix) else { return nil }
    return CronPart(scalars: scalars.dropFirst())
  }

  /// What is left before `suffix`, in whatever case; nil when it does not end so.
  func dropping(suffix: Unicode.Scalar) -> CronPart? {
    guard let last = scalars.last, Self.isEqual(last, suffix) else { return nil }
    return CronPart(scalars: scalars.dropLast())
  }

  private static func isEqual(_ left: Unicode.Scalar, _ upper: Unicode.Scalar) -> Bool {
    left == upper || left.properties.uppercaseMapping == String(upper)
  }
}
