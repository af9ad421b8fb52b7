extension ScalarSet {
  /// The scalars of a general category, such as `Lu`, of a group of them, such as `L`, or `Any`.
  ///
  /// Nil when there is no such category; scripts such as `Greek` are none.
  init?(category name: String) {
    self.init()
    let group = Self.categoriesByName.filter { $0.key == name || $0.key.prefix(1) == name }
    if name == "Any" {
      ranges = [0...0x10FFFF]
    } else if group.isEmpty {
      return nil
    }
    categories = Set(group.values)
  }

  /// Every category.
  static let allCategories = Set(categoriesByName.values).union([.unassigned])

  /// The names that Unicode gives them (Unicode Standard, section 4.5); `Cn` is no name in RE2.
  private static let categoriesByName: [String: Unicode.GeneralCategory] = [
    "Lu": .uppercaseLetter, "Ll": .lowercaseLetter, "Lt": .titlecaseLetter,
    "Lm": .modifierLetter, "Lo": .otherLetter, "Mn": .nonspacingMark, "Mc": .spacingMark,
    "Me": .enclosingMark, "Nd": .decimalNumber, "Nl": .letterNumber, "No": .otherNumber,
    "Pc": .connectorPunctuation, "Pd": .dashPunctuation, "Ps": .openPunctuation,
    "Pe": .closePunctuation, "Pi": .initialPunctuation, "Pf": .finalPunctuation,
    "Po": .otherPunctuation, "Sm": .mathSymbol, "Sc": .currencySymbol, "Sk": .modifierSymbol,
    "So": .otherSymbol, "Zs": .spaceSeparator, "Zl": .lineSeparator, "Zp": .paragraphSeparator,
    "Cc": .control, "Cf": .format, "Cs": .surrogate, "Co": .privateUse,
  ]
}
