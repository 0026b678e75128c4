/// Multiply-adds of one convolution on one image, in each form it can be evaluated in.
public struct MultiplyAdds: Hashable, Sendable {
  /// By the dense kernel, as every standard convolution; building the kernel is not counted.
  public var dense: Int
  /// By the factors, where the family has such a form.
  public var factored: Int?
  /// With the factors, the gradients of the stages beside those towards the input, by the roles that need each.
  ///
  /// Every stage of a chain of products costs its own gradient as much as its pass forward; roles that make up one
  /// stage share it. A role that is in no key is taken to cost no more than ``factored``.
  public var gradients: [Set<ParameterRole>: Int]

  /// Counts of multiply-adds on one image.
  public init(dense: Int, factored: Int? = nil, gradients: [Set<ParameterRole>: Int] = [:]) {
    self.dense = dense
    self.factored = factored
    self.gradients = gradients
  }

  /// The work of the gradients towards some roles, each stage's counted once.
  public func gradients(of roles: Set<ParameterRole>) -> Int {
    let listed = gradients.keys.reduce(into: Set<ParameterRole>()) { $0.formUnion($1) }
    let stages = gradients.reduce(0) { $0 + ($1.key.isDisjoint(with: roles) ? 0 : $1.value) }
    return stages + roles.subtracting(listed).count * (factored ?? dense)
  }
}
