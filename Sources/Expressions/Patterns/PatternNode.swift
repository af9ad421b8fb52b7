/// A regular expression as a tree.
indirect enum PatternNode: Hashable {
  /// Exactly one scalar out of a set.
  case scalar(ScalarSet)
  /// A place between two scalars.
  case assertion(Assertion)
  case sequence([PatternNode])
  case choice([PatternNode])
  /// Without `most`, any number of times.
  case repetition(PatternNode, least: Int, most: Int?)

  enum Assertion: Hashable {
    case textStart, textEnd, lineStart, lineEnd, wordBoundary, noWordBoundary

    /// Whether it holds between `previous` and `next`; nil stands for an end of the text.
    func holds(between previous: Unicode.Scalar?, _ next: Unicode.Scalar?) -> Bool {
      switch self {
      case .textStart: previous == nil
      case .textEnd: next == nil
      case .lineStart: previous == nil || previous == "\n"
      case .lineEnd: next == nil || next == "\n"
      case .wordBoundary: previous.isWord != next.isWord
      case .noWordBoundary: previous.isWord == next.isWord
      }
    }
  }
}

extension Unicode.Scalar? {
  fileprivate var isWord: Bool { self?.isNamePart ?? false }
}

/// A set of Unicode scalars, as ranges and general categories.
struct ScalarSet: Hashable {
  var ranges: [ClosedRange<UInt32>] = []
  /// The categories whose scalars are in the set, too.
  var categories: Set<Unicode.GeneralCategory> = []
  var isNegated = false
  /// Whether a scalar also counts as its upper- and lowercase forms.
  var ignoresCase = false

  init(_ ranges: ClosedRange<Unicode.Scalar>..., negated: Bool = false) {
    self.ranges = ranges.map { $0.lowerBound.value...$0.upperBound.value }
    isNegated = negated
  }

  func contains(_ scalar: Unicode.Scalar) -> Bool {
    let isInside = holds(scalar) || (ignoresCase && scalar.otherCases.contains(where: holds))
    return isInside != isNegated
  }

  /// Adds what `other` contains, which has no ranges beside categories.
  mutating func formUnion(_ other: ScalarSet) {
    if !other.categories.isEmpty {
      categories.formUnion(
        other.isNegated ? Self.allCategories.subtracting(other.categories) : other.categories)
    } else {
      ranges += other.isNegated ? other.complement : other.ranges
    }
  }

  private func holds(_ scalar: Unicode.Scalar) -> Bool {
    ranges.contains { $0.contains(scalar.value) }
      || (!categories.isEmpty && categories.contains(scalar.properties.generalCategory))
  }

  private var complement: [ClosedRange<UInt32>] {
    var gaps: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { gaps.append(next...range.lowerBound - 1) }
      next = max(next, range.upperBound + 1)
    }
    return next <= 0x10FFFF ? gaps + [next...0x10FFFF] : gaps
  }

  static let digits = ScalarSet("0"..."9")
  static let word = ScalarSet("0"..."9", "A"..."Z", "_"..."_", "a"..."z")
  static let space = ScalarSet("\t"..."\n", "\u{0C}"..."\r", " "..." ")
  static let any = ScalarSet(negated: true)
  static let anyButNewline = ScalarSet("\n"..."\n", negated: true)

  /// The classes that `[[:name:]]` names.
  static let named: [String: ScalarSet] = [
    "alnum": ScalarSet("0"..."9", "A"..."Z", "a"..."z"), "alpha": ScalarSet("A"..."Z", "a"..."z"),
    "ascii": ScalarSet("\u{00}"..."\u{7F}"), "blank": ScalarSet("\t"..."\t", " "..." "),
    "cntrl": ScalarSet("\u{00}"..."\u{1F}", "\u{7F}"..."\u{7F}"), "digit": digits,
    "graph": ScalarSet("!"..."~"), "lower": ScalarSet("a"..."z"), "print": ScalarSet(" "..."~"),
    "punct": ScalarSet("!"..."/", ":"..."@", "["..."`", "{"..."~"),
    "space": ScalarSet("\t"..."\r", " "..." "), "upper": ScalarSet("A"..."Z"), "word": word,
    "xdigit": ScalarSet("0"..."9", "A"..."F", "a"..."f"),
  ]

  /// The complement, for `\D` and the like.
  var inverted: ScalarSet {
    var copy = self
    copy.isNegated.toggle()
    return copy
  }
}

extension Unicode.Scalar {
  /// The upper- and lowercase forms that are one scalar.
  fileprivate var otherCases: [Unicode.Scalar] {
    [properties.lowercaseMapping, properties.uppercaseMapping].compactMap {
      $0.unicodeScalars.count == 1 ? $0.unicodeScalars.first : nil
    }
  }
}
