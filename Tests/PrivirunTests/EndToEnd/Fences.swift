/// The fenced blocks of a Markdown text.
enum Fences {
  /// The texts of the blocks of one language.
  static func of(_ language: String, in text: String) -> [String] {
    var blocks: [String] = []
    var current: String?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let block = current { blocks.append(block) }
        current = current == nil && line == "```\(language)" ? "" : nil
      } else {
        current?.append("\(line)\n")
      }
    }
    return blocks
  }
}
