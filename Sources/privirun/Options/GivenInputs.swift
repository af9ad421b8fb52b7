import Diagnostics
import Expressions
import Planning

/// The inputs that a command is given, in files and on the command line.
struct GivenInputs: Sendable {
  /// A file of inputs, or why it cannot be read.
  struct File: Sendable {
    let path: String
    let contents: Result<[UInt8], InputSources.FileFlaw>
  }

  /// The name of the environment whose files are `shared`.
  var environment: String?
  /// The files of the environment, which count least; what they hold for other playbooks is left out.
  var shared: [File] = []
  /// The files that the command names.
  var files: [File] = []
  /// Such as `username=alice@example.com`; they count most.
  var arguments: [String] = []
  /// What messages call them.
  var wording = InputWording.playbook

  /// What is given for the inputs of `playbook`; `others` are those of a rollout file, which count more than
  /// the environment and less than the command.
  func provided(for playbook: PlannedPlaybook, besides others: [ProvidedInput] = [])
    -> ProvidedInputs
  {
    var provided = ProvidedInputs(wording)
    for file in shared {
      switch file.contents {
      case .success(let bytes): provided.take(shared: file.path, bytes, for: playbook)
      case .failure(let flaw):
        provided.miss(
          file: file.path, flaw,
          hint: "`inputs` of the environment `\(environment ?? "")` names it")
      }
    }
    provided.take(others)
    addOwn(to: &provided)
    return provided
  }

  /// What the command itself is given, without the files of the environment.
  var fields: ProvidedInputs {
    var provided = ProvidedInputs(wording)
    addOwn(to: &provided)
    return provided
  }

  private func addOwn(to provided: inout ProvidedInputs) {
    for file in files {
      switch file.contents {
      case .success(let bytes): provided.take(file: file.path, bytes)
      case .failure(let flaw): provided.miss(file: file.path, flaw)
      }
    }
    for argument in arguments { provided.take(argument: argument) }
  }
}

/// What a rollout keeps in its journal.
extension GivenInputs {
  /// The inputs as a value; every file must have been read.
  var value: Value {
    func list(_ files: [File]) -> Value {
      .list(
        files.compactMap { file in
          guard case .success(let bytes) = file.contents else { return nil }
          return [
            "path": .string(file.path), "text": .string(String(decoding: bytes, as: UTF8.self)),
          ]
        })
    }
    return [
      "environment": environment.map { .string($0) } ?? .null, "shared": list(shared),
      "files": list(files), "arguments": .list(arguments.map { .string($0) }),
    ]
  }

  /// The inputs that `value` holds; nil where it holds none.
  init?(_ value: Value) {
    func files(_ name: String) -> [File]? {
      guard case .list(let files)? = value[field: name] else { return nil }
      return files.compactMap { file in
        guard let path = file[field: "path"]?.text, let text = file[field: "text"]?.text else {
          return nil
        }
        return File(path: path, contents: .success(Array(text.utf8)))
      }
    }
    guard let shared = files("shared"), let files = files("files"),
      case .list(let arguments)? = value[field: "arguments"]
    else { return nil }
    environment = value[field: "environment"]?.text
    (self.shared, self.files) = (shared, files)
    self.arguments = arguments.compactMap(\.text)
  }
}
