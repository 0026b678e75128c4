extension Tensor {
  /// This tensor, of whose making only the inputs are kept: a derivative makes it again.
  ///
  /// Less memory for one more evaluation; the same numbers, since the same operations are differentiated.
  ///
  /// - Parameters:
  ///   - inputs: What it is a function of, differentiable.
  ///   - body: The function; what else it reads must be constant.
  /// - Returns: The same numbers, differentiable towards the inputs as often as `body` is.
  /// - Precondition: `body` of the inputs is this tensor.
  /// - Source: Chen et al. 2016.
  public func remade(from inputs: [Tensor], by body: @escaping @Sendable ([Tensor]) -> Tensor) -> Tensor {
    record(.remake, inputs, detached) { context, g in
      // One input may be made of another, so each is differentiated through a step of its own.
      let own = zip(context.inputs, context.needs).map { input, isNeeded in
        !isNeeded ? input : input.isTracked ? input.gathered : input.leaf
      }
      let wanted = own.indices.filter { context.needs[$0] }
      let slopes = slopes(
        of: [body(own)], wrt: wanted.map { own[$0] }, seeds: [g], differentiable: context.isRecording)
      var all = [Tensor?](repeating: nil, count: own.count)
      for (i, slope) in zip(wanted, slopes) { all[i] = slope }
      return all
    }
  }
}
