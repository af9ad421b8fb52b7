import Cryptography
import FoundationEssentials

/// A page in one file: no fonts, scripts or images from elsewhere, and a policy that allows none.
///
///     var text = page.opening.source
///     text += Markup.tag("p", [:], .text("…")).source
///     text += page.closing.source
struct HTMLPage: Sendable, Hashable {
  /// A part of the page that its navigation leads to.
  struct Part: Sendable, Hashable {
    /// The fragment that names it in the page's address; unique in the page.
    var id: String
    var title: String
  }

  /// What the browser's tab shows.
  var title: String
  /// The page's head, below its one `h1`.
  var head: Markup
  var heading: String
  var parts: [Part]
  /// The program's version; nil where it is not known.
  var version: String?

  /// Everything up to the content of the page's main part.
  var opening: Markup {
    let links = parts.map { part in
      Markup.tag("li", [:], .tag("a", ["href": "#\(part.id)"], .text(part.title)))
    }
    let navigation =
      parts.count < 2
      ? Markup.empty
      : .tag("nav", ["aria-label": "Parts of this page"], .tag("ul", [:], links))
        + Self.newline
    return .written("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
      + .start("meta", ["http-equiv": "Content-Security-Policy", "content": Self.policy])
      + .written("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
      + .written(
        "<meta name=\"robots\" content=\"noindex\">\n<link rel=\"icon\" href=\"data:,\">\n")
      + .tag("title", [:], .text(title))
      + .written("\n<style>\(PageStyle.source)</style>\n</head>\n<body>\n")
      + .tag("a", ["class": "skip", "href": "#main"], .text("Skip to the content"))
      + .written("\n<header>\n") + .tag("h1", [:], .text(heading)) + Self.newline + head
      + .written("</header>\n") + navigation + .written("<main id=\"main\">\n")
  }

  /// Everything behind the content.
  var closing: Markup {
    let maker = "privirun" + (version.map { " \($0)" } ?? "")
    return .written("</main>\n<footer>\n") + .tag("p", [:], .text("Written by \(maker)."))
      + .written("\n</footer>\n<script>\(PageScript.source)</script>\n</body>\n</html>\n")
  }

  /// A part with its heading, which the navigation leads to; its content follows, then `partEnd`.
  static func partStart(_ part: Part) -> Markup {
    .start("section", ["id": part.id, "aria-labelledby": "\(part.id)-title"])
      + .tag("h2", ["id": "\(part.id)-title"], .text(part.title)) + newline
  }

  static let partEnd = Markup.written("</section>\n")

  static let newline = Markup.written("\n")

  /// What no browser may do with the page, whatever is in it (CSP level 3): the page's own style and
  /// script are known by their digests.
  private static let policy =
    "default-src 'none'; img-src data:; style-src \(source(of: PageStyle.source)); "
    + "script-src \(source(of: PageScript.source)); base-uri 'none'; form-action 'none'"

  private static func source(of text: String) -> String {
    guard let digest = try? SHA256.digest(of: Array(text.utf8)) else { return "'unsafe-inline'" }
    return "'sha256-\(Data(digest).base64EncodedString())'"
  }
}
