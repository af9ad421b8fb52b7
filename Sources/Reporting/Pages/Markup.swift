/// A piece of an HTML or XML document; text is escaped where it becomes part of one.
///
///     let line = Markup.tag("p", ["class": "faint"], .text("a < b"))
///     line.source  // <p class="faint">a &lt; b</p>
struct Markup: Sendable, Hashable {
  /// The piece as it is written.
  private(set) var source: String

  /// Nothing.
  static let empty = Markup(source: "")

  /// Whether it holds neither text nor an element.
  var isEmpty: Bool { source.isEmpty }

  /// Text, whatever it holds, as text.
  static func text(_ text: String) -> Markup { Markup(source: escaped(text)) }

  /// Markup that this program wrote: nothing in it comes from outside.
  static func written(_ source: String) -> Markup { Markup(source: source) }

  /// An element; attributes without a value are left out, those with an empty one have no value.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: Markup...
  ) -> Markup {
    tag(name, attributes, content)
  }

  /// An element with all of `content`, one after the other.
  static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:], _ content: [Markup]
  ) -> Markup {
    let inside = content.reduce(into: "") { $0 += $1.source }
    return Markup(source: "\(start(name, attributes).source)\(inside)</\(name)>")
  }

  /// The start of an element whose content and end follow later.
  static func start(
    _ name: String, _ attributes: KeyValuePairs<String, String?> = [:]
  ) -> Markup {
    var source = "<\(name)"
    for (name, value) in attributes {
      guard let value else { continue }
      source += value.isEmpty ? " \(name)" : " \(name)=\"\(escaped(value))\""
    }
    return Markup(source: source + ">")
  }

  /// One piece after the other.
  static func join(_ pieces: [Markup], separator: String = "") -> Markup {
    Markup(source: pieces.map(\.source).joined(separator: separator))
  }

  /// Both, one after the other.
  static func + (left: Markup, right: Markup) -> Markup {
    Markup(source: left.source + right.source)
  }

  /// Adds a piece at the end.
  static func += (left: inout Markup, right: Markup) { left.source += right.source }

  private static let style = TerminalStyle()

  /// `text` with what HTML and XML have for their own marks (XML 1.0 §2.4), and printable, so that it holds
  /// none of the characters that a document cannot hold (§2.2), and none that reorders others.
  static func escaped(_ text: String) -> String {
    let text = style.printable(text)
    guard text.utf8.contains(where: { $0 != 0x21 && (0x21...0x3E).contains($0) }) else {
      return text
    }
    // By scalars: a mark that is combined with another character is a mark all the same.
    return text.unicodeScalars.reduce(into: "") { escaped, scalar in
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&apos;"
      case _: escaped.unicodeScalars.append(scalar)
      }
    }
  }
}
