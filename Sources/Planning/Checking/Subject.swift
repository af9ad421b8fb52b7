/// What a diagnostic is about, such as "the field `ttl`".
struct Subject: CustomStringConvertible {
  private let noun: String
  private let name: String
  /// Whether it is a part of what has the name.
  let isPart: Bool

  /// `noun` is such as "the field".
  init(_ noun: String, _ name: String) {
    self.init(noun, name, isPart: false)
  }

  private init(_ noun: String, _ name: String, isPart: Bool) {
    self.noun = noun
    self.name = name
    self.isPart = isPart
  }

  func element(_ index: Int) -> Subject { Subject(noun, "\(name)[\(index)]", isPart: true) }
  func value(_ key: String) -> Subject { Subject(noun, "\(name).\(key)", isPart: true) }

  var description: String { "\(noun) `\(name)`" }
}
