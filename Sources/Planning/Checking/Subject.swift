/// What a diagnostic is about, such as "the field `ttl`".
struct Subject: CustomStringConvertible {
  private let noun: String
  private let name: String

  /// `noun` is such as "the field".
  init(_ noun: String, _ name: String) {
    self.noun = noun
    self.name = name
  }

  func element(_ index: Int) -> Subject { Subject(noun, "\(name)[\(index)]") }
  func value(_ key: String) -> Subject { Subject(noun, "\(name).\(key)") }

  var description: String { "\(noun) `\(name)`" }
}
