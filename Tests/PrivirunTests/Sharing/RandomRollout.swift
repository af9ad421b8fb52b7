import Randomness

/// A random rollout whose tenants differ in strings, some of which are equal to others, or secret, or name
/// files.
struct RandomRollout {
  private static let words = [
    "vault", "vault-a", "a", "b", "p-a", "t-1", "phone", "60", "admin", "nothing is read offline",
    "device.request-unique-identifier", "kept", "made/../kept", "",
  ]

  private var random: SplitMix
  private let folder: String
  private var steps = 0
  /// The ids of steps whose results may be used.
  private var ids: [String] = []
  let environment: [String: String]

  init(seed: UInt64, folder: String) {
    random = SplitMix(seed: seed)
    self.folder = folder
    let secrets = [
      "correct horse", "vault-abc", "nothing is read", "offline", "request-unique-identifier",
    ]
    environment = Dictionary(uniqueKeysWithValues: secrets.enumerated().map { ("S\($0)", $1) })
  }

  /// Files that are there before.
  mutating func files() -> [String: String] {
    var files = [
      "inner.yaml": """
      playbook: 1
      name: inner
      inputs: { name: { type: string\(one(in: 3) ? ", pattern: '[a-z-]+'" : "") } }
      steps:
        - id: device
          call: device.request-unique-identifier
          with: { deviceName: "${{ inputs.name }}" }
          ensure: present
        \(one(in: 3) ? "- { when: \"${{ inputs.name == 'vault' }}\", wait: 1s }" : "")
      outputs: { name: "${{ inputs.name }}", id: "${{ steps.device.deviceIdentifier }}" }

      """
    ]
    files["a.txt"] = "text"
    if one(in: 2) { files["kept.txt"] = "kept" }
    return files
  }

  /// Further lines of the rollout file.
  var more: String { "concurrency: 3\n" }

  mutating func tenants() -> String {
    let count = 4 + Int(random.next() % 16)
    let hasOwnSecrets = one(in: 2)
    let isVaried = one(in: 2)
    let rows = (0..<count).map { number in
      let first = one(in: 3) ? word() : "first-\(number)"
      let second = one(in: 3) ? word() : isVaried ? "second-\(number)" : "same"
      let secret = hasOwnSecrets ? "env:S\(random.next() % 5)" : "env:S0"
      return "tenant-\(number),\(first),\(second),\(number % 3 == 0 ? 1 : 2),\(secret)"
    }
    return "name,a,b,n,s\n" + rows.joined(separator: "\n") + "\n"
  }

  mutating func playbook() -> String {
    let session =
      one(in: 3)
      ? "" : "session: { username: \"\(text())\", password: \"${{ inputs.s }}\" }\n"
    let body = (0..<(2 + Int(random.next() % 5))).map { _ in step("  ") }.joined(separator: "\n")
    return """
      playbook: 1
      name: random
      labels: { kind: "${{ inputs.a }}" }
      inputs:
        a: { type: string, default: left out }
        b: { type: string, default: left out }
        n: { type: integer }
        s: { type: secret }
      \(one(in: 6) ? "let: { bound: \"${{ inputs.b }}!\" }\n" : "")\(session)steps:
      \(body)
      outputs: { a: "${{ inputs.a }}"\(one(in: 3) ? ", b: \"${{ inputs.b + '!' }}\"" : "") }

      """
  }

  private mutating func one(in count: UInt64) -> Bool { random.next() % count == 0 }

  private mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(random.next() % UInt64(elements.count))]
  }

  private mutating func word() -> String { pick(Self.words) }

  /// What a field is given.
  private mutating func text() -> String {
    pick([
      "${{ inputs.a }}", "${{ inputs.a }}", "${{ inputs.b }}", "p-${{ inputs.a }}",
      "${{ inputs.a }}${{ inputs.b }}", "${{ inputs['b'] }}-x", "vault", "vault-a",
      "${{ inputs.a + '-a' }}", "fixed",
    ])
  }

  private mutating func step(_ indent: String, depth: Int = 0) -> String {
    steps += 1
    let id = "s\(steps)"
    var lines: [String]
    switch random.next() % (depth < 2 ? 16 : 12) {
    case 0, 1, 2: lines = device(id)
    case 3:
      lines = ["call: profile.register-new-profile"]
      lines.append("with: { username: \"\(text())\", password: \"${{ inputs.s }}\" }")
      lines.append("session: none")
    case 4: lines = keys(id)
    case 5:
      lines = ["call: file.write"]
      lines.append("with: { path: \"\(folder)/\(text()).txt\", data: \"\(text())\" }")
    case 6:
      lines = ["call: file.read", "with: { file: \"\(folder)/\(pick(["a", "kept"])).txt\" }"]
      ids.append("\(id).text")
    case 7:
      lines = ["call: secrets.generate", "with: { path: \"\(folder)/\(text()).password\" }"]
      ids.append("\(id).value")
    case 8:
      lines = ["call: verified-authenticator.register-voting-configuration"]
      lines.append(
        "with: { name: \"\(text())\", timeLimit: 40, strategy: consensus, deviceIdentifiers: [] }")
      if one(in: 2) { lines.append("ensure: present") }
    case 9:
      lines = ["call: data-token.reserve-token-space"]
      lines.append("with: { context: \"\(text())\", ttl: 5 }")
      ids.append("\(id).commandId")
    case 10:
      lines = ["call: storage.list-storage-devices"]
      if one(in: 2) {
        lines.append("session: { username: \"\(text())\", password: \"${{ inputs.s }}\" }")
      }
    case 11: lines = ["assert: \"${{ inputs.n \(pick(["> 0", "< 2"])) }}\""]
    case 12:
      lines = ["play: inner.yaml", "with: { name: \"\(text())\" }"]
      ids.append("\(id).name")
    case 13: return group("for-each: \(pick(["[a, b]", "[vault, x]"]))", id, indent, depth)
    case 14: return group(nil, id, indent, depth)
    case _:
      lines = ["call: device.configure-device-meta"]
      lines.append(
        "with: { deviceIdentifier: \"\(result() ?? "device-1")\", name: \"\(text())\" }")
      if one(in: 2) { lines.append("ensure: present") }
    }
    if one(in: 12) { lines.append("name: \"Do \(text())\"") }
    if one(in: 10) { lines.append("when: \"${{ inputs.\(pick(["a", "b"])) != 'vault' }}\"") }
    return ([indent + "- id: \(id)"] + lines.map { indent + "  " + $0 }).joined(separator: "\n")
  }

  private mutating func device(_ id: String) -> [String] {
    var lines = ["call: device.request-unique-identifier", "with: { deviceName: \"\(text())\" }"]
    if one(in: 2) { lines.append("ensure: \(pick(["present", "present", "absent"]))") }
    ids.append("\(id).deviceIdentifier")
    return lines
  }

  private mutating func keys(_ id: String) -> [String] {
    ids.append("\(id).\(pick(["publicKey", "privateKey"]))")
    return ["call: keys.generate", "with: { privateKeyFile: \"\(folder)/\(text()).key\" }"]
  }

  private mutating func result() -> String? {
    ids.isEmpty ? nil : "${{ steps.\(pick(ids)) }}"
  }

  private mutating func group(
    _ loop: String?, _ id: String, _ indent: String, _ depth: Int
  ) -> String {
    let known = ids
    defer { ids = known }
    let inner = (0..<2).map { _ in step(indent + "    ", depth: depth + 1) }
    let call = "call: device.request-unique-identifier"
    let name = pick(["${{ item }}", "p-${{ item }}", "vault-${{ item }}"])
    let ensured = one(in: 2) ? ", ensure: present" : ""
    let named =
      loop == nil
      ? "" : "\n\(indent)    - { \(call), with: { deviceName: \"\(name)\" }\(ensured) }"
    let head = loop.map { "\(indent)  \($0)\n" } ?? ""
    return "\(indent)- id: \(id)\n\(head)\(indent)  steps:\n" + inner.joined(separator: "\n")
      + named
  }
}
