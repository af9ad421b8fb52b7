/// How a string or bytes literal is written: its prefix and its quotes.
struct Quoting: Hashable {
  /// `b'…'`: bytes, not text.
  var isBytes = false
  /// `r'…'`: backslashes stand for themselves.
  var isRaw = false
  /// Three quotes on each side: line breaks are allowed.
  var isTriple: Bool
  var quote: Unicode.Scalar
  /// How many scalars the prefix and the opening quotes take.
  var length: Int

  /// The quotes that close the literal.
  var quotes: String { String(repeating: String(quote), count: isTriple ? 3 : 1) }

  /// The quoting that begins at `start`, or nil when no literal does.
  init?(at start: Int, in scalars: [Unicode.Scalar]) {
    var position = start
    func scalar(_ ahead: Int = 0) -> Unicode.Scalar? {
      position + ahead < scalars.count ? scalars[position + ahead] : nil
    }
    if scalar() == "b" || scalar() == "B" {
      isBytes = true
      position += 1
    }
    if scalar() == "r" || scalar() == "R" {
      isRaw = true
      position += 1
    }
    guard let quote = scalar(), quote == "'" || quote == "\"" else { return nil }
    self.quote = quote
    isTriple = scalar(1) == quote && scalar(2) == quote
    length = position - start + (isTriple ? 3 : 1)
  }
}
