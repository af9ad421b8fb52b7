import Diagnostics
import Environments
import Expressions
import Operations
import OrderedCollections
import Planning
import Playbooks
import Sandbox
import Scaffolds

/// A single call as a playbook, with what is given for its fields.
struct PreparedCall {
  let call: SingleCall
  private let callable: Callable
  private let given: GivenInputs
  private let session: SessionOptions

  /// A call of `callable` with what `given` has for its fields.
  init(
    of callable: Callable, _ state: Ensurance.State?, _ given: GivenInputs,
    _ session: SessionOptions, timeout: String?, in api: APIDescription
  ) throws {
    let names = given.fields.inputs.map(\.name)
    call = SingleCall(
      of: callable, ensuring: state, giving: names, as: try session.session(for: callable),
      timeout: timeout, in: api)
    self.callable = callable
    self.given = given
    self.session = session
  }

  /// The call as a checked playbook, with all values bound.
  ///
  /// Throws when all that is wrong is reported.
  func plan(
    by checking: PlaybookChecking, _ environment: [String: String],
    in selected: SelectedEnvironment?
  ) throws -> (plan: Plan, files: RecordedFiles, sizes: [String: Int]) {
    let (checked, texts, files) = try checking.loadRecorded(call: call.text)
    let sources = InputSources.live(
      environment: environment, ask: call.objections.isEmpty ? TerminalPrompt.input : nil)
    let provided = self.provided(for: checked.planned)
    var found = call.objections
    do throws(InvalidInput) {
      let bound = try InputBinder(sources: sources, wording: wording)
        .bind(provided, to: bounded(checked.planned))
      found += objections(to: bound.values)
      guard found.isEmpty else { throw InvalidInput(found) }
      checking.report(bound.warnings.map(\.ofCall), provided.texts(for: checked.planned))
      return (try checked.plan(inputs: bound.values), files, Self.sizes)
    } catch {
      found += error.diagnostics.filter { !found.contains($0) }
      var texts = texts
      texts.merge(provided.texts(for: checked.planned))
      checking.report(found.map(\.ofCall), texts)
      throw CommandEnding(status: .invalid)
    }
  }

  /// The same with the bounds of the fields, which a playbook does not declare.
  private func bounded(_ playbook: PlannedPlaybook) -> PlannedPlaybook {
    var playbook = playbook
    for (name, input) in call.inputs {
      guard let field = callable.fields[name], field.type != .bytes else { continue }
      playbook.inputs[input]?.schema.minimum = field.schema.minimum
      playbook.inputs[input]?.schema.maximum = field.schema.maximum
    }
    return playbook
  }

  /// Why no request can be made of these values, each of which is right.
  private func objections(to values: ValueMap) -> [Diagnostic] {
    var arguments = ValueMap()
    for (name, input) in call.inputs where callable.fields[name] != nil {
      arguments[name] = values[input]
    }
    let objections = callable.operation?.objections(to: arguments) ?? []
    return objections.map { Diagnostic(.wrongValue, $0.message, at: nil) }
  }

  /// The profile that the call acts for, whose inputs are in `plan`; nil for none.
  func profile(in plan: Plan) -> SandboxProfile? {
    guard let username = call.sessionInputs["username"].flatMap({ plan.inputs[$0]?.text }),
      case .secret(let password)? = call.sessionInputs["password"].flatMap({ plan.inputs[$0] })
    else { return nil }
    return SandboxProfile(username: username, password: password)
  }

  /// No playbook is played, so that no file is one by default.
  private static let sizes: [String: Int] = [:]

  private func provided(for playbook: PlannedPlaybook) -> ProvidedInputs {
    var given = given
    given.wording = wording
    var provided = given.provided(for: playbook)
    provided.remove(call.unknownNames)
    provided.rename(Dictionary(uniqueKeysWithValues: call.inputs.map { ($0.key, $0.value) }))
    for (key, value) in session.given {
      guard let input = call.sessionInputs[key] else { continue }
      provided.take(argument: "\(input)=\(value)")
    }
    return provided
  }

  private var wording: InputWording {
    var wording = InputWording.callFields
    wording.example = call.example
    for (key, input) in call.sessionInputs { wording.ownOptions[input] = "--\(key)" }
    return wording
  }
}

extension InputWording {
  /// The fields of a call, as `privirun call` takes them.
  static let callFields = InputWording(
    noun: "field", option: "--with", fileOption: "--with-file")
}
