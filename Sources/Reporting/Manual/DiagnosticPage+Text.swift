import Diagnostics
package import Events

extension DiagnosticPage {
  /// The page as a terminal shows it.
  package var text: String {
    let severity = code.severity?.rawValue ?? "error or warning"
    var parts = [
      "\(code.number) \(code.rawValue) (\(severity))", ManualText.paragraph(what.asSentence),
      "Why\n\(ManualText.paragraph(why.asSentence))",
    ]
    if let exampleReason {
      parts.append("No example\n\(ManualText.paragraph(exampleReason.asSentence))")
    }
    parts += blocks.map { block in
      "\(block.title)\n\(ManualText.verbatim(String(block.text.dropLast())))"
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  /// The first sentence of what is reported.
  var summary: String {
    let end = what.firstRange(of: ". ")?.lowerBound ?? what.endIndex
    let sentence = what[..<end]
    return String(sentence.last == "." ? sentence.dropLast() : sentence).withoutEmphasis
  }

  /// The page as Markdown, without its heading.
  var markdown: String {
    let examples = blocks.map { "\($0.title):\n\n```\($0.language)\n\($0.text)```" }
    return (["\(what.asSentence)", "**Why**: \(why)"] + examples).joined(separator: "\n\n") + "\n"
  }

  /// The page as JSON.
  package var json: EncodedJSON {
    .object([
      "version": .count(EncodedEvent.version), "type": "explanation", "number": .text(code.number),
      "code": .text(code.rawValue), "severity": code.severity.map { .text($0.rawValue) },
      "group": .text(code.group.title), "what": .text(what.asSentence),
      "why": .text(why.asSentence), "noExample": exampleReason.map { .text($0.asSentence) },
      "examples": .list(blocks.map(\.json)),
    ])
  }
}

extension DiagnosticPage.Block {
  fileprivate var title: String {
    switch role {
    case .wrong(let subject): "Wrong\(subject.remark)"
    case .right(let subject): "Right\(subject.remark)"
    case .companion(let path): "With \(path)"
    }
  }

  fileprivate var json: EncodedJSON {
    let (role, subject, path): (String, Subject?, String?) =
      switch role {
      case .wrong(let subject): ("wrong", subject, nil)
      case .right(let subject): ("right", subject, nil)
      case .companion(let path): ("file", nil, path)
      }
    return .object([
      "role": .text(role), "kind": subject.map { .text($0.rawValue) },
      "path": path.map(EncodedJSON.text), "language": .text(language), "text": .text(text),
    ])
  }
}

extension DiagnosticPage.Block.Subject {
  fileprivate var remark: String {
    switch self {
    case .playbook: ""
    case .rollout: " (a rollout file)"
    case .tenants: " (a tenants file)"
    case .environments: " (privirun.yaml)"
    }
  }
}

extension String {
  /// Beginning with a capital, and without marks of emphasis.
  fileprivate var asSentence: String {
    prefix(1).uppercased() + dropFirst().withoutEmphasis
  }

  fileprivate var withoutEmphasis: String { replacing("**", with: "") }
}

extension Substring {
  fileprivate var withoutEmphasis: String { String(self).withoutEmphasis }
}
