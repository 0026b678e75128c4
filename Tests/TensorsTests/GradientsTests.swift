import Tensors
import TestSupport
import Testing

@Suite("Gradients")
struct GradientsTests {
  @Test("a cubic has its three derivatives")
  func cubic() {
    // y = x³ at 2: y′ = 3x² = 12, y″ = 6x = 12, y‴ = 6.
    let x = Tensor(2).leaf
    let first = gradients(of: x * x * x, wrt: [x], differentiable: true)[0]
    let second = gradients(of: first, wrt: [x], differentiable: true)[0]
    let third = gradients(of: second, wrt: [x])[0]
    #expect([first.item, second.item, third.item] == [12, 12, 6])
    #expect(!third.isTracked)
  }

  @Test("frozen tensors leave no trace and cost no rule")
  func frozen() {
    let constant = Tensor([1, 2], shape: [2])
    #expect(!(constant * constant).isTracked)
    let x = Tensor([3, 4], shape: [2]).leaf
    let other = Tensor([5, 6], shape: [2]).leaf
    // The rule of `other` must not be asked for: it would trap.
    let poisoned = recordForTesting(.affine, [other], Tensor([5, 6], shape: [2])) { _, _ in
      preconditionFailure("the derivative of a tensor nobody asked for")
    }
    #expect(gradients(of: (x * poisoned).sum, wrt: [x])[0].scalars == [5, 6])
  }

  @Test("a target that the output does not depend on gets zeros")
  func independent() {
    let x = Tensor([1, 2], shape: [2]).leaf
    let y = Tensor(3).leaf
    #expect(gradients(of: y * y, wrt: [x])[0].scalars == [0, 0])
  }

  @Test("an intermediate value can be a target, and stops nothing behind it")
  func intermediate() {
    let x = Tensor(3).leaf
    let square = x * x
    let y = square * square
    // d(s²)/ds = 2s = 18 and d(x⁴)/dx = 4x³ = 108.
    #expect(gradients(of: y, wrt: [square, x]).map(\.item) == [18, 108])
  }

  @Test("a chain of 100,000 operations is freed without a stack overflow")
  func deepChain() {
    var x = Tensor(1).leaf
    for _ in 0..<100_000 { x = x + 0 }
    #expect(x.item == 1)
    var y = Tensor(1).leaf
    // Each link used twice: a diamond, whose nodes have two owners until the last moment.
    for _ in 0..<100_000 { y = 0.5 * (y + y) }
    #expect(y.item == 1)
  }

  @Test("the graph goes when the last tensor that remembers it goes")
  func memory() {
    let x = Tensor(repeating: 1, shape: [10, 10]).leaf
    var probes: [LifeProbe] = []
    func loss() -> Tensor {
      let square = x * x
      probes.append(square.lifeProbe)
      return (square * square).sum
    }
    let y = loss()
    // The optimiser may end a lifetime at its last use, so each is extended over what it should keep.
    withExtendedLifetime(y) {
      _ = gradients(of: y, wrt: [x])
      #expect(probes[0].isAlive)
    }
    // A gradient that can be differentiated again remembers; one that cannot does not.
    withExtendedLifetime(gradients(of: loss(), wrt: [x])) { #expect(!probes[1].isAlive) }
    withExtendedLifetime(gradients(of: loss(), wrt: [x], differentiable: true)) { #expect(probes[2].isAlive) }
    #expect(!probes[2].isAlive)
  }
}
