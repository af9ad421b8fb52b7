import Diagnostics
import OrderedCollections
import Playbooks

/// Reads an OpenAPI 3.1 document with `x-privirun` extensions, collecting every diagnostic.
///
/// Unknown keys of OpenAPI itself are passed over; those inside `x-privirun` are errors, since they
/// are ours alone and a misspelt one would silently change what is sent.
struct DescriptionReader {
  let root: DescriptionNode
  var diagnostics: [Diagnostic] = []
  /// Names that are secret in the answers of every operation.
  private var sensitiveNames = SensitiveNames([])
  /// The `x-privirun` of each operation that has one.
  var extras: [String: DescriptionNode] = [:]

  init(_ node: YAMLNode) {
    root = DescriptionNode(node)
  }

  /// The description, or nil when `diagnostics` says why there is none.
  mutating func read() -> APIDescription? {
    guard root.isMapping else {
      report(.wrongType, "an API description is a mapping", at: root)
      return nil
    }
    if root["openapi"]?.text?.hasPrefix("3.1") != true {
      report(
        .unsupportedVersion, "the description does not say `openapi: 3.1.0`",
        at: root["openapi"] ?? root)
    }
    let extras = readExtension(
      of: root,
      keys: ["version", "roles", "sensitive-names", "brackets", "events", "refusals", "websocket"])
    if let version = extras?["version"], version.text != "1" {
      report(.unsupportedVersion, "only version 1 of x-privirun is known", at: version)
    }
    sensitiveNames = SensitiveNames(texts(extras?["sensitive-names"]))
    let operations = readPaths()
    let roles = readRoles(extras?["roles"], operations: operations)
    checkLookups(operations)
    checkConsequences(operations, events: texts(extras?["events"]))
    let entries = readSocketEntries(extras?["websocket"], operations: operations)
    guard let roles, !diagnostics.contains(where: { $0.severity == .error }) else { return nil }
    return APIDescription(
      operations: operations, roles: roles, socketEntries: entries,
      generalRefusals: texts(extras?["refusals"]))
  }

  private mutating func readPaths() -> OrderedDictionary<String, Operation> {
    var operations: OrderedDictionary<String, Operation> = [:]
    guard let paths = root["paths"], !paths.members.isEmpty else {
      report(.missingKey, "the description has no `paths`", at: root)
      return operations
    }
    let methods = ["get", "put", "post", "delete", "patch", "head", "options"]
    for path in paths.members {
      let item = DescriptionNode(path.value)
      for entry in item.members where methods.contains(entry.key) {
        let node = DescriptionNode(entry.value)
        guard let operation = readOperation(node, method: entry.key, path: path.key) else {
          continue
        }
        guard operations[operation.id] == nil else {
          report(.duplicateOperation, "`\(operation.id)` is described twice", at: node)
          continue
        }
        operations[operation.id] = operation
        extras[operation.id] = node["x-privirun"]
      }
    }
    return operations
  }

  private mutating func readOperation(
    _ node: DescriptionNode, method: String, path: String
  ) -> Operation? {
    guard let id = node["operationId"]?.text, !id.isEmpty else {
      report(.missingKey, "the operation has no `operationId`", at: node)
      return nil
    }
    let extras = readExtension(of: node, keys: Self.operationKeys)
    let body = readBody(node["requestBody"])
    let fields = readFields(node, body: body, extras: extras)
    let answer = readAnswer(extras?["answer"])
    let isRead = method == "get" || method == "head"
    let authorization: Operation.Authorization =
      choice(extras?["authorization"])
      ?? (node["security"]?.elements.isEmpty == true ? .none : .token)
    var operation = Operation(
      id: id, title: node["summary"]?.text ?? id, summary: node["description"]?.text ?? "",
      section: node["tags"]?.elements.first?.text ?? "",
      routes: readRoutes(node, extras, method: method, path: path, fields: fields),
      authorization: authorization, encoding: body?.encoding ?? .none, fields: fields,
      answer: answer, completion: choice(extras?["completion"]) ?? .http,
      repetition: choice(extras?["repetition"]) ?? (isRead ? .safe : .unsafe),
      confidence: extras?["confidence"]?.text ?? "", sources: texts(extras?["sources"]),
      errors: readErrors(node["responses"]), rejections: texts(extras?["rejections"]),
      refusals: texts(extras?["refusals"]), notes: texts(extras?["notes"]),
      sensitiveNames: sensitiveNames.union(Self.sensitiveNames(fields, answer)),
      acceptsAnyBody: flag(extras?["any-body"]), lookup: readLookup(extras?["lookup"]),
      identifiedBy: readIdentity(extras?["identified-by"], answer),
      isGated: flag(extras?["gated"]),
      singleUseField: readField("single-use", of: extras, among: fields),
      passwordField: readField("sets-password", of: extras, among: fields))
    operation.consequences = readConsequences(extras, of: operation)
    return operation
  }

  private static let operationKeys =
    [
      "completion", "repetition", "authorization", "endpoint", "any-body", "alternatives", "fields",
      "answer", "lookup", "identified-by", "gated", "single-use", "sets-password", "confidence",
      "sources", "rejections", "refusals", "notes",
    ] + consequenceKeys

  private static func sensitiveNames(
    _ fields: OrderedDictionary<String, Field>, _ answer: OrderedDictionary<String, AnswerField>
  ) -> SensitiveNames {
    var names = fields.filter(\.value.isSensitive).map(\.key)
    for (name, field) in answer where field.isSensitive {
      names.append(name)
      for case .name(let source) in field.from { names.append(source) }
    }
    return SensitiveNames(names)
  }
}
