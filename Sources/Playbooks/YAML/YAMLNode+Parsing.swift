package import Diagnostics

extension YAMLNode {
  /// Reads the one document of a file.
  ///
  /// Throws every finding at once, except that nothing is read beyond the first syntax error or an
  /// exceeded limit. Duplicate keys, keys that are not scalars, tags other than `!!str`, `!!seq` and
  /// `!!map`, and merge keys (`<<`) are refused.
  package init(
    parsing bytes: [UInt8], file: String, limits: YAMLLimits = .playbook
  ) throws(InvalidInput) {
    let text = try YAMLText(bytes, file: file, limits: limits)
    var composer = YAMLComposer(text: text.text, file: file, limits: limits)
    self = try composer.compose()
  }
}
