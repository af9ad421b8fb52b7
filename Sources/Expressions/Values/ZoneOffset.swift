/// A fixed distance from UTC.
struct ZoneOffset: Hashable {
  /// East is positive; less than a day.
  var seconds: Int64

  /// Reads `UTC`, `Z`, `+02:00`, `-02:00` or `02:00`; nil for every other text, also a zone's name.
  init?(parsing text: String) {
    if text == "UTC" || text == "Z" || text.isEmpty {
      seconds = 0
      return
    }
    var digits = Substring(text)
    let isWest = digits.first == "-"
    if let sign = digits.first, sign == "+" || sign == "-" { digits = digits.dropFirst() }
    let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let hours = parts[0].twoDigits, let minutes = parts[1].twoDigits,
      hours < 24, minutes < 60
    else { return nil }
    seconds = (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
  }
}

extension Substring {
  /// The number that exactly two ASCII digits are.
  var twoDigits: Int64? { utf8.count == 2 ? wholeNumber : nil }

  /// The number that ASCII digits alone are.
  var wholeNumber: Int64? {
    utf8.allSatisfy { (48...57).contains($0) } ? Int64(self) : nil
  }
}
