import Operations
import OrderedCollections

/// The manual page of one operation or local action.
struct ManualPage: Sendable {
  let entry: ManualEntry

  var text: String {
    var parts = ["\(entry.id)\n  \(entry.title)"]
    if entry.summary != entry.title { parts.append(indented(entry.summary)) }
    parts.append(facts)
    parts.append("Fields\n" + (entry.fields.isEmpty ? "  none" : fields))
    parts.append("Answer (under steps.ID)\n" + (entry.answer.isEmpty ? "  none" : answer))
    parts.append("Example\n" + indented(entry.example))
    if !entry.sources.isEmpty {
      parts.append(
        "Sources (\(entry.confidence))\n" + indented(entry.sources.joined(separator: "\n")))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var facts: String {
    var rows = entry.routes.enumerated().map { index, route in
      ((index == 0 ? "request" : "else"), route)
    }
    rows.append(("token", entry.authorization))
    rows.append(("ends by", completion))
    rows.append(("repeated", repetition))
    return table(rows)
  }

  private var completion: String {
    switch Operation.Completion(rawValue: entry.completion) {
    case .http: "the HTTP answer"
    case .commandStatus: "the command's status, by WebSocket or poll"
    case .requestID: "a message that brings the data, or says where it is"
    case .stream: "the HTTP answer, once all bytes have passed"
    case nil: "itself, on this machine"
    }
  }

  private var repetition: String {
    switch Operation.Repetition(rawValue: entry.repetition) {
    case .safe: "safe: it only reads"
    case .harmless: "harmless: the same end state"
    case .detectable: "may have a second effect; a read can tell"
    case .unsafe, nil: "may have a second effect, and nothing tells"
    }
  }

  private var fields: String {
    table(
      entry.fields.map { name, field in
        var notes = [field.kind.name, field.isRequired ? "required" : "optional"]
        if field.isSensitive { notes.append("secret") }
        if field.place == .local { notes.append("never sent") }
        if !field.allowed.isEmpty {
          notes.append("one of \(field.allowed.joined(separator: ", "))")
        }
        if let minimum = field.minimum { notes.append("at least \(minimum)") }
        if let maximum = field.maximum { notes.append("at most \(maximum)") }
        return (name, described(notes, field.summary))
      })
  }

  private var answer: String {
    table(
      entry.answer.map { name, field in
        (name, described([field.kind.name] + (field.isSensitive ? ["secret"] : []), field.summary))
      })
  }

  private func described(_ notes: [String], _ summary: String) -> String {
    let notes = notes.joined(separator: ", ")
    return summary.isEmpty ? notes : "\(notes). \(summary)"
  }

  private func table(_ rows: [(String, String)]) -> String {
    let width = rows.map(\.0.count).max() ?? 0
    return rows.map { name, text in
      "  \(name)\(String(repeating: " ", count: width - name.count))  \(text)"
    }.joined(separator: "\n")
  }

  private func indented(_ text: String) -> String {
    text.split(separator: "\n", omittingEmptySubsequences: false)
      .map { "  \($0)" }.joined(separator: "\n")
  }
}
