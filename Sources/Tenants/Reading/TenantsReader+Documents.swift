import Diagnostics
import Files
import OrderedCollections
import Planning
import Playbooks

/// YAML, JSON and JSON lines.
extension TenantsReader {
  private static let documentLimits = YAMLLimits(bytes: wholeLimit, nodes: 1_000_000)
  private static let lineLimits = YAMLLimits(bytes: 1 << 20, nodes: 100_000)

  func readLines(
    _ source: TenantsBytes, into reading: inout TenantsReading, _ take: (Tenant) -> Void
  ) throws(FileError) {
    var lines = LineReader(source, limit: Self.lineLimits.bytes)
    while let line = try lines.next() {
      guard !lines.isTooLong else {
        return reading.add([
          Diagnostic(
            .rowTooLong, "the line has more than \(Self.lineLimits.bytes >> 20) MiB",
            at: SourceLocation(file: file, line: lines.number, column: 1),
            hint: "JSON lines have a map on each line, and no line breaks in it")
        ])
      }
      guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) else { continue }
      guard reading.nameCount < Self.limit else {
        return reading.add([
          tooMany(at: SourceLocation(file: file, line: lines.number, column: 1))
        ])
      }
      let found = read(line, number: lines.number, into: &reading, take)
      guard !found.isEmpty else { continue }
      reading.add(found) { _ in (YAMLText.lossy(line), nil) }
    }
  }

  private func read(
    _ line: [UInt8], number: Int, into reading: inout TenantsReading, _ take: (Tenant) -> Void
  ) -> [Diagnostic] {
    do throws(InvalidInput) {
      let node = try YAMLNode(
        parsingJSON: line, file: file, limits: Self.lineLimits, firstLine: number)
      return read(node, key: nil, into: &reading, take)
    } catch {
      return error.diagnostics.map { diagnostic in
        var diagnostic = diagnostic
        if diagnostic.code == .jsonSyntax, diagnostic.hint == nil {
          diagnostic.hint =
            "JSON lines have a whole map on each line; a JSON document has the format json"
        }
        return diagnostic
      }
    }
  }

  func readDocument(
    _ source: TenantsBytes, as format: TenantsFormat, into reading: inout TenantsReading,
    _ take: (Tenant) -> Void
  ) throws(FileError) {
    var bytes: [UInt8] = []
    while true {
      let piece = try source.next()
      guard !piece.isEmpty else { break }
      bytes += piece
      guard bytes.count <= Self.wholeLimit else {
        return reading.add([
          Diagnostic(
            .fileTooLarge, "`\(file)` is larger than \(Self.wholeLimit >> 20) MiB", at: nil,
            hint: "write it as CSV or JSON lines, which are read row by row")
        ])
      }
    }
    reading.keep(YAMLText.lossy(bytes), of: file)
    do throws(InvalidInput) {
      let node =
        format == .json
        ? try YAMLNode(parsingJSON: bytes, file: file, limits: Self.documentLimits)
        : try YAMLNode(parsing: bytes, file: file, limits: Self.documentLimits)
      readTenants(in: node, into: &reading, take)
    } catch {
      reading.add(error.diagnostics)
    }
  }

  /// A list of tenants, or a map of their names to what they are given.
  private func readTenants(
    in node: YAMLNode, into reading: inout TenantsReading, _ take: (Tenant) -> Void
  ) {
    if let elements = node.elements {
      for element in elements { reading.add(read(element, key: nil, into: &reading, take)) }
    } else if let entries = node.entries {
      for entry in entries { reading.add(read(entry.value, key: entry, into: &reading, take)) }
    } else {
      reading.add([
        Diagnostic(
          .wrongType, "a tenants file must be a list or a map, not \(node.kindName)",
          at: node.location,
          hint: "a list of maps with a `name` each, or a map of names to the inputs of each tenant")
      ])
    }
  }
}

/// One tenant.
extension TenantsReader {
  /// Hands over the tenant that `node` describes; `key` is its entry in a map of tenants.
  private func read(
    _ node: YAMLNode, key: YAMLNode.Entry?, into reading: inout TenantsReading,
    _ take: (Tenant) -> Void
  ) -> [Diagnostic] {
    let isNull = key != nil && node.scalarKind == .null && node.text != nil
    guard let entries = isNull ? [] : node.entries else {
      return [
        Diagnostic(
          .wrongType,
          "\(key.map { "the tenant `\($0.key)`" } ?? "a tenant") must be a map, not \(node.kindName)",
          at: node.location,
          hint: key == nil
            ? "such as {\"name\": \"acme\"}" : "or put a list of tenants at the top of the file")
      ]
    }
    var found: [Diagnostic] = []
    var tenant = Tenant(name: "", location: node.location)
    if let name = name(key: key, entries, at: node.location, &found) {
      tenant.name = name.text ?? ""
      tenant.location = name.location
      found += reading.objections(to: tenant.name, at: name.location)
      tenant.give(name: InputCell(name), to: binder.playbook)
    }
    for entry in entries where entry.key != "name" {
      read(entry, of: &tenant, &found)
    }
    return finish(tenant, found: found, in: &reading, take)
  }

  /// The name of a tenant as a string.
  private func name(
    key: YAMLNode.Entry?, _ entries: [YAMLNode.Entry], at location: SourceLocation,
    _ found: inout [Diagnostic]
  ) -> YAMLNode? {
    let inner = entries.first { $0.key == "name" }
    if let key {
      if let inner {
        found.append(
          Diagnostic(
            .duplicateKey, "the tenant `\(key.key)` has a `name` besides its key",
            at: inner.keyLocation, hint: "remove it"))
      }
      return YAMLNode(
        content: .scalar(key.key, .doubleQuoted), location: key.keyLocation)
    }
    guard let node = inner?.value else {
      found.append(
        Diagnostic(
          .missingKey, "the tenant has no `name`", at: location,
          hint: "each tenant has a name, by which it is found again"))
      return nil
    }
    guard let text = node.text, node.scalarKind != .null else {
      found.append(
        Diagnostic(
          .wrongType, "the name of a tenant must be a string, not \(node.kindName)",
          at: node.location))
      return nil
    }
    return YAMLNode(content: .scalar(text, .doubleQuoted), location: node.location)
  }

  private func read(
    _ entry: YAMLNode.Entry, of tenant: inout Tenant, _ found: inout [Diagnostic]
  ) {
    let isGiven = entry.value.text == nil || entry.value.scalarKind != .null
    switch entry.key {
    case "labels":
      guard isGiven else { return }
      var reader = LabelsReader()
      tenant.labels = reader.labels(of: entry.value)
      found += reader.diagnostics
    case let name where binder.playbook.inputs[name] != nil:
      guard isGiven else { return }
      tenant.cells.append(TenantCell(name, InputCell(entry.value)))
    case let name:
      let names = ["name", "labels"] + binder.playbook.inputs.keys
      found.append(
        Diagnostic(
          .unknownInput, "`\(binder.playbook.name)` has no input `\(name)`",
          at: entry.keyLocation,
          hint: didYouMean(name, among: names)
            ?? "the keys are \(names.map { "`\($0)`" }.joined(separator: ", "))"))
    }
  }
}
