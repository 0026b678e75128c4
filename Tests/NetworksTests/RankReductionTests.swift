import Networks
import Tensors
import Testing

/// Two parameters that share a rank of 4, one that has nothing to do with it.
private func layout() -> (ParameterLayout, RankRef) {
  var layout = ParameterLayout()
  let rank = layout.declareRank("a.rank", 4, breakEven: 2.5)
  _ = layout.declare(
    "a.left", [2, 4], .factors, ranks: [1: rank], .values((0..<8).map { Scalar($0) }))
  _ = layout.declare("a.bias", [3], .norm, .constant(1))
  _ = layout.declare(
    "a.right", [4, 1, 2], .factors, ranks: [0: rank], .values((0..<8).map { Scalar(10 + $0) }))
  return (layout, rank)
}

@Suite("Ranks that fall")
struct RankReductionTests {
  @Test("every parameter of a rank keeps the same positions, the others stay")
  func selection() {
    let (layout, rank) = layout()
    let point = RankReduction(of: layout, keeping: [rank: [1, 3]])(layout.initialized(seed: 0))
    #expect(point.values.map(\.shape) == [[2, 2], [3], [2, 1, 2]])
    #expect(point.values[0].scalars == [1, 3, 5, 7])
    #expect(point.values[1].scalars == [1, 1, 1])
    #expect(point.values[2].scalars == [12, 13, 16, 17])
    #expect(point.layout.count() == 11 && point.layout[rank].extent == 2 && point.layout[rank].declared == 4)
  }

  @Test("positions are among those that are left, and begin as they would have among all")
  func twice() {
    let (layout, rank) = layout()
    let once = RankReduction(of: layout, keeping: [rank: [0, 1, 3]]).layout
    let twice = RankReduction(of: once, keeping: [rank: [0, 2]]).layout
    #expect(twice[rank].kept == [0, 3])
    #expect(twice.initialized(seed: 0).values[0].scalars == [0, 3, 4, 7])
    // From the first to the last in one step, and not back.
    let step = RankReduction(from: layout, to: twice)
    #expect(step?(layout.initialized(seed: 0)).values[2].scalars == [10, 11, 16, 17])
    #expect(RankReduction(from: twice, to: layout) == nil)
    #expect(RankReduction(from: layout, to: layout)?.isEmpty == true)
    #expect(RankReduction(from: layout, to: ParameterLayout()) == nil)
  }

  @Test("masks of what adapts follow")
  func masks() {
    let (layout, rank) = layout()
    let refs = layout.refs
    let mask = Tensor([1, 0, 0, 1, 0, 0, 1, 1], shape: [2, 4])
    let adapted = [AdaptedTensor(ref: refs[0], mask: mask), AdaptedTensor(ref: refs[1], mask: nil)]
    let lower = RankReduction(of: layout, keeping: [rank: [0, 3]])(adapted)
    #expect(lower[0].mask?.scalars == [1, 1, 0, 1] && lower[0].mask?.shape == [2, 2])
    #expect(lower[1].mask == nil)
  }

  @Test("what keeps everything changes nothing")
  func empty() {
    let (layout, rank) = layout()
    #expect(RankReduction(of: layout, keeping: [:]).isEmpty)
    #expect(RankReduction(of: layout, keeping: [rank: [0, 1, 2, 3]]).isEmpty)
  }
}
