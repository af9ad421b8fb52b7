extension Character {
  /// Whether lines of files end here: LF, CR or both, as in YAML 1.2, JSON and editors.
  ///
  /// Narrower than `isNewline`, which counts form feeds and Unicode's separators too.
  package var endsLine: Bool { self == "\n" || self == "\r" || self == "\r\n" }
}
