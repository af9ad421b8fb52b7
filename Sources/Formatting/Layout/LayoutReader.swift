import Playbooks

/// Builds the layout of a document from its events, and gives each comment its place.
///
/// Recursion is bounded by the depth limit of `YAMLLimits`.
struct LayoutReader {
  private var lines: SourceLines
  private let events: [YAMLEvent]
  private var position = 0
  private let comments: [LayoutComment]
  private var taken = 0
  private var hasAnchors = false

  /// Throws why a text cannot be laid out again.
  static func document(of source: YAMLSource) throws(UntouchedReason) -> LayoutDocument {
    var reader = LayoutReader(source)
    return try reader.readDocument()
  }

  private init(_ source: YAMLSource) {
    lines = SourceLines(source.scalars)
    events = source.events
    comments = CommentScanner.comments(in: lines, events)
  }

  private var event: YAMLEvent { events[min(position, events.count - 1)] }

  private mutating func readDocument() throws(UntouchedReason) -> LayoutDocument {
    position = 1
    let start = event
    position += 1
    let isMarked = start.end.index > start.start.index
    if isMarked, lines.scalars[start.start.index] == "%" { throw .directive }
    let rootStart = contentStart(of: event)
    var header: [LayoutComment] = []
    var belowMarker: [LayoutComment]?
    if isMarked {
      guard event.start.line > start.end.line else { throw .valueBehindMarker }
      header = takeComments(before: start.end.index)
      belowMarker = takeComments(before: rootStart.index)
    } else {
      header = takeComments(before: rootStart.index)
    }
    guard !isFlow(event, rootStart) else { throw .json }
    let followsBlank = lines.isBlank(before: rootStart.line)
    var root = try readNode(in: -1, isInFlow: false)
    root.closing += takeComments(before: .max)
    return LayoutDocument(
      header: header, belowMarker: belowMarker, followsBlank: followsBlank, root: root,
      hasAnchors: hasAnchors)
  }

  // MARK: Nodes

  /// Reads the node at the next event; `column` is that of the collection around it.
  private mutating func readNode(
    in column: Int, isInFlow: Bool
  ) throws(UntouchedReason) -> LayoutNode {
    let event = event
    position += 1
    switch event.kind {
    case .alias(let name): return LayoutNode(content: .alias(name))
    case .scalar(let text, let style, let properties):
      return LayoutNode(
        properties: written(properties, event),
        content: .scalar(readScalar(text, style, properties, event, in: column)))
    case .sequenceStart(let properties), .mappingStart(let properties):
      return try readCollection(event, properties, in: column, isInFlow: isInFlow)
    case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
      throw .unreadable
    }
  }

  private mutating func readCollection(
    _ event: YAMLEvent, _ properties: YAMLEvent.Properties, in around: Int, isInFlow: Bool
  ) throws(UntouchedReason) -> LayoutNode {
    let start = contentStart(of: event)
    let isFlow = isInFlow || isFlow(event, start)
    let column = isFlow ? around : start.column
    var isMap = false
    if case .mappingStart = event.kind { isMap = true }
    var entries: [LayoutEntry] = []
    while self.event.kind != .sequenceEnd, self.event.kind != .mappingEnd {
      entries.append(
        isMap
          ? try readPair(in: column, isInFlow: isFlow)
          : try readElement(in: column, isInFlow: isFlow))
    }
    let closing =
      isFlow
      ? takeComments(before: self.event.start.index)
      : takeComments(before: self.event.start.index, from: column, deeperThan: around)
    position += 1
    return LayoutNode(
      properties: written(properties, event), content: isMap ? .map(entries) : .list(entries),
      isFlow: isFlow, closing: closing)
  }

  private mutating func readElement(
    in column: Int, isInFlow: Bool
  ) throws(UntouchedReason) -> LayoutEntry {
    let start = contentStart(of: event)
    let leading = takeComments(before: start.index)
    let line = isInFlow ? start.line : dashLine(before: event.start)
    var entry = LayoutEntry(
      leading: leading, followsBlank: lines.isBlank(before: line),
      value: try readNode(in: column, isInFlow: isInFlow))
    takeRemark(of: &entry, in: column)
    return entry
  }

  private mutating func readPair(
    in column: Int, isInFlow: Bool
  ) throws(UntouchedReason) -> LayoutEntry {
    let start = contentStart(of: event)
    var leading = takeComments(before: start.index)
    let followsBlank = lines.isBlank(before: event.start.line)
    let key = try readNode(in: column, isInFlow: isInFlow)
    let keyEnd = events[position - 1].end
    try check(key)
    let valueStart = contentStart(of: event)
    var remark: LayoutComment?
    if isBlockCollection(event, valueStart, isInFlow: isInFlow) {
      remark = takeComment(on: keyEnd.line, before: valueStart.index)
    } else {
      leading += takeComments(before: valueStart.index)
    }
    var entry = LayoutEntry(
      leading: leading, followsBlank: followsBlank, key: key,
      value: try readNode(in: column, isInFlow: isInFlow), remark: remark)
    takeRemark(of: &entry, in: column)
    return entry
  }

  /// A key must fit in front of its colon: one line, and no more than libyaml looks ahead.
  private func check(_ key: LayoutNode) throws(UntouchedReason) {
    switch key.content {
    case .alias: return
    case .scalar(let scalar):
      guard let line = scalar.line, line.unicodeScalars.count <= 1000, !scalar.isEmpty else {
        throw .longKey
      }
    case .list, .map: throw .longKey
    }
  }

  private func isBlockCollection(
    _ event: YAMLEvent, _ start: YAMLMark, isInFlow: Bool
  ) -> Bool {
    switch event.kind {
    case .sequenceStart, .mappingStart: !isInFlow && !isFlow(event, start)
    case _: false
    }
  }

  private func isFlow(_ event: YAMLEvent, _ mark: YAMLMark) -> Bool {
    guard mark.index < lines.scalars.count else { return false }
    switch event.kind {
    case .sequenceStart: return lines.scalars[mark.index] == "["
    case .mappingStart: return lines.scalars[mark.index] == "{"
    case _: return false
    }
  }

  // MARK: Places

  /// Where the node of `event` begins behind its anchor and tag.
  private func contentStart(of event: YAMLEvent) -> YAMLMark {
    let isScalar: Bool
    switch event.kind {
    case .scalar(_, _, let properties):
      guard !properties.isEmpty else { return event.start }
      isScalar = true
    case .sequenceStart(let properties), .mappingStart(let properties):
      guard !properties.isEmpty else { return event.start }
      isScalar = false
    case _: return event.start
    }
    let limit = isScalar ? event.end.index : lines.scalars.count
    return mark(at: lines.contentStart(of: event, limit: limit), from: event.start)
  }

  /// The mark of `index`, which is not before `mark`.
  private func mark(at index: Int, from mark: YAMLMark) -> YAMLMark {
    var mark = mark
    while mark.index < index {
      let scalar = lines.scalars[mark.index]
      mark.index += 1
      mark.column += 1
      guard SourceLines.isBreak(scalar) else { continue }
      let isPair = scalar == "\r" && mark.index < index && lines.scalars[mark.index] == "\n"
      mark = YAMLMark(index: mark.index + (isPair ? 1 : 0), line: mark.line + 1, column: 0)
    }
    return mark
  }

  /// The line of the dash before an element, which may be above it.
  private func dashLine(before mark: YAMLMark) -> Int {
    var index = mark.index
    var line = mark.line
    while index > 0 {
      let scalar = lines.scalars[index - 1]
      if SourceLines.isBreak(scalar) {
        let isPair = scalar == "\n" && index > 1 && lines.scalars[index - 2] == "\r"
        index -= isPair ? 1 : 0
        line -= 1
      } else if !SourceLines.isSpace(scalar) {
        return scalar == "-" ? line : mark.line
      }
      index -= 1
    }
    return mark.line
  }

  private mutating func written(
    _ properties: YAMLEvent.Properties, _ event: YAMLEvent
  ) -> String {
    guard !properties.isEmpty else { return "" }
    if properties.anchor != nil { hasAnchors = true }
    let end = contentStart(of: event).index
    var words: [String] = []
    for line in lines.lines(event.start.index, end) {
      for word in line.split(whereSeparator: SourceLines.isSpace) {
        guard word.first != "#" else { break }
        words.append(SourceLines.text(word))
      }
    }
    return words.joined(separator: " ")
  }

  // MARK: Comments

  private mutating func takeComments(before index: Int) -> [LayoutComment] {
    let start = taken
    while taken < comments.count, comments[taken].mark.index < index { taken += 1 }
    return comments(from: start)
  }

  /// The comments that close a block collection: they are not indented less than it is.
  private mutating func takeComments(
    before index: Int, from column: Int, deeperThan around: Int
  ) -> [LayoutComment] {
    let start = taken
    while taken < comments.count, comments[taken].mark.index < index,
      comments[taken].mark.column >= column, comments[taken].mark.column > around
    {
      taken += 1
    }
    return comments(from: start)
  }

  /// The comments from `start` to the last that was taken; blank lines of values are known by now.
  private func comments(from start: Int) -> [LayoutComment] {
    comments[start..<taken].map { comment in
      var comment = comment
      comment.followsBlank = lines.isBlank(before: comment.mark.line)
      return comment
    }
  }

  private mutating func takeComment(on line: Int, before index: Int) -> LayoutComment? {
    guard taken < comments.count, comments[taken].mark.line == line,
      comments[taken].mark.index < index
    else { return nil }
    taken += 1
    return comments[taken - 1]
  }

  /// Takes the comment behind a value, and those below one that was left out.
  private mutating func takeRemark(of entry: inout LayoutEntry, in column: Int) {
    let last = events[position - 1]
    switch entry.value.content {
    case .list(let inside), .map(let inside):
      guard entry.value.isFlow else { return }
      if inside.isEmpty {
        // Nothing is in the brackets that they could stand before.
        entry.leading += entry.value.closing
        entry.value.closing = []
      }
    case .scalar(let scalar) where scalar.isBlock:
      entry.remark = headerComment(of: last)
      return
    case .alias, .scalar: break
    }
    entry.remark = entry.remark ?? takeComment(on: last.end.line, before: event.start.index)
    if case .scalar(let scalar) = entry.value.content, scalar.isEmpty, entry.key != nil {
      entry.value.closing = takeComments(
        before: event.start.index, from: column + 1, deeperThan: column)
    }
  }
}

/// Scalars.
extension LayoutReader {
  private mutating func readScalar(
    _ text: String, _ style: YAMLNode.Style, _ properties: YAMLEvent.Properties,
    _ event: YAMLEvent, in column: Int
  ) -> LayoutScalar {
    let start = contentStart(of: event)
    switch style {
    case .literal, .folded:
      return readBlock(text, style, from: start, to: event.end, in: column)
    case .plain, .singleQuoted, .doubleQuoted:
      guard start.line != event.end.line else {
        let line = style == .plain ? text : lines.text(start.index, event.end.index)
        return LayoutScalar(text: text, style: style, lines: [line])
      }
      let written = lines.lines(start.index, event.end.index)
      let trimmed = written.enumerated().map { index, line in
        Self.trimmed(
          line, isFirst: index == 0, isLast: index == written.count - 1,
          hasEscapes: style == .doubleQuoted)
      }
      return LayoutScalar(text: text, style: style, lines: trimmed)
    }
  }

  /// A line of a scalar without the blanks that are folded away (YAML 1.2.2 §7.3).
  private static func trimmed(
    _ line: ArraySlice<Unicode.Scalar>, isFirst: Bool, isLast: Bool, hasEscapes: Bool
  ) -> String {
    var line = line
    if !isFirst { line = line.drop(while: SourceLines.isSpace) }
    if !isLast {
      let full = line
      while let last = line.last, SourceLines.isSpace(last) { line.removeLast() }
      let escapes = hasEscapes ? line.reversed().prefix { $0 == "\\" }.count : 0
      // An escaped blank is none that is folded.
      if !escapes.isMultiple(of: 2), line.count < full.count {
        line = full.prefix(line.count + 1)
      }
    }
    return SourceLines.text(line)
  }

  private mutating func readBlock(
    _ text: String, _ style: YAMLNode.Style, from start: YAMLMark, to end: YAMLMark,
    in column: Int
  ) -> LayoutScalar {
    var written = lines.lines(start.index, end.index)
    let header = written.removeFirst()
    if written.last?.isEmpty == true { written.removeLast() }
    let indicators = header.prefix { !SourceLines.isSpace($0) }
    let given = indicators.compactMap { $0.properties.numericType == nil ? nil : Int(String($0)) }
    let indentation =
      given.first.map { max(column, 0) + $0 } ?? Self.indentation(of: written, in: column)
    var content = written.map { line in
      let blanks = line.prefix { $0 == " " }.count
      return SourceLines.text(line.dropFirst(min(blanks, indentation)))
    }
    // A last line without an end has none in the value either.
    let isOpen = indicators.contains("-") || !text.isEmpty && text.last != "\n"
    let chomping = isOpen ? "-" : indicators.contains("+") ? "+" : ""
    if chomping != "+" {
      while content.last?.isEmpty == true { content.removeLast() }
    }
    lines.fill(start.line, upTo: start.line + 1 + content.count)
    return LayoutScalar(text: text, style: style, lines: content, chomping: chomping)
  }

  /// The indentation of a block scalar that names none, as libyaml finds it.
  private static func indentation(
    of lines: [ArraySlice<Unicode.Scalar>], in column: Int
  ) -> Int {
    var widest = max(column + 1, 1)
    for line in lines {
      let blanks = line.prefix { $0 == " " }.count
      widest = max(widest, blanks)
      if blanks < line.count { break }
    }
    return widest
  }

  /// The comment behind the header of a block scalar.
  private func headerComment(of event: YAMLEvent) -> LayoutComment? {
    let start = contentStart(of: event)
    let header = lines.lines(start.index, event.end.index)[0]
    guard let mark = header.firstIndex(of: "#") else { return nil }
    var text = header[mark...]
    while let last = text.last, SourceLines.isSpace(last) { text.removeLast() }
    let gap = header[..<mark].reversed().prefix { $0 == " " }.count
    return LayoutComment(
      text: SourceLines.text(text),
      mark: YAMLMark(
        index: mark, line: start.line, column: start.column + mark - header.startIndex), gap: gap)
  }
}
