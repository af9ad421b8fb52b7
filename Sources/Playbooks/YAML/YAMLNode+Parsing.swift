package import Diagnostics

extension YAMLNode {
  /// Reads the one document of a file.
  ///
  /// Throws every diagnostic at once, except that nothing is read beyond the first syntax error or an
  /// exceeded limit. Duplicate keys, keys that are not scalars, tags other than `!!str`, `!!seq` and
  /// `!!map`, and merge keys (`<<`) are refused.
  package init(
    parsing bytes: [UInt8], file: String, limits: YAMLLimits = .playbook
  ) throws(InvalidInput) {
    let reading = YAMLReading(of: bytes, file: file, limits: limits)
    guard let node = reading.node, !reading.diagnostics.hasErrors else {
      throw InvalidInput(reading.diagnostics.elements)
    }
    self = node
  }
}

/// What could be read of a document, and everything that is wrong with it.
package struct YAMLReading {
  /// The document with holes where it is refused; nil when it ends in a syntax error or too soon.
  package let node: YAMLNode?
  /// Values that stand in no place of the document: their key was given before.
  package let lost: [YAMLNode]
  /// What is wrong with the document as YAML.
  package let diagnostics: DiagnosticList

  /// Reads the one document of `bytes`.
  package init(of bytes: [UInt8], file: String, limits: YAMLLimits) {
    do throws(InvalidInput) {
      let text = try YAMLText(bytes, file: file, limits: limits).text
      self = Self.reading(text, file: file, limits: limits).reading
    } catch {
      self.init(node: nil, lost: [], diagnostics: DiagnosticList(error.diagnostics))
    }
  }

  /// Reads `text`, again without a tab that indents nothing where one has stopped libyaml; the source is
  /// what libyaml read at last.
  static func reading(
    _ text: String, file: String, limits: YAMLLimits
  ) -> (reading: YAMLReading, source: [Unicode.Scalar], breaks: FormerLineBreaks) {
    let breaks = FormerLineBreaks(in: text)
    var source = Array(breaks.text.unicodeScalars)
    var attempts = 0
    while true {
      var composer = YAMLComposer(
        source: source, formerBreaks: breaks, text: text, file: file, limits: limits)
      let reading = composer.compose()
      attempts += 1
      guard attempts < BlankTabs.limit, let mark = composer.tab,
        let other = BlankTabs.removed(from: source, at: mark), other != source
      else { return (reading, source, breaks) }
      source = other
    }
  }

  init(node: YAMLNode?, lost: [YAMLNode], diagnostics: DiagnosticList) {
    self.node = node
    self.lost = lost
    self.diagnostics = diagnostics
  }
}
