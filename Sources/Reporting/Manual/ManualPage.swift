import Expressions
import Operations
import OrderedCollections
import Playbooks

/// The manual page of one operation, socket entry or local action.
struct ManualPage: Sendable {
  let entry: ManualEntry

  var text: String {
    var parts = ["\(entry.id)\n  \(entry.title) (\(entry.section))"]
    if entry.summary != entry.title { parts.append(ManualText.paragraph(entry.summary)) }
    parts.append(ManualText.table(facts))
    if entry.completion != "message" {
      parts.append("Fields\n" + (entry.fields.isEmpty ? "  none" : ManualText.table(fields)))
    }
    parts.append("\(answerTitle)\n" + (entry.answer.isEmpty ? "  none" : ManualText.table(answer)))
    if !refusals.isEmpty { parts.append("Errors\n" + ManualText.table(refusals)) }
    if !ensuring.isEmpty { parts.append("Ensure\n" + ManualText.table(ensuring)) }
    if !entry.notes.isEmpty {
      parts.append("Notes\n" + entry.notes.map { ManualText.item($0) }.joined(separator: "\n"))
    }
    if !entry.example.isEmpty { parts.append("Example\n" + ManualText.verbatim(entry.example)) }
    if !entry.sources.isEmpty {
      let sources = entry.sources.joined(separator: "\n")
      parts.append("Sources (\(entry.confidence))\n" + ManualText.verbatim(sources))
    }
    return parts.joined(separator: "\n\n") + "\n"
  }

  private var answerTitle: String {
    switch entry.kind {
    case .operation, .local: "Answer (under steps.ID)"
    case .socket: entry.completion == "message" ? "Message" : "Answer"
    }
  }

  private var facts: [(String, String)] {
    var rows = entry.ways.enumerated().map { index, way in
      (index == 0 ? "request" : "else", way.phrase)
    }
    rows.append(("token", entry.authorization.phrase))
    if entry.encoding != .none { rows.append(("body", entry.encoding.phrase)) }
    rows.append(("ends by", completion))
    if entry.kind == .operation { rows += consequences }
    rows.append(("retry", repetition))
    if entry.isGated { rows.append(("held", "until a vote is over, while a policy covers it")) }
    if let lookup = entry.lookup { rows.append(("verify", lookup.phrase)) }
    return rows
  }

  private var consequences: [(String, String)] {
    let consequences = entry.consequences
    var rows = [("effect", consequences.phrase)]
    if !consequences.showsIn.isEmpty {
      rows.append(("shows in", list(consequences.showsIn.sorted())))
    }
    if !consequences.causes.isEmpty {
      let noun = consequences.causes.count == 1 ? "event" : "events"
      rows.append(("raises", "the \(noun) \(list(consequences.causes))"))
    }
    if let asks = consequences.asks { rows.append(("asks", asks.phrase)) }
    if let lives = consequences.lives { rows.append(("lives", lives.phrase)) }
    return rows
  }

  private var repetition: String {
    entry.repetition == .safe && entry.consequences.effect != .none
      ? "safe: a read with a side effect" : entry.repetition.phrase
  }

  private var completion: String {
    switch Operation.Completion(rawValue: entry.completion) {
    case .http:
      let mayBeCommand = entry.answer.values.contains { $0.from.contains(.commandID) }
      return mayBeCommand
        ? "the HTTP answer, or, after 202, the command's status" : "the HTTP answer"
    case .commandStatus: return "the command's status, by WebSocket or poll"
    case .requestID: return "a message that brings the data, or says where it is"
    case .stream: return "the HTTP answer, once all bytes have passed"
    case nil: break
    }
    switch SocketEntry.Kind(rawValue: entry.completion) {
    case .connection: return "the open socket"
    case .request: return "its own answer on the socket"
    case .message: return "itself: it comes unasked"
    case nil: return "itself, on this machine"
    }
  }

  private var fields: [(String, String)] {
    entry.fields.map { name, field in
      var notes = [field.type.name, field.isRequired ? "required" : "optional"]
      if field.isSensitive { notes.append("secret") }
      if field.place == .local { notes.append("never sent") }
      notes += limits(of: field)
      if !field.alsoSentAs.isEmpty { notes.append("also sent as \(list(field.alsoSentAs))") }
      if !field.alsoKnownAs.isEmpty { notes.append("elsewhere called \(list(field.alsoKnownAs))") }
      return (name, described(notes, field.summary))
    }
  }

  private func limits(of field: Field) -> [String] {
    var limits: [String] = []
    let schema = field.schema
    if !schema.allowed.isEmpty {
      limits.append("one of \(list(schema.allowed.map(\.displayText)))")
    }
    let unit = field.type.unit
    switch (schema.minimum, schema.maximum) {
    case (let minimum?, let maximum?) where minimum == maximum: limits.append("\(minimum)\(unit)")
    case (1, nil) where !unit.isEmpty: limits.append("not empty")
    case (let minimum?, let maximum?): limits.append("\(minimum) to \(maximum)\(unit)")
    case (let minimum?, nil): limits.append("at least \(minimum)\(unit)")
    case (nil, let maximum?): limits.append("at most \(maximum)\(unit)")
    case (nil, nil): break
    }
    if let pattern = schema.pattern { limits.append("matching \(pattern)") }
    if let defaultText = field.defaultText { limits.append("\(defaultText) when left out") }
    return limits
  }

  private var answer: [(String, String)] {
    entry.answer.map { name, field in
      var notes = [field.type.name] + (field.isSensitive ? ["secret"] : [])
      if !field.record.isEmpty { notes.append("each with \(list(Array(field.record.keys)))") }
      return (name, described(notes, field.summary))
    }
  }

  private var refusals: [(String, String)] {
    entry.errors.map { (String($0.status), $0.meaning) }
      + entry.rejections.map { ("later", $0) }
      + entry.refusals.map { ("reason", "\($0): a word for `tolerate` and `retry.on`") }
  }

  private func described(_ notes: [String], _ summary: String) -> String {
    let notes = list(notes)
    return summary.isEmpty ? notes : "\(notes). \(summary)"
  }

  private func list(_ texts: [String]) -> String { texts.joined(separator: ", ") }
}
