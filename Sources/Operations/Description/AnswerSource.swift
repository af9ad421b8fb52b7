/// One place in an answer where a field may be found.
package enum AnswerSource: Sendable, Hashable {
  /// A name of the answer's object; `a.b` is also tried as `b` inside `a`.
  case name(String)
  /// `$`: the whole answer, an array around a single text taken off.
  ///
  /// `$ when 200` counts only in an answer of that status (protocol.md §15).
  case bare(status: Int?)
  /// `$list`: records in an array, under `items`, or in an object keyed by id (protocol.md §13).
  case list
  /// `$templates`: policy templates with their events, in any shape of protocol.md §10.
  case templates
  /// `$commandId`: the command's id, wherever it was answered.
  case commandID
  /// `$requestId`: the request's id, wherever it was answered.
  case requestID
  /// `$header.NAME`: a header of the answer.
  case header(String)
  /// `$body`: the bytes of the answer as they came.
  case body
  /// `$file`: the file that the data was written to, when the call asked for one.
  case file
  /// `$size`: the size of that file in bytes.
  case fileSize
  /// `$data`: what a request-id message brings later; the answer itself never holds it.
  case data

  /// The source that a description writes as `text`, or nil when there is none of that name.
  package init?(parsing text: String) {
    switch text {
    case "$": self = .bare(status: nil)
    case "$list": self = .list
    case "$templates": self = .templates
    case "$commandId": self = .commandID
    case "$requestId": self = .requestID
    case "$body": self = .body
    case "$file": self = .file
    case "$size": self = .fileSize
    case "$data": self = .data
    case let text where text.hasPrefix("$ when "):
      guard let status = Int(text.dropFirst("$ when ".count)) else { return nil }
      self = .bare(status: status)
    case let text where text.hasPrefix("$header."):
      self = .header(String(text.dropFirst("$header.".count)))
    case let text where text.hasPrefix("$") || text.isEmpty: return nil
    default: self = .name(text)
    }
  }
}

extension AnswerSource: ExpressibleByStringLiteral {
  /// The source that the literal spells in a description; one that is no source becomes a name.
  package init(stringLiteral value: String) {
    self = AnswerSource(parsing: value) ?? .name(value)
  }
}
