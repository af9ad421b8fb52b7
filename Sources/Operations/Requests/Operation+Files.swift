package import Expressions
import OrderedCollections
import Playbooks

extension Operation {
  /// The fields of which a call gives exactly one: the bytes that go out, or the file.
  package var eitherOf: [String]? {
    guard let source = field(of: .source) else { return nil }
    return fields.filter { $0.value.place == .body }.map(\.key) + [source]
  }

  /// The file that the call wants its data written to.
  package func download(_ arguments: ValueMap) -> FileDownload? {
    guard let path = LocalFile.path(of: argument(.target, arguments)) else { return nil }
    return FileDownload(path: path, key: key(arguments))
  }

  /// The data key that the call gives.
  package func key(_ arguments: ValueMap) -> Secret? {
    guard let value = argument(.key, arguments)?.revealed, value != .null else { return nil }
    return Secret(value)
  }

  private func argument(_ role: Field.Role, _ arguments: ValueMap) -> Value? {
    field(of: role).flatMap { arguments[$0] }
  }

  /// Names the files that the request sends or that its answer goes into.
  func attachFiles(
    _ values: OrderedDictionary<String, Value>, to request: inout APIRequest
  ) throws(RequestError) {
    let arguments = ValueMap(
      OrderedDictionary(uniqueKeysWithValues: values.map { (.string($0.key), $0.value) }))
    if let names = eitherOf, names.count(where: { values[$0] != nil }) != 1 {
      throw .needsOne(of: names)
    }
    if let source = field(of: .source) {
      if let value = values[source] {
        guard let path = LocalFile.path(of: value) else {
          throw .objection(
            field: source, .wrongType(expected: "an input of type file, or a path"))
        }
        request.content = .file(FileUpload(path: path, key: key(arguments)))
      }
    }
    // What a message brings comes later, by another request.
    guard completion == .stream else { return }
    request.download = download(arguments)
    if let name = field(of: .key), values[name] != nil,
      let other = field(of: .source) ?? field(of: .target), values[other] == nil
    {
      throw .needsOther(field: name, other: other)
    }
  }
}
