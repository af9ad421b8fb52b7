import Testing

@testable import Reporting

/// What all pages share: text stays text, and can be read.
@Suite struct PageTests {
  @Test(arguments: [
    ("a", "a"), ("<b>", "&lt;b&gt;"), ("a & b", "a &amp; b"), ("\"'", "&quot;&apos;"),
    ("</script><script>", "&lt;/script&gt;&lt;script&gt;"), ("\u{1B}[31m", "\\u{1b}[31m"),
    ("\u{202E}a", "\\u{202e}a"), ("a\nb", "a\\nb"), ("<\u{338}", "&lt;\u{338}"),
    ("\u{0}", "\\u{0}"), ("é漢", "é漢"), ("!#$%()*+,-./:;=?", "!#$%()*+,-./:;=?"),
  ])
  func `any text is text in markup`(text: String, source: String) {
    #expect(
      Array(Markup.text(text).source.unicodeScalars) == Array(source.unicodeScalars))
    let tag = Markup.tag("p", ["title": text]).source
    #expect(Array(tag.unicodeScalars) == Array("<p title=\"\(source)\"></p>".unicodeScalars))
  }

  @Test func `an attribute without a value is left out, and an empty one has none`() {
    let tag = Markup.tag("details", ["open": "", "class": nil, "id": "a"], .text("b"))
    #expect(tag.source == "<details open id=\"a\">b</details>")
  }

  @Test(arguments: [
    ("run `a b` now", "run <code>a b</code> now"), ("a ` b", "a ` b"), ("", ""),
    ("`<`", "<code>&lt;</code>"), ("a `b` c `d", "a `b` c `d"),
  ])
  func `what stands between backticks is code`(text: String, source: String) {
    #expect(PageText.sentence(text).source == source)
  }

  @Test(arguments: [
    ("a", "a"), ("", ""), ("a,b", "\"a,b\""), ("a\"b", "\"a\"\"b\""), (" a", "\" a\""),
    ("a\nb", "a\\nb"), ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@a", "'@a"),
    ("\t=1", "'\\t=1"), ("\r=1", "'\\r=1"), (" =1", "\" '=1\""), ("\"=1", "\"\"\"'=1\""),
    ("a;=1", "\"a;'=1\""), ("a; \"@b", "\"a; \"\"'@b\""), ("a=1", "a=1"), ("1-2", "1-2"),
    ("\u{FF1D}1", "'\u{FF1D}1"), ("=\u{301}1", "'=\u{301}1"), ("a\u{1B}", "a\\u{1b}"),
    ("a;b", "\"a;b\""),
  ])
  func `no cell of a table is a formula`(text: String, cell: String) {
    #expect(Array(CSVText.cell(text).unicodeScalars) == Array(cell.unicodeScalars))
  }

  @Test func `cells are separated by commas, and rows end in a line feed`() {
    #expect(CSVText.row(["a", "b c", "d,e"]) == "a,b c,\"d,e\"\n")
  }

  @Test(arguments: [
    ("a|b", "`a\\u{7c}b`"), ("a\\|b", "`a\\\\u{7c}b`"), ("a`|", "``a`\\u{7c}``"),
    ("a\nb", "`a\\nb`"),
  ])
  func `no text ends a cell of a Markdown table`(text: String, cell: String) {
    #expect(MarkdownText.cell(text) == cell)
  }

  @Test(arguments: [
    ("a b", "a b"), ("`a` b", "`a` b"), ("*a*", "\\*a\\*"), ("@all", "&#64;all"),
    ("<b>", "\\<b\\>"),
    ("http://x", "http&#58;//x"), ("a ` b", "``a ` b``"),
  ])
  func `a sentence is no markup besides its code`(text: String, markdown: String) {
    #expect(MarkdownText.sentence(text) == markdown)
  }

  /// The contrast of two colours (WCAG 2.2, relative luminance).
  private static func contrast(_ left: String, _ right: String) -> Double {
    let (a, b) = (luminance(left), luminance(right))
    return (max(a, b) + 0.05) / (min(a, b) + 0.05)
  }

  private static func luminance(_ color: String) -> Double {
    let digits =
      color.dropFirst().count == 3
      ? color.dropFirst().flatMap { [$0, $0] } : Array(color.dropFirst())
    let parts = stride(from: 0, to: 6, by: 2).map { index -> Double in
      let value = Double(Int(String(digits[index...index + 1]), radix: 16) ?? 0) / 255
      return value <= 0.04045 ? value / 12.92 : power((value + 0.055) / 1.055)
    }
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
  }

  /// `base` to the power of 2.4, by Newton's method for the fifth root of `base` to the twelfth.
  private static func power(_ base: Double) -> Double {
    let twelfth = (0..<12).reduce(1.0) { value, _ in value * base }
    var root = max(base * base, 0.001)
    for _ in 0..<200 {
      let fourth = root * root * root * root
      root = (4 * root + twelfth / fourth) / 5
    }
    return root
  }

  /// The colours that the style names, for each place where it names a background.
  private static var palettes: [[Substring: Substring]] {
    // The sheet begins with one.
    let blocks = PageStyle.source.split(separator: ":root{", omittingEmptySubsequences: false)
    return blocks.dropFirst().map { block in
      block.prefix { $0 != "}" }.split(separator: ";").reduce(into: [:]) { colors, entry in
        let parts = entry.split(separator: ":")
        if parts.count == 2, parts[0].hasPrefix("--") { colors[parts[0]] = parts[1] }
      }
    }
  }

  @Test func `every text can be read, in the light, in the dark and on paper`() throws {
    #expect(Self.palettes.count == 3)
    for colors in Self.palettes {
      let texts = ["--text", "--faint", "--good", "--bad", "--notable", "--active"]
      for text in texts {
        for back in ["--back", "--panel"] {
          let color = String(try #require(colors[text[...]]))
          let contrast = Self.contrast(color, String(try #require(colors[back[...]])))
          #expect(contrast >= 4.5, "\(text) on \(back): \(contrast)")
        }
      }
    }
    #expect(abs(Self.contrast("#000", "#ffffff") - 21) < 0.01)
  }

  @Test func `a page names the digests of its style and its script, and nothing else`() throws {
    let page = HTMLPage(title: "a", head: .empty, heading: "a", parts: [])
    let text = page.opening.source + page.closing.source
    #expect(PageCheck(text).flaws == [])
    #expect(text.contains("default-src &apos;none&apos;"))
    #expect(text.ranges(of: "&apos;sha256-").count == 2)
    #expect(!text.contains("unsafe-inline"))
    #expect(text.contains("name=\"viewport\""))
  }
}
