import OrderedCollections

extension Int: CompiledForm {
  func write(to form: inout CompiledWriter) { form.write(self) }

  init(from form: inout CompiledReader) throws(UnreadableForm) { self = try form.number() }
}

extension Bool: CompiledForm {
  func write(to form: inout CompiledWriter) { form.write(self ? 1 : 0) }

  init(from form: inout CompiledReader) throws(UnreadableForm) { self = try form.number() == 1 }
}

extension String: CompiledForm {
  func write(to form: inout CompiledWriter) { form.write(self) }

  init(from form: inout CompiledReader) throws(UnreadableForm) { self = try form.text() }
}

/// As its word.
extension CompiledForm where Self: RawRepresentable<String> {
  func write(to form: inout CompiledWriter) { form.write(rawValue) }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    guard let value = Self(rawValue: try form.text()) else { throw UnreadableForm() }
    self = value
  }
}

/// As a list of none or one.
extension Optional: CompiledForm where Wrapped: CompiledForm {
  func write(to form: inout CompiledWriter) {
    form.write(self == nil ? 0 : 1)
    self?.write(to: &form)
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self = try form.number() == 0 ? nil : try Wrapped(from: &form)
  }
}

extension Array: CompiledForm where Element: CompiledForm {
  func write(to form: inout CompiledWriter) {
    form.write(count)
    for element in self { element.write(to: &form) }
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self = []
    for _ in 0..<(try form.number()) { append(try Element(from: &form)) }
  }
}

/// In order, so that equal sets have one form.
extension Set: CompiledForm where Element: CompiledForm & Comparable {
  func write(to form: inout CompiledWriter) { sorted().write(to: &form) }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self = Set(try [Element](from: &form))
  }
}

extension OrderedDictionary: CompiledForm where Key: CompiledForm, Value: CompiledForm {
  func write(to form: inout CompiledWriter) {
    form.write(count)
    for (key, value) in self {
      key.write(to: &form)
      value.write(to: &form)
    }
  }

  init(from form: inout CompiledReader) throws(UnreadableForm) {
    self = [:]
    for _ in 0..<(try form.number()) {
      let key = try Key(from: &form)
      self[key] = try Value(from: &form)
    }
  }
}
