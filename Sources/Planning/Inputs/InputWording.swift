import Diagnostics

/// What a command calls the inputs of a playbook in its messages, and with which options it takes them.
package struct InputWording: Sendable, Hashable {
  /// Such as `input`.
  package var noun: String
  /// The option that gives one as `name=value`.
  package var option: String
  /// The option that names a file of them.
  package var fileOption: String
  /// One as it is given, such as `username=a@example.com`; nil where there is none to name.
  package var example: String?
  /// By the name of an input, the option that gives it alone.
  package var ownOptions: [String: String]

  /// Inputs that are called `noun`.
  package init(
    noun: String, option: String, fileOption: String, example: String? = nil,
    ownOptions: [String: String] = [:]
  ) {
    self.noun = noun
    self.option = option
    self.fileOption = fileOption
    self.example = example
    self.ownOptions = ownOptions
  }

  /// The inputs of a playbook, as `run` takes them.
  package static let playbook = InputWording(
    noun: "input", option: "--input", fileOption: "--inputs", example: "username=a@example.com")

  /// What a diagnostic about the input `name` calls it.
  func subject(_ name: String) -> Subject {
    ownOptions[name].map { Subject("the option", $0) } ?? Subject("the \(noun)", name)
  }

  /// What stands in front of the place in an argument that gives `name`.
  func file(of name: String) -> String { ownOptions[name] ?? "\(option) \(name)" }

  /// Where the value begins in the argument that gives `name`.
  func place(ofValue text: String, for name: String) -> SourceLocation {
    SourceLocation(
      file: file(of: name), line: 1, column: name.unicodeScalars.count + 2,
      length: text.prefix { !$0.isNewline }.unicodeScalars.count)
  }

  /// The words that give `name` this value.
  func argument(_ name: String, _ value: String) -> String {
    ownOptions[name].map { "\($0) \(value)" } ?? "\(option) \(name)=\(value)"
  }

  /// The same in quotes for a shell.
  func quotedArgument(_ name: String, _ value: String) -> String {
    ownOptions[name].map { "\($0) '\(value)'" } ?? "\(option) '\(name)=\(value)'"
  }
}
