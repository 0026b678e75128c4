// The scalar type and the convolution geometry are part of this module's interface; the kernels themselves are
// `package` or internal and stay out of sight of other packages.
@_exported public import Kernels
