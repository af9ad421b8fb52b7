import Randomness

/// Writes random YAML in every style that people use, with comments wherever they may stand.
struct YAMLTextGenerator {
  private var random: SplitMix
  private var lines: [String] = []
  private var count = 0

  init(seed: UInt64) {
    random = SplitMix(seed: seed)
  }

  /// A document: often a playbook, whose keys are in any order.
  mutating func document() -> String {
    lines = []
    comments(at: 0)
    if chance(10) { lines.append("---") }
    var keys = ["playbook: 1", "name: \(word())", "summary: \(line())"]
    if chance(50) { keys.append("steps") }
    if chance(50) { keys.append("inputs") }
    keys.append(key())
    for key in keys.shuffled(using: &random) {
      comments(at: 0)
      switch key {
      case "steps":
        lines.append("steps:\(remark())")
        steps(at: pick([0, 2, 3]), depth: 0)
      case "inputs":
        lines.append("inputs:\(remark())")
        map(at: 2, depth: 1)
      case _ where key.contains(":"): lines.append(key + remark())
      case _: value(behind: "\(key):", at: 0, depth: 0)
      }
    }
    comments(at: 0)
    return lines.joined(separator: chance(10) ? "\r\n" : "\n") + (chance(90) ? "\n" : "")
  }

  private mutating func steps(at indent: Int, depth: Int) {
    for _ in 0..<pick([1, 2, 3]) {
      comments(at: indent)
      let keys = ["call: a.b", "id: s\(count)", "name: \(line())", "when: 'true'", "with"]
      count += 1
      var dash = blanks(indent) + "- "
      for key in keys.shuffled(using: &random).prefix(pick([1, 2, 4, 5])) {
        if !dash.hasSuffix("- ") { comments(at: indent + 2) }
        if key == "with" {
          value(behind: "\(dash)with:", at: indent + 2, depth: depth + 1)
        } else {
          lines.append(dash + key + remark())
        }
        dash = blanks(indent + 2)
      }
      if depth < 2, chance(20) {
        lines.append("\(dash)\(dash.hasSuffix("- ") ? "steps" : "rescue"):\(remark())")
        steps(at: indent + pick([2, 4]), depth: depth + 1)
      }
    }
  }

  /// A value of any kind behind a key or a dash; `indent` is that of the collection around it.
  private mutating func value(behind lead: String, at indent: Int, depth: Int) {
    switch pick(Array(0..<(depth > 3 ? 6 : 9))) {
    case 0: lines.append("\(lead)\(pick(["", " ~", " null"]))\(remark())")
    case 1, 2: lines.append("\(lead) \(scalar())\(remark())")
    case 3: block(behind: lead, at: indent)
    case 4: lines.append("\(lead) \(flow(depth: 0))\(remark())")
    case 5: foldedScalar(behind: lead, at: indent)
    case 6:
      lines.append(lead + remark())
      map(at: indent + pick([1, 2, 4]), depth: depth + 1)
    case 7:
      lines.append(lead + remark())
      list(at: indent + pick(lead.hasSuffix("-") ? [1, 2, 4] : [0, 2, 3]), depth: depth + 1)
    case _:
      lines.append("\(lead) [\(pick(["", " # \(word())"]))")
      for _ in 0..<pick([0, 1, 2]) {
        lines.append("\(blanks(indent + 3))\(flow(depth: 1)),\(remark())")
      }
      lines.append("\(blanks(indent + 1))]\(remark())")
    }
  }

  private mutating func map(at indent: Int, depth: Int) {
    for _ in 0..<pick([1, 2, 3]) {
      comments(at: indent)
      value(behind: "\(blanks(indent))\(key()):", at: indent, depth: depth)
    }
    if chance(15) { lines.append("\(blanks(indent))# \(word())") }
  }

  private mutating func list(at indent: Int, depth: Int) {
    for _ in 0..<pick([1, 2, 3]) {
      comments(at: indent)
      if chance(20) {
        value(behind: "\(blanks(indent))- \(key()):", at: indent + 2, depth: depth)
      } else {
        value(behind: "\(blanks(indent))-", at: indent, depth: depth)
      }
    }
  }

  private mutating func block(behind lead: String, at indent: Int) {
    let inner = indent + pick([1, 2, 4])
    let isHidden = chance(20)
    let header =
      pick(["|", ">"]) + (isHidden ? String(inner - indent) : "") + pick(["", "-", "+"])
    lines.append("\(lead) \(header)\(remark())")
    if isHidden { lines.append("\(blanks(inner + 1))x") }
    for _ in 0..<pick([1, 2, 3]) {
      lines.append(blanks(inner) + line() + pick(["", "", " # no comment", "  "]))
      if chance(30) { lines.append(pick(["", blanks(inner + 2)])) }
      if chance(30) { lines.append("\(blanks(inner + 2))deeper: 'x'") }
    }
    for _ in 0..<pick([0, 0, 1, 2, 3]) { lines.append("") }
  }

  private mutating func foldedScalar(behind lead: String, at indent: Int) {
    let quote = pick(["", "\"", "'"])
    lines.append("\(lead) \(quote)\(word())\(pick(["", " ", quote == "\"" ? "\\" : ""]))")
    if chance(30) { lines.append("") }
    lines.append("\(blanks(indent + pick([1, 3])))\(word()) \(word())\(quote)\(remark())")
  }

  private mutating func flow(depth: Int) -> String {
    guard depth < 3, chance(60) else { return flowScalar() }
    let isTight = chance(50)
    let parts = (0..<pick([0, 1, 2, 6])).map { _ in flow(depth: depth + 1) }
    let between = isTight ? "," : " , "
    if chance(50) { return "[\(parts.joined(separator: between))]" }
    let pairs = parts.map { "\(key()): \($0)" }
    return "{\(isTight ? "" : " ")\(pairs.joined(separator: between))\(isTight ? "" : " ")}"
  }

  // MARK: Words

  private mutating func scalar() -> String {
    pick([
      flowScalar(), "${{ inputs.a }}", "it's #1", "a, b", "\"tab\\tand \\\"quote\\\"\"",
      "'it''s \"x\"'", "x]", "https://example.com:80/#a", "\"a: # b\"", "\"\\u2028 é\"", "\"ü\"",
    ])
  }

  private mutating func flowScalar() -> String {
    pick([
      word(), "1", "0o17", "true", "\"true\"", "'012'", "'\\S+'", "\"\\\\S+\"", "'a b'", "\"\"",
      "''",
      "\"it's\"", "-1.5e3", "ä\u{A0}ö", "\"${{ x }}\"",
    ])
  }

  private mutating func line() -> String { "\(word()) \(word())" }

  private mutating func word() -> String {
    pick(["alpha", "beta", "gamma", "delta", "no", "vault-a", "Zürich", "日本"])
  }

  private mutating func key() -> String {
    count += 1
    return pick(["k\(count)", "\"k \(count)\"", "'k\(count)'", "k-\(count)"])
  }

  private mutating func comments(at indent: Int) {
    for _ in 0..<pick([0, 0, 0, 1, 2]) {
      if chance(40) { lines.append(pick(["", "  ", ""])) }
      let column = chance(80) ? indent : pick([0, 1, indent + 2, indent + 5])
      lines.append("\(blanks(column))#\(pick([" ", "", "  "]))\(line())\(pick(["", " "]))")
    }
    for _ in 0..<pick([0, 0, 1, 3]) where chance(30) { lines.append("") }
  }

  private mutating func remark() -> String {
    chance(15) ? "\(blanks(pick([1, 2, 7])))# \(word())" : ""
  }

  private func blanks(_ count: Int) -> String { String(repeating: " ", count: count) }

  private mutating func chance(_ percent: Int) -> Bool {
    Int.random(in: 0..<100, using: &random) < percent
  }

  private mutating func pick<Choice>(_ choices: [Choice]) -> Choice {
    choices[Int.random(in: choices.indices, using: &random)]
  }
}
