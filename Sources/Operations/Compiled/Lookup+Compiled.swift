extension Lookup.Expectation: CompiledForm {}
extension Lookup.Evidence.Appearance: CompiledForm {}

extension Lookup: CompiledForm {
  func write(to form: inout CompiledWriter) {
    operation.write(to: &form)
    list.write(to: &form)
    identity.write(to: &form)
    usernameField.write(to: &form)
    pageField.write(to: &form)
    recordID.write(to: &form)
    isUnique.write(to: &form)
    expects.write(to: &form)
    evidence.write(to: &form)
    comparison.write(to: &form)
    remedies.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      operation: try form.text(), list: try String?(from: &form),
      identity: try .init(from: &form), usernameField: try String?(from: &form),
      pageField: try String?(from: &form), recordID: try String?(from: &form),
      isUnique: try Bool(from: &form), expects: try Expectation(from: &form),
      evidence: try Evidence(from: &form), comparison: try Comparison(from: &form),
      remedies: try Remedies(from: &form))
  }
}

extension Lookup.Evidence: CompiledForm {
  func write(to form: inout CompiledWriter) {
    gives.write(to: &form)
    newest.write(to: &form)
    absentOn.write(to: &form)
    absentWith.write(to: &form)
    shows.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      gives: try .init(from: &form), newest: try String?(from: &form),
      absentOn: try [Int](from: &form), absentWith: try String?(from: &form),
      shows: try Appearance(from: &form))
  }
}

extension Lookup.Comparison: CompiledForm {
  func write(to form: inout CompiledWriter) {
    fields.write(to: &form)
    holds.write(to: &form)
    unordered.write(to: &form)
    ignoringCase.write(to: &form)
    references.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      fields: try .init(from: &form), holds: try .init(from: &form),
      unordered: try .init(from: &form), ignoringCase: try .init(from: &form),
      references: try .init(from: &form))
  }
}

extension Lookup.Remedies: CompiledForm {
  func write(to form: inout CompiledWriter) {
    correction.write(to: &form)
    removal.write(to: &form)
    mustFail.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(
      correction: try Lookup.Correction?(from: &form), removal: try [Lookup.Remedy](from: &form),
      mustFail: try Bool(from: &form))
  }
}

/// As the other operation, if any.
extension Lookup.Correction: CompiledForm {
  func write(to form: inout CompiledWriter) {
    switch self {
    case .itself: Lookup.Remedy?.none.write(to: &form)
    case .other(let remedy): Optional(remedy).write(to: &form)
    }
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    let other = try Lookup.Remedy?(from: &form)
    self = other.map { .other($0) } ?? .itself
  }
}

extension Lookup.Remedy: CompiledForm {
  func write(to form: inout CompiledWriter) {
    operation.write(to: &form)
    fields.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self.init(operation: try form.text(), fields: try .init(from: &form))
  }
}
