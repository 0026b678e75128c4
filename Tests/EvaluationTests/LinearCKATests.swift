import Evaluation
import Randomness
import TestSupport
import Tensors
import Testing

@Suite("Linear CKA")
struct LinearCKATests {
  private func random(_ rows: Int, _ columns: Int, _ seed: UInt64) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: "cka")
    return .normal([rows, columns], &stream)
  }

  /// ‖YᵀX‖²/(‖XᵀX‖·‖YᵀY‖), as it is written, one number at a time.
  private func asWritten(_ x: Tensor, _ y: Tensor) -> Double {
    func centred(_ x: Tensor) -> [[Double]] {
      let (n, p) = (x.shape[0], x.shape[1])
      let rows = (0..<n).map { i in (0..<p).map { Double(x.scalars[i * p + $0]) } }
      let means = (0..<p).map { j in rows.reduce(0) { $0 + $1[j] } / Double(n) }
      return rows.map { zip($0, means).map { $0 - $1 } }
    }
    func squares(_ a: [[Double]], _ b: [[Double]]) -> Double {
      var sum = 0.0
      for j in a[0].indices {
        for k in b[0].indices {
          let product = a.indices.reduce(0) { $0 + a[$1][j] * b[$1][k] }
          sum += product * product
        }
      }
      return sum
    }
    let (a, b) = (centred(x), centred(y))
    return squares(b, a) / (squares(a, a) * squares(b, b)).squareRoot()
  }

  @Test(
    "it is the formula, for more images than features and for fewer",
    arguments: [(9, 3, 4), (4, 12, 7), (2, 1, 5)])
  func formula(n: Int, p: Int, q: Int) {
    let (x, y) = (random(n, p, 1), random(n, q, 2))
    #expect(abs(linearCKA(x, y) - asWritten(x, y)) < 1e-5)
    #expect(abs(linearCKA(x, y) - linearCKA(y, x)) < 1e-6)
  }

  @Test("rotation, scale and offset are nothing, and the same is 1")
  func invariance() {
    let (x, y) = (random(8, 2, 3), random(8, 5, 4))
    let turn = Tensor([0.6, 0.8, -0.8, 0.6], shape: [2, 2])
    let turned = 3 * matmul(x, turn) + 7
    #expect(abs(linearCKA(x, x) - 1) < 1e-6)
    #expect(abs(linearCKA(x, turned) - 1) < 1e-5)
    #expect(abs(linearCKA(x, y) - linearCKA(turned, y)) < 1e-5)
    // Not so for another scale of one feature.
    let stretched = matmul(x, Tensor([1, 0, 0, 20], shape: [2, 2]))
    #expect(linearCKA(x, stretched) < 0.99)
  }

  @Test("features that vary without each other are 0, and a constant has no direction")
  func extremes() {
    let x = Tensor([1, 1, -1, -1], shape: [4, 1])
    let y = Tensor([1, -1, 1, -1], shape: [4, 1])
    #expect(linearCKA(x, y) == 0)
    let constant = Tensor([2, 3, 2, 3, 2, 3, 2, 3], shape: [4, 2])
    #expect(linearCKA(constant, y) == 0 && linearCKA(constant, constant) == 1)
    #expect(linearCKA(Tensor([.nan, 1, 2, 3], shape: [4, 1]), y).isNaN)
  }
}
