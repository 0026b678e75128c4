import ConvFamilies
import MetaLearning
import Networks
import Settings
import Testing
import Training

@Suite struct PlanValidationTests {
  private func fault(_ change: (inout Plan) -> Void) -> ConfigurationError? {
    var plan = Plan()
    change(&plan)
    do throws(ConfigurationError) {
      try plan.validate(families: FamilyRegistry.families)
      return nil
    } catch {
      return error
    }
  }

  @Test("the main job is valid, and so is every family with its own defaults")
  func valid() {
    #expect(fault { _ in } == nil)
    for family in FamilyRegistry.families {
      #expect(fault { $0.family = family.name } == nil)
    }
    #expect(fault { $0.learner = .prototypical } == nil)
  }

  @Test("MAML without inner steps is refused in a sentence that says what to do")
  func noSteps() {
    #expect(
      fault { $0.innerSteps = 0 }?.description
        == "inner-steps is \"0\", but a linear head knows nothing of a task before a step. Use 1...10, or learner "
        + "prototypical, or a head with a rule, such as centroid.")
  }

  @Test("a role the family lacks is refused with the roles it has")
  func missingRole() throws {
    let error = try #require(
      fault {
        $0.family = "standard"
        $0.adapt = "atoms"
      })
    #expect(error.field == "adapt")
    #expect(error.remedy.contains("kernels, norm, head"))
  }

  @Test("out-of-range fields of a plan made by a program are refused")
  func ranges() {
    #expect(fault { $0.ways = 1 }?.field == "ways")
    #expect(fault { $0.shots = 0 }?.field == "shots")
    #expect(fault { $0.outerRate = 0 }?.field == "outer-rate")
    #expect(fault { $0.innerRate = .fixed(-1) }?.field == "inner-rate")
    #expect(fault { $0.channels = 2 }?.field == "channels")
    #expect(fault { $0.threads = 0 }?.field == "threads")
  }

  @Test("names and settings that do not exist are refused")
  func names() {
    #expect(fault { $0.family = "acdcc" }?.remedy == "The nearest name is acdc")
    #expect(fault { $0.backbone = "conv5" }?.field == "backbone")
    #expect(fault { $0.options = ["atom": "6"] }?.field == "option")
    #expect(fault { $0.options = ["atoms": "0"] }?.field == "option atoms")
    #expect(fault { $0.adapt = "norm@9" }?.field == "adapt")
  }

  @Test("inner steps that change nothing, and selectors that no step uses, are refused")
  func contradictions() {
    #expect(
      fault {
        $0.adapt = "none"
        $0.head = .frozen
      }?.field == "adapt")
    #expect(
      fault {
        $0.learner = .prototypical
        $0.adapt = "atoms"
      }?.remedy.contains("inner-steps") == true)
  }

  @Test("Reptile is refused where something would stay as it was drawn, by the first tensor")
  func reptile() {
    func reptile(_ change: (inout Plan) -> Void = { _ in }) -> ConfigurationError? {
      fault {
        ($0.learner, $0.family, $0.adapt, $0.head) = (.reptile, "standard", "all", .adapts)
        change(&$0)
      }
    }
    #expect(reptile() == nil)
    #expect(reptile { $0.head = .centroid } == nil)
    #expect(reptile { $0.head = .frozen }?.reason.contains("head.weight would stay") == true)
    #expect(reptile { $0.adapt = "norm" }?.reason.contains("layer1.conv.kernel would stay") == true)
    #expect(reptile { $0.adapt = "random:50" }?.field == "learner")
    #expect(reptile { ($0.adapt, $0.initial) = ("norm", "somewhere") } == nil)
    #expect(reptile { $0.multiStepLoss = true }?.field == "multi-step-loss")
    #expect(reptile { $0.firstOrderUpdates = 3 }?.field == "first-order-updates")
    #expect(reptile { $0.innerOptimizer = .adam } == nil)
    // What a task adds anew starts every task as it is declared.
    #expect(reptile { ($0.family, $0.options) = ("acdc", ["delta": "on"]) } == nil)
  }

  @Test("settings of the inner loop that contradict each other are refused")
  func innerLoop() {
    #expect(fault { ($0.elementwiseRates, $0.tieRates) = (true, true) }?.field == "elementwise-rates")
    #expect(
      fault { $0.innerOptimizer = .momentum }?.reason == "a meta-gradient goes through steps of sgd only")
    #expect(fault { ($0.innerOptimizer, $0.learner) = (.adam, .prototypical) }?.field == "inner-optimizer")
    #expect(fault { $0.stepNorms = true } == nil)
    #expect(fault { ($0.stepNorms, $0.adapt) = (true, "atoms+norm") }?.field == "step-norms")
    #expect(fault { ($0.stepNorms, $0.adapt) = (true, "random:9") }?.field == "step-norms")
    #expect(fault { ($0.stepNorms, $0.learner) = (true, .prototypical) }?.field == "step-norms")
    #expect(fault { ($0.stepNorms, $0.initial) = (true, "somewhere") }?.field == "step-norms")
    // All but the normalisations adapts.
    #expect(fault { ($0.stepNorms, $0.family, $0.adapt) = (true, "standard", "all") } == nil)
  }

  @Test("a pooled body refuses images too small for it")
  func smallImages() {
    #expect(
      fault {
        $0.backbone = "conv4"
        $0.imageSize = 15
      }?.field == "image-size")
  }
}
