"""What a tensor has in the playground: attributes that are read, methods that are called, by family."""

from components.sandbox.tables.words import words

ATTRIBUTES = words("""
    grad data requires_grad is_leaf grad_fn retains_grad shape dtype device ndim T mT H mH real imag itemsize
    output_nr layout
""")

SETTABLE = words("grad data requires_grad")

ELEMENTWISE = words("""
    abs absolute neg negative positive sign sgn signbit ceil floor round trunc fix frac reciprocal sqrt rsqrt square
    exp exp2 expm1 log log2 log10 log1p sin cos tan asin acos atan arcsin arccos arctan sinh cosh tanh asinh acosh atanh
    sinc sigmoid logit relu softmax log_softmax erf erfc erfinv lgamma digamma i0 clamp clip clamp_min clamp_max
    nan_to_num deg2rad rad2deg angle conj hardshrink prelu
""")

BINARY = words("""
    add sub subtract mul multiply div divide true_divide floor_divide remainder fmod pow float_power atan2 arctan2
    maximum minimum fmax fmin hypot copysign xlogy logaddexp logaddexp2 lerp addcmul addcdiv where heaviside ldexp
    bitwise_and bitwise_or bitwise_xor bitwise_not logical_and logical_or logical_xor logical_not
    masked_fill masked_scatter gcd lcm
""")

COMPARISONS = words("""
    eq ne lt le gt ge equal greater greater_equal less less_equal not_equal isclose allclose isnan isinf isfinite
    isposinf isneginf isreal is_nonzero is_floating_point is_complex is_signed is_same_size is_contiguous is_inference
""")

REDUCTIONS = words("""
    sum mean prod std var median mode max min amax amin aminmax argmax argmin all any norm logsumexp nansum nanmean
    cumsum cumprod cummax cummin logcumsumexp count_nonzero dist quantile nanquantile kthvalue topk sort argsort unique
    unique_consecutive histc bincount trace diff cov corrcoef msort renorm nanmedian
""")

SHAPES = words("""
    view view_as reshape reshape_as flatten unflatten ravel squeeze unsqueeze permute transpose t swapaxes swapdims
    movedim moveaxis expand expand_as repeat repeat_interleave tile broadcast_to chunk split tensor_split unbind narrow
    select index_select masked_select gather scatter scatter_add take take_along_dim index_add index_fill index_copy
    flip fliplr flipud roll rot90 diag diagonal diag_embed tril triu unfold contiguous nonzero argwhere size dim
    ndimension numel nelement stride element_size sum_to_size hsplit vsplit dsplit
""")

LINEAR_ALGEBRA = words("""
    matmul mm mv bmm dot vdot inner outer ger cross kron addmm addmv addbmm baddbmm addr det logdet slogdet inverse
    pinverse cholesky matrix_power matrix_exp qr svd adjoint
""")

CASTS = words("float double half bfloat16 int long short byte char bool to type type_as cpu tolist item numpy clone")

AUTOGRAD = words("backward detach detach_ requires_grad_ retain_grad register_hook")

NEW = words("new_tensor new_zeros new_ones new_full")

IN_PLACE = words("""
    abs_ neg_ sign_ ceil_ floor_ round_ trunc_ frac_ reciprocal_ sqrt_ rsqrt_ square_ exp_ exp2_ expm1_ log_ log2_
    log10_ log1p_ sin_ cos_ tan_ asin_ acos_ atan_ sinh_ cosh_ tanh_ sigmoid_ relu_ erf_ clamp_ clip_ clamp_min_
    clamp_max_ nan_to_num_ add_ sub_ subtract_ mul_ multiply_ div_ divide_ true_divide_ floor_divide_ remainder_ fmod_
    pow_ lerp_ addcmul_ addcdiv_ copy_ fill_ zero_ fill_diagonal_ masked_fill_ masked_scatter_ index_add_ index_fill_
    index_copy_ scatter_ scatter_add_ squeeze_ unsqueeze_ transpose_ t_ swapaxes_ tril_ triu_ uniform_ normal_
    bernoulli_ exponential_ random_ logical_not_ eq_ ne_ lt_ le_ gt_ ge_ cumsum_ cumprod_ addmm_ renorm_
""")

RANDOM = words("bernoulli multinomial")

METHODS = (
    ELEMENTWISE
    | BINARY
    | COMPARISONS
    | REDUCTIONS
    | SHAPES
    | LINEAR_ALGEBRA
    | CASTS
    | AUTOGRAD
    | NEW
    | IN_PLACE
    | RANDOM
)

ALSO_FUNCTIONS = (
    ELEMENTWISE | BINARY | COMPARISONS | REDUCTIONS | SHAPES | LINEAR_ALGEBRA | RANDOM | words("clone detach")
)
"""Methods that torch has as functions of the same name too, where it has them."""
