// Two values are equal in Swift's sense when no expression could distinguish them: text by its
// Unicode scalars (never by canonical equivalence), doubles by their bits. What `==` means inside
// an expression is in `Value+Equality.swift`.
extension Value {
  /// Equality of kind and content: `.int(1)` is not `.uint(1)`, and a NaN equals every other NaN.
  ///
  /// Texts are equal when their Unicode scalars are; the order of a map's entries does not count.
  /// Unknown values are equal when they wait for the same, whatever they will be.
  package static func == (left: Value, right: Value) -> Bool {
    switch (left, right) {
    case (.null, .null): true
    case (.bool(let left), .bool(let right)): left == right
    case (.int(let left), .int(let right)): left == right
    case (.uint(let left), .uint(let right)): left == right
    case (.double(let left), .double(let right)):
      left.bitPattern == right.bitPattern || (left.isNaN && right.isNaN)
    case (.string(let left), .string(let right)): left.hasSameScalars(as: right)
    case (.bytes(let left), .bytes(let right)): left == right
    case (.list(let left), .list(let right)): left == right
    case (.map(let left), .map(let right)): left == right
    case (.timestamp(let left), .timestamp(let right)): left == right
    case (.duration(let left), .duration(let right)): left == right
    case (.type(let left), .type(let right)): left.hasSameScalars(as: right)
    case (.secret(let left), .secret(let right)): left == right
    case (.unknown(let left), .unknown(let right)): left == right
    default: false
    }
  }

  /// Agrees with `==`: all NaNs hash alike, and a secret hashes as what it hides.
  package func hash(into hasher: inout Hasher) {
    switch self {
    case .null: hasher.combine(0)
    case .bool(let flag): hasher.combine(flag)
    case .int(let number): hasher.combine(number)
    case .uint(let number): hasher.combine(number)
    case .double(let number): hasher.combine(number.isNaN ? 0 : number.bitPattern)
    case .string(let text), .type(let text): hasher.combine(text)
    case .bytes(let bytes): hasher.combine(bytes)
    case .list(let elements): hasher.combine(elements)
    case .map(let map): hasher.combine(map)
    case .timestamp(let timestamp): hasher.combine(timestamp)
    case .duration(let duration): hasher.combine(duration)
    case .secret(let secret): hasher.combine(secret)
    case .unknown(let unknown): hasher.combine(unknown)
    }
  }
}

extension String {
  /// Equality by Unicode scalars, which `==` is not: it takes `é` and `e` with an accent as one.
  func hasSameScalars(as other: String) -> Bool {
    guard utf8.count == other.utf8.count else { return false }
    let isSame = utf8.withContiguousStorageIfAvailable { left in
      other.utf8.withContiguousStorageIfAvailable { left.elementsEqual($0) }
    }
    return (isSame ?? nil) ?? utf8.elementsEqual(other.utf8)
  }
}
