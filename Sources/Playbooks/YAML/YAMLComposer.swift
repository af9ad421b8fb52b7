import Diagnostics

/// Builds the node of a document from its events, with a stack of its own instead of recursion.
struct YAMLComposer {
  /// What libyaml reads; see `FormerLineBreaks` and `BlankTabs`.
  private let read: [Unicode.Scalar]
  private let formerBreaks: FormerLineBreaks
  /// The text as it was written.
  private let source: [Unicode.Scalar]
  private let file: String
  private let limits: YAMLLimits
  /// How many of the former line breaks are behind the last scalar.
  private var passedBreaks = 0
  private var diagnostics = DiagnosticList()
  private var stack: [YAMLCollection] = []
  private var anchors: [String: Counted] = [:]
  private var total = 0
  private var document: YAMLNode?
  private var lost: [YAMLNode] = []
  /// Whether the end of the text was reached.
  private var isComplete = false
  /// Where libyaml stopped at a tab outside a block scalar, or nil.
  private(set) var tab: YAMLMark?

  /// A node, how many nodes it stands for and how many levels it has.
  struct Counted {
    var node: YAMLNode
    var count = 1
    var height = 0
  }

  /// A limit was exceeded; its diagnostic is already noted.
  private struct Stopped: Error {}

  init(
    source read: [Unicode.Scalar], formerBreaks: FormerLineBreaks, text: String, file: String,
    limits: YAMLLimits
  ) {
    self.read = read
    self.formerBreaks = formerBreaks
    source = formerBreaks.indices.isEmpty ? read : Array(text.unicodeScalars)
    self.file = file
    self.limits = limits
  }

  mutating func compose() -> YAMLReading {
    do throws(YAMLProblem) {
      var reader = try YAMLEventReader(read)
      try readEvents(&reader)
    } catch {
      if error.isAtTab(in: source) { tab = error.mark }
      diagnostics.add(error.diagnostic(file: file, in: source))
    }
    if isComplete { passBreaks(before: source.count) }
    if document == nil, !diagnostics.hasErrors { addEmptyFile() }
    return YAMLReading(node: isComplete ? document : nil, lost: lost, diagnostics: diagnostics)
  }

  private mutating func readEvents(_ reader: inout YAMLEventReader) throws(YAMLProblem) {
    while true {
      let event = try reader.next()
      if event.kind == .streamEnd {
        isComplete = true
        return
      }
      do throws(Stopped) {
        try take(event)
      } catch {
        return
      }
    }
  }

  private mutating func take(_ event: YAMLEvent) throws(Stopped) {
    switch event.kind {
    case .streamStart, .streamEnd, .documentEnd: return
    case .documentStart: try startDocument(event)
    case .alias(let name): try takeAlias(name, event)
    case .scalar(let text, let style, let properties):
      try takeScalar(text, style, properties, event)
    case .sequenceStart(let properties):
      try open(.list, properties, event)
    case .mappingStart(let properties):
      try open(.map, properties, event)
    case .sequenceEnd, .mappingEnd: try close()
    }
  }

  private mutating func startDocument(_ event: YAMLEvent) throws(Stopped) {
    guard document != nil else { return }
    // The first document is whole.
    isComplete = true
    let isEmpty = source.isBlank(from: event.start.index + 3)
    try stop(
      .severalDocuments, "a second document begins here", at: location(event.start, length: 3),
      hint: isEmpty
        ? "remove this line: nothing follows it" : "keep one document per file")
  }

  // MARK: Nodes

  private mutating func takeAlias(_ name: String, _ event: YAMLEvent) throws(Stopped) {
    let place = location(event.start, length: event.end.column - event.start.column)
    if let target = anchors[name] {
      return try add(target, isPlainKey: false, at: place)
    }
    if stack.contains(where: { $0.anchor == name }) {
      diagnostics.add(
        Diagnostic(
          .recursiveAlias, "`*\(name)` stands inside `&\(name)` itself", at: place,
          hint: "write out what is meant"))
    } else {
      diagnostics.add(
        Diagnostic(
          .unknownAlias, "no `&\(name)` comes before `*\(name)`", at: place,
          hint: didYouMean(name, among: anchors.keys.sorted())
            ?? "quote a string that begins with `*`",
          fix: nearestName(to: name, among: anchors.keys.sorted()).map { Fix("*\($0)", at: place) })
      )
    }
    let node = YAMLNode(content: .unreadable([]), location: place)
    try add(Counted(node: node), isPlainKey: false, at: place)
  }

  private mutating func takeScalar(
    _ text: String, _ style: YAMLNode.Style, _ properties: YAMLEvent.Properties,
    _ event: YAMLEvent
  ) throws(Stopped) {
    let start = properties.isEmpty ? event.start : source.mark(afterPropertiesAt: event.start)
    passBreaks(before: start.index)
    var text = text
    if style == .singleQuoted || style == .doubleQuoted {
      text = formerBreaks.restored(text)
      passBreaks(before: event.end.index, areQuoted: true)
    }
    let isText = check(properties.tag, allowed: ["tag:yaml.org,2002:str", "!"], at: event.start)
    let resolved = isText && style == .plain ? .doubleQuoted : style
    let place = location(start, length: firstLineLength(from: start, to: event.end))
    let node = YAMLNode(
      content: .scalar(text, resolved), location: place,
      places: places(of: text, style, from: start, to: event.end))
    let counted = Counted(node: node)
    if let anchor = properties.anchor { anchors[anchor] = counted }
    try add(counted, isPlainKey: style == .plain, at: place)
  }

  private mutating func open(
    _ kind: YAMLCollection.Kind, _ properties: YAMLEvent.Properties, _ event: YAMLEvent
  ) throws(Stopped) {
    guard stack.count < limits.depth else {
      return try stop(
        .tooDeep, "lists and maps are nested deeper than \(limits.depth) levels",
        at: location(event.start), hint: "move inner parts to a playbook of their own")
    }
    let name = kind == .list ? "seq" : "map"
    _ = check(properties.tag, allowed: ["tag:yaml.org,2002:\(name)", "!"], at: event.start)
    stack.append(
      YAMLCollection(kind: kind, anchor: properties.anchor, location: location(event.start)))
  }

  private mutating func close() throws(Stopped) {
    guard let collection = stack.popLast() else { return }
    let counted = collection.counted
    lost += collection.lost
    if let anchor = collection.anchor { anchors[anchor] = counted }
    total -= counted.count - 1
    try add(counted, isPlainKey: false, at: counted.node.location)
  }

  /// Hands a finished node to the collection it stands in, or makes it the document.
  private mutating func add(
    _ counted: Counted, isPlainKey: Bool, at place: SourceLocation
  ) throws(Stopped) {
    total += counted.count
    guard total <= limits.nodes else {
      return try stop(
        .tooManyNodes, "the file stands for more than \(limits.nodes) values", at: place,
        hint: "aliases count as what they stand for")
    }
    guard stack.count + counted.height <= limits.depth else {
      return try stop(
        .tooDeep, "lists and maps are nested deeper than \(limits.depth) levels", at: place,
        hint: "an alias brings the levels of what it stands for")
    }
    guard let last = stack.indices.last else {
      document = counted.node
      return
    }
    if let diagnostic = stack[last].add(counted, isPlainKey: isPlainKey, at: place) {
      diagnostics.add(diagnostic)
    }
  }

  // MARK: Diagnostics

  /// Whether `tag` makes a scalar text; a tag that is not allowed is a diagnostic.
  private mutating func check(_ tag: String?, allowed: [String], at mark: YAMLMark) -> Bool {
    guard let tag else { return false }
    if allowed.contains(tag) { return true }
    let core = "tag:yaml.org,2002:"
    let written = tag.hasPrefix(core) ? "!!" + tag.dropFirst(core.count) : tag
    diagnostics.add(
      Diagnostic(
        .unknownTag, "the tag `\(written)` is not known here", at: location(mark),
        hint: "leave it out; values need no tag here"))
    return false
  }

  private mutating func stop(
    _ code: DiagnosticCode, _ message: String, at place: SourceLocation, hint: String
  ) throws(Stopped) {
    diagnostics.add(Diagnostic(code, message, at: place, hint: hint))
    throw Stopped()
  }

  /// Goes on to `index`; former line breaks on the way are only allowed inside quotes.
  private mutating func passBreaks(before index: Int, areQuoted: Bool = false) {
    while passedBreaks < formerBreaks.indices.count, formerBreaks.indices[passedBreaks] < index {
      let place = formerBreaks.indices[passedBreaks]
      passedBreaks += 1
      guard !areQuoted else { continue }
      diagnostics.add(
        Diagnostic(
          .lineSeparator,
          "the character \(FormerLineBreaks.name(of: source[place])) is only allowed inside quotes",
          at: location(source.mark(at: place)),
          hint: "remove it, or put quotes around the string"))
    }
  }

  private mutating func addEmptyFile() {
    diagnostics.add(
      Diagnostic(
        .emptyFile, "the file is empty", at: SourceLocation(file: file, line: 1, column: 1)))
  }

  // MARK: Places

  private func location(_ mark: YAMLMark, length: Int = 1) -> SourceLocation {
    SourceLocation(file: file, line: mark.line + 1, column: mark.column + 1, length: length)
  }

  private mutating func firstLineLength(from start: YAMLMark, to end: YAMLMark) -> Int {
    guard start.line != end.line else { return end.column - start.column }
    return source.lineLength(from: start.index)
  }

  private mutating func places(
    of text: String, _ style: YAMLNode.Style, from start: YAMLMark, to end: YAMLMark
  ) -> ScalarPlaces {
    let width = end.index - start.index
    if start.line == end.line {
      if style == .plain { return .contiguous(lead: 0) }
      if text.unicodeScalars.count == width - 2 { return .contiguous(lead: 1) }
    }
    return ScalarTracing.places(of: text, style: style, in: source, from: start, to: end)
  }
}
