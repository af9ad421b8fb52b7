package import Diagnostics

/// What `docs/diagnostics.md` says about one rule.
package struct DiagnosticPage: Sendable, Hashable {
  /// The rule that its heading names.
  package let code: DiagnosticCode
  /// What the rule reports, as Markdown in one line.
  package var what = ""
  /// Why it is reported, as Markdown in one line.
  package var why = ""
  /// Why there is no example; nil when there are.
  package var exampleReason: String?
  /// The examples and the other files that they use, in the order of the page.
  package var blocks: [Block] = []

  /// A fenced block of the page.
  package struct Block: Sendable, Hashable {
    /// What it is for.
    package enum Role: Sendable, Hashable {
      /// A file that gives exactly this diagnostic.
      case wrong(Subject)
      /// A file that gives none.
      case right(Subject)
      /// Another file that examples use, by its path.
      case companion(String)
    }

    /// What kind of file an example is.
    package enum Subject: String, Sendable, Hashable {
      case playbook
      case rollout
      case tenants
      case environments
    }

    /// What it is for.
    package let role: Role
    /// The language of the block, such as `yaml`.
    package let language: String
    /// The file, with a newline at its end.
    package var text = ""
  }

  /// An empty page about `code`.
  init(code: DiagnosticCode) {
    self.code = code
  }
}

extension DiagnosticPage.Block {
  /// A block that begins with this line, or nil when the line does not say what it is for.
  init?(opening line: Substring) {
    let words = line.dropFirst(3).split(separator: " ").map(String.init)
    guard words.count > 1 else { return nil }
    language = words[0]
    if words[1].hasPrefix("file=") {
      role = .companion(String(words[1].dropFirst("file=".count)))
      return
    }
    guard let subject = words.count > 2 ? Subject(rawValue: words[2]) : .playbook else {
      return nil
    }
    switch words[1] {
    case "wrong": role = .wrong(subject)
    case "right": role = .right(subject)
    default: return nil
    }
  }
}
