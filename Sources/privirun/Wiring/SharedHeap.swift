import CMalloc

/// The one heap from which all threads of a process allocate that drives many runs.
///
/// The allocator of the C library gives threads heaps of their own, and what is freed in one is of no use to
/// the others. Nearly everything here happens on one event loop; what other threads prepare for it, and free
/// later, would be a quarter of the memory of 2,000 runs.
enum SharedHeap {
  /// To be called before threads are started that allocate much.
  static func use() { _ = mallopt(M_ARENA_MAX, 1) }
}
