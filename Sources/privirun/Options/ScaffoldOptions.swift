import ArgumentParser
import Diagnostics
import Operations
import Planning
import Scaffolds

/// What a new playbook is made of.
struct ScaffoldOptions: ParsableArguments {
  @Option(
    name: .customLong("operation"), parsing: .upToNextOption,
    help: ArgumentHelp(
      "Call these operations or local actions, in this order; may be repeated.", valueName: "id"),
    completion: .custom(ShellCompletion.callables))
  var named: [String] = []

  @Option(
    parsing: .upToNextOption,
    help: ArgumentHelp(
      "Call the operations with these operationIds, in this order, also as generators of code spell "
        + "them.", valueName: "id"), completion: .custom(ShellCompletion.callables))
  var fromOpenapi: [String] = []

  @Option(
    help: ArgumentHelp(
      "Copy this playbook, or the workflow of this name in a folder `workflows` above the current folder "
        + "or the program.", valueName: "workflow"), completion: .file(extensions: ["yaml", "yml"]))
  var from: String?

  @Option(
    help: ArgumentHelp("The file to write; default: NAME.yaml.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var to: String?

  /// Everything that is called, as it is typed.
  var operations: [String] { named + fromOpenapi }

  /// The name of the playbook where none is given.
  var usualName: String {
    let first = operations.first ?? ""
    return first.split(separator: ".").last.map { String($0) } ?? "playbook"
  }

  /// Throws where two sources are given, `other` being one that is given besides, or a name is missing.
  func validate(with name: String?, _ other: String?) throws {
    let given =
      [
        ("--operation", !named.isEmpty), ("--from-openapi", !fromOpenapi.isEmpty),
        ("--from", from != nil),
      ].filter(\.1).map(\.0) + [other].compactMap(\.self)
    guard given.count < 2 else {
      throw ValidationError("\(given.joined(separator: " and ")) contradict each other")
    }
    if to != nil, other != nil {
      throw ValidationError("--to does not go with --from-tenant: NAME is the file")
    }
    for (place, path) in [("<name>", name), ("--to", to)] {
      guard let path, path.isEmpty || path.hasSuffix("/") else { continue }
      throw ValidationError(
        path.isEmpty ? "\(place) must not be empty" : "\(place) must name a file, not a folder")
    }
    guard name == nil, fromOpenapi.isEmpty else { return }
    throw ValidationError("Missing expected argument '<name>'")
  }

  /// What is called; throws with everything that names nothing.
  func callables(in api: APIDescription) throws -> [Callable] {
    var found: [Callable] = []
    var unknown: [Diagnostic] = []
    func add(_ id: String, _ callable: Callable?) {
      if let callable { return found.append(callable) }
      if let objection = Callable.objection(toMessage: id, in: api) {
        return unknown.append(objection)
      }
      unknown.append(
        Diagnostic(
          .unknownOperation, "there is no operation `\(id)`", at: nil,
          hint: OperationNames.suggestion(for: id, among: Callable.names(in: api))
            ?? "`privirun operations` lists them all"))
    }
    for id in named { add(id, Callable(id, in: api)) }
    for id in fromOpenapi { add(id, Callable(operationID: id, in: api)) }
    guard unknown.isEmpty else { throw CommandFailure(invalid: InvalidInput(unknown)) }
    return found
  }
}
