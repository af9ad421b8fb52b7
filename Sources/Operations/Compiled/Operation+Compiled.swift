import OrderedCollections

extension Operation.Authorization: CompiledForm {}
extension Operation.Encoding: CompiledForm {}
extension Operation.Completion: CompiledForm {}
extension Operation.Repetition: CompiledForm {}
extension Operation.Effect: CompiledForm {}

/// Without those names that hold secrets in the answers of every operation.
extension Operation {
  func write(to form: inout CompiledWriter, besides names: SensitiveNames) {
    for text in [id, title, summary, section] { form.write(text) }
    routes.write(to: &form)
    authorization.write(to: &form)
    encoding.write(to: &form)
    fields.write(to: &form)
    answer.write(to: &form)
    completion.write(to: &form)
    repetition.write(to: &form)
    confidence.write(to: &form)
    sources.write(to: &form)
    errors.write(to: &form)
    for texts in [rejections, refusals, notes] { texts.write(to: &form) }
    sensitiveNames.subtracting(names).write(to: &form)
    acceptsAnyBody.write(to: &form)
    lookup.write(to: &form)
    identifiedBy.write(to: &form)
    isGated.write(to: &form)
    singleUseField.write(to: &form)
    passwordField.write(to: &form)
    consequences.write(to: &form)
  }

  init(from form: inout CompiledReader, besides names: SensitiveNames) throws(UnreadableForm) {
    self.init(
      id: try form.text(), title: try form.text(), summary: try form.text(),
      section: try form.text(), routes: try [Route](from: &form),
      authorization: try Authorization(from: &form), encoding: try Encoding(from: &form),
      fields: try .init(from: &form), answer: try .init(from: &form),
      completion: try Completion(from: &form), repetition: try Repetition(from: &form),
      confidence: try form.text(), sources: try [String](from: &form),
      errors: try [StatusMeaning](from: &form), rejections: try [String](from: &form),
      refusals: try [String](from: &form), notes: try [String](from: &form),
      sensitiveNames: names.union(try SensitiveNames(from: &form)),
      acceptsAnyBody: try Bool(from: &form), lookup: try Lookup?(from: &form),
      identifiedBy: try String?(from: &form), isGated: try Bool(from: &form),
      singleUseField: try String?(from: &form), passwordField: try String?(from: &form),
      consequences: try Consequences(from: &form))
  }
}

extension Operation.Route: CompiledForm {
  func write(to form: inout CompiledWriter) {
    endpoint.write(to: &form)
    method.write(to: &form)
    path.write(to: &form)
    encoding.write(to: &form)
    authorization.write(to: &form)
    triedOn.write(to: &form)
    heedsJSON.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      endpoint: try Endpoint(from: &form), method: try form.text(), path: try form.text(),
      encoding: try Operation.Encoding?(from: &form),
      authorization: try Operation.Authorization?(from: &form),
      triedOn: try Set<Int>(from: &form), heedsJSON: try Bool(from: &form))
  }
}

/// As its word; an address of the service's own is none that a description names.
extension Endpoint: CompiledForm {
  func write(to form: inout CompiledWriter) {
    switch self {
    case .api: form.write("api")
    case .upstream: form.write("upstream")
    case .downstream: form.write("downstream")
    case .url(let address): form.write(address)
    }
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    switch try form.text() {
    case "api": self = .api
    case "upstream": self = .upstream
    case "downstream": self = .downstream
    case _: throw UnreadableForm()
    }
  }
}

extension Operation.Consequences: CompiledForm {
  func write(to form: inout CompiledWriter) {
    effect.write(to: &form)
    showsIn.write(to: &form)
    causes.write(to: &form)
    asks.write(to: &form)
    isFinal.write(to: &form)
    lives.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      try Operation.Effect(from: &form), showsIn: try Set<String>(from: &form),
      causes: try [String](from: &form), asks: try Operation.Asking?(from: &form),
      isFinal: try Bool(from: &form), lives: try Operation.Lives?(from: &form))
  }
}

extension Operation.Asking: CompiledForm {
  func write(to form: inout CompiledWriter) {
    configuration.write(to: &form)
    except.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(by: try form.text(), except: try String?(from: &form))
  }
}

extension Operation.Lives: CompiledForm {
  func write(to form: inout CompiledWriter) {
    field.write(to: &form)
    Int(unit.components.seconds).write(to: &form)
    `default`.write(to: &form)
    until.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      field: try form.text(), unit: .seconds(try form.number()), default: try Int?(from: &form),
      until: try [String](from: &form))
  }
}
