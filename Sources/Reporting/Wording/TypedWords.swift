/// The words of a command line that is being typed, as a shell gives them to a completion.
///
/// Bash makes three words of `--journal=FILE`; the other shells leave it one.
package struct TypedWords: Sendable, Hashable {
  private let words: [String]

  /// Words with the program first, in quotes and with backslashes as they were typed.
  package init(_ words: [String]) {
    self.words = words.map(ShellWords.unquoted)
  }

  /// What the last `option` before `--` gives, behind a blank or an equals sign; nil where none does.
  package func value(of option: String) -> String? { values(of: option).last }

  /// What every `option` gives, in order.
  package func values(of option: String) -> [String] {
    var values: [String] = []
    for (index, word) in words.enumerated() {
      if word == "--" { break }
      if word.hasPrefix("\(option)=") {
        values.append(String(word.dropFirst(option.count + 1)))
      } else if word == option, let value = value(behind: index) {
        values.append(value)
      }
    }
    return values
  }

  /// Whether the flag `name` is given.
  package func has(_ name: String) -> Bool { words.contains(name) }

  /// The words that may be arguments: none that begins with a dash, and not the program.
  package var arguments: [String] { words.dropFirst().filter { !$0.hasPrefix("-") && $0 != "=" } }

  /// The names that `option` was given as `name=value`.
  package func names(of option: String) -> Set<String> {
    var names: Set<String> = []
    for (index, word) in words.enumerated() {
      guard word == option || word.hasPrefix("\(option)=") else { continue }
      let text =
        word == option ? value(behind: index) ?? "" : String(word.dropFirst(option.count + 1))
      let isCut = words.indices.contains(index + 2) && words[index + 2] == "="
      if let equals = text.firstIndex(of: "=") {
        names.insert(String(text[..<equals]))
      } else if isCut {
        names.insert(text)
      }
    }
    return names
  }

  private func value(behind index: Int) -> String? {
    let rest = words[(index + 1)...].prefix(2)
    let value = rest.first == "=" ? rest.dropFirst().first : rest.first
    return value.flatMap { $0.hasPrefix("--") ? nil : $0 }
  }
}
