/// The candidate a mistyped name most likely means, or nil when none is near.
///
/// Near is an edit distance of at most a third of the name's length (at least one), but less than
/// all of it, case ignored; ties go to the candidate that comes first. Names over 64 characters
/// have no neighbour.
///
/// `edits` is a stricter bound, for when the name is taken for the candidate and not only shown.
package func nearestName(
  to name: String, among candidates: some Sequence<String>, within edits: Int = .max
) -> String? {
  let wanted = Array(name.lowercased().unicodeScalars)
  guard wanted.count <= 64 else { return nil }
  let nearest = min(edits, max(1, wanted.count / 3))
  var best: (name: String, distance: Int)?
  for candidate in candidates {
    // Each letter more or less is an edit; most candidates need no closer look.
    guard abs(candidate.unicodeScalars.count - wanted.count) <= nearest else { continue }
    let distance = editDistance(wanted, Array(candidate.lowercased().unicodeScalars))
    let isNear = distance <= nearest && distance < max(1, wanted.count)
    if isNear, distance < best?.distance ?? .max {
      best = (candidate, distance)
    }
  }
  return best?.name
}

/// Replaces the mistyped `name` at `location` by its `nearestName`, or nil.
package func spellingFix(
  _ name: String, among candidates: some Sequence<String>, at location: SourceLocation
) -> Fix? {
  nearestName(to: name, among: candidates).flatMap {
    Fix($0, insteadOf: name, at: location)
  }
}

/// A ready hint for `nearestName`, or nil.
package func didYouMean(_ name: String, among candidates: some Sequence<String>) -> String? {
  nearestName(to: name, among: candidates).map { "did you mean `\($0)`?" }
}

/// How many insertions, deletions, replacements and swaps of neighbours turn one into the other.
///
/// The optimal string alignment distance: a swapped pair is not edited again.
private func editDistance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
  var beforePrevious: [Int] = []
  var previous = Array(0...right.count)
  for (row, leftScalar) in left.enumerated() {
    var current = [row + 1]
    for (column, rightScalar) in right.enumerated() {
      let substitution = previous[column] + (leftScalar == rightScalar ? 0 : 1)
      var distance = min(substitution, previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, leftScalar == right[column - 1], left[row - 1] == rightScalar {
        distance = min(distance, beforePrevious[column - 1] + 1)
      }
      current.append(distance)
    }
    beforePrevious = previous
    previous = current
  }
  return previous[right.count]
}
