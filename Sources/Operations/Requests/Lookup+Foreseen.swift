package import Expressions
import OrderedCollections

extension Lookup {
  /// What the read will show of a thing that is made with `arguments`, as far as they say it.
  package func record(madeBy arguments: ValueMap) -> ValueMap {
    var record = ValueMap()
    for (own, theirs) in identity { record[theirs] = arguments[own] }
    for (own, theirs) in comparison.fields { record[theirs] = arguments[own] }
    return record
  }
}
