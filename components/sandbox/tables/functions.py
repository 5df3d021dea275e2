"""torch's functions, layers, losses and optimisers in the playground, by the path that a program writes."""

from components.sandbox.tables.tensors import ALSO_FUNCTIONS
from components.sandbox.tables.words import words

CREATION = words("""
    tensor as_tensor scalar_tensor zeros ones full eye arange linspace logspace zeros_like ones_like full_like complex
    polar tril_indices triu_indices cartesian_prod combinations meshgrid vander
""")

RANDOM = words(
    "rand randn randint randperm rand_like randn_like randint_like normal bernoulli multinomial poisson manual_seed"
)

JOINING = words("""
    cat concat concatenate stack hstack vstack dstack column_stack row_stack block_diag broadcast_tensors
    broadcast_shapes atleast_1d atleast_2d atleast_3d tensordot einsum chain_matmul cdist cosine_similarity
    pairwise_distance bucketize searchsorted isin trapz trapezoid std_mean var_mean rsub select_scatter
    gradient dropout selu celu rrelu threshold conv1d conv2d conv_transpose1d
    conv_transpose2d max_pool1d max_pool2d avg_pool1d layer_norm batch_norm group_norm embedding bilinear
    binary_cross_entropy_with_logits kl_div cosine_embedding_loss margin_ranking_loss hinge_embedding_loss
    triplet_margin_loss
""")

SETTINGS = words(
    "is_tensor is_grad_enabled is_inference_mode_enabled get_default_dtype promote_types result_type numel"
)

TYPES = words("""
    float float16 float32 float64 half double bfloat16 int int8 int16 int32 int64 uint8 long short bool complex64
    complex128 cfloat cdouble
""")

CONSTANTS = words("pi e inf nan strided contiguous_format")

CONTEXTS = words("torch.no_grad torch.enable_grad torch.set_grad_enabled torch.inference_mode") | words(
    "torch.autograd.set_detect_anomaly torch.autograd.detect_anomaly torch.autograd.no_grad torch.autograd.enable_grad"
)
"""Made for a `with` statement and nothing else."""

FUNCTIONAL = words("""
    relu relu6 relu_ leaky_relu elu selu celu gelu silu mish glu prelu rrelu hardtanh hardswish hardsigmoid hardshrink
    softplus softsign softshrink tanhshrink threshold logsigmoid sigmoid tanh softmax softmin log_softmax gumbel_softmax
    linear bilinear embedding one_hot dropout dropout1d dropout2d alpha_dropout pad normalize
    conv1d conv2d conv_transpose1d conv_transpose2d unfold fold max_pool1d max_pool2d avg_pool1d avg_pool2d
    adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool1d adaptive_max_pool2d lp_pool1d lp_pool2d
    batch_norm layer_norm group_norm instance_norm rms_norm local_response_norm
    interpolate pixel_shuffle scaled_dot_product_attention
    mse_loss l1_loss smooth_l1_loss huber_loss cross_entropy nll_loss binary_cross_entropy
    binary_cross_entropy_with_logits kl_div cosine_embedding_loss cosine_similarity pairwise_distance pdist
    hinge_embedding_loss margin_ranking_loss triplet_margin_loss poisson_nll_loss gaussian_nll_loss soft_margin_loss
    multi_margin_loss multilabel_margin_loss multilabel_soft_margin_loss
""")

LAYERS = words("""
    Module Parameter Sequential ModuleList ModuleDict ParameterList ParameterDict Identity Flatten Unflatten
    Linear Bilinear Embedding Conv1d Conv2d ConvTranspose1d ConvTranspose2d Unfold Fold Upsample PixelShuffle
    MaxPool1d MaxPool2d AvgPool1d AvgPool2d AdaptiveAvgPool1d AdaptiveAvgPool2d AdaptiveMaxPool1d AdaptiveMaxPool2d
    BatchNorm1d BatchNorm2d LayerNorm GroupNorm InstanceNorm1d InstanceNorm2d RMSNorm Dropout Dropout1d Dropout2d
    AlphaDropout ZeroPad1d ZeroPad2d ConstantPad1d ConstantPad2d ReflectionPad1d ReflectionPad2d
    ReLU ReLU6 LeakyReLU ELU SELU CELU GELU SiLU Mish GLU PReLU RReLU Hardtanh Hardswish Hardsigmoid Hardshrink Softplus
    Softsign Softshrink Tanhshrink Threshold LogSigmoid Sigmoid Tanh Softmax Softmin LogSoftmax
    RNN LSTM GRU RNNCell LSTMCell GRUCell MultiheadAttention TransformerEncoderLayer TransformerDecoderLayer
    MSELoss L1Loss SmoothL1Loss HuberLoss CrossEntropyLoss NLLLoss BCELoss BCEWithLogitsLoss KLDivLoss
    CosineEmbeddingLoss CosineSimilarity PairwiseDistance HingeEmbeddingLoss MarginRankingLoss TripletMarginLoss
    PoissonNLLLoss GaussianNLLLoss SoftMarginLoss MultiMarginLoss MultiLabelMarginLoss MultiLabelSoftMarginLoss
""")

INITIALISERS = words("""
    zeros_ ones_ constant_ uniform_ normal_ eye_ xavier_uniform_ xavier_normal_ kaiming_uniform_ kaiming_normal_
    orthogonal_ trunc_normal_ calculate_gain
""")

UTILITIES = words("clip_grad_norm_ clip_grad_value_ parameters_to_vector vector_to_parameters get_total_norm")

LINEAR_ALGEBRA = words("""
    cholesky cond cross det diagonal eigh eigvalsh inv lstsq lu lu_factor lu_solve matmul matrix_exp matrix_norm
    matrix_power matrix_rank multi_dot norm pinv qr slogdet solve solve_triangular svd svdvals vander vecdot vector_norm
""")

SPECIAL = words("""
    digamma entr erf erfc erfinv exp2 expit expm1 gammaln i0 log1p log_softmax logit logsumexp ndtr ndtri polygamma psi
    round sinc softmax xlog1py xlogy
""")

OPTIMIZERS = words("SGD Adam AdamW RMSprop Adagrad Adadelta Adamax NAdam RAdam")

SCHEDULERS = words("StepLR MultiStepLR ExponentialLR CosineAnnealingLR LinearLR ConstantLR LambdaLR")

MATH = words("""
    acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh degrees dist e erf erfc exp exp2 expm1 fabs floor
    fmod frexp fsum gamma gcd hypot inf isclose isfinite isinf isnan isqrt lcm ldexp lgamma log log10 log1p log2 modf
    nan nextafter pi pow prod radians remainder sin sinh sqrt tan tanh tau trunc ulp
""")

NAMESPACES: dict[str, frozenset[str]] = {
    "torch": ALSO_FUNCTIONS
    | CREATION
    | RANDOM
    | JOINING
    | SETTINGS
    | TYPES
    | CONSTANTS
    | words(
        "Tensor FloatTensor LongTensor Size finfo iinfo Generator no_grad enable_grad set_grad_enabled inference_mode "
        "dtype device"
    ),
    "torch.nn": LAYERS,
    "torch.nn.parameter": words("Parameter"),
    "torch.nn.functional": FUNCTIONAL,
    "torch.nn.init": INITIALISERS,
    "torch.nn.utils": UTILITIES,
    "torch.linalg": LINEAR_ALGEBRA,
    "torch.special": SPECIAL,
    "torch.optim": OPTIMIZERS,
    "torch.optim.lr_scheduler": SCHEDULERS,
    "torch.autograd": words(
        "grad backward gradcheck gradgradcheck Function set_detect_anomaly detect_anomaly no_grad enable_grad"
    ),
    "torch.autograd.function": words("Function"),
    "math": MATH,
    "copy": words("copy deepcopy"),
}
"""By the full name of a module, the names that a program may take from it."""
