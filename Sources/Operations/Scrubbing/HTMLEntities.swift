/// The named characters of HTML that escaping functions write.
enum HTMLEntities {
  /// The scalar that a lower-case name stands for; capitals fold to the same.
  static func scalar(named name: String) -> UInt32? {
    scalars[name]
  }

  private static let scalars: [String: UInt32] = {
    var scalars = Dictionary(
      uniqueKeysWithValues: latin.split(separator: " ").enumerated().map {
        (String($1), UInt32(0xA0 + $0))
      })
    // Capital letters come first in Latin-1; the small ones take their names.
    for (index, name) in latinSmall.split(separator: " ").enumerated() {
      scalars[String(name)] = UInt32(0xE0 + index)
    }
    for (name, scalar) in others { scalars[name] = scalar.value }
    return scalars
  }()

  /// U+00A0 to U+00DF, in order.
  private static let latin =
    "nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn "
    + "sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest"

  /// U+00E0 to U+00FF, in order.
  private static let latinSmall =
    "agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave iacute "
    + "icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc "
    + "uuml yacute thorn yuml"

  private static let others: [String: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "tab": "\t", "newline": "\n",
    "excl": "!", "num": "#", "dollar": "$", "percnt": "%", "lpar": "(", "rpar": ")", "ast": "*",
    "plus": "+", "comma": ",", "hyphen": "-", "dash": "-", "period": ".", "sol": "/", "colon": ":",
    "semi": ";", "equals": "=", "quest": "?", "commat": "@", "lsqb": "[", "lbrack": "[",
    "bsol": "\\", "rsqb": "]", "rbrack": "]", "hat": "^", "lowbar": "_", "grave": "`",
    "lcub": "{", "lbrace": "{", "verbar": "|", "vert": "|", "rcub": "}", "rbrace": "}",
    "szlig": "ß", "times": "×", "euro": "€", "ndash": "–", "mdash": "—", "lsquo": "‘",
    "rsquo": "’", "ldquo": "“", "rdquo": "”", "bull": "•", "hellip": "…",
  ]
}
